"""`diff`: what changed since the lock or an older deck, for people and for programs, writing nothing."""

import json

import pytest
from written import self_checks

from ankiexport import build, read, write

BEFORE = {
    "bends.md": [
        ("Which knot joins two ropes?", "A reef knot, unless it is jerked."),
        ("Which knot joins thick and thin?", "A sheet bend does, doubled if it is wet."),
        ("What shortens a rope?", "A sheepshank, and a chain of loops."),
    ],
    "loops.md": [
        ("Which loop does not slip?", "A bowline, tied with one hand if need be."),
        ("Which loop slips?", "A noose, and whatever is tied like one."),
    ],
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "knots"
    folder.mkdir()
    write_pages(folder, BEFORE)
    return folder


@pytest.fixture
def deck(folder, tmp_path, run):
    """A deck of the lessons, and the lock beside them."""
    assert run("build", folder, "-o", tmp_path / "knots.apkg").exit_code == 0
    return tmp_path / "knots.apkg"


@pytest.fixture
def guids(folder, deck):
    return {
        note.item.fingerprint_text: note.guid for note in build(read(folder), lock=folder / "ankiexport.lock").notes
    }


def write_pages(folder, pages):
    for name, pairs in pages.items():
        (folder / name).write_text(f"# {name.removesuffix('.md').title()}\n\n{self_checks(pairs)}", "utf-8")


def edit(folder):
    """One of each: reworded, answer changed, moved, removed, added; and one that stays."""
    (joins, thick, shortens), (_bowline, noose) = BEFORE["bends.md"], BEFORE["loops.md"]
    write_pages(
        folder,
        {
            "bends.md": [("Which knot is it that joins two ropes?", joins[1]), (thick[0], "A sheet bend.")],
            "loops.md": [noose, shortens, ("What is a bight of rope?", "Its slack part, between the ends.")],
        },
    )


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_changed_is_status_0(folder, deck, run):
    result = run("diff", folder)
    assert (result.exit_code, result.stdout) == (0, "5 unchanged\n")


def test_diff_tells_on_a_terminal_what_happened_to_each_note(folder, deck, guids, run):
    edit(folder)
    result = run("diff", folder)
    assert result.exit_code == 1
    assert (
        result.stdout
        == f"""\
Bends
  reworded          Which knot joins two ropes?
                 →  Which knot is it that joins two ropes?  (69 % alike)
  answer changed    Which knot joins thick and thin?

Loops
  moved             What shortens a rope?
                    from knots::Bends
  added             What is a bight of rope?
  removed           Which loop does not slip?

In Anki these notes stay. To select them, paste into the browser's search:
  Id:{guids["Which loop does not slip?"]}

In Anki cards stay in their deck. To select them, and move them with Ctrl+D:
  Id:{guids["What shortens a rope?"]}

1 added, 1 reworded, 1 answer changed, 1 moved, 1 removed, 1 unchanged
"""
    )


def test_diff_writes_nothing(folder, deck, run, tmp_path):
    edit(folder)
    before = contents(tmp_path)
    for form in ((), ("--json",), ("--markdown",), ("--against", deck)):
        run("diff", folder, *form)
    assert contents(tmp_path) == before


def test_diff_as_json_names_every_note(folder, deck, guids, run):
    edit(folder)
    result = run("diff", "--json", folder)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["counts"] == {
        "added": 1,
        "returned": 0,
        "reworded": 1,
        "answer changed": 1,
        "otherwise changed": 0,
        "moved": 1,
        "removed": 1,
        "unchanged": 1,
    }
    by_kind = {change["change"]: change for change in found["changes"]}
    assert by_kind["reworded"]["guid"] == guids["Which knot joins two ropes?"]
    assert by_kind["reworded"]["old_question"] == "Which knot joins two ropes?"
    assert by_kind["reworded"]["question"] == "Which knot is it that joins two ropes?"
    assert 50 < by_kind["reworded"]["score"] < 100
    assert by_kind["moved"]["old_deck"] == "knots::Bends"
    assert found["searches"] == {
        "removed": [f"Id:{guids['Which loop does not slip?']}"],
        "moved": [f"Id:{guids['What shortens a rope?']}"],
    }


def test_diff_as_markdown_keeps_signs_of_a_page_from_being_markup(folder, deck, run):
    write_pages(folder, {"loops.md": [*BEFORE["loops.md"], ("Is `a < b` *or* [c](d)?", "It depends on a and b.")]})
    result = run("diff", "--markdown", folder)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "**knots**: 1 added, 5 unchanged",
        "",
        "### Loops",
        "",
        r"- **added**: Is a \< b or c?",
    ]


def test_diff_against_an_older_deck_needs_no_lock(folder, deck, run):
    edit(folder)
    with_lock = json.loads(run("diff", "--json", folder).stdout)
    (folder / "ankiexport.lock").unlink()
    result = run("diff", "--json", folder, "--against", deck)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == with_lock
    assert not (folder / "ankiexport.lock").exists()


def test_diff_against_an_older_deck_tells_of_the_notes_that_a_build_would_write(folder, deck, guids, run):
    """A question that changed twice is nothing like what it was, but its GUID stayed."""
    first = deck.read_bytes()
    (joins, *rest) = BEFORE["bends.md"]
    write_pages(folder, {"bends.md": [("Name the bend for ropes of one width.", joins[1]), *rest]})
    run("build", folder, "-o", deck)
    write_pages(folder, {"bends.md": [("Name the bend for ropes of one width.", "Something else."), *rest]})
    old = deck.with_name("old.apkg")
    old.write_bytes(first)
    found = json.loads(run("diff", "--json", folder, "--against", old).stdout)
    (change,) = [change for change in found["changes"] if change["change"] != "unchanged"]
    assert (change["guid"], change["change"]) == (guids[joins[0]], "reworded")
    assert change["answer_changed"]


def test_diff_against_a_deck_with_other_names_tells_what_has_moved(folder, deck, run):
    write_pages(folder, {"bends.md": BEFORE["bends.md"]})
    page = folder / "bends.md"
    page.write_text(page.read_text().replace("# Bends", "# Bends of all kinds"))
    said = run("lock", "--accept-names", folder)
    assert "knots::Bends → knots::Bends of all kinds" in said.stderr
    found = json.loads(run("diff", "--json", folder, "--against", deck).stdout)
    assert found["counts"]["moved"] == 3


def test_diff_against_a_deck_of_another_course_blames_the_deck(folder, deck, run):
    result = run("diff", "--course", "Other", "--no-lock", folder, "--against", deck)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ankiexport: {deck}: this is a deck of the course 'knots'")


def test_diff_without_a_lock_says_that_all_is_new(folder, run):
    result = run("diff", folder)
    assert result.exit_code == 1
    assert "there is no lock to compare with" in result.stderr
    assert result.stdout.splitlines()[-1] == "5 added"


def test_diff_against_what_is_no_deck_is_an_error(folder, deck, run, tmp_path):
    (tmp_path / "no.apkg").write_text("no deck")
    assert run("diff", folder, "--against", tmp_path / "no.apkg").exit_code == 4
    assert run("diff", folder, "--against", tmp_path / "missing.apkg").exit_code == 4


def test_diff_tells_that_a_build_would_stop(folder, deck, run):
    write_pages(folder, {"loops.md": []})
    assert "A build would stop: 2 of 5 notes are gone" in run("diff", folder).stdout


def test_searches_find_their_notes_in_anki_however_many(tmp_path, import_into_anki):
    from ankiexport.telling import searches

    folder = tmp_path / "many"
    folder.mkdir()
    write_pages(folder, {"many.md": [(f"What is in box {i}?", f"There are {i} ropes in it.") for i in range(700)]})
    course = build(read(folder), course="Many")
    write(course, tmp_path / "many.apkg")
    collection, _ = import_into_anki(tmp_path / "many.apkg")
    found = [len(collection.find_notes(search)) for search in searches(course.changes, "added")]
    assert len(found) > 1 and sum(found) == 700


def test_build_says_what_it_did(folder, deck, run):
    edit(folder)
    result = run("build", folder, "-o", deck)
    assert result.stderr.splitlines()[-1] == (
        f"{deck}: 5 notes in 2 decks: 2 changed, 1 moved, 1 new, 1 retired, 1 unchanged"
    )
