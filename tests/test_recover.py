"""A lock that is lost, made again from a deck."""

import json
import sqlite3
import zipfile
from dataclasses import replace

import pytest

from ankiexport import build, read, write
from ankiexport.errors import SourceError
from ankiexport.lock import load_lock
from ankiexport.recover import lock_from_package

TEXT = """# Knots

**1.** Which loop does not slip?

<details><summary>Answer</summary>

A **bowline** & no other; see `[sound:x.mp3]`.

</details>

Name the knot.

A. It joins *two* ropes.

B. It holds at a post.

<details><summary>Answer</summary>

A. A bend.

B. A hitch.

</details>
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "knots"
    folder.mkdir()
    (folder / "knots.md").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def lock(folder):
    return folder / "ankiexport.lock"


@pytest.fixture
def deck(folder, lock, tmp_path):
    """A deck in which one question was reworded since the first export."""
    write(build(read(folder), course="Knots", lock=lock), tmp_path / "deck.apkg")
    page = folder / "knots.md"
    page.write_text(TEXT.replace("Which loop does not slip?", "Which loop never slips under load?"), "utf-8")
    write(build(read(folder), course="Knots", lock=lock), tmp_path / "deck.apkg")
    return tmp_path / "deck.apkg"


def notes(lock):
    return [note for page in lock.pages for note in page.notes]


def test_deck_tells_all_of_its_notes(deck, lock):
    known = load_lock(lock)
    made = lock_from_package(deck, lock)
    assert notes(made) == notes(known)
    assert (made.course_id, made.course_name) == (known.course_id, known.course_name)
    assert [(page.key, page.deck) for page in made.pages] == [(page.key, page.deck) for page in known.pages]


def test_sample_course_comes_back_whole(root, tmp_path):
    lock = tmp_path / "ankiexport.lock"
    course = build(read(root / "source"), lock=lock)
    write(course, tmp_path / "deck.apkg")
    assert notes(lock_from_package(tmp_path / "deck.apkg", lock)) == notes(course.lock)


def test_build_after_a_lock_was_lost_writes_the_same_deck(deck, lock, folder, run):
    before, known = deck.read_bytes(), lock.read_text("utf-8")
    lock.unlink()
    result = run("build", "--course", "Knots", folder, "-o", deck)
    assert result.exit_code == 0
    assert f"{lock}:1: note: there was no lock: made from {deck}" in result.stderr
    assert result.stderr.splitlines()[-1].endswith(": 3 unchanged")
    assert deck.read_bytes() == before
    assert lock.read_text("utf-8") == known


def test_lock_is_rebuilt_from_a_deck_when_asked(deck, lock, folder, run):
    lock.unlink()
    result = run("lock", "--from", deck, folder)
    assert result.exit_code == 0
    assert f"{lock}: 3 unchanged" in result.stderr
    assert "notes that had left their pages are not in" in result.stderr
    assert len(notes(load_lock(lock))) == 3
    assert run("build", "--course", "Knots", folder).stderr.splitlines()[-1].endswith(": 3 unchanged")


def test_lock_that_is_there_is_not_overwritten(deck, lock, folder, run):
    before = lock.read_bytes()
    result = run("lock", "--from", deck, folder)
    assert result.exit_code == 2
    assert "there is a lock already" in result.stderr
    assert lock.read_bytes() == before


def test_deck_of_another_course_is_replaced_with_a_loud_word(deck, lock, folder, run):
    lock.unlink()
    result = run("build", "--course", "Hitches", folder, "-o", deck)
    assert result.exit_code == 0
    (line,) = [line for line in result.stderr.splitlines() if "warning" in line]
    assert line.startswith(f"{deck}:1: warning: replaced without a lock")
    assert load_lock(lock).course_id == "hitches"


def test_build_without_a_lock_over_a_deck_is_loud(deck, folder, run):
    result = run("build", "--no-lock", "--course", "Knots", folder, "-o", deck)
    assert result.exit_code == 0
    assert f"{deck}:1: warning: replaced without a lock" in result.stderr


def test_build_to_a_new_place_says_nothing_of_it(folder, run, tmp_path):
    assert "lock" not in run("build", "--no-lock", folder, "-o", tmp_path / "new.apkg").stderr


def test_pages_that_vanished_before_the_lock_was_made_are_retired_with_their_folder(deck, lock, folder, run):
    (folder / "ropes.md").write_text(TEXT.replace("# Knots", "# Ropes"), "utf-8")
    write(build(read(folder), course="Knots", lock=lock), deck)
    lock.unlink()
    (folder / "ropes.md").unlink()
    result = run("build", "--course", "Knots", folder, "-o", deck)
    assert result.exit_code == 1
    assert "3 of the 3 of ropes, which gives none any more" in result.stderr


def packed(path, *statements, models=None):
    """The deck with its database changed."""
    with zipfile.ZipFile(path) as archive:
        database = path.with_suffix(".anki2")
        database.write_bytes(archive.read("collection.anki2"))
    connection = sqlite3.connect(database)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    changed = path.with_name("changed.apkg")
    with zipfile.ZipFile(changed, "w") as archive:
        archive.write(database, "collection.anki2")
        archive.writestr("media", "{}")
    return changed


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM notes",
        "DROP TABLE notes",
        "UPDATE notes SET mid = 1",
        "UPDATE notes SET flds = 'too few'",
        "UPDATE notes SET flds = replace(flds, 'knots/knots/', 'nowhere')",
        "UPDATE notes SET flds = replace(flds, '/exercise/', '/riddle/')",
        "UPDATE notes SET flds = replace(flds, 'knots/knots/exercise', 'ropes/knots/exercise')",
        "UPDATE notes SET guid = 'no guid'",
        "UPDATE notes SET mod = -1",
        "UPDATE notes SET mod = 'soon'",
        "UPDATE notes SET guid = (SELECT min(guid) FROM notes)",
        "UPDATE col SET decks = '{}'",
        "UPDATE col SET decks = 'no JSON'",
        "UPDATE col SET decks = '[]'",
    ],
)
def test_deck_that_is_not_as_it_was_written_is_an_error(statement, deck, lock):
    with pytest.raises(SourceError, match="not a deck that ankiexport wrote"):
        lock_from_package(packed(deck, statement), lock)


def test_file_that_is_no_deck_is_an_error(tmp_path, lock):
    with pytest.raises(SourceError, match=r"missing\.apkg: cannot be read"):
        lock_from_package(tmp_path / "missing.apkg", lock)
    for content in (b"", b"no deck", json.dumps({}).encode()):
        (tmp_path / "no.apkg").write_bytes(content)
        with pytest.raises(SourceError, match="not a deck"):
            lock_from_package(tmp_path / "no.apkg", lock)
    with zipfile.ZipFile(tmp_path / "no.apkg", "w") as archive:
        archive.writestr("collection.anki2", "no database")
    with pytest.raises(SourceError, match="not a deck"):
        lock_from_package(tmp_path / "no.apkg", lock)


def test_notes_of_other_note_types_are_passed_over(deck, lock):
    changed = packed(deck, "UPDATE notes SET mid = 1 WHERE id = (SELECT min(id) FROM notes)")
    assert len(notes(lock_from_package(changed, lock))) == 2


def test_question_whose_shown_text_is_not_what_was_hashed_is_known_by_its_guid(tmp_path):
    table = (
        "# Match\n\nMatch them.\n\n```\nA. Bowline      1. joins ropes\nB. Sheet bend   2. does not slip\n```\n\n"
        "<details><summary>Answer</summary>\n\nA: 2, for it holds its width.\n\nB: 1, thick or thin.\n\n</details>\n"
    )
    (tmp_path / "match.md").write_text(table, "utf-8")
    lock = tmp_path / "ankiexport.lock"
    course = build(read(tmp_path), course="Match", lock=lock)
    write(course, tmp_path / "deck.apkg")
    made = lock_from_package(tmp_path / "deck.apkg", lock)
    assert [note.question for note in notes(made)] != [note.question for note in notes(course.lock)]
    again = build(read(tmp_path), course="Match", lock=replace(made, digest=None))
    assert [note.guid for note in again.notes] == [note.guid for note in course.notes]
    assert again.diff.unchanged == tuple(note.guid for note in course.notes)
