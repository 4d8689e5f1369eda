"""`ankiexport init`: the first `ankiexport.toml` of a course, what it says, and that no note becomes another by it."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sky import packed_notes, tree, write_page

from ankiexport import build, config, read
from ankiexport.config import load_config
from ankiexport.manifest import Manifest, SavedPage, save_manifest
from ankiexport.progress import unwatched
from ankiexport.starter import _comment, _quoted

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TRACKED = {
    "01-foundations/introduction.md": "Introduction",
    "01-foundations/averages.md": "Averages",
    "inference/introduction.md": "Introduction",
    "inference/tests.md": "Tests",
}


def write_pages(folder: Path, pages: dict[str, str]) -> Path:
    for file, title in pages.items():
        write_page(folder / file, title, f"What is {file} about?", f"Why {file}?")
    return folder


@pytest.fixture
def lessons(tmp_path, day):
    """Three lessons in one folder."""
    return write_pages(tmp_path / "knots", {"10-loops.md": "Loops", "2-bends.md": "Bends", "3-hitches.md": "Hitches"})


@pytest.fixture
def tracked(tmp_path, day):
    """Two tracks, each with an introduction."""
    return write_pages(tmp_path / "statistics", TRACKED)


def toml_of(folder: Path) -> dict:
    return tomllib.loads((folder / "ankiexport.toml").read_text("utf-8"))


def decks(deck: str) -> set[str]:
    return {note[2] for note in packed_notes(deck).values()}


# What it says


def test_course_and_lessons_are_named_in_the_order_found(lessons, run):
    result = run("init", lessons)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{lessons / 'ankiexport.toml'}: 3 lessons; look through it, then build\n"
    said = toml_of(lessons)
    assert said["course"] == {"name": "knots", "id": "knots"}
    assert said["page"] == [{"file": "2-bends.md"}, {"file": "3-hitches.md"}, {"file": "10-loops.md"}]
    assert "[[page]]  # 2 notes: Bends\n" in (lessons / "ankiexport.toml").read_text("utf-8")


def test_it_is_printed_where_that_is_asked_for(lessons, run):
    printed = run("init", lessons, "-o", "-")
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert list(lessons.glob("*.toml")) == []
    run("init", lessons)
    assert (lessons / "ankiexport.toml").read_text("utf-8") == printed.stdout


def test_it_is_written_where_it_is_told(lessons, run, tmp_path):
    assert run("init", lessons, "-o", tmp_path / "ankiexport.toml").exit_code == 0
    assert toml_of(tmp_path)["page"][0] == {"file": "knots/2-bends.md"}
    assert run("build", lessons).exit_code == 0
    assert decks("knots.apkg") == {"knots::01 Bends", "knots::02 Hitches", "knots::03 Loops"}


def test_every_key_of_the_toml_is_explained(lessons, run):
    text = run("init", lessons, "-o", "-").stdout
    keys = {*config.COURSE_KEYS, *config.TRACK_KEYS, *config.PAGE_KEYS}
    assert [key for key in sorted(keys) if not re.search(rf"^(?:# )?{key} = ", text, re.M)] == []


def test_every_comment_that_is_taken_for_none_is_understood(lessons, run):
    text = run("init", lessons, "-o", "-").stdout
    course, pages = text.split("# Lessons, in order")
    course = re.sub(r"^# (?=\[\[track|\w+ = )", "", course, flags=re.M)
    examples = "\n".join(re.findall(r"^# (\w+ = .*)", pages, re.M))
    pages = pages.replace('file = "2-bends.md"', f'file = "2-bends.md"\n{examples}')
    (lessons / "ankiexport.toml").write_text(f"{course}#{pages}", "utf-8")
    said = load_config(lessons / "ankiexport.toml")
    assert (said.author, said.licence, said.tracks) == ("Ada Example", "CC BY 4.0", "folders")
    assert [(track.name, track.globs) for track in said.track_tables] == [("Foundations", ("foundations/**",))]
    (bends,) = (page for page in said.pages if page.file.name == "2-bends.md")
    assert (bends.title, bends.track, bends.order, bends.tags) == ("Averages", "Foundations", 2, ("exam",))


def test_pages_without_a_deck_are_comments(lessons, run):
    (lessons / "about.md").write_text("# About\n", "utf-8")
    text = (lessons / "2-bends.md").read_text("utf-8")
    (lessons / "copy.md").write_text(text, "utf-8")
    printed = run("init", lessons, "-o", "-").stdout
    assert "\n# No question with an answer, so no deck:\n#   about.md\n" in printed
    assert "which need no deck:\n#   copy.md\n" in printed
    assert len(tomllib.loads(printed)["page"]) == 3


@pytest.mark.parametrize(
    ("licences", "expected"),
    [(("CC BY 4.0", "CC BY 4.0"), "CC BY 4.0"), (("CC BY 4.0", "MIT"), None), (("MIT", None), None)],
)
def test_pages_that_were_fetched_tell_licence_and_url_of_the_course(tmp_path, run, licences, expected):
    site = "https://knots.example/course/"
    saved = []
    for name, licence in zip(("loops", "bends"), licences, strict=True):
        write_page(tmp_path / f"{name}.md", name, f"What are {name}?")
        about = {"time": "2026-11-22T00:00:00Z", "sha256": "0" * 64, "licence": licence}
        saved.append(SavedPage(url=f"{site}{name}", file=f"{name}.md", **about))
    manifest = Manifest(folder=tmp_path, starts=(site,), host="knots.example", begun="2026-11-22T00:00:00Z")
    save_manifest(replace(manifest, finished="2026-11-22T00:00:01Z", saved=tuple(saved)))
    run("init", tmp_path)
    said = toml_of(tmp_path)
    assert (said["course"].get("licence"), said["course"]["url"]) == (expected, site)
    assert len(said["page"]) == 2
    assert load_config(tmp_path / "ankiexport.toml").licence == expected


# Tracks


def test_folders_of_several_lessons_become_tracks(tracked, run):
    result = run("init", tracked)
    assert "4 lessons in 2 tracks, 1 with a key since others have their title" in result.stderr
    assert toml_of(tracked)["track"] == [
        {"name": "Foundations", "files": ["01-foundations/**"]},
        {"name": "Inference", "files": ["inference/**"]},
    ]


def test_course_whose_tracks_have_lessons_of_one_title_builds_at_once(tracked, run):
    assert run("build", tracked).exit_code == 2
    assert run("init", tracked).exit_code == 0
    assert {page["file"]: page.get("key") for page in toml_of(tracked)["page"]} == {
        "01-foundations/averages.md": None,
        "01-foundations/introduction.md": None,
        "inference/introduction.md": "inference-introduction",
        "inference/tests.md": None,
    }
    built = run("build", tracked)
    assert built.exit_code == 0
    assert built.stderr.splitlines()[-1] == "statistics.apkg: 8 notes in 4 decks: 8 new"
    assert decks("statistics.apkg") == {
        "statistics::01 Foundations::01 Averages",
        "statistics::01 Foundations::02 Introduction",
        "statistics::02 Inference::01 Introduction",
        "statistics::02 Inference::02 Tests",
    }


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param({"a/practice.md": "A", "b/practice.md": "B", "c/practice.md": "C"}, id="a folder for each lesson"),
        pytest.param({"lessons/a.md": "A", "lessons/b.md": "B"}, id="one folder"),
    ],
)
def test_folders_of_another_sort_are_no_tracks(tmp_path, run, pages):
    assert "track" not in tomllib.loads(run("init", write_pages(tmp_path / "course", pages), "-o", "-").stdout)


def test_tracks_may_be_asked_for_and_refused(tmp_path, tracked, run):
    single = write_pages(tmp_path / "course", {"a/practice.md": "A", "b/practice.md": "B"})
    said = tomllib.loads(run("init", single, "--tracks", "folders", "-o", "-").stdout)
    assert [track["name"] for track in said["track"]] == ["A", "B"]
    assert "track" not in tomllib.loads(run("init", tracked, "--tracks", "none", "-o", "-").stdout)


def test_tracks_that_urls_tell_are_named_by_the_pages(tmp_path, run):
    for name, track in (("a", "one"), ("b", "two"), ("c", "one"), ("d", "two")):
        link = f'<link rel="canonical" href="https://stats.example/{track}/{name}/">'
        body = f"<h1>{name}</h1><p>1. What is {name}?</p><details><summary>Show answer</summary><p>It.</p></details>"
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><head>{link}</head><body><main>{body}</main></body>")
    run("init", tmp_path, "--course", "Stats")
    said = toml_of(tmp_path)
    assert said["track"] == [{"name": "One"}, {"name": "Two"}]
    assert [page["track"] for page in said["page"]] == ["One", "One", "Two", "Two"]
    assert [deck.name for deck in build(read(tmp_path)).decks] == [
        "Stats::01 One::01 a",
        "Stats::01 One::02 c",
        "Stats::02 Two::01 b",
        "Stats::02 Two::02 d",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_folder_that_no_glob_can_say_is_named_by_its_pages(tmp_path, run):
    pages = {"a*b/one.md": "One", "a*b/two.md": "Two", "c\\d/three.md": "Three", "c\\d/four.md": "Four"}
    folder = write_pages(tmp_path / "course", pages)
    run("init", folder)
    assert toml_of(folder)["track"] == [{"name": "A*b"}, {"name": "C\\d"}]
    names = [deck.name for deck in build(read(folder)).decks]
    assert names == [
        "course::01 A*b::01 One",
        "course::01 A*b::02 Two",
        "course::02 C\\d::01 Four",
        "course::02 C\\d::02 Three",
    ]


# No note becomes another


@pytest.mark.parametrize("course", [(), ("--course", "Knots & splices"), ("--course", 'A "b"\\ c\n d')])
def test_guids_are_the_same_before_and_after(lessons, run, course):
    run("build", "--no-lock", lessons, *course, "-o", "before.apkg")
    assert run("init", lessons, *course).exit_code == 0
    assert run("build", "--no-lock", lessons, "-o", "after.apkg").exit_code == 0
    before, after = packed_notes("before.apkg"), packed_notes("after.apkg")
    assert before.keys() == after.keys() and len(after) == 6


@pytest.mark.parametrize("course", [(), ("--course", "Knots & splices")])
def test_course_with_a_lock_goes_on_as_it_was(lessons, run, course, day):
    run("build", lessons, *course, "-o", "before.apkg")
    lock = (lessons / "ankiexport.lock").read_bytes()
    day(2)
    told = run("init", lessons)
    assert told.exit_code == 0
    assert told.stderr.endswith("3 lessons; the decks keep the names that the lock has; look through it, then build\n")
    built = run("build", lessons, "--locked", "-o", "after.apkg")
    assert (built.exit_code, built.stderr) == (0, "after.apkg: 6 notes in 3 decks: 6 unchanged\n")
    assert packed_notes("before.apkg") == packed_notes("after.apkg")
    assert (lessons / "ankiexport.lock").read_bytes() == lock


def test_course_with_a_lock_and_new_names_keeps_its_notes(tracked, run, day):
    for track in ("01-foundations", "inference"):
        (tracked / track / "introduction.md").unlink()
    run("build", tracked, "--course", "Stats", "-o", "before.apkg")
    day(2)
    run("init", tracked, "--tracks", "folders")
    assert toml_of(tracked)["course"] == {"name": "Stats", "id": "stats"}
    built = run("build", tracked, "-o", "after.apkg")
    assert built.stderr.splitlines()[-1].endswith(": 4 unchanged")
    assert "the deck keeps its name 'Stats::Averages'" in built.stderr
    assert packed_notes("before.apkg") == packed_notes("after.apkg")


def test_lesson_that_the_lock_knows_by_a_key_keeps_it(tracked, run):
    first = tracked / "01-foundations" / "introduction.md"
    text = first.read_text("utf-8")
    first.unlink()
    run("build", tracked, "-o", "before.apkg")
    first.write_text(text, "utf-8")
    run("init", tracked)
    keys = {page["file"]: page.get("key") for page in toml_of(tracked)["page"]}
    assert keys["inference/introduction.md"] is None
    assert keys["01-foundations/introduction.md"] == "foundations-introduction"
    run("build", tracked, "-o", "after.apkg")
    before, after = packed_notes("before.apkg"), packed_notes("after.apkg")
    assert len(before) == 6 and len(after) == 8
    assert {guid: after[guid] for guid in before} == before


def test_other_forms_of_a_page_that_got_a_key_go_with_it(tracked, run):
    for track in ("01-foundations", "inference"):
        text = (tracked / track / "introduction.md").read_text("utf-8")
        (tracked / track / "introduction.mdx").write_text(text, "utf-8")
        (tracked / track / "copy.mdx").write_text(text, "utf-8")
    run("init", tracked)
    built = run("build", tracked)
    assert built.exit_code == 0, built.stderr
    assert built.stderr.splitlines()[-1] == "statistics.apkg: 8 notes in 4 decks: 8 new"
    assert "statistics::02 Inference::01 Introduction" in decks("statistics.apkg")


def test_a_lock_that_builds_would_not_find_is_told(lessons, run, tmp_path):
    run("build", lessons)
    result = run("init", lessons, "-o", tmp_path / "ankiexport.toml")
    assert result.exit_code == 2
    assert f"builds would not find {lessons / 'ankiexport.lock'} from there" in result.stderr
    assert not (tmp_path / "ankiexport.toml").exists()


# What is there stays


def test_what_is_there_is_never_changed(lessons, run):
    (lessons / "ankiexport.toml").write_text('[course]\nname = "Mine"\n', "utf-8")
    before = tree(lessons)
    for options in ((), ("-o", "-"), ("-o", lessons / "new.toml")):
        result = run("init", lessons, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{lessons / 'ankiexport.toml'}: is there already" in result.stderr
    assert tree(lessons) == before


def test_a_file_of_that_name_is_never_replaced(lessons, run):
    (lessons / "notes.toml").write_text("mine", "utf-8")
    result = run("init", lessons, "-o", lessons / "notes.toml")
    assert result.exit_code == 2
    assert f"{lessons / 'notes.toml'}: is there already; init changes no file" in result.stderr
    assert (lessons / "notes.toml").read_text("utf-8") == "mine"


def test_a_toml_above_the_pages_is_theirs_too(lessons, run, tmp_path):
    (tmp_path / "ankiexport.toml").write_text("", "utf-8")
    assert run("init", lessons).exit_code == 2


def test_folder_that_is_missing_is_status_5(lessons, run, tmp_path):
    assert run("init", lessons, "-o", tmp_path / "missing" / "ankiexport.toml").exit_code == 5


def test_standard_input_has_no_name(run):
    result = run("init", "-", "--title", "Up", "--format", "markdown", input="1. Up?\n")
    assert result.exit_code == 2
    assert "standard input has no name" in result.stderr


# Names of all sorts


@given(st.text(max_size=60))
def test_any_text_is_read_back_as_it_was(text):
    text = text.encode("utf-8", "ignore").decode("utf-8")
    assert tomllib.loads(f"it = {_quoted(text)}  # {_comment(text)}\nthen = 1\n") == {"it": text, "then": 1}


@given(st.text(max_size=60))
def test_any_text_makes_a_comment_of_one_line(text):
    assert tomllib.loads(f"it = 1  # {_comment(text)}\nthen = 1\n") == {"it": 1, "then": 1}


# What a file may be called, but for signs that no system has in a name, or that hide it
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20).filter(
    lambda name: not name.startswith(".") and len(name.encode()) < 200
)

TITLES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(max_examples=40)
@pytest.mark.skipif(
    os.name == "nt" or sys.platform == "darwin", reason="the file system takes few names, or changes them"
)
@given(names=st.lists(st.tuples(NAMES, NAMES, TITLES), min_size=1, max_size=6), course=TITLES)
def test_what_init_writes_config_reads(names, course, tmp_path_factory):
    from ankiexport import starter
    from ankiexport.pipeline import find_sources, read_forms

    folder = tmp_path_factory.mktemp("course")
    for at, (place, name, title) in enumerate(names):
        path = folder / place / f"{name}.md"
        if not (folder / place).is_file() and not path.exists():
            write_page(path, " ".join(title.split()) or "Same", f"What is number {at}?")
    sources = find_sources([folder])
    forms = read_forms(sources, download_media=False, traces=False, cache=None, jobs=1, watch=unwatched)
    course = course if course.strip() else "Course"
    made = starter.start(forms, course, None, folder, fuzzy=True, skip_overlaps=False, tracks="folders")
    target = folder / "ankiexport.toml"
    starter.save(made, target)
    said = load_config(target)
    built = build(read(folder))
    assert (said.name, said.id) == (made.course.name, made.course.id)
    assert [note.guid for note in built.notes] == [note.guid for note in made.course.notes]
    assert [page.track and page.track.title for page in built.pages] == [
        page.track and page.track.title for page in made.course.pages
    ]
    assert len(said.pages) >= len(made.course.decks)
    assert built.problems == ()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system takes no such name")
def test_name_that_is_no_unicode_is_a_comment(lessons, run):
    text = (lessons / "2-bends.md").read_text("utf-8").replace("Bends", "Splices").replace("2-bends", "splices")
    Path(os.fsdecode(os.fsencode(lessons) + b"/4-\xff.md")).write_text(text, "utf-8")
    result = run("init", lessons, "-o", "-")
    assert result.exit_code == 0
    assert "# Names that no TOML can hold:\n#   4- .md\n" in result.stdout
    assert len(tomllib.loads(result.stdout)["page"]) == 3


def test_pages_on_the_web_have_no_place_for_it(run):
    result = run("init", "https://example.org/statistics/")
    assert result.exit_code == 2
    assert result.stderr == (
        "ankiexport: https://example.org/statistics/: init writes beside pages: "
        "ankiexport fetch saves them in a folder\n"
    )
