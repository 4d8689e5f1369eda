"""`ankiexport.lock`: its form and its place."""

import difflib
import json
import os
import re
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sky import (
    DAY_ONE,
    LAST_SECOND,
    MOON,
    SUN,
    locked_notes,
    packed_notes,
    records,
    state,
    tree,
    write_page,
)

import ankiexport
from ankiexport import identity, markup
from ankiexport.lock import load_lock, render_lock
from ankiexport.model import Kind, Lock, LockedNote, LockedPage

# Its form


def test_header_says_the_format_the_course_and_the_version(lock):
    first, second, *_ = lock.read_text("utf-8").splitlines()
    assert first.startswith("# ") and "commit this" in first
    assert json.loads(second) == {"lock": 1, "course": "sky", "name": "sky", "ankiexport": ankiexport.__version__}


def test_file_is_utf_8_with_line_feeds_and_ends_in_one(lock):
    data = lock.read_bytes()
    assert data.endswith(b"}\n\n# end\n")
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")


def test_pages_stand_by_their_keys_whatever_the_order_of_the_lessons(lock, deck):
    assert [record["key"] for record in records(lock) if "key" in record] == ["moon", "sun"]
    assert [name for _, _, name in packed_notes(deck).values()] == ["sky::Sun"] * 2 + ["sky::Moon"] * 3


def test_page_is_a_line_with_its_deck_its_number_and_its_file(sky, lock, run):
    assert records(lock)[1] == {"key": "moon", "deck": "sky::Moon", "number": None, "file": "2.md"}
    write_page(sky / "part two" / "3.md", "Zenith", "What is straight up?")
    (sky / "ankiexport.toml").write_text('[[page]]\nfile = "part two/3.md"\n', "utf-8")
    run("build", sky)
    zenith = next(record for record in records(lock) if record.get("key") == "zenith")
    assert zenith == {"key": "zenith", "deck": "sky::01 Zenith", "number": 1, "file": "part two/3.md"}


def test_notes_stand_in_page_order_under_their_page(lock):
    said = [record.get("question") or record["key"] for record in records(lock)[1:]]
    assert said == ["moon", *MOON, "sun", *SUN]


def test_note_is_a_line_with_all_that_is_remembered_of_it(lock):
    note = locked_notes(lock)[0]
    assert list(note) == "guid kind label question answer content note_id modified".split()
    assert (note["kind"], note["label"], note["question"]) == ("self-check", None, MOON[0])
    assert re.fullmatch(r"[0-9a-f]{16}", note["answer"]) and re.fullmatch(r"[0-9a-f]{16}", note["content"])


def test_ids_and_times_of_the_lock_are_those_of_the_deck(lock, deck):
    packed = {guid: (note_id, mod) for guid, (note_id, mod, _) in packed_notes(deck).items()}
    assert {note["guid"]: (note["note_id"], note["modified"]) for note in locked_notes(lock)} == packed


@pytest.mark.parametrize("place", range(len(MOON) + 1))
def test_one_inserted_question_is_one_inserted_line(place, sky, lock, run, day):
    before = lock.read_text("utf-8").split("\n")
    day(2)
    write_page(sky / "2.md", "Moon", *MOON[:place], "Who stood there first?", *MOON[place:])
    run("build", sky)
    after = lock.read_text("utf-8").split("\n")
    changed = [line for line in difflib.ndiff(before, after) if not line.startswith("  ")]
    assert len(changed) == 1 and changed[0].startswith("+ ")
    assert json.loads(changed[0][2:])["question"] == "Who stood there first?"


def test_one_reworded_question_is_one_changed_line(sky, lock, run, day):
    before = lock.read_text("utf-8").splitlines()
    day(2)
    write_page(sky / "2.md", "Moon", MOON[0], "Why does the one side stay hidden?", MOON[2])
    run("build", sky)
    after = lock.read_text("utf-8").splitlines()
    assert len(before) == len(after)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_removed_question_stays_in_its_place_as_retired(sky, lock, run):
    write_page(sky / "2.md", "Moon", MOON[0], MOON[2])
    run("build", sky)
    moon = [note for note in locked_notes(lock) if note["question"] in MOON]
    assert [note["question"] for note in moon] == list(MOON)
    assert [note.get("retired") for note in moon] == [None, True, None]


def test_nothing_changed_leaves_the_file_untouched(sky, lock, run, day):
    os.utime(lock, (DAY_ONE, DAY_ONE))
    before = state(lock)
    day(2)
    assert run("build", sky).exit_code == 0
    assert run("lock", sky).exit_code == 0
    assert state(lock) == before


def test_new_release_alone_leaves_the_file_untouched(sky, lock, run, day, monkeypatch):
    before = state(lock)
    monkeypatch.setattr(ankiexport, "__version__", "9.9.9")
    day(2)
    assert run("build", sky, "--locked").exit_code == 0
    assert run("build", sky).exit_code == 0
    assert state(lock) == before


def test_new_release_signs_what_it_changes(sky, lock, run, monkeypatch):
    monkeypatch.setattr(ankiexport, "__version__", "9.9.9")
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    run("build", sky)
    assert records(lock)[0]["ankiexport"] == "9.9.9"


# Round trip

ODD = [
    '"',
    "\\",
    "\\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\r\n",
    "\n",
    "\t",
    "\x00",
    "\ufeff",
    "\u202e",
    "\u200d",
    "{",
    "# ",
]
ODD += ["🎻", "👩‍🚀", "שלום", "مدّ", "é", "e\u0301", "<<<<<<< HEAD", "=======", "\U0010ffff"]
TEXTS = st.lists(st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=5)
TEXT = TEXTS.map("".join).map(markup.without_controls)
GUID = st.from_regex(r"[a-z2-7]{16}", fullmatch=True)
NOTE = st.builds(
    LockedNote,
    guid=GUID,
    kind=st.sampled_from(get_args(Kind)),
    label=st.none() | TEXT,
    question=TEXT,
    answer=TEXT,
    content=TEXT,
    note_id=st.integers(1, LAST_SECOND * 1000),
    modified=st.integers(0, LAST_SECOND),
    retired=st.booleans(),
    set_id=st.none() | TEXT.map(lambda text: text or "x"),
    context=st.none() | TEXT.map(lambda text: text or "x"),
)
NOTES = st.lists(NOTE, max_size=8, unique_by=lambda note: note.guid)


@st.composite
def locks(draw):
    notes = draw(NOTES)
    keys = draw(st.lists(TEXT, min_size=min(len(notes), 1), max_size=4, unique=True))
    of_page = [draw(st.sampled_from(keys)) for _ in notes]
    pages = tuple(
        LockedPage(
            key=key,
            deck=draw(TEXT),
            number=draw(st.none() | st.integers(0, 99_999)),
            file=draw(st.none() | TEXT),
            notes=tuple(note for note, page in zip(notes, of_page, strict=True) if page == key),
        )
        for key in keys
    )
    return Lock(
        path=Path("ankiexport.lock"),
        course_id=draw(TEXT.map(lambda text: identity.slug(text) or "course")),
        course_name=draw(TEXT),
        pages=pages,
        refused=draw(st.frozensets(st.tuples(GUID, GUID), max_size=3)),
    )


@settings(max_examples=50)
@given(locks())
def test_what_is_written_is_what_is_read(tmp_path_factory, lock):
    path = tmp_path_factory.getbasetemp() / "round-trip.lock"
    text = render_lock(lock)
    path.write_bytes(text.encode("utf-8"))
    found = load_lock(path)
    in_order = tuple(sorted(lock.pages, key=lambda page: page.key))
    assert found == replace(
        lock, path=path, pages=in_order, version=ankiexport.__version__, digest=sha256(text.encode()).hexdigest()
    )
    assert render_lock(found) == text
    records = [line for line in text.split("\n") if line.startswith("{")]
    assert len(records) > sum(len(page.notes) for page in lock.pages)
    assert records == [json.dumps(json.loads(line), ensure_ascii=False) for line in records]


@pytest.mark.parametrize(
    "odd",
    [
        "\"quoted\" and 'so'",
        "back \\ slash \\u0041 \\n",
        "line\u2028separator",
        "🎻 👩‍🚀 🇮🇸",
        "מה עולה?",
        "ما هو\u202e المدّ",
    ],
    ids=["quotes", "backslashes", "U+2028", "emoji", "Hebrew", "Arabic"],
)
def test_odd_question_is_one_line_and_known_again(odd, tmp_path, run, day):
    write_page(tmp_path / "odd" / "1.md", "Odd", f"What is {odd} here?", "And what else?")
    run("build", tmp_path / "odd")
    lock = tmp_path / "odd" / "ankiexport.lock"
    before = state(lock)
    assert lock.read_bytes().count(b"\n") == 8
    day(2)
    result = run("build", tmp_path / "odd")
    assert result.stderr.splitlines()[-1].endswith(": 2 unchanged")
    assert state(lock) == before


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="needs file names that are no UTF-8")
@pytest.mark.parametrize(
    "place", ["sky/\udcff.md", "sk\udcff/1.md", "sky/\x1b[31m.md"], ids=["file", "folder", "control"]
)
def test_page_whose_path_is_no_utf_8_is_built(place, tmp_path, run, day):
    page = tmp_path / place
    write_page(page, "Moon", *MOON)
    assert run("build", page.parent, "-o", "sky.apkg").exit_code == 0
    assert run("build", page.parent, "-o", "sky.apkg", "--locked").stderr.splitlines()[-1].endswith(": 3 unchanged")


# Where it lies


def locks_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.lock"))


def test_lock_lies_beside_the_settings(sky, run, tmp_path):
    (tmp_path / "ankiexport.toml").write_text('[course]\nname = "Sky"\n', "utf-8")
    for given_path in (sky, sky / "1.md"):
        run("build", given_path)
        assert locks_below(tmp_path) == ["ankiexport.lock"]


def test_lock_of_a_file_lies_in_its_folder(sky, run, tmp_path):
    run("build", sky / "1.md")
    assert locks_below(tmp_path) == ["sky/ankiexport.lock"]


def test_lock_of_a_folder_lies_in_it_and_not_below(run, tmp_path, day):
    write_page(tmp_path / "sky" / "near" / "1.md", "Moon", *MOON)
    run("build", tmp_path / "sky")
    assert locks_below(tmp_path) == ["sky/ankiexport.lock"]


def test_lock_of_two_folders_lies_in_the_one_that_both_are_in(run, tmp_path, day):
    write_page(tmp_path / "sky" / "near" / "1.md", "Moon", *MOON)
    write_page(tmp_path / "sky" / "far" / "off" / "1.md", "Sun", *SUN)
    run("build", tmp_path / "sky" / "near", tmp_path / "sky" / "far" / "off")
    assert locks_below(tmp_path) == ["sky/ankiexport.lock"]
    files = [record["file"] for record in records(tmp_path / "sky" / "ankiexport.lock") if "file" in record]
    assert files == ["near/1.md", "far/off/1.md"]


def test_lock_of_a_glob_lies_beside_its_pages(sky, run, tmp_path):
    run("build", sky / "*.md")
    assert locks_below(tmp_path) == ["sky/ankiexport.lock"]


def test_lock_of_a_relative_path_lies_beside_the_pages(sky, run, tmp_path, monkeypatch):
    monkeypatch.chdir(sky)
    run("build", "1.md", "-o", tmp_path / "sky.apkg")
    assert locks_below(tmp_path) == ["sky/ankiexport.lock"]


def test_lock_lies_where_it_is_told(sky, run, tmp_path):
    run("build", sky, "--lock", tmp_path / "mine.lock")
    assert locks_below(tmp_path) == ["mine.lock"]
    run("build", sky, "--lock", "here.lock")
    assert locks_below(tmp_path) == ["mine.lock", "working-folder/here.lock"]
    assert [record.get("file") for record in records(tmp_path / "mine.lock") if "key" in record] == [
        "sky/2.md",
        "sky/1.md",
    ]


def test_lock_that_is_a_link_stays_one(sky, lock, run, tmp_path):
    real = tmp_path / "real.lock"
    lock.rename(real)
    lock.symlink_to(real)
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    run("build", sky)
    assert lock.is_symlink()
    assert len(locked_notes(real)) == len(MOON) + len(SUN) + 1


def test_lock_in_a_missing_folder_is_status_5_and_no_deck_is_written(sky, run, tmp_path):
    result = run("build", sky, "--lock", tmp_path / "missing" / "a.lock")
    assert result.exit_code == 5
    assert str(tmp_path / "missing") in result.stderr.splitlines()[-1]
    assert list((tmp_path / "working-folder").iterdir()) == []


def test_build_without_a_lock_writes_none_and_reads_none(sky, lock, run, day):
    before = state(lock)
    day(2)
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    result = run("build", sky, "--no-lock", "-o", "other.apkg")
    assert result.stderr.splitlines()[-1].endswith(": 6 new")
    assert state(lock) == before


def test_lock_and_no_lock_contradict_each_other(sky, run, tmp_path):
    for options in (("--no-lock", "--lock", "a.lock"), ("--no-lock", "--locked")):
        assert run("build", sky, *options).exit_code == 2
    assert locks_below(tmp_path) == []


def test_standard_input_makes_no_lock(sky, run, tmp_path):
    text = (sky / "1.md").read_text("utf-8")
    assert run("build", "-", "--course", "Sky", input=text).exit_code == 0
    assert run("build", "-", "--course", "Sky", "--locked", input=text).exit_code == 0
    assert locks_below(tmp_path) == []


def test_standard_input_takes_the_lock_that_it_is_given(sky, run, tmp_path, day):
    text = (sky / "1.md").read_text("utf-8")
    arguments = ("build", "-", "--course", "Sky", "--title", "Sun", "--lock", tmp_path / "sun.lock")
    run(*arguments, input=text)
    day(2)
    assert run(*arguments, input=text).stderr.splitlines()[-1].endswith(": 2 unchanged")
    assert [record["file"] for record in records(tmp_path / "sun.lock") if "key" in record] == [None]


READ_ONLY = [("list",), ("list", "--json"), ("check",), ("diff",), ("diff", "--json"), ("diff", "--markdown")]


@pytest.mark.parametrize("verb", READ_ONLY, ids=" ".join)
def test_verb_that_only_looks_writes_no_lock(verb, sky, run, tmp_path):
    before = tree(tmp_path)
    assert run(*verb, sky).exit_code in (0, 1)
    assert run(*verb, sky, "--lock", tmp_path / "mine.lock").exit_code in (0, 1)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("verb", READ_ONLY, ids=" ".join)
def test_verb_that_only_looks_changes_no_lock(verb, sky, lock, run, tmp_path, day):
    write_page(sky / "2.md", "Moon", MOON[0], "Why does the one side stay hidden?", "Who stood there first?")
    before = tree(tmp_path)
    day(2)
    assert run(*verb, sky).exit_code in (0, 1)
    assert tree(tmp_path) == before


def test_listing_gives_the_guids_that_build_gives_though_a_question_was_reworded(sky, lock, deck, run, day):
    def listed(*options):
        pages = json.loads(run("list", "--json", sky, *options).stdout)["pages"]
        return [item["guid"] for page in pages for item in page["items"]]

    old = listed()
    assert old == list(packed_notes(deck))
    day(2)
    write_page(sky / "2.md", "Moon", MOON[0], "Why does the one side stay hidden?", MOON[2])
    assert listed() == old
    assert listed("--no-lock") != old
    run("build", sky)
    assert list(packed_notes(deck)) == old
