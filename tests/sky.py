"""A course of two lessons that several test modules build, and how they look at its lock and its deck."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from contextlib import closing

from written import self_checks

from ankiexport.cache import FOLDER_NAME

DAY = 86_400
DAY_ONE = 1_700_000_000
LAST_SECOND = 253_402_300_799  # of the year 9999
MOON = ("What pulls the tides?", "Why does one side stay hidden?", "How long is a night up there?")
SUN = ("What does it burn?", "How old is it?")


def write_page(path, title, *questions, answer="It is told in the chapter, and {} is how."):
    path.parent.mkdir(parents=True, exist_ok=True)
    pairs = ((asked, answer.format(asked)) for asked in questions)
    path.write_text(f"# {title}\n\n{self_checks(pairs)}", "utf-8")


VERBS = ("build", "lock", "list", "check", "diff")
RESTORE = r"restore it from version control, or move it away and make it again: ankiexport lock --from DECK PAGES"


def state(path):
    """All that a rewrite of this file would change."""
    return path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino


def tree(folder):
    return {path: state(path) if path.is_file() else None for path in folder.rglob("*") if not is_cache(path)}


def is_cache(path):
    """Is this where builds keep what they have read, which no result depends on?"""
    return FOLDER_NAME in path.parts


def records(lock):
    """The lines of a lock that say something."""
    return [json.loads(line) for line in lock.read_text("utf-8").split("\n") if line and not line.startswith("#")]


def locked_notes(lock):
    return [record for record in records(lock) if "guid" in record]


def packed_notes(deck):
    """`{guid: (note id, mod time, deck)}` of a package."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(deck) as package:
        database = package.extract("collection.anki2", folder)
        with closing(sqlite3.connect(database)) as connection:
            ((decks,),) = connection.execute("SELECT decks FROM col")
            names = {int(number): found["name"] for number, found in json.loads(decks).items()}
            rows = connection.execute(
                "SELECT guid, notes.id, notes.mod, did FROM notes JOIN cards ON nid = notes.id ORDER BY due"
            ).fetchall()
    assert len({guid for guid, *_ in rows}) == len(rows)
    return {guid: (note_id, mod, names[deck_id]) for guid, note_id, mod, deck_id in rows}


def start(*arguments, **environment):
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ankiexport", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def end(build):
    """The status and what was said on stderr."""
    _, error = build.communicate()
    assert "Traceback" not in error
    return build.returncode, error


def assert_refused(result, start, advice):
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"ankiexport: {start}")
    assert re.search(advice, line)
