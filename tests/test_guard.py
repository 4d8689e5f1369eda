"""What guards fields against spreadsheets, which would run them as formulas; and that nobody's notes change by it."""

import html
import re

import pytest
from packages import notes_in
from payloads import CELLS
from written import self_checks

from ankiexport import build, card_html, notetype, read, write
from ankiexport.card_html import for_card, from_card
from ankiexport.lock import load_lock
from ankiexport.model import Html
from ankiexport.recover import lock_from_package


@pytest.mark.parametrize("text", CELLS)
def test_a_field_never_begins_as_a_formula(text):
    field = for_card(Html(text))
    assert re.match(r" *&#\d+;", field)
    assert html.unescape(field) == text.replace("\r", html.unescape("&#13;"))
    assert from_card(field) == text


@pytest.mark.parametrize(
    "field", [r"\(-5\)", r"\[=x\]", "<p>=1</p>", "a=b", "&amp;#61;1", "<pre><code>-v\n</code></pre>", "", "1-2"]
)
def test_other_fields_stay_as_they_are(field):
    assert for_card(Html(field)) == from_card(Html(field)) == field


def test_an_entity_of_the_page_is_the_sign_itself():
    assert for_card(Html("&equals;1")) == for_card(Html("&#x3D;1")) == for_card(Html("=1")) == "&#61;1"


@pytest.fixture
def signs(tmp_path, monkeypatch):
    """Exports a lesson whose fields begin with signs, with the guard or as it was without."""
    folder = tmp_path / "signs"
    folder.mkdir()
    pairs = [("-5 and 5 have which sum?", "=0"), ("+1 less than 0 is what?", "-5"), ("@ is called what?", "At.")]
    (folder / "signs.md").write_text(f"# Signs\n\n{self_checks(pairs)}", "utf-8")
    (folder / "ankiexport.toml").write_text('[course]\nname = "Signs"\nid = "signs"\ntyped = true\n', "utf-8")

    def export(name, epoch, guarded=True):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
        with monkeypatch.context() as patched:
            if not guarded:
                patched.setattr(card_html, "_guarded", lambda field: field)
            course = build(read(folder), lock=folder / "ankiexport.lock")
            write(course, tmp_path / name)
        return course, tmp_path / name

    return export


def test_the_guard_changes_no_note_that_people_have(signs, run, tmp_path):
    bare, old = signs("old.apkg", 1_700_000_000, guarded=False)
    assert any(fields[1] == "-5" for _, fields, _ in notes_in(old))
    lock = (tmp_path / "signs" / "ankiexport.lock").read_bytes()
    guarded, new = signs("new.apkg", 1_750_000_000)
    assert any(fields[1] == "&#45;5" for _, fields, _ in notes_in(new))
    assert guarded.notes == bare.notes
    assert guarded.diff.unchanged == tuple(note.guid for note in guarded.notes)
    assert (tmp_path / "signs" / "ankiexport.lock").read_bytes() == lock


def test_verify_sees_no_loss_in_the_guard(signs, run):
    pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    _, old = signs("old.apkg", 1_700_000_000, guarded=False)
    _, new = signs("new.apkg", 1_750_000_000)
    result = run("verify", new, "--against", old)
    assert (result.exit_code, "lost" in result.output) == (0, False)
    assert "0 updated, 3 unchanged" in result.output


@pytest.mark.parametrize("guarded", [True, False])
def test_a_lock_made_from_a_deck_knows_the_notes_with_signs(signs, tmp_path, guarded):
    _, deck = signs("deck.apkg", 1_700_000_000, guarded=guarded)
    lock = tmp_path / "signs" / "ankiexport.lock"
    known, made = load_lock(lock), lock_from_package(deck, lock)
    assert [page.notes for page in made.pages] == [page.notes for page in known.pages]
    lock.unlink()
    again, _ = signs("again.apkg", 1_750_000_000)
    assert [note.guid for note in again.notes] == [note.guid for page in known.pages for note in page.notes]


def test_what_is_typed_is_compared_with_the_sign(signs, anki):
    course, deck = signs("deck.apkg", 1_700_000_000)
    minus, equals = course.notes[1].guid, course.notes[0].guid
    _, contents, right, also, wrong, entity = anki(
        ["import", deck],
        ["contents"],
        ["typed", minus, "-5"],
        ["typed", equals, "=0"],
        ["typed", minus, "5"],
        ["typed", minus, "&#45;5"],
    )
    assert contents[minus][0].split("\x1f")[list(notetype.FIELDS).index("Typed")] == "&#45;5"
    for compared in (right, also):
        assert "typeGood" in compared
        assert not re.search("typeBad|typeMissed", compared)
    assert all(re.search("typeBad|typeMissed", compared) for compared in (wrong, entity))
