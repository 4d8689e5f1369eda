"""GUIDs: what changes them and what does not. People's collections hold them, so all of this is a contract."""

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ankiexport import AnkiExportError, Html, Item, Location, Source, build, read
from ankiexport.identity import assign_guids, digest, guid, merge_repeats, normalise, slug

COURSE = "knots-and-maps"
PAGE = "reading-a-map"

# Words as they stand in questions; a mark alone is no word, so that each has a letter or digit in it.
core = st.text("abcdefghijABCDEFGHIJ0123456789äéßñжд漢", min_size=1, max_size=8)
mark = st.sampled_from(
    ["", "", "", ",", ":", ";", "!", "’s", "'s", '"', "”", "–", "-", "—", "…", ".", "(", "%", "/", "+"]
)
words = st.lists(st.builds(lambda word, after: word + after, core, mark), min_size=1, max_size=8)
questions = words.map(lambda found: " ".join(["Why", *found]) + "?")
distinct_questions = st.lists(questions, min_size=1, max_size=8, unique_by=normalise)


def make_item(question: str, answer: str = "So.", *, line: int = 1, **fields: object) -> Item:
    given: dict[str, object] = {
        "kind": "self-check",
        "shape": "numbered",
        "label": None,
        "section": None,
        "question": Html(question),
        "answer": Html(answer),
        "context": None,
        "explanation": None,
        "fingerprint_text": question,
        "location": Location(source="page.md", line=line),
    }
    return Item(**{**given, **fields})  # type: ignore[arg-type]


def guids(items: list[Item]) -> list[str]:
    return [found.guid for found in assign_guids(COURSE, PAGE, items).fingerprints]


def page_guids(questions: list[str]) -> list[str]:
    """The GUIDs of a whole Markdown page that asks these questions."""
    numbered = (
        f"**{n}.** {text}\n\n<details><summary>Answer</summary>\n\nSo.\n\n</details>\n"
        for n, text in enumerate(questions, 1)
    )
    source = Source(name="page.md", text="\n".join(numbered), format="markdown", title="Reading a map")
    pages = read(source)
    assert [problem for problem in pages[0].problems if problem.severity != "note"] == []
    return [note.guid for note in build(pages, course="Knots").notes]


@given(questions)
def test_guid_is_sixteen_characters_that_need_no_quotes(text):
    assert re.fullmatch(r"[a-z2-7]{16}", guid(COURSE, PAGE, "self-check", text))


@given(distinct_questions)
def test_different_questions_have_different_guids(texts):
    assert len(set(guids([make_item(text) for text in texts]))) == len(texts)


@given(distinct_questions, st.randoms(use_true_random=False))
def test_reordering_changes_no_guid(texts, random):
    items = [make_item(text, line=line) for line, text in enumerate(texts, 1)]
    before = dict(zip(texts, guids(items), strict=True))
    random.shuffle(items)
    assert dict(zip((item.fingerprint_text for item in items), guids(items), strict=True)) == before


@given(distinct_questions, questions, st.integers(0, 8))
def test_inserting_an_item_changes_no_other_guid(texts, new, place):
    assume(normalise(new) not in map(normalise, texts))
    items = [make_item(text) for text in texts]
    longer = [*items[:place], make_item(new), *items[place:]]
    kept = guids(longer)
    del kept[min(place, len(items))]
    assert kept == guids(items)


@given(distinct_questions, st.integers(0, 7))
def test_deleting_an_item_changes_no_other_guid(texts, place):
    items = [make_item(text) for text in texts]
    before = guids(items)
    place %= len(items)
    assert guids([*items[:place], *items[place + 1 :]]) == [*before[:place], *before[place + 1 :]]


def retypeset(text: str) -> str:
    """The same text as another form of the page, or its next edition, might set it."""
    pairs = {"'": "’", '"': "“", "’": "'", "”": '"', "–": "—", "-": "‑", "—": "–", "…": "...", " ": " \u00a0\t "}
    return "".join(pairs.get(character, character) for character in text)


@given(distinct_questions)
def test_typography_and_white_space_change_no_guid(texts):
    assert guids([make_item(retypeset(text)) for text in texts]) == guids([make_item(text) for text in texts])


@given(
    st.lists(
        st.lists(core, min_size=1, max_size=5).map(lambda w: "Why " + " ".join(w) + "?"),
        min_size=1,
        max_size=4,
        unique_by=normalise,
    )
)
def test_bold_italic_and_code_change_no_guid(texts):
    plain = page_guids(texts)
    for before, after in (("**", "**"), ("*", "*"), ("`", "`"), ("<em>", "</em>"), ("<kbd>", "</kbd>")):
        first, *others = texts
        start, _, rest = first.partition(" ")
        word, _, rest = rest.rstrip("?").partition(" ")
        marked = f"{start} {before}{word}{after} {rest}".rstrip() + "?"
        assert page_guids([marked, *others]) == plain


@given(st.lists(core, min_size=1, max_size=5, unique_by=normalise), st.integers(1, 3))
def test_a_page_with_a_question_more_keeps_its_guids(found, gap):
    texts = [f"Why {word}?" for word in found]
    before = page_guids(texts)
    longer = page_guids([*texts[:gap], "What is new here?", *texts[gap:]])
    assert [known for known in longer if known in before] == before
    assert len(longer) == len(before) + 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("What does ls -R do?", "What does ls -r do?", id="case"),
        pytest.param("Is 1.5 enough?", "Is 15 enough?", id="a dot"),
        pytest.param("Is a > b?", "Is a < b?", id="signs"),
        pytest.param("Why not?", "Why not", id="a question mark"),
        pytest.param("What is naïve?", "What is naive?", id="accents"),
    ],
)
def test_what_carries_meaning_tells_questions_apart(left, right):
    assert normalise(left) != normalise(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("What’s “up” – and where…", 'What\'s "up" - and where...', id="typography"),
        pytest.param("Which?\n  • one\n  • two", "Which?\n- one\n* two", id="bullets"),
        pytest.param("Which?\n  1. one\n  2. two", "Which?\none\ntwo", id="numbers of a list"),
        pytest.param("cafe\u0301", "caf\u00e9", id="composition"),
        pytest.param("a\u00a0\t b\r\n c", "a b c", id="white space"),
        pytest.param("soft\u00adhyphen", "softhyphen", id="soft hyphen"),
        pytest.param("What does `ls` do?", "What does ls do?", id="code marks"),
    ],
)
def test_what_only_looks_different_is_one_question(left, right):
    assert normalise(left) == normalise(right)


@given(questions)
def test_folding_a_second_time_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(questions, st.sampled_from(["A", "b", "Step 2", None]), st.sampled_from(["self-check", "exercise"]))
def test_label_answer_section_and_place_are_not_hashed(text, label, kind):
    plain = make_item(text, kind=kind)
    other = make_item(
        text, "Another answer.", line=77, kind=kind, label=label, section="Part two", explanation=Html("x")
    )
    assert guids([plain]) == guids([other])


@given(questions)
def test_course_page_and_kind_are_hashed(text):
    found = {
        guid("a", "page", "exercise", text),
        guid("b", "page", "exercise", text),
        guid("a", "other", "exercise", text),
        guid("a", "page", "flashcard", text),
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    ("left", "right"), [(("a", "b"), ("ab", "")), (("a", "b"), ("", "ab")), (("a__b",), ("a", "b"))]
)
def test_lists_of_parts_that_join_alike_are_hashed_apart(left, right):
    assert digest(*left) != digest(*right)
    assert guid(*("c", "p", "exercise"), *left) != guid(*("c", "p", "exercise"), *right)
    assert guid("a", "bc", "exercise", "t") != guid("ab", "c", "exercise", "t")


@given(questions, st.lists(core, min_size=2, max_size=5, unique_by=normalise), st.randoms(use_true_random=False))
def test_same_question_with_other_answers_has_guids_of_its_own_whatever_the_order(text, answers, random):
    items = [make_item(text, answer) for answer in answers]
    before = dict(zip(answers, guids(items), strict=True))
    assert len(set(before.values())) == len(answers)
    random.shuffle(items)
    assert dict(zip((item.answer for item in items), guids(items), strict=True)) == before


def test_same_question_with_another_answer_is_a_warning_that_names_both_lines():
    (problem,) = assign_guids(COURSE, PAGE, [make_item("Why?", "a", line=3), make_item("Why?", "b", line=9)]).problems
    assert problem.severity == "warning"
    assert "3, 9" in problem.message


def test_context_tells_items_apart_before_label_and_answer_do():
    left = make_item("Why?", "a", context=Html("On land"), label="A")
    right = make_item("Why?", "b", context=Html("At sea"), label="A")
    before = guids([left, right])
    assert guids([replace(left, answer=Html("c")), replace(right, label="B")]) == before


def test_label_tells_items_apart_before_the_answer_does():
    left, right = make_item("Why?", "a", label="A"), make_item("Why?", "b", label="B")
    assert guids([replace(left, answer=Html("c")), right]) == guids([left, right])


def test_other_items_keep_their_guids_beside_a_repeated_question():
    other = make_item("Where?")
    assert guids([other])[0] == guids([make_item("Why?", "a"), make_item("Why?", "b"), other])[2]


def test_same_question_and_answer_of_one_kind_is_one_item():
    items = [
        make_item("Why?", "“So”", line=1),
        make_item("Why?", '"So"', line=5),
        make_item("Why?", "“So”", kind="flashcard"),
    ]
    kept, problems = merge_repeats(items)
    assert kept == (items[0], items[2])
    assert [(problem.location.line, problem.severity) for problem in problems] == [(5, "note")]


def test_two_notes_with_one_guid_are_an_error():
    with pytest.raises(AnkiExportError, match="one GUID"):
        assign_guids(COURSE, PAGE, [make_item("Why?"), make_item("Why?")])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Reading a map", "reading-a-map"),
        ("What’s “north” – really?", "whats-north-really"),
        ("Übung 3: Größe", "übung-3-größe"),
        ("地図を読む", "地図を読む"),
        ("C++ & C#", "c-c"),
        ("…", ""),
    ],
)
def test_slug_keeps_letters_of_any_script(title, expected):
    assert slug(title) == expected


@pytest.mark.parametrize("prefix", ["Practice: ", "Quiz – ", "Flashcards: ", "Übung: "])
def test_key_of_a_page_is_its_title_without_a_leading_practice(prefix):
    (page,) = read(Source(name="page.md", text=f"# {prefix}Reading a map\n", format="markdown"))
    assert (page.key, page.title) == ("reading-a-map", "Reading a map")


def test_key_of_a_page_without_a_title_is_the_stem_of_its_file(tmp_path):
    path = tmp_path / "Reading a map.txt"
    path.write_text("", "utf-8")
    (page,) = read(path)
    assert page.key == "reading-a-map"


def test_renumbering_tasks_changes_no_guid():
    task = "**Task {}: {}** What comes out?\n\n<details>\n<summary>Show answer</summary>\n\n{}\n\n</details>\n\n"
    tasks = [("the bell", "Noise."), ("the oven", "Bread."), ("the tap", "Water.")]

    def guids(order: list[tuple[str, str]]) -> set[str]:
        text = "# Tasks\n\n" + "".join(task.format(i, *pair) for i, pair in enumerate(order, 1))
        pages = read(Source(name="tasks.md", text=text, format="markdown"))
        return {note.guid for note in build(pages, course="C").notes}

    assert len(guids(tasks)) == 3
    assert guids(tasks) == guids(tasks[::-1])
    assert guids(tasks[1:]) < guids(tasks)
