"""A course of many tracks in a file for each: what is in them, what Anki makes of them, and what a failure leaves."""

import zipfile
from pathlib import Path

import pytest
from sky import packed_notes, state, tree, write_page

import ankiexport
from ankiexport import OutputError, Report, UsageError, build, read

PAGES = {
    "foundations/averages.md": "Averages",
    "foundations/spread.md": "Spread",
    "inference/tests.md": "Tests",
    "glossary.md": "Glossary",
}
FILES = ["deck.apkg", "deck-foundations.apkg", "deck-inference.apkg"]
PER_TRACK = ("--tracks", "folders", "--per-track", "-o", "deck.apkg")


@pytest.fixture
def folder(tmp_path, day):
    for file, title in PAGES.items():
        write_page(tmp_path / "course" / file, title, f"What is {title} about?", f"Why {title}?")
    return tmp_path / "course"


@pytest.fixture
def built(folder, run):
    result = run("build", folder, *PER_TRACK)
    assert result.exit_code == 0, result.output
    return result


def test_each_track_has_a_file_and_what_has_none_is_in_the_one_that_was_named(built):
    assert sorted(path.name for path in Path().iterdir()) == sorted(FILES)
    decks = [{note[2] for note in packed_notes(file).values()} for file in FILES]
    assert decks == [
        {"course::Glossary"},
        {"course::Foundations::Averages", "course::Foundations::Spread"},
        {"course::Inference::Tests"},
    ]


def test_a_line_tells_of_each_file(built):
    assert built.stderr.splitlines()[-4:] == [
        "deck.apkg: 2 notes in 1 deck",
        "deck-foundations.apkg: 4 notes in 2 decks",
        "deck-inference.apkg: 2 notes in 1 deck",
        "3 files: 8 notes in 4 decks: 8 new",
    ]


def test_the_files_together_hold_the_notes_of_the_whole_deck(built, folder, run):
    assert run("build", folder, "--tracks", "folders", "-o", "whole.apkg").exit_code == 0
    parts = [packed_notes(file) for file in FILES]
    assert sum(map(len, parts)) == 8
    assert parts[0] | parts[1] | parts[2] == packed_notes("whole.apkg")


def test_there_is_one_lock(built, folder):
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.lock")] == ["ankiexport.lock"]


def test_default_name_is_that_of_the_course(folder, run):
    assert run("build", folder, "--tracks", "folders", "--per-track").exit_code == 0
    assert sorted(path.name for path in Path().iterdir()) == [name.replace("deck", "course") for name in sorted(FILES)]


def test_files_are_the_same_bytes_when_nothing_changed(built, folder, run, day):
    before = [Path(file).read_bytes() for file in FILES]
    day(9)
    assert run("build", folder, *PER_TRACK).stderr.splitlines()[-1] == "3 files: 8 notes in 4 decks: 8 unchanged"
    assert [Path(file).read_bytes() for file in FILES] == before


def test_a_picture_is_in_the_file_of_its_track_alone(folder, run):
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="3"/></svg>'
    (folder / "inference" / "dot.svg").write_text(dot)
    write_page(folder / "inference" / "tests.md", "Tests", "What is this? ![a dot](dot.svg)")
    assert run("build", folder, *PER_TRACK).exit_code == 0
    kept = []
    for file in FILES:
        with zipfile.ZipFile(file) as package:
            kept.append(len(package.namelist()) - 2)
    assert kept == [0, 0, 1]


# In Anki


def test_each_file_imports_alone(built, anki):
    for file, notes in zip(FILES, (2, 4, 2), strict=True):
        imported, decks = anki(["import", file], ["decks"])
        assert imported == [notes, 0, 0, 0]
        assert set(decks) == {note[2] for note in packed_notes(file).values()}


def test_files_import_together_and_the_whole_deck_meets_their_notes(built, folder, run, day, anki):
    parts = {file: Path(file).resolve() for file in FILES}
    old = {file: path.read_bytes() for file, path in parts.items()}
    day(2)
    write_page(folder / "inference" / "tests.md", "Tests", "What is Tests about?", "Why Tests?", answer="New: {}.")
    assert run("build", folder, "--tracks", "folders", "-o", "whole.apkg").exit_code == 0
    for file, data in old.items():
        parts[file].write_bytes(data)
    *imports, studied, before, updated, after, decks = anki(
        *(["import", path] for path in parts.values()),
        ["study", 5],
        ["reviews"],
        ["import", Path("whole.apkg").resolve()],
        ["reviews"],
        ["decks"],
    )
    assert imports == [[2, 0, 0, 0], [4, 0, 0, 0], [2, 0, 0, 0]]
    assert studied == 5
    assert updated == [0, 2, 6, 0]
    assert after == before and len(before) == 5
    assert decks == [
        "course::Foundations::Averages",
        "course::Foundations::Spread",
        "course::Glossary",
        "course::Inference::Tests",
    ]


def test_a_file_of_a_track_updates_the_whole_deck(built, folder, run, day, anki):
    assert run("build", folder, "--tracks", "folders", "-o", "whole.apkg").exit_code == 0
    whole = Path("whole.apkg").resolve()
    day(2)
    write_page(folder / "inference" / "tests.md", "Tests", "What is Tests about?", "Why Tests?", answer="New: {}.")
    assert run("build", folder, *PER_TRACK).exit_code == 0
    assert anki(["import", whole], ["import", Path(FILES[2]).resolve()]) == [[8, 0, 0, 0], [0, 2, 0, 0]]


# What is refused, and what stays then


def test_course_without_a_track_is_refused(folder, run):
    result = run("build", folder, "--per-track")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith(
        "no lesson has a track; name tracks in ankiexport.toml, or give --tracks"
    )
    assert list(Path().iterdir()) == [] and not (folder / "ankiexport.lock").exists()


def test_other_outputs_are_refused(folder, run):
    result = run("build", folder, "--tracks", "folders", "--per-track", "-o", "cards.csv")
    assert result.exit_code == 2
    assert "cards.csv: only an .apkg is written as one file for each track" in result.stderr


def test_two_tracks_for_one_file_are_refused(tmp_path, run):
    for file in ("c++/a.md", "c/b.md"):
        write_page(tmp_path / "course" / file, file, f"What is {file}?")
    result = run("build", tmp_path / "course", "--tracks", "folders", "--per-track")
    assert result.exit_code == 2
    assert "course-c.apkg: the file of two tracks, 'C++' and 'C': give one of them another name" in result.stderr
    assert list(Path().iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(built, folder, run, day, monkeypatch):
    day(2)
    for file, title in PAGES.items():
        write_page(folder / file, title, f"What is {title} about?", f"Why {title}?", answer="New: {}.")
    lock = folder / "ankiexport.lock"
    before = tree(Path()), state(lock)
    zip_file, written = zipfile.ZipFile, []

    def fail_at_the_last(path, *given, **how):
        written.append(path)
        if len(written) == len(FILES):
            raise OSError(28, "No space left on device")
        return zip_file(path, *given, **how)

    monkeypatch.setattr(zipfile, "ZipFile", fail_at_the_last)
    result = run("build", folder, *PER_TRACK)
    assert result.exit_code == 5
    assert "deck-inference.apkg: cannot be written: No space left on device" in result.stderr
    assert (tree(Path()), state(lock)) == before


def test_a_lost_lock_is_made_from_the_files_of_the_tracks(built, folder, run, day):
    before = packed_notes(FILES[1])
    (folder / "ankiexport.lock").unlink()
    day(2)
    result = run("build", folder, *PER_TRACK)
    assert result.exit_code == 0
    assert "there was no lock: made from deck.apkg, deck-foundations.apkg, deck-inference.apkg" in result.stderr
    assert result.stderr.splitlines()[-1].endswith("8 unchanged")
    assert packed_notes(FILES[1]) == before


def test_from_python(folder, tmp_path):
    course = build(read(folder), "Statistics", tracks="folders")
    assert ankiexport.write(course, tmp_path / "deck.apkg", per_track=True) == Report(new=8)
    assert sorted(path.name for path in tmp_path.glob("*.apkg")) == sorted(FILES)
    with pytest.raises(UsageError):
        ankiexport.write(course, tmp_path / "deck.json", per_track=True)
    with pytest.raises(OutputError):
        ankiexport.write(course, tmp_path / "nowhere" / "deck.apkg", per_track=True)
