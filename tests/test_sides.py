"""Labels of questions and answers in many languages, keys of exams, text FAQs without labels, glossaries as text."""

import pytest

import ankiexport
from ankiexport import Source
from ankiexport.plain import plain


def read(text: str, form: str = "text") -> ankiexport.Page:
    (page,) = ankiexport.read(Source(name="notes", text=text, format=form))
    return page


def pairs(text: str, form: str = "text") -> list[tuple[str, str]]:
    return [(plain(item.question), plain(item.answer)) for item in read(text, form).items]


LABELS = {
    "de": ("Frage:", "Antwort:"),
    "de letters": ("F:", "A:"),
    "fr": ("Q :", "R :"),
    "es": ("P:", "R:"),
    "it": ("Domanda 1:", "Risposta 1:"),
    "nl": ("Vraag:", "Antwoord:"),
    "sv": ("Fråga:", "Svar:"),
    "pl": ("Pytanie:", "Odpowiedź:"),
    "ru": ("Вопрос 1.", "Ответ."),
    "ru letters": ("В:", "О:"),
    "uk": ("Питання:", "Відповідь:"),
    "tr": ("Soru:", "Cevap:"),
    "zh": ("问：", "答："),
    "ja": ("問1：", "答1："),
    "ko": ("문:", "답:"),
    "ar": ("س:", "ج:"),
    "hi": ("प्रश्न:", "उत्तर:"),
    "dot": ("Q.1 ", "A.1 "),
    "brackets": ("[Q]", "[A]"),
    "names": ("Q (Mara):", "A (Ines):"),
}
FORMS = {
    "text": ("text", "Kite notes\n\n{q} Why does it fly?\n{a} The wind.\n\n{q} Who made it?\n{a} Ann did.\n"),
    "paragraphs": (
        "markdown",
        "# Kites\n\n{q} Why does it fly?\n\n{a} The wind.\n\n{q} Who made it?\n\n{a} Ann did.\n",
    ),
    "bold": (
        "markdown",
        "# Kites\n\n**{q}** Why does it fly?\n\n**{a}** The wind.\n\n**{q}** Who made it?\n\n**{a}** Ann did.\n",
    ),
    "list": (
        "markdown",
        "# Kites\n\n- {q} Why does it fly?\n- {a} The wind.\n- {q} Who made it?\n- {a} Ann did.\n\nBye.\n",
    ),
    "items": ("html", "<h1>Kites</h1><p>{q} Why does it fly?<br>{a} The wind.<p>{q} Who made it?<br>{a} Ann did."),
}


IN_FORMS = [(label, form) for label in LABELS for form in FORMS if (label, form) != ("brackets", "bold")]  # a link


@pytest.mark.parametrize(("label", "form"), IN_FORMS)
def test_labels_in_all_forms(label, form):
    question, answer = LABELS[label]
    name, text = FORMS[form]
    found = pairs(text.format(q=question.strip(), a=answer.strip()), name)
    assert found == [("Why does it fly?", "The wind."), ("Who made it?", "Ann did.")]


def test_a_question_of_several_paragraphs_is_whole():
    text = "# Kites\n\n**Frage:** Lies dies:\n\n> Ein Drachen.\n\nWas ist es?\n\n**Antwort:** Ein Spielzeug.\n"
    (item,) = read(text, "markdown").items
    assert plain(item.question).split("\n")[-1] == "Was ist es?"
    assert plain(item.answer) == "Ein Spielzeug."


@pytest.mark.parametrize(
    "text",
    [
        "A call\n\nP: Hello, it is Pia.\nR: And Rob.\nP: The kite is sold.\nR: Is it? Well then.\n",
        "Books\n\nF. Maier: Kites.\n\nA. Klein: Wind.\n\nF. Beck: What is wind?\n\nA. Winter: Lines.\n",
        "Minutes\n\n1. Kites\n   Q: Do we buy one? (put off)\n   Q: Who flies it?\n2. Party\n   None.\n",
        "KITES\n\nSHOW\nSING\nSOON\nSTAY\nSAIL\n\nShow\n",
        "Licence\n\n1. Use\n-----\nAny.\n\n2. Sale\n-----\nNone.\n\n3. Law\n-----\nOurs.\n",
        "Glossary of the park\n\nThe park lies in the north and has words.\n\nIt is old.\n\nWe went home: late.\n",
        "Terms of use\n\n1. Fly it: always.\n2. Pay us: in May.\n3. Law: ours.\n",
        "FAQ ideas\n\n- What do we sell?\n- Who are we?\n- When do we open?\n",
    ],
)
def test_no_items_in_what_only_looks_like_it(text):
    assert not read(text).items


FAQ = "KITE FAQ\n\n"
SETTINGS = {
    "underlined": "Why does it fly?\n----------------\nThe wind.\n\nThe line\n--------\nAnn did.\n\nOld?\n----\nYes.\n",
    "capitals": "WHY DOES IT FLY?\nThe wind.\n\nTHE LINE\nAnn did.\n\nOLD?\nYes.\n",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_questions_that_are_set_off_need_no_mark(setting):
    assert [answer for _, answer in pairs(FAQ + SETTINGS[setting])] == ["The wind.", "Ann did.", "Yes."]


def test_questions_with_bullets_under_headings():
    text = f"{FAQ}== Air ==\n\n* Why does it fly?\n\n  The wind.\n\n* Old?\n\n  Yes.\n\n== Us ==\n\n* Who?\n\n  Ann.\n"
    assert pairs(text) == [("Why does it fly?", "The wind."), ("Old?", "Yes."), ("Who?", "Ann.")]


def test_a_title_below_a_drawing():
    art = "   __\n  /  \\\n  \\__/\n\nFAQ\n\n"
    body = "1. Air\n\n  1.1 Why does it fly?\n\n  The wind.\n\n  1.2 It falls\n\n  Use a tail.\n\n2. Us\n\n"
    body += "  2.1 Who?\n\n  Ann.\n"
    assert pairs(art + body) == [("Why does it fly?", "The wind."), ("It falls", "Use a tail."), ("Who?", "Ann.")]


def test_lines_with_a_bar_have_changed():
    assert pairs(f"{FAQ}1. Why?\n\n   Wind.\n\n| 2. Who made it?\n\n|  Ann.\n")[1] == ("Who made it?", "Ann.")


@pytest.mark.parametrize(
    "body",
    [
        "Bow: its front.\n\nTail: its end.\nIt is long.\n\nLine: a cord.\n",
        "BOW - its front.\nTAIL - its end.\n  It is long.\n\nLINE - a cord.\n",
        "Bow\n    its front.\n\nTail\n    its end.\n    It is long.\n\nLine\n    a cord.\n",
    ],
)
def test_glossaries(body):
    found = [(question.lower(), answer) for question, answer in pairs(f"Glossary\n========\n\n{body}")]
    assert found == [("bow", "its front."), ("tail", "its end. It is long."), ("line", "a cord.")]


OPTIONS = "\n".join(f"{n}. Which is {n}?\n a) one\n b) two\n c) four" for n in (1, 2, 3, 4))


@pytest.mark.parametrize(
    "key",
    ["Answers\n\n1. b   3. c\n2. a   4. a", "KEY\n\n1   B     3   C\n2   A     4   A", "Answers: 1-b; 2-a; 3-c; 4-a"],
)
def test_keys_in_columns_and_rows(key):
    assert [answer for _, answer in pairs(f"Test\n\n{OPTIONS}\n\n{key}\n")] == ["b) two", "a) one", "c) four", "a) one"]


def test_parts_of_an_exam_have_their_own_key():
    text = "PART A\n1. Who?\n2. Why?\n\nPART B\n1. When?\n2. Where?\n"
    key = "KEY\n\nPART A\n1. Ann\n2. Wind\n\nPART B\n1. Now\n2. Here\n"
    assert [answer for _, answer in pairs(f"Test\n\n{text}\n{key}")] == ["Ann", "Wind", "Now", "Here"]


def test_a_key_to_lettered_parts():
    asked = "1. Read.\n   a. Who?\n   b. Why?\n2. When?\n"
    told = "1. a. Ann.\n   b. Wind.\n2. Now.\n"
    found = pairs(f"# Kites\n\n## Questions\n\n{asked}\n## Answers\n\n{told}", "markdown")
    assert found == [("Who?", "Ann."), ("Why?", "Wind."), ("When?", "Now.")]


def test_a_key_with_the_headings_of_its_exercises():
    asked = "## Exercice 1 : Air\n\n1. Définir le vent.\n2. Où ?\n"
    more = "\n## Exercice 2\n\nLe cerf-volant…\n\n- a) vole\n- b) dort\n\n## Exercice 3\n\nExpliquer la chute.\n"
    told = "\n## Corrigé\n\n### Exercice 1\n\n1. De l'air.\n2. Ici.\n\n### Exercice 2\n\nRéponse **a**. Il vole.\n"
    last = "\n### Exercice 3\n\nIl tombe.\n"
    page = read(f"# TD\n\n{asked}{more}{told}{last}", "markdown")
    assert [plain(item.answer) for item in page.items] == ["De l'air.", "Ici.", "a) vole\nIl vole.", "Il tombe."]
    assert not page.problems


def test_a_step_with_a_box_of_another_name_asks_nothing():
    steps = "".join(
        f"## {n}. Do it\n\nText.\n\n<details><summary>For staff</summary>\n\nMore.\n\n</details>\n\n" for n in (1, 2)
    )
    assert not read(f"# Plan\n\n{steps}", "markdown").items


@pytest.mark.parametrize(("summary", "count"), [("List of kites", 0), ("Which of these fly: kites, stones?", 1)])
def test_a_noun_before_of_asks_nothing(summary, count):
    page = read(f"# Kites\n\n<details><summary>{summary}</summary>\n\nKites.\n\n</details>\n", "markdown")
    assert len(page.items) == count
