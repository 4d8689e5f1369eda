"""A build that is killed: deck and lock are whole, and the next build is as if nothing had happened."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing

import pytest
from written import self_checks

from ankiexport.cache import FOLDER_NAME
from ankiexport.lock import load_lock, render_lock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a system with signals")

DAY_ONE = "1700000000"
DAY_TWO = "1700086400"
KILLS = 15
STOPS = 3
FILLING = "It turns once for each breath of the bellows, and then it rests. " * 15


def write_pages(folder, lessons, questions, answer):
    for lesson in range(lessons):
        pairs = ((f"What does wheel {n} of clock {lesson} do?", f"{answer} {FILLING}") for n in range(1, questions + 1))
        (folder / f"{lesson}.md").write_text(f"# Clock {lesson}\n\n{self_checks(pairs)}", "utf-8")


class Course:
    """A course whose pages have changed since its last build, with its lock and deck as they were before and after.

    Of a course that was never built there are none before. `build` takes the arguments and an environment.
    """

    def __init__(self, folder, build, lessons, questions, first=False):
        self._folder = folder
        self._build = build
        self._pages = folder / "clocks"
        self._out = folder / "out"
        self._temporary = folder / "temporary"
        self._deck = self._out / "clocks.apkg"
        self._lock = self._pages / "ankiexport.lock"
        for made in (self._pages, self._out, self._temporary):
            made.mkdir()
        self.old = (None, None)
        if not first:
            write_pages(self._pages, lessons, questions, "It ticks.")
            self._build_undisturbed(DAY_ONE)
            self.old = self.state()
        write_pages(self._pages, lessons, questions + 1, "It strikes.")
        begun = time.monotonic()
        self._build_undisturbed(DAY_TWO)
        self.seconds = time.monotonic() - begun
        self.new = self.state()
        assert None not in self.new
        assert all(old != new for old, new in zip(self.old, self.new, strict=True))

    @property
    def arguments(self):
        return ["build", str(self._pages), "-o", str(self._deck)]

    def environment(self, day=DAY_TWO):
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._temporary))
        return {**places, "SOURCE_DATE_EPOCH": day}

    def _build_undisturbed(self, day):
        assert self._build(self.arguments, self.environment(day)) == 0

    def state(self):
        """The bytes of lock and deck; `None` stands for a file that is not there."""
        return tuple(path.read_bytes() if path.exists() else None for path in (self._lock, self._deck))

    def put(self, state):
        """Lock and deck as they were. What killed builds have left behind stays."""
        for path, data in zip((self._lock, self._deck), state, strict=True):
            path.unlink(missing_ok=True)
            if data is not None:
                path.write_bytes(data)

    def left(self):
        """What lies where a build writes and is none of its two files, nor what it knows of the pages."""
        places = (*self._out.iterdir(), *self._pages.iterdir(), *self._temporary.iterdir())
        own = (self._deck, self._lock, self._pages / FOLDER_NAME)
        return [path for path in places if path not in own and path.suffix not in (".md", ".held")]

    def sweep(self):
        for path in self.left():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def is_being_written(self):
        """Has a build begun to write beside the deck?"""
        return any(path != self._deck for path in self._out.iterdir())

    def assert_whole(self):
        """Lock and deck are each the old or the new one, and the deck is never newer than the lock."""
        lock, deck = self.state()
        assert (lock, deck) in (self.old, (self.new[0], self.old[1]), self.new)
        if lock is not None:
            assert render_lock(load_lock(self._lock)).encode("utf-8") == lock
        if deck is not None:
            self._assert_sound()

    def _assert_sound(self):
        with zipfile.ZipFile(self._deck) as package:
            assert package.testzip() is None
            database = package.extract("collection.anki2", self._folder)
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def assert_made_good(self):
        """The next build gives what one gives that was never disturbed."""
        self._build_undisturbed(DAY_TWO)
        assert self.state() == self.new


# At random moments


def start(arguments, environment):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "ankiexport", *arguments]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    return Course(folder, lambda *given: start(*given).wait(), lessons=20, questions=25)


def end_at_random(course, number, sent):
    """A build that gets a signal: each second time at any moment, else soon after it began to write."""
    course.put(course.old)
    chance = random.Random(number)
    build = start(course.arguments, course.environment())
    if number % 2:
        time.sleep(chance.uniform(0, course.seconds))
    else:
        while build.poll() is None and not course.is_being_written():
            time.sleep(0.001)
        time.sleep(chance.uniform(0, course.seconds / 15))
    build.send_signal(sent)
    return build.wait()


def test_build_killed_at_random_moments_leaves_whole_files_and_the_next_is_as_ever(large):
    large.sweep()
    seen = set()
    for number in range(KILLS):
        assert end_at_random(large, number, signal.SIGKILL) in (0, -signal.SIGKILL)
        large.assert_whole()
        found = (large.state(), bool(large.left()))
        if found not in seen:
            seen.add(found)
            large.assert_made_good()
    assert (large.old, True) in seen


def test_build_told_to_stop_at_random_moments_leaves_no_temporary_file(large):
    large.sweep()
    for number in range(STOPS):
        assert end_at_random(large, number, signal.SIGTERM) in (0, 128 + signal.SIGTERM, -signal.SIGTERM)
        large.assert_whole()
        assert large.left() == []


# Before each step

# Forks for each line on standard input, so that the libraries are loaded once: builds, and ends itself with a signal
# before the n-th thing that it does to the file system.
FORKS = """
import io, json, os, sys
from ankiexport.cli import main

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "sqlite3.connect"}

def end_before(step, sent, kept):
    left = step
    def count():
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), sent)
    def hear(event, arguments):
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or event in STEPS - set(kept):
            sys.setprofile(see if ".tmp" in str(arguments[0]) else None)  # it is slow
            count()
    def see(frame, event, called):
        if event == "c_call" and called.__name__ == "write" and not isinstance(called.__self__, io.TextIOBase):
            count()
    sys.addaudithook(hear)

for line in sys.stdin:
    arguments, environment, *ending = json.loads(line)
    child = os.fork()
    if not child:
        os.environ.update(environment)
        if ending:
            end_before(*ending)
        main(arguments)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
WARM_UP = "import ankiexport.pipeline, ankiexport.readers.markdown, ankiexport.writers.apkg, filelock\n"


@pytest.fixture(scope="module")
def fork():
    """Builds in a process that is ready for it; the status of each is given."""
    command = [sys.executable, "-c", WARM_UP + FORKS]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:

        def fork(*given):
            process.stdin.write(json.dumps(given) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield fork
        process.stdin.close()


# What tidies up is not interrupted by a signal that the run hears: the signal would take its place.
KEPT = {signal.SIGKILL: (), signal.SIGTERM: ("os.remove", "os.rmdir")}


@pytest.mark.parametrize(
    ("sent", "first"),
    [(signal.SIGKILL, True), (signal.SIGKILL, False), (signal.SIGTERM, False)],
    ids=["first build killed", "next build killed", "next build told to stop"],
)
def test_build_ended_before_any_step_leaves_whole_files_and_the_next_is_as_ever(sent, first, tmp_path, fork):
    course = Course(tmp_path, fork, lessons=2, questions=2, first=first)
    seen = set()
    statuses = []
    while not statuses or statuses[-1] != 0:
        course.put(course.old)
        ending = (len(statuses) + 1, sent, KEPT[sent])
        statuses.append(fork(course.arguments, course.environment(), *ending))
        course.assert_whole()
        if sent == signal.SIGTERM:
            assert course.left() == []
        if course.state() not in seen:
            seen.add(course.state())
            course.assert_made_good()
    assert set(statuses) == {0, 128 + sent if sent == signal.SIGTERM else -sent}
    assert len(statuses) > 10
    assert seen == {course.old, (course.new[0], course.old[1]), course.new}
