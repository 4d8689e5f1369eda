"""Multiple choice and answer keys that nothing hides: what is asked, what is right, and what is none of it."""

import time

import pytest

from ankiexport import Source, read
from ankiexport.plain import plain


def page_of(text, form="markdown"):
    (page,) = read([Source(name="page", text=text, format=form)])
    return page


def pairs_of(text, form="markdown"):
    return [(plain(item.question), plain(item.answer)) for item in page_of(text, form).items]


MARKED = {
    "boxes": "- [ ] iron\n- [x] gold\n- [ ] tin",
    "signs": "- ❌ iron\n- ✅ gold\n- ❌ tin",
    "sign at the end": "- iron\n- gold ✓\n- tin",
    "word": "- iron\n- gold (correct)\n- tin",
    "german word": "- iron\n- gold (richtig)\n- tin",
    "arrow": "- iron\n- gold <-- correct\n- tin",
    "bold": "- iron\n- **gold**\n- tin",
    "mark": "- iron\n- <mark>gold</mark>\n- tin",
}


@pytest.mark.parametrize("options", MARKED.values(), ids=MARKED)
def test_marked_option_answers_and_its_mark_is_gone(options):
    found = pairs_of(f"# Metals\n\n**1. Which metal is yellow?**\n\n{options}\n\nThe end.\n")
    assert found == [("Which metal is yellow?\n- iron\n- gold\n- tin", "gold")]


KEY_LINES = [
    "Answer: B",
    "**Answer:** (b)",
    "Ans. (b)",
    "*Correct answer:* B) gold",
    "ANSWER: B",
    "The correct answer is B.",
    "Lösung: b",
    "Réponse : b",
    "Respuesta correcta: b)",
    "Правильный ответ: b",
    "答案：B",
    "> **Answer: B**",
]


@pytest.mark.parametrize("line", KEY_LINES)
def test_line_after_the_options_names_the_right_one(line):
    found = pairs_of(f"# Metals\n\n1. Which metal is yellow?\n\nA) iron\nB) gold\nC) tin\n\n{line}\n")
    assert found == [("Which metal is yellow?\nA) iron\nB) gold\nC) tin", "B) gold")]


def test_reason_on_the_line_and_below_it_belongs_to_the_answer():
    text = (
        "#### Q1. Which?\n\n- [x] gold\n- [ ] tin\n\n[source](https://example.org). It shines.\n\n"
        "#### Q2. What?\n\n- [ ] a1\n- [x] b1\n"
    )
    assert pairs_of(text) == [
        ("Which?\n- gold\n- tin", "gold\nsource. It shines."),
        ("What?\n- a1\n- b1", "b1"),
    ]
    assert pairs_of("1. Which?\n\nA. tin\nB. gold\n\nAnswer: B – it shines.\n") == [
        ("Which?\nA. tin\nB. gold", "B. gold\nit shines.")
    ]


def test_several_right_options_are_a_list():
    ((_, answer),) = pairs_of("#### Q1. Which two float?\n\n- [x] cork\n- [ ] lead\n- [x] wax\n")
    assert answer == "- cork\n- wax"


def test_code_stays_in_the_question_and_under_its_option():
    text = "#### Q1. Which runs?\n\n```sh\nls\n```\n\n- [ ] A\n\n```sh\nrm\n```\n\n- [x] B\n\n```sh\ncat\n```\n"
    ((question, answer),) = pairs_of(text)
    assert question.split() == "Which runs? ls - A rm - B cat".split()
    assert answer.split() == ["B", "cat"]


def test_letters_of_a_list_show_where_the_page_has_them():
    html = (
        "<h1>Nets</h1><ol><li><p>Which one?</p><ol type='A'><li>red</li><li>blue</li></ol><p>Answer: (b)</p></li></ol>"
    )
    assert pairs_of(html, "html") == [("Which one?\nA. red\nB. blue", "B. blue")]


MARKED_HTML = [
    "<p>What floats?</p><ul><li>lead</li><li class='correct'>cork</li></ul>",
    "<p>What floats?</p><ul><li data-correct='false'>lead</li><li data-correct='true'>cork</li></ul>",
    "<form><fieldset><legend>What floats?</legend><div><input type=radio name=a><label>lead</label></div>"
    "<div><input type=radio name=a data-correct='true'><label>cork</label></div></fieldset></form>",
    "<p>What floats?</p><div><label><input type=radio name=a value=''> lead</label>"
    "<label><input type=radio name=a value='answer'> cork</label></div>",
    "<p>What floats? <select><option></option><option value=''>lead</option><option value='answer'>cork</option>"
    "</select></p>",
]


@pytest.mark.parametrize("html", MARKED_HTML)
def test_marks_in_the_code_of_a_page_count(html):
    assert pairs_of(f"<main><h1>Water</h1>{html}</main>", "html") == [("What floats?\n- lead\n- cork", "cork")]


def test_lines_of_a_dump_are_questions_and_options():
    text = (
        "Weekly quiz\n\n1. Who tunes the band?\na) the horn\n*b) the oboe\n\n"
        "2. How many strings?\n(1) three (2) four\nAns. (2)\n"
    )
    assert pairs_of(text, "text") == [
        ("Who tunes the band?\na) the horn\nb) the oboe", "b) the oboe"),
        ("How many strings?\n(1) three\n(2) four", "(2) four"),
    ]


NOTHING = {
    "to-do list": "## Roadmap\n\n- [x] parser\n- [ ] writer\n",
    "steps": "## 1. Setup\n\n- [x] fetch\n- [ ] build\n\n## 2. Use\n\n- [x] call\n- [ ] stop\n",
    "features": "Features:\n\n- ✅ fast\n- ❌ old\n- ✅ small\n",
    "pros and cons": "## Pros and cons?\n\n- **cheap**\n- loud\n",
    "bold in a list": "What we need:\n\n- **time**\n- money\n",
    "no mark": "1. Which is red?\n\n   A) grass\n   B) blood\n",
    "all ticked": "#### Q1. Is it done?\n\n- [x] yes\n- [x] tested\n",
    "problems": "Problems:\n\n1. It is slow\n2. It is big\n\n## Solutions\n\n1. Use a cache\n2. Use a disk\n",
    "an article": "## Why?\n\nA. Smith says no.\n\nB. Jones says yes.\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_is_no_choice_gives_no_item(text):
    assert pairs_of(f"# Page\n\n{text}") == []


def test_options_without_a_mark_are_a_problem_with_their_line():
    page = page_of("# Page\n\nWhat is red?\n\n- [ ] grass\n- [ ] blood\n")
    assert [(problem.location.line, problem.severity) for problem in page.problems][:1] == [(3, "warning")]


def test_reveal_below_options_is_the_answer_itself():
    text = "1. Which is red?\n\n- A: grass\n- B: blood\n\n<details><summary>Answer</summary>\n\nB\n\n</details>\n"
    assert pairs_of(text) == [("Which is red?\n- A: grass\n- B: blood", "B")]


def test_verdicts_on_options_are_one_answer():
    text = (
        "Which of these hold water?\n\n1. a cup\n2. a sieve\n\n"
        "<details><summary>Answer</summary>\n\n1. Yes: it has a bottom.\n2. No: it leaks.\n\n</details>\n"
    )
    page = page_of(text)
    assert [(item.shape, plain(item.answer)) for item in page.items] == [
        ("choice", "1. Yes: it has a bottom.\n2. No: it leaks.")
    ]


KEYS = [
    "## Answers\n\n1. six\n2. seven\n",
    "**Answer key**\n\n1) six\n\n2) seven\n",
    "## Lösungen\n\n| Nr | Antwort |\n|---|---|\n| 1 | six |\n| 2 | seven |\n",
    "Answers: 1. six, 2. seven\n",
    "# Solutions\n\nQ1: six\n\nQ2: seven\n",
]


@pytest.mark.parametrize("key", KEYS)
def test_key_below_numbered_questions_answers_them(key):
    text = f"# Sums\n\n## Questions\n\n1. What is 2 × 3?\n2. What is 3 + 4?\n\n{key}"
    assert pairs_of(text) == [("What is 2 × 3?", "six"), ("What is 3 + 4?", "seven")]


CHOICES = "1. Which is red?\n\n   A) grass\n   B) blood\n\n2. Which is green?\n\n   A) grass\n   B) blood\n\n"


@pytest.mark.parametrize("key", ["1. B  2. A", "1-b, 2-a", "1: B; 2: A", "1) b\n\n2) a"])
def test_key_of_letters_gives_the_options_themselves(key):
    found = pairs_of(f"# Colours\n\n{CHOICES}## Answer key\n\n{key}\n")
    assert [answer for _, answer in found] == ["B) blood", "A) grass"]
    assert found[0][0] == "Which is red?\nA) grass\nB) blood"


def test_an_article_is_no_letter():
    text = f"# Colours\n\n{CHOICES}## Answers\n\n1. A lake of it is red.\n2. **A**, since it grows.\n"
    assert [answer for _, answer in pairs_of(text)] == ["A lake of it is red.", "A) grass\nsince it grows."]


def test_numbering_that_begins_again_finds_its_own_key():
    text = (
        "## Part A\n\n1. Who sang?\n2. Who danced?\n\n## Part B\n\n1. Who ate?\n2. Who slept?\n\n"
        "## Answers\n\n### Part A\n\n1. Ann\n2. Bob\n\n### Part B\n\n1. Cid\n2. Dot\n"
    )
    assert [answer for _, answer in pairs_of(text)] == ["Ann", "Bob", "Cid", "Dot"]


def test_what_has_no_partner_is_a_problem_with_its_line():
    text = "## Questions\n\n1. Who sang?\n2. Who danced?\n3. Who ate?\n\n## Answers\n\n1. Ann\n2. Bob\n4. Dot\n"
    page = page_of(text.replace("4. Dot", "<!-- -->\n\n**4.** Dot"))
    assert len(page.items) == 2
    lines = {problem.location.line for problem in page.problems}
    assert 5 in lines and any(line >= 11 for line in lines)


def test_long_pages_take_no_longer_than_their_length():
    block = "{0}. Which is number {0}?\n\n   A) one\n   B) two\n\n"
    begin = time.perf_counter()
    text = (
        "".join(block.format(i) for i in range(1, 900)) + "## Answers\n\n" + "\n".join(f"{i}. B" for i in range(1, 900))
    )
    assert len(pairs_of(text)) == 899
    assert time.perf_counter() - begin < 20


def test_list_of_questions_is_no_reason_for_the_answer_above_it():
    text = (
        "# Flour\n\n## Which is free of gluten?\n\n- [x] Rice\n- [ ] Spelt\n\n> Spelt is a wheat.\n\n"
        "1. What is it ground with?\n   - [ ] a saw\n   - [x] a stone\n2. Pick one\n   - [ ] A\n   - [ ] B\n"
    )
    found = pairs_of(text, "markdown")
    assert found[0] == ("Which is free of gluten?\n- Rice\n- Spelt", "Rice\nSpelt is a wheat.")
    assert found[1][1] == "a stone"
