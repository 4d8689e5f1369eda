"""The course in `source/`, which comes with the repository: two lessons, ready to export."""

import json

import pytest

from ankiexport import build, read, write


@pytest.fixture
def source(root):
    return root / "source"


@pytest.fixture
def pages(source):
    return read(source)


def test_course_has_two_lessons_with_their_notes(pages):
    assert [len(page.items) for page in pages] == [22, 28]
    assert len(build(pages).notes) == 50


def test_course_names_and_numbers_its_decks(pages):
    course = build(pages)
    names = [deck.name for deck in course.decks]
    assert all(name.startswith(f"{course.name}::") for name in names)
    assert [name.split("::")[1].split()[0] for name in names] == ["01", "02"]


def test_course_has_no_error_and_no_warning(pages):
    course = build(pages)
    problems = [problem for page in pages for problem in page.problems] + list(course.problems)
    assert [str(problem) for problem in problems if problem.severity != "note"] == []


def test_course_has_an_id_of_its_own(pages):
    assert "the id of this course" not in " ".join(problem.message for problem in build(pages).problems)


def test_every_note_has_both_sides_and_its_place(source, run):
    listing = json.loads(run("list", "--json", source).stdout)
    items = [item for page in listing["pages"] for item in page["items"]]
    assert len({item["guid"] for item in items}) == len(items) == 50
    assert [item for item in items if not item["question"].strip() or not item["answer"].strip()] == []
    assert {item["kind"] for item in items} == {"self-check", "exercise", "flashcard"}


def test_course_is_checked_without_a_complaint(source, run):
    assert run("check", source).exit_code == 0


def test_course_imports_into_anki(pages, tmp_path, import_into_anki):
    course = build(pages)
    write(course, tmp_path / "course.apkg")
    collection, log = import_into_anki(tmp_path / "course.apkg")
    assert (len(log.new), len(log.conflicting), len(log.first_field_match)) == (50, 0, 0)
    assert collection.card_count() == 50
    for deck in course.decks:
        assert len(collection.find_cards(f'"deck:{deck.name}"')) == len(deck.notes)


def test_course_is_read_the_same_one_page_at_a_time(source, pages):
    together = {note.guid for note in build(pages).notes}
    alone = {note.guid for page in pages for note in build(read(page.source.path)).notes}
    assert alone == together
