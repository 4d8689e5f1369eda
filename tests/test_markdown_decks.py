"""Decks of cards, quizzes in data and labelled checks in Markdown and MDX sources."""

import time

import pytest

import ankiexport
from ankiexport.model import Source
from ankiexport.plain import plain


def read(text, form="markdown"):
    (page,) = ankiexport.read(Source(name="p", text=text, format=form))
    return page


def pairs(text, form="markdown"):
    return [(plain(item.question), plain(item.answer)) for item in read(text, form).items]


SNOW = ("What is snow?", "Frozen water.")
DECKS = {
    "one line": "#flashcards\n\nWhat is snow?::Frozen water.\n",
    "both ways, in a list": "#flashcards/weather\n\n- What is snow?:::Frozen water. <!--SR:!2024-01-01,3,250-->\n",
    "tag in the front matter": "---\ntags: [notes, flashcards]\n---\n\nWhat is snow? :: Frozen water.\n",
    "lines, with a date of the plugin": "What is snow?\n?\nFrozen water.\n<!--SR:!2024-01-01,3,250-->\n",
    "lines, both ways": "#flashcards\n\n## Weather\nWhat is snow?\n??\nFrozen water.\n",
    "a tagged line": "What is snow? #card\nFrozen water.\n\nMore text.\n",
    "a tagged item": "- A remark\n- What is snow? #card\n\t- Frozen water.\n- Another remark\n",
    "a tagged heading": "## What is snow? #card\n\nFrozen water.\n\n## Rain\n\nText.\n",
    "mdanki": "# Deck\n\n## What is snow?\n\nFrozen water.\n\n[#weather]()\n\n## Rain\n\n[#weather]()\n",
    "hashcards": "Q: What is snow?\nA: Frozen water.\n\nC: Hail is [frozen] too.\n",
    "hashcards, named": '---\nname = "Weather"\n---\n\nQ: What is snow?\n\nA:\nFrozen water.\n',
}


@pytest.mark.parametrize("text", DECKS.values(), ids=DECKS)
def test_cards_of_a_deck(text):
    assert [(question, answer.removeprefix("- ")) for question, answer in pairs(text)] == [SNOW]


NO_DECKS = {
    "fields of notes": "status:: draft\nauthor:: Somebody\nrating:: 5\nsource:: a book\n",
    "names of C++": "Use std::vector here.\n\nOr std::map there.\n\nOr std::set, if you like.\n",
    "code": "#flashcards\n\n```cpp\nstd::vector<int> v;\n?\nx\n```\n\n`a::b`\n",
    "a table": "#flashcards\n\n| a | b |\n|---|---|\n| a::b | c |\n",
    "clozes": "#flashcards\n\nSnow is ==white==.\n",
    "one question mark": "He looked up\n?\nand said nothing.\n",
    "a heading and a comment of TeX": "## The first part of it\n\nText.\n\n%\n\nMore.\n\n## The second part\n\nText.\n",
}


@pytest.mark.parametrize("text", NO_DECKS.values(), ids=NO_DECKS)
def test_what_is_no_deck_gives_no_card(text):
    assert pairs(text) == []


def test_percent_ends_a_question_of_several_lines():
    text = "## What stands here?\n\n```\n## no heading\n```\n\n%\n\nA comment.\n\n[#a]()\n\n"
    text += "## What is snow?\n\nFrozen water.\n"
    assert pairs(text) == [("What stands here?\n## no heading", "A comment."), SNOW]


def test_answer_of_a_card_ends_with_the_card():
    text = "Q: What is\nsnow?\nA: Water:\n\n- frozen\n\n---\n\nQ: What is rain?\nA: Water.\n\nC: Ice is [cold].\n"
    assert pairs(text) == [("What is\nsnow?", "Water:\n- frozen"), ("What is rain?", "Water.")]


DATA = """
export const rows: Row[] = [
  // the first

  { question: "What is snow?", options: ["sand", 'ice'], answer: 1 },
];

"""
QUIZZES = {
    "props": DATA + "<Quiz questions={rows} />\n",
    "mapped": DATA + "{rows.map((row) => (\n  <Quiz {...row} />\n))}\n",
    "before its data": "<Quiz questions={rows} />\n" + DATA,
    "in an object": "export const quiz = {title: 'T', questions: [{questionText: 'What is snow?', answerOptions: ["
    "{answerText: 'sand', isCorrect: false}, {answerText: 'ice', isCorrect: true}]}]} as const;\n\n"
    "<Quiz data={quiz} />\n",
    "counted from 1": 'export const q = [{question: "What is snow?", questionType: "text", answers: ["sand", "ice"],'
    ' correctAnswer: "2"}]\n\n<Quiz quiz={q} />\n',
    "in an item": "1. What is snow?\n\n   <MultipleChoice>\n     <Option>\n       sand\n     </Option>\n"
    "     <Option isCorrect>\n       ice\n     </Option>\n   </MultipleChoice>\n",
}


@pytest.mark.parametrize("text", QUIZZES.values(), ids=QUIZZES)
def test_quiz_in_literals(text):
    assert pairs(text, "mdx") == [("What is snow?\n- sand\n- ice", "ice")]


def test_data_that_needs_code_is_reported():
    page = read("export const rows = load();\n\n<Quiz questions={rows} />\n", "mdx")
    assert not page.items
    assert any("code is not run" in problem.message for problem in page.problems)


def test_reveal_in_an_item_keeps_its_answer():
    text = "1. What is snow?\n\n   <details>\n   <summary>Show answer</summary>\n\n   Frozen water.\n   </details>\n"
    assert pairs(text, "mdx") == [SNOW]


def test_script_and_braces_in_a_title():
    text = "<script setup>\nimport a from 'a'\n</script>\n\n::: details What does `{ a: 1 }` make?\nAn object.\n:::\n"
    assert pairs(text, "mdx") == [("What does { a: 1 } make?", "An object.")]


GAPS = {
    "within a sentence": ('- Snow is `r mcq(c(answer = "white", "red"))` here.', "Snow is _____ here.\n- white\n- red"),
    "in an ordered list": ('1. Snow is `r mcq(c(answer = "white", "red"))`', "Snow is _____\n- white\n- red"),
    "two": ('A `r fitb("white")` b `r mcq(c("x", answer = "y"))`', "A _____ b _____ (x / y)"),
    "printed": (
        '**Snow is?**\n\n```{r, results="asis"}\no <- c(answer = "white",\n "red)")\ncat(longmcq(o))\n```',
        "Snow is?\n- white\n- red)",
    ),
    "table": ('| Snow |\n|---|\n| `r fitb("white")` |', "Snow\n_____"),
}


@pytest.mark.parametrize(("text", "question"), GAPS.values(), ids=GAPS)
def test_gaps_of_webexercises(text, question):
    ((found, answer),) = pairs(text)
    assert found == question
    assert "white" in answer


CHECKS = "\n\n".join(
    f"**_(LC1.{at})_** Repeat step {at}.\n\n- A. here\n- B. there\n\n**Solution**: Do it.\n\nAgain." for at in (1, 2, 3)
)


def test_labelled_checks():
    assert pairs(CHECKS) == [(f"Repeat step {at}.\n- A. here\n- B. there", "Do it.\nAgain.") for at in (1, 2, 3)]


def test_task_headings_above_answers():
    text = "## Write a short loop\n\nIt counts.\n\n### Answer\n\n`for`\n\n### Links\n\n- x\n\n"
    text += "## What is snow?\n\n### Answer\n\nFrozen water.\n"
    assert pairs(text) == [("Write a short loop\nIt counts.", "for"), SNOW]
    assert pairs(text.partition("## What")[0]) == []


def test_question_and_answer_of_several_blocks_and_in_a_list():
    text = "**Q:** It snows.\n\nWhat is snow?\n\n**A:** Frozen water.\n\n## List\n\n"
    text += "- **Q:** What is rain?\n  **A:** Water.\n- **Q:** Why?\n  **A:**\n\nText.\n"
    assert pairs(text) == [("It snows.\nWhat is snow?", "Frozen water."), ("What is rain?", "Water.")]


def test_many_pairs_take_no_more_than_their_share_of_time():
    def seconds(count):
        text = "\n".join(
            f"Is it {at}?\n\n<details><summary>Answer</summary>\n\nYes.\n\n</details>\n" for at in range(count)
        )
        start = time.perf_counter()
        ankiexport.readers.read_document(Source(name="p", text=text, format="markdown"))
        return time.perf_counter() - start

    seconds(10)
    assert seconds(2000) < 12 * seconds(400) + 1
