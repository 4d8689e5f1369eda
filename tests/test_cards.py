"""Cards from the answer to the question, and answers that are typed in: in an author's words and in real Anki."""

import json
from dataclasses import replace

import pytest
from written import self_checks

from ankiexport import Html, build, write
from ankiexport.asking import LONGEST_TYPED, why_not_typed
from ankiexport.writers.json import listing

ANSWERS = ["a < b & c", "Café crème", "Two words."]


def page_of(answers, **asked):
    """A page of self-checks with these answers."""
    return lambda read_text: replace(
        read_text(self_checks((f"What is answer {i}?", answer) for i, answer in enumerate(answers, 1))), **asked
    )


@pytest.fixture
def cards(read_text, tmp_path, import_into_anki):
    """The cards that Anki makes of a page, in order."""

    def cards(page):
        write(build([page(read_text)], "Knots"), tmp_path / "knots.apkg")
        collection, _ = import_into_anki(tmp_path / "knots.apkg")
        return [collection.get_card(number) for number in collection.find_cards("", order="c.due, c.ord")]

    return cards


def typed(read_text, answer):
    """What is expected of a learner, and the problems told."""
    course = build([page_of([answer], typed=("self-check",))(read_text)], "Knots")
    page = page_of([answer])(read_text)
    (item,) = listing(course)["pages"][0]["items"]
    return item["typed"], [str(problem) for problem in course.problems_of(page) if problem.severity == "note"]


# In Anki


def test_a_note_has_one_card_without_being_told(cards):
    assert [card.ord for card in cards(page_of(ANSWERS))] == [0, 0, 0]


def test_a_reversed_item_has_a_second_card_which_asks_for_the_question(cards):
    found = cards(page_of(ANSWERS, reverse=("self-check",)))
    assert [card.ord for card in found] == [0, 1, 0, 1, 0, 1]
    assert "a &lt; b &amp; c" in found[1].question()
    assert "What is answer 1?" not in found[1].question()
    assert "What is answer 1?" in found[1].answer()


def test_only_the_kinds_that_are_named_are_asked_so(cards):
    found = cards(page_of(ANSWERS, reverse=("flashcard", "exercise"), typed=("flashcard",)))
    assert [card.ord for card in found] == [0, 0, 0]
    assert "type:Typed" not in found[0].question()


def test_an_answer_is_typed_in_once_on_the_first_card_alone(cards):
    first, second = cards(page_of(["A bowline"], typed=("self-check",), reverse=("self-check",)))
    assert first.question().count("[[type:Typed]]") == 1
    assert first.answer().count("[[type:Typed]]") == 1
    assert "[[type:" not in second.question() + second.answer()


@pytest.mark.parametrize(
    ("answer", "right", "wrong"),
    [
        ("a < b & c", "a < b & c", "a < b"),
        ("Café crème", "Café crème", "Cafe creme"),
        ("It’s “x”…", 'It\'s "x"...', "x"),
        ("A **bowline**.", "A bowline", "A bowlin"),
        ("`ls -l <dir>`", "ls -l <dir>", "ls -l"),
        ("&#91;sound:x.mp3]", "[sound:x.mp3]", ""),
    ],
)
def test_anki_tells_a_right_answer_from_a_wrong_one(cards, collection, answer, right, wrong):
    (card,) = cards(page_of([answer], typed=("self-check",)))
    expected = card.note()["Typed"]
    compared = collection.compare_answer(expected, right)
    assert "typeGood" in compared
    assert not any(sign in compared for sign in ("typeBad", "typeMissed"))
    if wrong:
        compared = collection.compare_answer(expected, wrong)
        assert any(sign in compared for sign in ("typeBad", "typeMissed"))


# What can be typed


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("A bowline.", "A bowline"),
        ("3.5.", "3.5"),
        ("In the U.S.", "In the U.S."),
        ("And so on...", "And so on..."),
        ("1–2", "1-2"),
        ("a\nb", "a b"),
        ("x" * LONGEST_TYPED, "x" * LONGEST_TYPED),
    ],
)
def test_a_short_line_is_typed_as_a_keyboard_has_it(read_text, answer, expected):
    assert typed(read_text, answer) == (expected, [])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("x" * (LONGEST_TYPED + 1), "longer than 50 characters"),
        ("One.\n\nTwo.", "not one line"),
        ("- one", "not one line"),
        ("```\nls\n```", "not one line"),
        ("| a |\n|---|\n| b |", "not one line"),
        ("It is $x^2$.", "a formula"),
    ],
)
def test_what_cannot_be_typed_is_told_with_its_line(read_text, answer, reason):
    expected, (told,) = typed(read_text, answer)
    assert expected is None
    assert told.startswith("page.markdown:1: note: the answer of this self-check is not typed in: ")
    assert reason in told


@pytest.mark.parametrize("shown", ["<img alt='a knot'>", "a <video></video>", "<pre><code>ls</code></pre>"])
def test_pictures_recordings_and_code_blocks_are_not_typed(read_text, shown):
    (item,) = page_of(["A knot"])(read_text).items
    assert why_not_typed(item) is None
    assert why_not_typed(replace(item, answer=Html(shown))) == "it is not one line of text"


def test_nothing_is_told_where_nobody_asked_for_it(read_text):
    course = build([page_of(["x" * 60], typed=("flashcard",))(read_text)], "Knots")
    assert [problem for problem in course.problems if "typed" in problem.message] == []


# The command


def test_the_listing_says_how_an_item_is_asked(run, tmp_path):
    (tmp_path / "page.md").write_text(self_checks([("Why?", "So."), ("How?", "x" * 60)]), "utf-8")
    (tmp_path / "ankiexport.toml").write_text('[course]\nname = "K"\nreverse = true\ntyped = true\n', "utf-8")
    result = run("list", "--json", tmp_path)
    items = json.loads(result.stdout)["pages"][0]["items"]
    assert [(item["reverse"], item["typed"]) for item in items] == [(True, "So"), (True, None)]
    result = run("check", tmp_path)
    assert "page.md:9: note: the answer of this self-check is not typed in: it is longer" in result.output


def test_switching_it_on_is_a_change_that_diff_tells(run, tmp_path):
    (tmp_path / "page.md").write_text(self_checks([("Why?", "So."), ("How?", "Thus.")]), "utf-8")
    toml = tmp_path / "ankiexport.toml"
    toml.write_text('[course]\nname = "K"\n', "utf-8")
    run("build", tmp_path)
    toml.write_text('[course]\nname = "K"\ntyped = true\n', "utf-8")
    assert run("diff", tmp_path).exit_code == 1
    assert "2 changed" in run("build", tmp_path).output
