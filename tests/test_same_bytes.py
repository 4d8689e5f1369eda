"""The same pages, lock and version give the same bytes, wherever and whenever a deck is built."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

import ankiexport

DAY_ONE = "1700000000"
DAY_TWO = "1700086400"
TOML = """[course]
name = "Harbour: boats & birds"
id = "harbour"
author = "A. Keeper"
licence = "CC BY 4.0"
url = "https://harbour.example/"

[[page]]
file = "birds.html"
tags = ["wings", "éxam"]

[[page]]
file = "boats.md"
"""
BOATS = """# Practice: Boats

**1.** Which side is *port*, and why is it \\(x < 0\\)?

<details><summary>Show answer</summary>

The left one, “seen from the stern” – 🚢.

| side | light |
|------|-------|
| port | red   |

</details>

**2.** What does this print?

```py
print("ahoy" if 1 < 2 else {"a", "b", "c"})
```

<details><summary>Show answer</summary>

`ahoy`

</details>
"""
BIRDS = """<!DOCTYPE html><html><head><title>Birds</title></head><body><main><h1>Practice: Birds</h1>
<p>For each, say where it nests.</p><ul><li>A. a tern</li><li>B. a gull</li><li>C. a puffin</li></ul>
<details><summary>Show answer</summary><ul><li>A. on sand</li><li>B. on roofs</li><li>C. in holes</li></ul></details>
</main></body></html>
"""
TIDES = """Practice: Tides

1. How often does the water come back?

Show answer

Twice a day, roughly.

2. חיוך או גל?

Show answer

A wave.
"""


def write_pages(folder):
    folder.mkdir(parents=True)
    texts = {"boats.md": BOATS, "birds.html": BIRDS, "tides.txt": TIDES, "ankiexport.toml": TOML}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def build(*arguments, cwd=None, umask=-1, **environment):
    """Runs the command in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "ankiexport", "build", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        umask=umask,
        env={**os.environ, "SOURCE_DATE_EPOCH": DAY_TWO, **environment},
    )
    assert run.returncode == 0, run.stderr
    return run


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def build_twice(folder, pages):
    """Builds `deck.apkg` beside the pages with a lock of the day before, which stays there as `before.lock`."""
    build(pages, "-o", folder / "deck.apkg", SOURCE_DATE_EPOCH=DAY_ONE)
    (pages / "before.lock").write_bytes((pages / "ankiexport.lock").read_bytes())
    boats = pages / "boats.md"
    boats.write_text(BOATS.replace("Which side is", "Which of its sides is").replace("`ahoy`", "ahoy!"), "utf-8")
    build(pages, "-o", folder / "deck.apkg")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the pages, `harbour`, and the deck that was built of them."""
    folder = tmp_path_factory.mktemp("first")
    return build_twice(folder, write_pages(folder / "harbour"))


def copy(built, folder):
    """The pages with the lock that they had before they were built."""
    shutil.copytree(built / "harbour", folder)
    (folder / "before.lock").replace(folder / "ankiexport.lock")
    return folder


@pytest.fixture
def pages(built, tmp_path):
    return copy(built, tmp_path / "harbour")


def assert_same(built, deck, pages):
    assert digest(deck) == digest(built / "deck.apkg")
    assert (pages / "ankiexport.lock").read_bytes() == (built / "harbour" / "ankiexport.lock").read_bytes()


# What may differ around a build

ENVIRONMENTS = {
    "far east": {"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "LC_ALL": "en_US.UTF-8"},
    "far west": {"PYTHONHASHSEED": "1", "TZ": "UTC+12", "LC_ALL": "C"},
    "Turkey": {"PYTHONHASHSEED": "4294967295", "TZ": "Europe/Istanbul", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "ASCII": {"PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_environment_makes_no_difference(environment, built, pages, tmp_path):
    build(pages, "-o", tmp_path / "deck.apkg", **environment)
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_copy_in_a_folder_of_another_name_makes_no_difference(built, tmp_path):
    pages = copy(built, tmp_path / "Some other föhn")
    build(pages, "-o", tmp_path / "deck.apkg")
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_copy_without_settings_in_a_folder_of_another_name_makes_no_difference(tmp_path):
    pages = write_pages(tmp_path / "harbour")
    (pages / "ankiexport.toml").unlink()
    built = build_twice(tmp_path, pages)
    pages = copy(built, tmp_path / "elsewhere" / "quay")
    build(pages, "-o", tmp_path / "other.apkg")
    assert_same(built, tmp_path / "other.apkg", pages)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_umask_makes_no_difference(built, pages, tmp_path):
    build(pages, "-o", tmp_path / "deck.apkg", umask=0o077)
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_working_folder_and_place_and_name_of_the_deck_make_no_difference(built, pages, tmp_path):
    (tmp_path / "out").mkdir()
    build(".", "-o", "../out/Another name.APKG", cwd=pages)
    assert_same(built, tmp_path / "out" / "Another name.APKG", pages)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_link_to_the_pages_makes_no_difference(built, pages, tmp_path):
    (tmp_path / "link").symlink_to(pages, target_is_directory=True)
    build(tmp_path / "link", "-o", tmp_path / "deck.apkg")
    assert_same(built, tmp_path / "deck.apkg", pages)


@pytest.mark.parametrize("seconds", [0, 4_000_000_000])
def test_times_of_the_files_make_no_difference(seconds, built, pages, tmp_path):
    for path in (*pages.iterdir(), pages):
        os.utime(path, (seconds, seconds))
    build(pages, "-o", tmp_path / "deck.apkg")
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_order_in_which_the_files_were_made_makes_no_difference(built, pages, tmp_path):
    for path in sorted((path for path in pages.iterdir() if path.is_file()), reverse=True):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    build(pages, "-o", tmp_path / "deck.apkg")
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_day_makes_no_difference_where_nothing_changed(built, tmp_path):
    pages = shutil.copytree(built / "harbour", tmp_path / "harbour")
    build(pages, "-o", tmp_path / "deck.apkg", "--locked", SOURCE_DATE_EPOCH="1790000000")
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_old_deck_in_its_place_makes_no_difference(built, pages, tmp_path):
    (tmp_path / "deck.apkg").write_bytes(b"PK" * 1_000_000)
    build(pages, "-o", tmp_path / "deck.apkg")
    assert_same(built, tmp_path / "deck.apkg", pages)


def test_first_build_is_the_same_anywhere_too(tmp_path):
    digests = set()
    for name, seed in (("one", "0"), ("two", "7")):
        pages = write_pages(tmp_path / name)
        build(pages, "-o", tmp_path / f"{name}.apkg", PYTHONHASHSEED=seed)
        digests.add((digest(tmp_path / f"{name}.apkg"), digest(pages / "ankiexport.lock")))
    assert len(digests) == 1


def test_deck_is_the_same_whether_it_is_made_by_the_command_or_from_python(built, pages, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY_TWO)
    for name in ("once.apkg", "twice.apkg"):
        ankiexport.write(ankiexport.build(ankiexport.read(pages), lock=pages / "ankiexport.lock"), tmp_path / name)
        assert_same(built, tmp_path / name, pages)


# What stays behind


def test_nothing_stays_in_the_folder_for_temporary_files(built, pages, tmp_path):
    temporary = tmp_path / "temporary files"
    temporary.mkdir()
    places = {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    for options in ((), ("--no-lock",)):
        build(pages, "-o", tmp_path / "deck.apkg", *options, **places)
    assert [path.match("ankiexport-*.held") and path.stat().st_size for path in temporary.iterdir()] in ([], [0])
    before = {path.name for path in (built / "harbour").iterdir()} - {"before.lock"}
    assert {path.name for path in pages.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {pages.name, temporary.name, "deck.apkg"}


# The bytes


def test_package_holds_two_plain_files_without_a_trace_of_their_making(built):
    with zipfile.ZipFile(built / "deck.apkg") as package:
        members = package.infolist()
        assert package.testzip() is None and package.comment == b""
    assert [member.filename for member in members] == ["collection.anki2", "media"]
    for member in members:
        assert member.compress_type == zipfile.ZIP_STORED
        assert member.date_time == (1980, 1, 1, 0, 0, 0)
        assert member.create_system == 3
        assert member.external_attr >> 16 & 0o777 == 0o644
        assert member.comment == b""


@pytest.fixture
def database(built, tmp_path):
    with zipfile.ZipFile(built / "deck.apkg") as package:
        return Path(package.extract("collection.anki2", tmp_path))


def test_head_of_the_database_is_stamped(database):
    """The file change counter, the number that the version is valid for, and SQLite's version."""
    head = database.read_bytes()[:100]
    assert head.startswith(b"SQLite format 3\0")
    assert [int.from_bytes(head[at : at + 4], "big") for at in (24, 92, 96)] == [1, 1, 3_040_001]


def test_database_is_sound_and_without_free_pages(database):
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA freelist_count").fetchall() == [(0,)]
        (pages,), (size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    assert database.stat().st_size == pages * size
    assert [path.name for path in database.parent.iterdir() if path.name.startswith(database.name)] == [database.name]


def test_database_holds_no_path_of_the_machine(database, built):
    data = database.read_bytes()
    for path in (built, Path.home(), Path(sys.prefix)):
        assert os.fsencode(path) not in data


def decks(package, folder):
    """`{name: id}` of a package's decks."""
    with (
        zipfile.ZipFile(package) as archive,
        closing(sqlite3.connect(archive.extract("collection.anki2", folder))) as c,
    ):
        ((found,),) = c.execute("SELECT decks FROM col")
        used = {number for (number,) in c.execute("SELECT DISTINCT did FROM cards")}
    return {deck["name"]: deck["id"] for deck in json.loads(found).values() if deck["id"] in used}


def test_decks_have_the_same_ids_whatever_else_is_built(built, pages, tmp_path, run):
    (pages / "a new one.md").write_text(BOATS.replace("Practice: Boats", "Anchors"), "utf-8")
    assert run("build", pages, "-o", "more.apkg").exit_code == 0
    assert run("build", pages / "boats.md", "--no-lock", "-o", "less.apkg").exit_code == 0
    old, more, less = (decks(path, tmp_path) for path in (built / "deck.apkg", Path("more.apkg"), Path("less.apkg")))
    assert (len(old), len(more), len(less)) == (3, 4, 1)
    assert less.items() < old.items() < more.items()
