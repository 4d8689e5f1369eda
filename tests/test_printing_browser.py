"""The browser that prints: which one it is, what it may load, and what is said and left when it fails."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from papers import NO_BROWSER, course_of, open_pdf, write_numbered

from ankiexport import browser, write
from ankiexport.errors import OutputError

pytestmark = pytest.mark.usefixtures("printing_browser")


class _Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_):
        pass


def test_a_page_gets_nothing_but_its_folder(tmp_path):
    server = HTTPServer(("127.0.0.1", 0), _Asked)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "outside.css").write_text("body::after { content: 'Stolen' }", "utf-8")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "inside.css").write_text("body::after { content: 'Styled' }", "utf-8")
    page = tmp_path / "page" / "page.html"
    address = f"http://127.0.0.1:{server.server_port}"
    page.write_text(
        f'<link rel="stylesheet" href="inside.css"><link rel="stylesheet" href="../outside.css">'
        f'<img src="{address}/1.png">'
        f'<link rel="stylesheet" href="{address}/2.css"><script>document.write("Ran")</script>Text<i id="i"></i>',
        "utf-8",
    )
    browser.print_page(page, "document.getElementById('i').append('Fitted') ?? 1", tmp_path / "page.pdf", seconds=60)
    server.shutdown()
    server.server_close()
    text = "".join(page.extract_text() for page in open_pdf(tmp_path / "page.pdf").pages)
    assert "Fitted" in text
    assert "Styled" in text
    assert "Stolen" not in text
    assert "Ran" not in text
    assert server.asked == []


def test_a_notebook_prints(tmp_path):
    """Where an event loop runs already."""
    course = course_of(write_numbered(tmp_path / "numbers", 1))

    async def cell() -> None:
        write(course, tmp_path / "cards.pdf")

    asyncio.run(cell())
    assert len(open_pdf(tmp_path / "cards.pdf").pages) == 1


def _without_playwright(monkeypatch, _):
    monkeypatch.setitem(sys.modules, "playwright", None)
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)


def _without_browser(monkeypatch, empty):
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(empty))
    monkeypatch.delenv(browser.NAMED, raising=False)
    monkeypatch.setattr(browser, "_COMMANDS", ())
    monkeypatch.setattr(browser, "_CHANNELS", ())


def _with_a_browser_that_fails(monkeypatch, empty):
    _without_browser(monkeypatch, empty)
    monkeypatch.setattr(browser, "_COMMANDS", ("false",))


def _with_a_wrong_browser(monkeypatch, empty):
    monkeypatch.setenv(browser.NAMED, str(empty / "lynx"))


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        (_without_playwright, 5, "pip install 'ankiexport[pdf]'"),
        (_without_browser, 5, "playwright install chromium"),
        (_with_a_browser_that_fails, 5, "the browser does not start: "),
        (_with_a_wrong_browser, 2, "lynx is no program"),
    ],
)
@pytest.mark.parametrize("verb", ["build", "preview"])
def test_what_is_missing_is_said_in_a_line(run, monkeypatch, tmp_path, what, status, words, verb):
    folder = write_numbered(tmp_path / "numbers", 1)
    (tmp_path / "empty").mkdir()
    what(monkeypatch, tmp_path / "empty")
    output = tmp_path / "cards.pdf"
    output.write_bytes(b"as before")
    result = run(verb, folder, "-o", output)
    assert result.exit_code == status
    last = result.stderr.splitlines()[-1]
    assert last.startswith("ankiexport: ")
    assert words in last
    assert output.read_bytes() == b"as before"
    assert sorted(path.name for path in folder.iterdir()) == ["page.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards.pdf", "empty", "numbers", "working-folder"]


def test_playwrights_own_browser_comes_first(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    own = tmp_path / "chromium-1" / "chrome-mac" / "Chromium.app" / "Contents" / "MacOS" / "Chromium"
    assert next(browser._ways(own)) == {"executable_path": "/usr/bin/chromium"}
    (tmp_path / "chromium_headless_shell-1").mkdir()
    assert next(browser._ways(own)) == {}


def test_a_browser_that_is_too_slow_is_given_up(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("Text", "utf-8")
    with pytest.raises(OutputError, match="after 2 seconds"):
        browser.print_page(page, "new Promise(() => {})", tmp_path / "page.pdf", seconds=2)


@pytest.fixture
def wrapped(monkeypatch, tmp_path):
    """A browser that writes its process id to a file, which is given."""
    if sys.platform == "win32":
        pytest.skip("needs a system with signals")
    real = next((path for name in browser._COMMANDS if (path := shutil.which(name))), None)
    if not real:
        pytest.skip(NO_BROWSER)
    script, pid = tmp_path / "browser.sh", tmp_path / "pid"
    script.write_text(f'#!/bin/sh\necho $$ > "{pid}.new"\nmv "{pid}.new" "{pid}"\nexec {real} "$@"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(browser.NAMED, str(script))
    return pid


def _await(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_browser_that_crashes_is_said_in_a_line(tmp_path, wrapped):
    page = tmp_path / "page.html"
    page.write_text("Text", "utf-8")

    def crash() -> None:
        _await(wrapped.exists)
        time.sleep(1)
        os.kill(int(wrapped.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=crash)
    killer.start()
    with pytest.raises(OutputError, match=r"^the browser could not print: [^\n]+$"):
        browser.print_page(page, "new Promise(() => {})", tmp_path / "page.pdf", seconds=60)
    killer.join()


@pytest.mark.parametrize("after", [0, 0.5])
def test_a_run_that_is_stopped_leaves_nothing(tmp_path, wrapped, after):
    folder = write_numbered(tmp_path / "numbers", 1000)
    command = [sys.executable, "-m", "ankiexport", "build", str(folder), "-o", str(tmp_path / "cards.pdf")]
    with tempfile.TemporaryDirectory(prefix="ax") as temporary:  # its name is short, as Chromium's socket must be
        process = subprocess.Popen(
            command, env={**os.environ, "TMPDIR": temporary}, stderr=subprocess.PIPE, encoding="utf-8"
        )
        _await(wrapped.exists)
        time.sleep(after)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGTERM, said
        assert "Traceback" not in said
        assert [path for path in Path(temporary).iterdir() if path.suffix != ".held"] == []  # which locks leave
    assert not list(tmp_path.glob("*.pdf"))
    assert not list(tmp_path.glob(".ankiexport-*"))
    assert not (folder / "ankiexport.lock").exists()
    _await(lambda: not _is_alive(int(wrapped.read_text())))
