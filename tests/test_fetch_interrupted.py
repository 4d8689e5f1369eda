"""A fetch that is stopped or killed: what is there is whole, and the same command goes on where it was."""

import signal
import subprocess
import sys
import time

import pytest
from misbehaving_server import linking, practice, send

from ankiexport.manifest import FILE_NAME, load_manifest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a system with signals")

PAGES = 20


@pytest.fixture
def course(site):
    """A course whose pages take a while to come."""

    def slowly(path):
        page = practice(path, f"What is {path}?").encode("utf-8")

        def answer(handler):
            time.sleep(0.05)
            send(handler, page, Content_Type="text/html; charset=utf-8")

        return answer

    paths = [f"/c/{number}.html" for number in range(PAGES)]
    site.pages["/c/"] = linking(*paths)
    site.pages |= {path: slowly(path) for path in paths}
    return site


def _heed_signals():
    """A shell lets what it runs in the background ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def begin(course, tmp_path):
    """Begins to fetch the course as a process of its own."""
    processes = []

    def begin():
        command = [sys.executable, "-m", "ankiexport", "fetch", f"{course.url}/c/", "--pause", "0", "-o", "saved"]
        options = {"stderr": subprocess.PIPE, "text": True, "cwd": tmp_path}
        processes.append(subprocess.Popen(command, preexec_fn=_heed_signals, **options))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to this"
        time.sleep(0.005)


def stop_in_the_middle(course, process, number, pages=6):
    """Sends a signal while pages are coming; gives the exit status and stderr."""
    wait_until(lambda: len(course.asked) >= pages + 4)  # the robots, the start and two sitemaps come first
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors


def assert_whole(folder):
    """Each file is a whole page that the manifest knows."""
    manifest = load_manifest(folder)
    assert manifest.finished is None
    known = {saved.file for saved in manifest.pages}
    for path in folder.rglob("*.html"):
        assert path.relative_to(folder).as_posix() in known
        assert path.read_text("utf-8").endswith(("</html>", "</p>\n"))
    return manifest


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_run_that_is_stopped_goes_on_where_it_was(course, begin, tmp_path, number, status):
    folder = tmp_path / "saved"
    stopped, errors = stop_in_the_middle(course, begin(), number)
    assert stopped == status
    told = "" if number == signal.SIGKILL else "ankiexport: saved: stopped; the same command goes on where it was\n"
    assert errors == told
    manifest = assert_whole(folder)
    if number != signal.SIGKILL:
        assert {path.name for path in folder.rglob("*") if path.suffix != ".html" and path.is_file()} == {FILE_NAME}
    there = {saved.url.removeprefix(course.url) for saved in manifest.pages if (folder / saved.file).exists()}
    assert 3 <= len(there) < PAGES
    course.forget()
    second = begin()
    _, errors = second.communicate(timeout=60)
    assert (second.returncode, errors.splitlines()[-1].split(",")[0]) == (0, f"saved/: {PAGES + 1} pages")
    assert not there & set(course.asked)
    assert {path for path in course.asked if path.startswith("/c/")} - {"/c/sitemap.xml"} == {
        path for path in course.pages if path not in there
    }
    whole = load_manifest(folder)
    assert whole.finished
    assert [saved.file for saved in whole.pages] == ["c/index.html", *(f"c/{number}.html" for number in range(PAGES))]


def test_run_that_is_killed_again_and_again_comes_to_its_end(course, begin, tmp_path):
    for pages in (2, 5, 4, 3):
        course.forget()
        process = begin()
        stop_in_the_middle(course, process, signal.SIGKILL, pages)
        assert_whole(tmp_path / "saved")
    process = begin()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    pages = load_manifest(tmp_path / "saved").pages
    assert len(pages) == PAGES + 1
    assert all((tmp_path / "saved" / saved.file).stat().st_size for saved in pages)
