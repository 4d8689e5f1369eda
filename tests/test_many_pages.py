"""Many pages: read in several processes they give what one gives, and nothing is left of a run that ends early."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from written import self_checks

PAGES = 40  # enough for several processes


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder of many lessons of all formats, of which some have a problem and one has no question."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path / "clocks"
    folder.mkdir()
    for number in range(PAGES):
        write_lesson(folder, number, lacks_answers=number % 10 == 0)
    (folder / "clock-7.md").write_text("# Clock 7\n\nNobody asks anything here.\n", "utf-8")
    (folder / "clock-9.md").write_bytes(b"# Clock 9\n\n" + self_checks([("Où?", "Là.")]).encode("latin-1"))
    return folder


def write_lesson(folder, number, questions=3, lacks_answers=False):
    pairs = [(f"What does wheel {wheel} of clock {number} do?", "It ticks.") for wheel in range(questions)]
    missing = f"\n**{questions + 1}.** And what is the time?\n" if lacks_answers else ""
    (folder / f"clock-{number}.md").write_text(f"# Clock {number}\n\n{self_checks(pairs)}{missing}", "utf-8")


def command(*arguments):
    return [sys.executable, "-m", "ankiexport", *map(str, arguments)]


def test_two_processes_give_what_one_gives(run, lessons):
    told = []
    for jobs in (1, 2):
        deck = lessons.parent / f"{jobs}.apkg"
        result = run("build", lessons, "--no-lock", "--jobs", jobs, "-o", deck)
        assert result.exit_code == 0, result.output
        told.append((deck.read_bytes(), result.stderr.replace(str(deck), "DECK")))
    assert told[0] == told[1]
    assert "clock-7.md:1: note: no question" in told[0][1] and "clock-9.md:1: note: read as" in told[0][1]


def test_two_processes_account_for_each_line_as_one_does(run, lessons):
    told = [run("check", lessons, "--json", "--jobs", jobs).stdout for jobs in (1, 2)]
    assert told[0] == told[1]
    assert json.loads(told[0])["total"]["reveals"] == 3 * (PAGES - 2) + 1


@pytest.mark.parametrize("lacking", ["semaphores", "files"])
def test_where_no_process_can_begin_pages_are_read_all_the_same(run, lessons, monkeypatch, lacking):
    def lack(*_, **__):
        raise OSError(24, f"no {lacking} left")

    place = {"semaphores": "synchronize.SemLock.__init__", "files": "popen_forkserver.Popen.__init__"}[lacking]
    monkeypatch.setattr(f"multiprocessing.{place}", lack)
    result = run("build", lessons, "--no-lock", "--jobs", 2, "-o", lessons.parent / "deck.apkg")
    assert result.exit_code == 0, result.output
    assert "clock-9.md:1: note: read as" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a process there has all three streams")
def test_closed_standard_error_is_no_error(lessons):
    deck = lessons.parent / "deck.apkg"
    ended = subprocess.run(
        [*("sh", "-c", 'exec "$@" 2>&-', "sh"), *command("build", lessons, "--no-lock", "-o", deck)], check=False
    )
    assert (ended.returncode, deck.exists()) == (0, True)


def test_of_several_errors_the_first_is_told(run, lessons):
    for number in (20, 30):
        (lessons / f"clock-{number}.md").write_bytes(b"\x00\x01\x02" * 50)
    told = {run("build", lessons, "--jobs", jobs).stderr for jobs in (1, 2)}
    assert told == {f"ankiexport: {lessons}/clock-20.md: not text (a binary file?)\n"}


def test_from_python_pages_are_read_in_one_process_unless_more_are_wanted(lessons):
    script = f"import ankiexport; print(len(ankiexport.read({str(lessons)!r})))"  # no __main__ guard
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == f"{PAGES}\n"


@pytest.fixture
def long_course(tmp_path):
    """A course that takes some seconds to read."""
    folder = tmp_path / "long"
    folder.mkdir()
    for number in range(120):
        write_lesson(folder, number, questions=40)
    return folder


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="needs a system with signals")


def processes_of(group):
    """The processes of a group that are alive."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in found.splitlines())
    return [int(pid) for pid, of, state in rows if int(of) == group and not state.startswith("Z")]


def gone(group):
    """Does every process of a group end?"""
    until = time.monotonic() + 30
    while processes_of(group) and time.monotonic() < until:
        time.sleep(0.05)
    return not processes_of(group)


def heed_ctrl_c():
    """A shell that runs the tests in the background has told them to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(folder, *options):
    """A build in a group of processes of its own."""
    arguments = command("build", folder, "-o", folder.parent / "deck.apkg", "--jobs", 2, *options)
    begun = {"start_new_session": True, "preexec_fn": heed_ctrl_c}
    return subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, **begun)


def begin(folder, reading):
    """A build that is reading: so many pages are told."""
    build = start(folder, "-v")
    for _ in range(reading):
        assert build.stderr.readline().endswith("reading\n")
    return build


@needs_signals
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_leaves_no_process_and_no_traceback(long_course, sent):
    build = begin(long_course, reading=10)
    os.killpg(build.pid, sent) if sent == signal.SIGINT else build.send_signal(sent)
    _, rest = build.communicate(timeout=60)
    assert build.returncode == 128 + sent
    assert "Traceback" not in rest and "Error" not in rest
    assert gone(build.pid)
    assert not (long_course.parent / "deck.apkg").exists()
    assert not (long_course / "ankiexport.lock").exists()


@needs_signals
@pytest.mark.parametrize("pause", [0.0, 0.3, 0.6])
def test_a_build_that_is_stopped_twice_while_its_processes_begin_ends(long_course, pause):
    build = start(long_course, "-v")
    cached = long_course / ".ankiexport_cache"
    until = time.monotonic() + 30
    while not cached.exists() and time.monotonic() < until:  # what comes next is to begin processes
        time.sleep(0.01)
    time.sleep(pause)
    for _ in range(2):
        os.killpg(build.pid, signal.SIGINT)
        time.sleep(0.05)
    _, rest = build.communicate(timeout=60)
    assert build.returncode in (-signal.SIGINT, 128 + signal.SIGINT)
    assert "Traceback" not in rest
    assert gone(build.pid)


@needs_signals
def test_what_was_read_before_is_known_to_the_next_build(run, long_course):
    assert run("build", long_course).exit_code == 0
    for page in long_course.glob("*.md"):
        page.write_text(page.read_text().replace("It ticks.", "It strikes."))
    build = begin(long_course, reading=30)
    os.killpg(build.pid, signal.SIGINT)
    build.communicate(timeout=60)
    again = run("build", long_course, "-v")
    assert 30 <= again.stderr.count(": known\n") < 120


@needs_signals
def test_a_build_that_is_killed_leaves_no_process(long_course):
    build = begin(long_course, reading=10)
    build.kill()
    build.wait()
    build.stderr.close()
    assert gone(build.pid)


@needs_signals
def test_a_reader_that_is_killed_is_one_line(long_course):
    build = begin(long_course, reading=5)
    of_server = subprocess.run(["pgrep", "-P", str(build.pid)], capture_output=True, text=True, check=True).stdout
    for server in of_server.split():
        workers = subprocess.run(["pgrep", "-P", server], capture_output=True, text=True).stdout
        for worker in workers.split():
            os.kill(int(worker), signal.SIGKILL)
    _, rest = build.communicate(timeout=60)
    (last,) = [line for line in rest.splitlines() if not line.endswith(": reading")]
    assert last == "ankiexport: a process that read pages was ended from outside; try again, or with --jobs 1"
    assert build.returncode == 1


def on_a_terminal(*arguments):
    """What the command shows where stderr is a terminal."""
    import pty

    ours, theirs = pty.openpty()
    build = subprocess.Popen(command(*arguments), stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert build.wait() == 0
    return shown.decode()


@needs_signals
def test_a_terminal_shows_how_far_it_is(long_course):
    shown = on_a_terminal("build", long_course, "--no-lock", "--jobs", 1, "-o", long_course.parent / "deck.apkg")
    assert "reading" in shown and "120/120" in shown and "4800 notes" in shown


@needs_signals
def test_nothing_moves_where_nobody_looks_on(run, long_course):
    quiet = on_a_terminal("build", long_course, "--no-lock", "-q", "-o", long_course.parent / "deck.apkg")
    assert quiet == ""
    piped = run("build", long_course, "--no-lock")
    assert "\r" not in piped.stderr and "reading" not in piped.stderr


def test_quiet_still_tells_warnings(run, lessons):
    (lessons / "clock-0.md").write_text("# Clock 0\n\n" + self_checks([("What is this?\n\n![](no.gif)", "A wheel.")]))
    told = run("build", lessons, "--no-lock", "-q")
    assert "clock-0.md:5: warning: picture 'no.gif' is not in the deck" in told.stderr
    assert "note:" not in told.stderr and "deck.apkg" not in told.stderr and told.stdout == ""


def test_more_and_less_at_once_make_no_sense(run, lessons):
    result = run("build", lessons, "-q", "-v")
    assert result.exit_code == 2 and "give one of them" in result.stderr
