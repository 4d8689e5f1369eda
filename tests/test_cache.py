"""A page whose bytes did not change is not read again, and nothing comes out otherwise than if it were."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from written import self_checks

from ankiexport import cache

PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder of three lessons, built on one day."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path / "clocks"
    folder.mkdir()
    for number in range(3):
        write_lesson(folder, number, "It ticks.")
    return folder


def write_lesson(folder, number, answer):
    pairs = [(f"What does wheel {wheel} of clock {number} do?", answer) for wheel in range(1, 4)]
    (folder / f"clock-{number}.md").write_text(f"# Clock {number}\n\n{self_checks(pairs)}", "utf-8")


@pytest.fixture
def build(run, lessons):
    """Builds the lessons: the bytes of the deck, and which pages were known already."""

    def build(*options):
        deck = lessons.parent / "deck.apkg"
        result = run("build", lessons, "-o", deck, "-v", *options)
        assert result.exit_code == 0, result.output
        known = [line.split(": ")[0] for line in result.stderr.splitlines() if line.endswith(".md: known")]
        return deck.read_bytes(), [Path(name).name for name in known]

    return build


def rows(lessons):
    with closing(sqlite3.connect(lessons / cache.FOLDER_NAME / "readings.sqlite")) as database:
        return database.execute("SELECT page, digest FROM readings ORDER BY page").fetchall()


ALL = ["clock-0.md", "clock-1.md", "clock-2.md"]


def test_build_of_known_pages_loads_nothing_that_reads_them(build, lessons):
    deck, _ = build()
    code = (
        "import sys\n"
        "from ankiexport.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'lxml', 'nh3', 'markdown_it', 'cssselect', 'httpx', 'multiprocessing'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", code, "build", lessons, "-o", lessons.parent / "again.apkg", "-q"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("[]\n", "")
    assert (lessons.parent / "again.apkg").read_bytes() == deck


def test_pages_that_did_not_change_are_known(build):
    first, known = build()
    assert known == []
    assert build() == (first, ALL)


def test_a_page_that_changed_is_read_again_and_alone(build, lessons):
    build()
    write_lesson(lessons, 1, "It strikes.")
    changed, known = build()
    assert known == ["clock-0.md", "clock-2.md"]
    shutil.rmtree(lessons / cache.FOLDER_NAME)
    assert build() == (changed, [])


def test_it_may_be_deleted_at_any_time(build, lessons):
    first, _ = build()
    shutil.rmtree(lessons / cache.FOLDER_NAME)
    assert build() == (first, [])
    assert build() == (first, ALL)


def test_without_a_lock_there_is_none(build, lessons):
    build("--no-lock")
    assert not (lessons / cache.FOLDER_NAME).exists()


def test_it_stands_beside_the_lock(build, lessons):
    build("--lock", lessons.parent / "clocks.lock")
    assert not (lessons / cache.FOLDER_NAME).exists()
    assert (lessons.parent / cache.FOLDER_NAME).is_dir()


@pytest.mark.parametrize("verb", ["list", "check", "diff", "preview"])
def test_only_a_build_writes_it(run, build, lessons, verb):
    run(verb, lessons)
    assert not (lessons / cache.FOLDER_NAME).exists()
    build()
    write_lesson(lessons, 1, "It strikes.")
    before = rows(lessons)
    run(verb, lessons)
    assert rows(lessons) == before


def test_what_lists_knows_the_pages_too(run, build, lessons):
    build()
    assert run("list", lessons, "-v").stderr.count("known") == 3


def test_what_accounts_for_each_line_reads_them(run, build, lessons):
    build()
    accounted = run("check", lessons, "-v")
    assert "known" not in accounted.stderr and "3 reveals" in accounted.stdout


def test_a_first_build_that_fails_leaves_nothing_beside_the_pages(run, lessons):
    before = sorted(lessons.iterdir())
    for options, status in ((("--locked",), 1), (("-o", lessons / "no folder" / "deck.apkg"), 5)):
        assert run("build", lessons, *options).exit_code == status
        assert sorted(lessons.iterdir()) == before


def test_a_later_build_that_fails_leaves_it(run, build, lessons):
    build()
    assert run("build", lessons, "-o", lessons / "no folder" / "deck.apkg").exit_code == 5
    assert build()[1] == ALL


def test_version_control_does_not_see_it(build, lessons):
    build()
    assert (lessons / cache.FOLDER_NAME / ".gitignore").read_text() == "*\n"


def test_it_is_never_read_as_a_page(build, lessons):
    build()
    (lessons / cache.FOLDER_NAME / "notes.md").write_text("# Clock 9\n\n" + self_checks([("Why?", "Because.")]))
    assert build()[1] == ALL


@pytest.mark.parametrize("bytes_", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 500])
def test_a_damaged_one_is_made_anew(build, lessons, bytes_):
    first, _ = build()
    (lessons / cache.FOLDER_NAME / "readings.sqlite").write_bytes(bytes_)
    assert build() == (first, [])
    build()
    assert build() == (first, ALL)


def test_one_whose_end_is_missing_is_made_anew(build, lessons):
    first, _ = build()
    file = lessons / cache.FOLDER_NAME / "readings.sqlite"
    file.write_bytes(file.read_bytes()[:5000])
    assert build()[0] == first
    build()
    assert build() == (first, ALL)


def test_another_table_of_that_name_is_no_cache(build, lessons):
    first, _ = build()
    file = lessons / cache.FOLDER_NAME / "readings.sqlite"
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE readings (song TEXT)")
    assert build() == (first, [])


def test_a_trigger_that_somebody_has_put_there_runs_never(build, lessons):
    first, _ = build()
    file = lessons / cache.FOLDER_NAME / "readings.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM readings")
        database.execute(
            "CREATE TRIGGER endless AFTER INSERT ON readings BEGIN INSERT INTO readings SELECT * FROM"
            " (WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row LIMIT 50)"
            " SELECT n, n, n, n, n FROM row);"
            " END"
        )
        database.commit()
    assert build() == (first, [])
    build()
    assert len(rows(lessons)) == len(ALL) and build() == (first, ALL)


@pytest.mark.parametrize("key", [b"", b"short"])
def test_a_key_that_was_never_finished_is_made_anew(build, tmp_path, monkeypatch, key):
    home = tmp_path / "own"
    monkeypatch.setenv("ANKIEXPORT_CACHE", str(home))
    home.mkdir()
    (home / "seal.key").write_bytes(key)
    first, _ = build()
    assert len((home / "seal.key").read_bytes()) == 32
    assert build() == (first, ALL)


def test_one_in_use_is_left_alone(build, lessons, monkeypatch):
    monkeypatch.setattr(cache, "_BUSY_AFTER", 0.1)
    first, _ = build()
    with closing(sqlite3.connect(lessons / cache.FOLDER_NAME / "readings.sqlite", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert build() == (first, [])
    assert build() == (first, ALL)


def test_a_reading_that_somebody_else_made_is_none(build, lessons, monkeypatch, tmp_path):
    first, _ = build()
    monkeypatch.setenv("ANKIEXPORT_CACHE", str(tmp_path / "another user"))
    assert build() == (first, [])


def test_a_reading_that_was_changed_is_none(build, lessons):
    first, _ = build()
    with closing(sqlite3.connect(lessons / cache.FOLDER_NAME / "readings.sqlite")) as database:
        ((other,),) = database.execute("SELECT reading FROM readings WHERE CAST(page AS TEXT) LIKE '%clock-1.md'")
        database.execute("UPDATE readings SET reading = ? WHERE CAST(page AS TEXT) LIKE '%clock-0.md'", (other,))
        database.commit()
    assert build() == (first, ["clock-1.md", "clock-2.md"])


def test_a_link_in_its_place_is_not_followed(build, lessons, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (lessons / cache.FOLDER_NAME).symlink_to(elsewhere)
    assert build() == build()
    assert list(elsewhere.iterdir()) == []


def test_another_version_reads_again(build, monkeypatch):
    first, _ = build()
    monkeypatch.setattr(cache, "_programs", lambda: b"another version")
    assert build() == (first, [])


def test_what_the_toml_says_of_reading_counts(build, lessons):
    build()
    (lessons / "ankiexport.toml").write_text(
        '[course]\nname = "Clocks"\n[[page]]\nfile = "clock-0.md"\nurl = "https://clocks.example/0/"\n'
    )
    assert build()[1] == ["clock-1.md", "clock-2.md"]


def test_a_picture_that_changed_is_seen_though_its_page_is_known(build, lessons):
    (lessons / "wheel.gif").write_bytes(PIXEL)
    page = "# Clock 0\n\n" + self_checks([("What is this?\n\n![](wheel.gif)", "A wheel.")])
    (lessons / "clock-0.md").write_text(page)
    first, _ = build()
    (lessons / "wheel.gif").write_bytes(PIXEL + b"\x00")
    second, known = build()
    assert known == ALL
    assert PIXEL + b"\x00" in second and PIXEL + b"\x00" not in first


def test_every_page_of_the_tests_gives_the_same_from_the_cache(run, root, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for folder in sorted(path for path in (root / "tests" / "pages").iterdir() if path.is_dir()):
        pages = tmp_path / folder.name
        shutil.copytree(folder, pages)
        plain = run("build", pages, "--no-lock", "-o", tmp_path / "plain.apkg")
        if plain.exit_code == 3:
            continue
        told = [run("build", pages, "-o", tmp_path / f"{number}.apkg") for number in (1, 2)]
        assert plain.exit_code == told[0].exit_code == told[1].exit_code == 0
        decks = [(tmp_path / f"{name}.apkg").read_bytes() for name in ("plain", "1", "2")]
        assert decks[0] == decks[1] == decks[2], folder.name
        listed = [json.loads(run("list", pages, "--json", *options).stdout) for options in ([], ["--no-lock"])]
        assert listed[0]["pages"] == listed[1]["pages"], folder.name
