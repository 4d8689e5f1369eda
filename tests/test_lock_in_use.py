"""Builds with a lock: `--locked`, other names, ids and times, merges, and several at once."""

import difflib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sky import (
    DAY,
    DAY_ONE,
    MOON,
    SUN,
    end,
    locked_notes,
    packed_notes,
    records,
    start,
    state,
    tree,
    write_page,
)

import ankiexport
from ankiexport import OutputError, UsageError
from ankiexport import lock as lock_file
from ankiexport.lock import load_lock, render_lock

# build --locked


def test_locked_build_without_a_change_writes_the_deck_and_leaves_the_lock(sky, lock, deck, run, day):
    before, data = state(lock), deck.read_bytes()
    deck.unlink()
    day(2)
    assert run("build", sky, "--locked").exit_code == 0
    assert (state(lock), deck.read_bytes()) == (before, data)


CHANGES = {
    "new question": ("2.md", "Moon", *MOON, "Who stood there first?"),
    "removed question": ("2.md", "Moon", *MOON[:2]),
    "reordered questions": ("2.md", "Moon", *reversed(MOON)),
    "new lesson": ("3.md", "Mars", "Why is it red?"),
    "new title": ("2.md", "The Moon", *MOON),
}


@pytest.mark.parametrize("page", CHANGES.values(), ids=CHANGES)
def test_locked_build_that_would_change_the_lock_is_status_1_and_writes_nothing(page, sky, lock, deck, run, tmp_path):
    name, *said = page
    write_page(sky / name, *said)
    before = tree(tmp_path)
    result = run("build", sky, "--locked")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith(f"ankiexport: {lock}: would change; build without --locked")
    assert tree(tmp_path) == before


def test_locked_build_with_a_corrected_answer_is_status_1_and_writes_nothing(sky, lock, deck, run, tmp_path):
    write_page(sky / "2.md", "Moon", *MOON, answer="It was wrong before.")
    before = tree(tmp_path)
    assert run("build", sky, "--locked").exit_code == 1
    assert tree(tmp_path) == before


def test_locked_build_without_a_lock_yet_is_status_1_and_writes_nothing(sky, run, tmp_path):
    before = tree(tmp_path)
    assert run("build", sky, "--locked").exit_code == 1
    assert tree(tmp_path) == before


# Names


def test_course_under_another_name_keeps_guids_and_parent_deck(sky, run, day):
    run("build", sky, "--course", "Sky", "-o", "old.apkg")
    day(2)
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    result = run("build", sky, "--course", "The Heavens", "-o", "new.apkg")
    old, new = packed_notes("old.apkg"), packed_notes("new.apkg")
    assert result.stderr.splitlines()[-1].endswith(": 1 new, 5 unchanged")
    assert old.items() <= new.items()
    assert {name for _, _, name in new.values()} == {"Sky::Sun", "Sky::Moon"}
    assert records(sky / "ankiexport.lock")[0]["course"] == "sky"


def test_course_under_another_name_gives_new_questions_the_guids_of_the_old_one(sky, run):
    run("build", sky, "--course", "Sky", "-o", "old.apkg")
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    run("build", sky, "--course", "The Heavens", "-o", "new.apkg")
    run("build", sky, "--course", "Sky", "--no-lock", "-o", "fresh.apkg")
    assert set(packed_notes("new.apkg")) == set(packed_notes("fresh.apkg"))


def test_course_whose_settings_give_another_name_keeps_guids_and_parent_deck(sky, run):
    toml = sky / "ankiexport.toml"
    toml.write_text('[course]\nname = "Sky"\n', "utf-8")
    run("build", sky, "-o", "old.apkg")
    toml.write_text('[course]\nname = "The Heavens"\n', "utf-8")
    run("build", sky, "-o", "new.apkg")
    assert packed_notes("new.apkg") == packed_notes("old.apkg")


@pytest.mark.parametrize("name", ["Небо", "आकाश की कहानी", "السَّماء", "天 空", "Sky & sea: 2"])
def test_course_in_any_script_is_known_again_and_its_id_fits_into_the_settings(name, sky, run):
    first = run("build", sky, "--course", name, "-o", "sky.apkg")
    assert run("build", sky, "-o", "sky.apkg", "--locked").stderr.splitlines()[-1].endswith(": 5 unchanged")
    said = re.search(r'\[course\] (id = ".+") in it', first.stderr)[1]
    (sky / "ankiexport.toml").write_text(f"[course]\nname = {json.dumps(name)}\n{said}\n", "utf-8")
    result = run("build", sky, "-o", "sky.apkg")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines()[-1].endswith(": 5 unchanged")


def test_folder_under_another_name_is_the_same_course(sky, lock, deck, run, tmp_path):
    sky.rename(tmp_path / "heavens")
    run("build", tmp_path / "heavens", "--locked", "-o", "new.apkg")
    assert Path("new.apkg").read_bytes() == deck.read_bytes()


# Ids and times


def test_notes_with_one_id_after_a_merge_get_two(sky, lock, deck, run, day):
    text = lock.read_text("utf-8")
    ids = re.findall(r'"note_id": (\d+)', text)
    lock.write_text(text.replace(ids[1], ids[0]), "utf-8")
    guids = list(packed_notes(deck))
    day(2)
    assert run("build", sky).exit_code == 0
    packed = packed_notes(deck)
    assert list(packed) == guids
    assert len({note_id for note_id, _, _ in packed.values()}) == len(guids)
    assert {note["guid"]: note["note_id"] for note in locked_notes(lock)} == {g: n for g, (n, _, _) in packed.items()}
    assert run("build", sky, "--locked").exit_code == 0


def test_lines_of_two_branches_that_git_put_together_build(sky, lock, run, day, tmp_path):
    """Each branch adds a question of its own on the same day; a merge keeps the lines of both sides."""
    base = lock.read_text("utf-8").split("\n")
    sides = []
    for new in ("Who stood there first?", "Who was the last there?"):
        branch = tmp_path / new[8:10]
        shutil.copytree(sky, branch)
        write_page(branch / "2.md", "Moon", *MOON, new)
        day(2)
        assert run("build", branch, "-o", "branch.apkg").exit_code == 0
        sides.append((branch / "ankiexport.lock").read_text("utf-8").split("\n"))
    merged = [line for line in difflib.ndiff(*sides) if not line.startswith("? ")]
    lock.write_text("\n".join(line[2:] for line in merged), "utf-8")
    assert len(merged) == len(base) + 2
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?", "Who was the last there?")
    day(3)
    result = run("build", sky)
    assert result.stderr.splitlines()[-1].endswith(": 7 unchanged")
    packed = packed_notes("sky.apkg")
    assert len({note_id for note_id, _, _ in packed.values()}) == len(packed) == 7


def test_new_notes_carry_the_time_of_the_environment(deck):
    times = {(note_id // 1000, mod) for note_id, mod, _ in packed_notes(deck).values()}
    assert times == {(DAY_ONE, DAY_ONE)}


@pytest.mark.parametrize("epoch", ["0", "1", "315532800"])
def test_early_time_makes_a_lock_that_can_be_read_again(epoch, sky, run, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert run("build", sky).exit_code == 0
    result = run("build", sky, "--locked")
    assert (result.exit_code, result.stderr) == (0, "sky.apkg: 5 notes in 2 decks: 5 unchanged\n")


@pytest.mark.parametrize(
    "epoch", ["yesterday", "", "-1", "1e9", "1700000000.5", " 1700000000", "١٢٣٤", "4102444800", "9" * 400, "0x10"]
)
def test_time_of_the_environment_that_is_none_is_status_2(epoch, sky, lock, deck, run, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = tree(tmp_path)
    result = run("build", sky)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "SOURCE_DATE_EPOCH is not a whole number of seconds up to now" in line
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("built_on", "modified"), [(5, DAY_ONE + 4 * DAY), (1, DAY_ONE + 1), (-9, DAY_ONE + 1)])
def test_changed_note_is_later_than_it_was_and_the_others_keep_their_times(built_on, modified, sky, lock, run, day):
    before = {note["guid"]: note for note in locked_notes(lock)}
    day(built_on)
    write_page(sky / "1.md", "Sun", *SUN, answer="It was wrong before.")
    run("build", sky)
    packed = packed_notes("sky.apkg")
    for note in locked_notes(lock):
        old = before[note["guid"]]
        assert note["note_id"] == old["note_id"]
        assert note["modified"] == (modified if note["question"] in SUN else old["modified"])
        assert packed[note["guid"]][:2] == (note["note_id"], note["modified"])


def test_lock_from_the_future_is_a_warning(sky, lock, run):
    lock.write_text(re.sub(r'("modified": )\d+', r"\g<1>4102444800", lock.read_text("utf-8")), "utf-8")
    result = run("check", sky)
    assert result.exit_code == 1
    assert (
        f"{lock}:1: warning: it has notes that were changed as late as 2100-01-01: a clock was wrong" in result.stdout
    )


# Several at once


def test_lock_that_changed_after_the_build_is_a_usage_error_and_nothing_is_written(sky, lock, deck):
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    course = ankiexport.build(ankiexport.read(sky), lock=lock)
    lock.write_text(lock.read_text("utf-8").replace("Moon", "Luna"), "utf-8")
    before = tree(sky.parent)
    for output in (deck, deck.with_name("other.apkg")):
        with pytest.raises(UsageError, match=rf"{re.escape(str(lock))}:1: it has changed since it was read"):
            ankiexport.write(course, output)
    assert tree(sky.parent) == before


def test_lock_that_vanished_after_the_build_is_a_usage_error_and_nothing_is_written(sky, lock, deck):
    course = ankiexport.build(ankiexport.read(sky), lock=lock)
    lock.unlink()
    before = tree(sky.parent)
    with pytest.raises(UsageError, match="it has changed since it was read"):
        ankiexport.write(course, deck)
    assert tree(sky.parent) == before


def test_lock_that_appeared_after_the_build_is_a_usage_error_and_nothing_is_written(sky, lock, deck, day):
    text = lock.read_bytes()
    lock.unlink()
    day(2)
    course = ankiexport.build(ankiexport.read(sky), lock=lock)
    lock.write_bytes(text)
    before = tree(sky.parent)
    with pytest.raises(UsageError, match="it has changed since it was read"):
        ankiexport.write(course, deck)
    assert tree(sky.parent) == before


def test_course_written_twice_is_a_usage_error_only_if_the_lock_changed_between(sky, lock, deck, tmp_path):
    course = ankiexport.build(ankiexport.read(sky), lock=lock)
    for name in ("one.apkg", "two.apkg"):
        ankiexport.write(course, tmp_path / name)
    assert (tmp_path / "one.apkg").read_bytes() == (tmp_path / "two.apkg").read_bytes() == deck.read_bytes()


def test_builds_of_the_lessons_of_one_folder_at_once_remember_all_notes(tmp_path, day):
    folder = tmp_path / "sky"
    lessons = "Mercury Venus Mars Jupiter Saturn".split()
    for lesson in lessons:
        write_page(folder / f"{lesson}.md", lesson, *(f"What is moon {n} of {lesson} called?" for n in range(60)))
    builds = [start("build", folder / f"{name}.md", "-o", tmp_path / f"{name}.apkg") for name in lessons]
    ended = [end(build) for build in builds]
    assert [status for status, _ in ended] == [0] * len(lessons), ended
    lock = folder / "ankiexport.lock"
    remembered = load_lock(lock)
    assert render_lock(remembered) == lock.read_text("utf-8")
    assert [page.key for page in remembered.pages] == sorted(name.lower() for name in lessons)
    in_decks = {guid: ids[:2] for name in lessons for guid, ids in packed_notes(tmp_path / f"{name}.apkg").items()}
    assert {n.guid: (n.note_id, n.modified) for page in remembered.pages for n in page.notes} == in_decks
    assert len(in_decks) == 60 * len(lessons)
    assert len({note_id for note_id, _ in in_decks.values()}) == len(in_decks)
    left = sorted(path.name for path in folder.iterdir() if path.is_file())
    assert left == sorted([lock.name, *(f"{name}.md" for name in lessons)])


def test_builds_of_the_same_pages_at_once_give_the_same_deck(sky, tmp_path):
    decks = [tmp_path / f"{n}.apkg" for n in range(3)]
    builds = [start("build", sky, "-o", deck) for deck in decks]
    ended = [end(build) for build in builds]
    assert [status for status, _ in ended] == [0] * len(decks), ended
    assert len({deck.read_bytes() for deck in decks}) == 1
    assert sorted(error.split(": ")[-1] for _, error in ended) == ["5 new\n"] + ["5 unchanged\n"] * 2


HOLD = """
import sys
from pathlib import Path
from ankiexport.lock import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_build_that_waits_too_long_is_status_5_and_writes_nothing(sky, lock, deck, run, tmp_path, monkeypatch):
    monkeypatch.setattr(lock_file, "_BUSY_AFTER", 0)
    before = tree(tmp_path)
    command = [sys.executable, "-c", HOLD, lock]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        result = run("build", sky)
        assert run("list", sky).exit_code == 0
        assert tree(tmp_path) == before
        holder.communicate()
    assert result.exit_code == 5
    assert result.stderr == f"ankiexport: {lock}: another build with this lock is still running\n"
    assert run("build", sky).exit_code == 0


def test_place_to_wait_at_that_cannot_be_used_is_told_as_such(sky, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    arguments = ("build", sky, "-o", tmp_path / "sky.apkg")
    assert end(start(*arguments, TMPDIR=str(folder)))[0] == 0
    (held,) = folder.iterdir()
    held.unlink()
    held.mkdir()
    status, error = end(start(*arguments, TMPDIR=str(folder)))
    assert status == OutputError.exit_status
    assert "standard output" not in error
    assert held.name in error
