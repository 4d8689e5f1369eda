"""Plain-text files that are no dumps of pages: frequent questions, Aiken, GIFT and trivia files."""

import time
from pathlib import Path

import pytest

import ankiexport
from ankiexport import Source
from ankiexport.plain import plain
from ankiexport.readers import text

PAGES = Path(__file__).parents[2] / "shared" / "pages"


def read(page: str, name: str = "notes.txt") -> ankiexport.Page:
    (page,) = ankiexport.read(Source(name=name, text=page, format="text"))
    return page


def pairs(page: ankiexport.Page) -> list[tuple[str, str]]:
    return [(plain(item.question), plain(item.answer)) for item in page.items]


def messages(page: ankiexport.Page) -> list[tuple[int, str]]:
    return [(problem.location.line, problem.message) for problem in page.problems]


FAQ = "Frequently Asked Questions about kites\n\n"
KITES = [("Why does it fly?", "The wind lifts it."), ("My line snaps.", "Use a thicker one.")]
LABELS = {
    "1.": ("1. ", "2. "),
    "set in": (" 1) ", " 2) "),
    "parts": ("1.1 ", "1.2 "),
    "brackets": ("[1] ", "[2] "),
    "letter": ("B.1 ", "B.2 "),
    "Q": ("Q1: ", "Q2: "),
    "Q without number": ("Q: ", "Q: "),
    "posting": ("Subject: 1. ", "Subject: 2. "),
    "posting in parts": ("Subject: 1-1) ", "Subject: 1-2) "),
    "Frage": ("Frage 1: ", "Frage 2: "),
    "Вопрос": ("Вопрос 1. ", "Вопрос 2. "),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_of_questions(labels):
    answer = "A: " if labels == ("Q: ", "Q: ") else ""
    body = "\n\n".join(f"{label}{q}\n\n    {answer}{a}" for label, (q, a) in zip(labels, KITES, strict=True))
    page = read(FAQ + body)
    assert pairs(page) == KITES
    assert [(item.kind, item.shape) for item in page.items] == [("flashcard", "faq")] * 2
    assert not page.problems


@pytest.mark.parametrize(
    "title",
    [
        "KITE FAQ",
        "Häufig gestellte Fragen",
        "Foire aux questions",
        "Preguntas frecuentes",
        "Domande frequenti",
        "Perguntas frequentes",
        "Veelgestelde vragen",
        "Vanliga frågor",
        "Najczęściej zadawane pytania",
        "Часто задаваемые вопросы",
        "Поширені запитання",
        "Sıkça sorulan sorular",
        "凧に関するよくある質問",
        "风筝常见问题",
        "자주 묻는 질문",
        "الأسئلة الشائعة",
        "अक्सर पूछे जाने वाले प्रश्न",
    ],
)
def test_titles(title):
    assert len(read(f"{title}\n\n1. Why does it fly?\n\n   Wind.\n\n2. Who made it?\n\n   Ann.\n").items) == 2


def test_answer_right_under_its_question():
    page = read(f"{FAQ}1. Why does it fly?\n   The wind lifts it.\n   It must blow.\n2. My line snaps.\n   Use rope.\n")
    assert pairs(page) == [("Why does it fly?", "The wind lifts it. It must blow."), ("My line snaps.", "Use rope.")]


def test_wrapped_question_with_labelled_answer():
    page = read(
        f"{FAQ}Q1: Does it fly in rain,\n    or only in sun?\nA1: In both.\n\n    Dry it.\n\nQ2: Who?\nA2: Ann.\n"
    )
    assert pairs(page) == [("Does it fly in rain, or only in sun?", "In both.\nDry it."), ("Who?", "Ann.")]


def test_steps_in_an_answer_are_no_questions():
    steps = "1. Lay it down.\n2. Tie a knot.\n3. Pull."
    page = read(f"{FAQ}1. How do I tie it?\n\n{steps}\n\n2. Who made it?\n\nAnn did.\n\n3. When?\n\nLong ago.\n")
    assert [question for question, _ in pairs(page)] == ["How do I tie it?", "Who made it?", "When?"]
    assert pairs(page)[0][1] == steps


def test_answer_keeps_its_paragraphs_lists_and_code():
    body = (
        "The first paragraph is wrapped where the next word would not have fitted\n    on the line any more."
        "\n\n    Take:\n      - a stick,\n        not too long\n      - a string\n\n    Then run\n\n        kite --up\n"
        "        kite --hold\n\n    and wait."
    )
    (item, _) = read(f"{FAQ}1. How?\n\n    {body}\n\n2. Who?\n\n    Ann.\n").items
    assert item.answer == (
        "<p>The first paragraph is wrapped where the next word would not have fitted on the line any more.</p>\n"
        "<p>Take:</p>\n<ul><li>a stick, not too long</li><li>a string</li></ul>\n<p>Then run</p>\n"
        "<pre><code>kite --up\nkite --hold</code></pre>\n<p>and wait.</p>"
    )


def test_sections_contents_rules_and_signature():
    contents = "1. Flying\n  1.1 Why does it fly?\n  1.2 My line snaps.\n2. Buying\n  2.1 Where?\n"
    body = (
        "1. Flying\n=========\n\n1.1 Why does it fly?\n--------------------\n\nThe wind lifts it.\n\n"
        "1.2 My line snaps.\n------------------\n\nUse a thicker one.\n\n------------------------------\n"
        "2. Buying\n=========\n\n2.1 Where?\n----------\n\nHere.\n\n--\nAnn, kite maker\n"
    )
    page = read(f"{FAQ}Contents\n========\n\n{contents}\n{body}")
    assert pairs(page) == [*KITES, ("Where?", "Here.")]
    assert [item.section for item in page.items] == ["Flying", "Flying", "Buying"]
    assert [item.location.line for item in page.items] == [15, 20, 29]


def test_contents_in_other_words():
    contents = "1. Flight\n2. Lines\n3. Makers\n"
    page = read(
        f"{FAQ}{contents}\n--------\n\n1. Why?\n\n  Wind.\n\n2. Which line?\n\n  A long one.\n\n3. Who?\n\n  Me."
    )
    assert len(page.items) == 3
    assert not page.problems


def test_sections_may_count_anew():
    body = "PART I\n\n1. Why?\n\n   Wind.\n\n2. How?\n\n   So.\n\nPART II\n\n1. Who?\n\n   Ann.\n"
    assert [item.section for item in read(FAQ + body).items] == ["PART I", "PART I", "PART II"]


def test_number_of_a_version_in_an_answer_is_no_question():
    body = "1.1 Why?\n\nSince version\n\n9.5 of the kite, wings.\n\n1.2 How?\n\nSo.\n\n1.3 Who?\n\nAnn.\n"
    assert [question for question, _ in pairs(read(FAQ + body))] == ["Why?", "How?", "Who?"]


def test_posting_with_headers():
    header = "From: ann@kites.example\nNewsgroups: rec.kites\nSubject: [rec.kites] Kite FAQ\nLines: 9\n\n"
    page = read(
        f"{header}Subject: 1. Why?\nAuthor: Ann\n\nWind.\n\n------\n\nSubject: 2. Who?\n\nBo.\n\nEnd of FAQ\n****\n"
    )
    assert page.title == "Kite FAQ"
    assert pairs(page) == [("Why?", "Wind."), ("Who?", "Bo.")]


def test_question_without_an_answer_is_a_problem():
    page = read(f"{FAQ}1. Why?\n\n   Wind.\n\n2. Who made it?\n\n3. When?\n\n   Soon.\n")
    assert messages(page) == [(7, "no answer follows this question: Who made it?: no item")]


def test_what_is_set_out_of_an_answer_is_told():
    page = read(f"{FAQ}1. Why?\n\n   Wind.\n\nWrite to us. We answer.\n\n2. Who?\n\n   Ann.\n\n3. When?\n\n   Now.\n")
    assert pairs(page)[0] == ("Why?", "Wind.")
    assert messages(page) == [(7, "'Write to us. We answer.' is set out of the answer above it: it was left out")]


NO_FAQ = {
    "steps": "Flying a kite\n\n1. Unroll the line.\n\n   Take care.\n\n2. Is it windy?\n\n   Then run.\n",
    "numbered sections": "KITE 2.1\n\n1. WHAT IT IS\n\n   A kite.\n\n2. REQUIREMENTS\n\n   - wind\n   - string\n",
    "minutes": "Minutes\n\n1. Money\n\n   Bo spoke. Enough?\n\n2. Any questions?\n\n   None.\n\n3. End\n\n   At ten.\n",
    "licence": "LICENCE\n\n0. Definitions.\n\n   A kite flies.\n\n1. Grant.\n\n   You may fly it.\n",
    "standard": "A Protocol\n\n1.  Scope\n\n   Why?\n\n2.  What Is It?\n\n   It flies.\n\n3.  Security\n\n   None.\n",
    "exam": "Exam\n\n"
    + "\n".join(
        f"{n}. Why is the sky {c}? (5 points)\n\n   Use a drawing. Yes, a drawing.\n" for n, c in enumerate("abcdef", 1)
    ),
    "exam called so": "Questions and answers\n\n1. Why?\n2. How?\n3. Who?\n4. When?\n",
    "mention": "Read this first.\n\nSee the FAQ for more.\n\n1. Run it.\n\n   Now.\n\n2. Stop it.\n\n   Later.\n",
}


@pytest.mark.parametrize("page", NO_FAQ.values(), ids=NO_FAQ)
def test_numbers_alone_make_no_question(page):
    assert not read(page).items


def test_dump_of_a_page_stays_one():
    dump = "Skip to content\n\nKite FAQ\n\n1. Why?\n\nShow answer\n\nWind.\n\n2. Who?\n\nShow answer\n\nAnn.\n"
    assert [item.shape for item in read(dump).items] == ["numbered", "numbered"]
    assert [item.shape for item in read(dump.partition("\n")[2]).items] == ["numbered", "numbered"]


@pytest.mark.skipif(not PAGES.is_dir(), reason="needs the collection of pages")
def test_dumps_of_real_pages_stay_dumps():
    dumps = [*PAGES.glob("clawdemy/*/*.txt"), *PAGES.glob("seeds/*.txt")]
    assert dumps
    for path in dumps:
        source = Source(name="p.txt", text=path.read_text("utf-8"), format="text")
        assert not any(read_file(source) for read_file in text._FILES), path


@pytest.mark.parametrize("page", ["1. Why?\n   So.\n" * 9000, "  - a\n" * 20000, "1. a\n" + "\n" * 40000 + "{" * 9000])
def test_long_files_are_read_quickly(page):
    begun = time.perf_counter()
    read(FAQ + page)
    assert time.perf_counter() - begun < 10


AIKEN = "Which bird cannot fly?\nA. The swift\nB) The\n   kiwi\nC. All of the above\nANSWER: B\n"


def test_aiken():
    page = read(f"{AIKEN}\n2. Which two swim?\nA. cat\nB. duck\nC. seal\nANSWER: B, C\n")
    first, second = page.items
    assert first.question == (
        '<p>Which bird cannot fly?</p>\n<ol type="A"><li>The swift</li><li>The kiwi</li><li>All of the above</li></ol>'
    )
    assert (first.kind, first.shape, first.answer) == ("self-check", "choice", "The kiwi")
    assert plain(second.question).startswith("Which two swim?")
    assert plain(second.answer) == "duck\nseal"


def test_aiken_with_a_heading_and_without_blank_lines():
    page = read(f"Birds\n\n{AIKEN}Which one sings?\nA. crow\nB. lark\nANSWER: B\nFeedback: At dawn.\n")
    assert [plain(item.answer) for item in page.items] == ["The kiwi", "lark\nAt dawn."]
    assert [item.section for item in page.items] == ["Birds", "Birds"]


def test_broken_aiken_questions_are_problems():
    wrong, other = AIKEN.replace("cannot", "can").replace(": B", ": F"), AIKEN.replace("Which", "What")
    page = read(f"{AIKEN}\nWhich one?\nA. this\nB. that\n\n{wrong}\n{other}")
    assert [item.location.line for item in page.items] == [1, 19]
    assert messages(page) == [
        (8, "no answer follows this question: no item"),
        (12, "the answer F is none of the options: no item"),
    ]


def test_trivia():
    page = read(
        "#Q Which bird is\nthe smallest?\n^ The bee hummingbird\nA The wren\nB The bee hummingbird\n\n"
        "#Q Owls sleep at night.\n^ False\nA True\nB False\n\n#Q Who sings?\nA Ann\nB Bo\n"
    )
    assert [(item.shape, plain(item.question), plain(item.answer)) for item in page.items] == [
        ("choice", "Which bird is the smallest?\nA. The wren\nB. The bee hummingbird", "The bee hummingbird"),
        ("true or false", "Owls sleep at night.", "False"),
    ]
    assert [line for line, _ in messages(page)] == [12]


def gift(question: str) -> ankiexport.Item:
    (item,) = read(question, "bank.gift").items
    return item


GIFTS = {
    "choice": (
        "Who sings? {~crow =lark#At dawn. ~owl}",
        "choice",
        "Who sings?\nA. crow\nB. lark\nC. owl",
        "lark\nAt dawn.",
    ),
    "compact": ("Who sings?{~crow=lark~owl}", "choice", "Who sings?\nA. crow\nB. lark\nC. owl", "lark"),
    "several": (
        "Who swims? {~%50%duck ~%-100%cat ~%50%seal ####Both dive.}",
        "choice",
        "Who swims?\nA. duck\nB. cat\nC. seal",
        "duck\nseal\nBoth dive.",
    ),
    "half right": ("Who? {=Ann ~%50%Anne ~Bo}", "choice", "Who?\nA. Ann\nB. Anne\nC. Bo", "Ann"),
    "true": ("It flies.{T}", "true or false", "It flies.", "True"),
    "false": ("It swims. {FALSE#It sinks.}", "true or false", "It swims.", "False\nIt sinks."),
    "short": ("Who? {=Ann =%100%Anna =%40%An#Nearly}", "short answer", "Who?", "Ann / Anna"),
    "number": ("How many? {#7}", "short answer", "How many?", "7"),
    "tolerance": ("How much? {#3.14:0.01}", "short answer", "How much?", "3.14±0.01"),
    "range": ("How far? {#5..6}", "short answer", "How far?", "5–6"),
    "numbers": ("When? {#=1822:0#Yes =%50%1822:5}", "short answer", "When?", "1822\nYes"),
    "gap": ("A {=kite ~cat} flies.", "choice", "A _____ flies.\nA. kite\nB. cat", "kite"),
    "escapes": (r"Is \{x\} \= 2\: \~ or \#? {=1\=1 ~a\~b}", "choice", "Is {x} = 2: ~ or #?\nA. 1=1\nB. a~b", "1=1"),
    "title": ("::A title:: Who? {=Ann}", "short answer", "Who?", "Ann"),
    "comment": ("// Who?\nWho?{=Ann\n// =Bo\n}", "short answer", "Who?", "Ann"),
    "blank lines inside": ("Who? {\n\n=Ann\n\n~Bo\n}", "choice", "Who?\nA. Ann\nB. Bo", "Ann"),
}


@pytest.mark.parametrize(("page", "shape", "question", "answer"), GIFTS.values(), ids=GIFTS)
def test_gift(page, shape, question, answer):
    item = gift(page)
    assert (item.kind, item.shape) == ("self-check", shape)
    assert (plain(item.question), plain(item.answer)) == (question, answer)


def test_gift_matching_tells_both_sides_in_another_order():
    item = gift("Match. {=cat -> paw =bird -> claw = -> fin}")
    assert item.shape == "matching"
    assert plain(item.question) == "Match.\n- cat\n- bird\n- claw\n- paw"
    assert plain(item.answer) == "- cat → paw\n- bird → claw"


@pytest.mark.parametrize(
    ("page", "question"),
    [
        ('[html]<p>Is <b class="x">it</b> so?</p>{=<i>yes</i> ~no}', "<p>Is <b>it</b> so?</p>"),
        ("[markdown]Is *it* so? {=_yes_ ~no}", "<p>Is <em>it</em> so?</p>"),
        ("Is 1 < 2 &amp; so? {=yes ~no}", "<p>Is 1 &lt; 2 &amp;amp; so?</p>"),
    ],
)
def test_gift_marks(page, question):
    assert gift(page).question == f'{question}\n<ol type="A"><li>{gift(page).answer}</li><li>no</li></ol>'


def test_gift_file():
    page = read(
        "$CATEGORY: $course$/top/Birds/Sea\n\n::Note:: Read on.\n\n::Q1:: Who dives? {=Gannet}\n\n::Q2:: Tell. {}\n\n"
        "::Q3:: Open {=one ~two\n\n::Q4:: Wrong. {~one ~two}\n\n$CATEGORY: Land\n::Q5:: It hops. {TRUE}\n"
    )
    assert [(item.section, plain(item.answer)) for item in page.items] == [("Birds / Sea", "Gannet"), ("Land", "True")]
    assert messages(page) == [
        (7, "an essay question, which has no answer: no item"),
        (9, "the braces of this question do not match: no item"),
        (11, "no option is marked as right: no item"),
    ]


@pytest.mark.parametrize("page", ["The set {=x} is small.\n\nMore prose.\n\nAnd more.\n\nAnd an end.", "body {#333}"])
def test_braces_alone_make_no_gift_file(page):
    assert not read(page).items
