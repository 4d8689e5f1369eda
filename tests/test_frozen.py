"""What people's collections hold and no release may change: some GUIDs, the note type's fields, templates and ids."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from ankiexport import Html, Item, Location, notetype
from ankiexport.identity import assign_guids

FROZEN = Path(__file__).parent / "frozen"
GUIDS = json.loads((FROZEN / "guids.json").read_text("utf-8"))
NOTE_TYPE = json.loads((FROZEN / "notetype.json").read_text("utf-8"))


def guid_of(course: str, page: str, kind: str, text: str) -> str:
    item = Item(
        kind=kind,
        shape="any",
        label=None,
        section=None,
        question=Html("Why?"),
        answer=Html("So."),
        context=None,
        explanation=None,
        fingerprint_text=text,
        location=Location(source="page.md", line=1),
    )
    (found,) = assign_guids(course, page, [item]).fingerprints
    return found.guid


def looks_hash() -> str:
    """SHA-256 of the CSS and the templates, each behind its length."""
    sha = hashlib.sha256()
    for text in (notetype.css(), *(side for name in notetype.TEMPLATES for side in notetype.template(name))):
        data = text.replace("\r\n", "\n").encode()
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()


def test_twenty_guids_are_frozen():
    assert len(GUIDS) == 20


@pytest.mark.parametrize("frozen", GUIDS, ids=lambda frozen: frozen["guid"])
def test_guid_is_the_frozen_one(frozen):
    found = guid_of(frozen["course"], frozen["page"], frozen["kind"], frozen["text"])
    assert found == frozen["guid"], "a GUID changed: every note that people have would come in a second time as new"


def test_frozen_guid_is_the_hash_that_the_contract_describes():
    plain = GUIDS[0]
    parts = ("ankiexport-1", plain["course"], plain["page"], plain["kind"], plain["text"])
    data = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
    assert base64.b32encode(hashlib.sha256(data).digest()[:10]).decode().lower() == plain["guid"]


def test_note_type_has_its_frozen_name_fields_templates_and_ids():
    found = {
        "id": notetype.ID,
        "name": notetype.NAME,
        "fields": [list(pair) for pair in notetype.FIELDS.items()],
        "templates": [list(pair) for pair in notetype.TEMPLATES.items()],
    }
    frozen = {key: NOTE_TYPE[key] for key in found}
    assert found == frozen, "Anki forks the note type when its fields or templates change: every note would conflict"


def test_ids_of_the_note_type_are_all_different():
    ids = [notetype.ID, *notetype.FIELDS.values(), *notetype.TEMPLATES.values()]
    assert len(set(ids)) == len(ids)


def test_looks_and_their_mod_time_change_together():
    advice = (
        "the CSS or a template changed: raise MODIFIED in ankiexport/notetype.py to today (in seconds since 1970, UTC)"
        f" and put both into tests/frozen/notetype.json: modified and sha256 {looks_hash()}"
    )
    assert (notetype.MODIFIED, looks_hash()) == (NOTE_TYPE["modified"], NOTE_TYPE["sha256"]), advice
