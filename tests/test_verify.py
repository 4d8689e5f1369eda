"""`verify`: a deck, tried in Anki's own importer."""

import json
import sys

import pytest
from written import self_checks

from ankiexport import build, read, write

pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[verify]'")


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """Writes lessons of thirty questions and exports them; the keyword arguments change answers by their numbers."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    page = tmp_path / "ropes.md"

    def export(name, answers=None, epoch="1700000000", keep_lock=True):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        texts = [(answers or {}).get(i, f"It holds rope number {i} and lets go of it.") for i in range(30)]
        pairs = ((f"What does hook number {i} hold?", text) for i, text in enumerate(texts))
        page.write_text(f"# Ropes\n\n{self_checks(pairs)}", "utf-8")
        lock = tmp_path / "ankiexport.lock" if keep_lock else None
        write(build(read(page), course="Ropes", lock=lock), tmp_path / name)
        return tmp_path / name

    return export


def test_verify_tells_notes_cards_and_decks(lessons, run):
    result = run("verify", lessons("old.apkg"))
    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert first.endswith("old.apkg in an empty collection: 30 new, 0 updated, 0 unchanged, 0 conflicting")
    assert rest == ["30 cards in 1 deck then:", "  Ropes::Ropes: 30"]


def test_verify_against_the_old_deck_shows_that_progress_stays(lessons, run):
    old = lessons("old.apkg")
    result = run("verify", lessons("new.apkg", {3: "Another answer."}, "1750000000"), "--against", old)
    assert result.exit_code == 0
    assert "1 updated, 29 unchanged, 0 conflicting" in result.stdout
    assert result.stdout.splitlines()[-1] == "20 cards studied before: scheduling and review log stayed as they were"


def test_verify_as_json(lessons, run):
    old = lessons("old.apkg")
    found = json.loads(run("verify", "--json", old, "--against", old).stdout)
    assert found["over_old"]["unchanged"] == 30
    assert found["losses"] == []


def test_update_of_notes_that_did_not_change_is_a_loss(lessons, run):
    old = lessons("old.apkg", keep_lock=False)
    result = run("verify", lessons("new.apkg", epoch="1750000000", keep_lock=False), "--against", old)
    assert result.exit_code == 1
    assert "lost: 30 notes are updated though nothing changed" in result.stdout


def test_correction_that_does_not_arrive_is_a_loss(lessons, run):
    old = lessons("old.apkg", keep_lock=False)
    result = run("verify", lessons("new.apkg", {3: "Another answer."}, keep_lock=False), "--against", old)
    assert result.exit_code == 1
    assert "lost: 1 changes do not arrive" in result.stdout


def test_note_under_another_guid_is_a_loss(lessons, tmp_path, run):
    old = lessons("old.apkg")
    write(build(read(tmp_path / "ropes.md"), course="Other ropes"), tmp_path / "other.apkg")
    result = run("verify", tmp_path / "other.apkg", "--against", old)
    assert result.exit_code == 1
    assert "lost: 30 notes come in a second time" in result.stdout


def test_file_that_anki_cannot_read_is_status_4(tmp_path, run):
    assert run("verify", tmp_path / "missing.apkg").exit_code == 4
    (tmp_path / "no.apkg").write_text("no deck")
    result = run("verify", tmp_path / "no.apkg")
    assert result.exit_code == 4
    assert "Anki cannot import it" in result.stderr


def test_without_anki_it_says_what_to_install(lessons, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "anki.collection", None)
    result = run("verify", lessons("old.apkg"))
    assert result.exit_code == 2
    assert "pip install 'ankiexport[verify]'" in result.stderr
