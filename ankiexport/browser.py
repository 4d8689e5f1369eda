"""A page of ours in a folder → the same as a PDF, printed by a Chromium that is found on this machine."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from ankiexport.errors import OutputError, UsageError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Playwright, Route

_Result = TypeVar("_Result")

NAMED = "ANKIEXPORT_BROWSER"
"""The environment variable that names the browser to print with; none other is looked for then."""

_NO_PLAYWRIGHT = "a .pdf needs Playwright and a browser: pip install 'ankiexport[pdf]'"
_NO_BROWSER = (
    "no browser to print a .pdf with: install Chromium, Chrome or Edge, or run `playwright install chromium`;"
    f" {NAMED} may name one"
)
# Under which names systems have it, Debian's first
_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
# Where these two put theirs, Playwright knows
_CHANNELS = ("chrome", "msedge") if sys.platform in ("win32", "darwin") else ()
_SHOW = """(part) => document.querySelectorAll("[data-part]").forEach((one) => {
  one.style.display = one.dataset.part === part ? "" : "none";
})"""
_TICK = 0.5  # seconds: on Windows nothing wakes a thread that waits for another
_FAREWELL = 40.0  # seconds that a browser may take to close, or to be given up while it starts


def print_page(page: Path, script: str, output: Path, *, seconds: float) -> None:
    """Prints an HTML file to a PDF, after a script of ours has run in it.

    The page gets files of its own folder and nothing else, and no script that is in it runs.

    Args:
        script: An expression, the only JavaScript that runs. It gives in how many parts the page is to be printed; in
            which one an element is, its `data-part` says, from 0.
        seconds: After which it is given up.

    Raises:
        OutputError: there is no browser, it crashed, or it took too long.
        UsageError: the environment names a browser that does not start.
    """
    try:
        import pypdf  # noqa: F401  # it joins the parts of a long print, too late to miss it
        from playwright.async_api import Error
    except ImportError as error:
        raise OutputError(_NO_PLAYWRIGHT) from error
    try:
        parts = _run(_printed(page, script), seconds)
    except Error as error:
        raise OutputError(f"the browser could not print: {_first_line(error)}") from error
    except asyncio.TimeoutError as error:
        raise OutputError(f"the browser had not printed after {seconds:.0f} seconds") from error
    _join(parts, output)


def _run(work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
    """Runs it in a thread: whoever calls may have an event loop of their own, and a signal is heard at once."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(asyncio.wait_for(work, seconds))
    is_done = Event()  # a thread whose `join` was interrupted counts as ended before it is

    def run() -> None:
        loop.run_until_complete(asyncio.wait({task}))
        loop.close()
        is_done.set()

    Thread(target=run, daemon=True).start()
    try:
        while not is_done.wait(_TICK):
            pass
    except BaseException:
        with suppress(RuntimeError):  # it has just ended
            loop.call_soon_threadsafe(task.cancel)
        is_done.wait(_FAREWELL)
        raise
    return task.result()


async def _printed(page: Path, script: str) -> list[bytes]:
    """The PDF of each part."""
    folder = page.parent.as_uri() + "/"

    async def only_ours(route: "Route") -> None:
        await (route.continue_() if route.request.url.startswith(folder) else route.abort())

    async with _running() as browser:
        context = await browser.new_context(offline=True, java_script_enabled=False)
        await context.route("**/*", only_ours)
        tab = await context.new_page()
        tab.set_default_timeout(0)  # the whole has a limit
        await tab.emulate_media(media="print", color_scheme="light")
        await tab.goto(page.as_uri(), wait_until="load")
        count = await tab.evaluate(script)
        return [await _part(tab, number) for number in range(count)]


@asynccontextmanager
async def _running() -> AsyncIterator["Browser"]:
    """A browser. When it is cancelled while it starts, it starts to the end: what is half there cannot be closed."""
    starting = asyncio.ensure_future(_start())
    try:
        yield (await asyncio.shield(starting))[1]
    finally:
        playwright, browser = await starting
        await browser.close()
        await playwright.stop()


async def _start() -> "tuple[Playwright, Browser]":
    from playwright.async_api import async_playwright

    playwright = await async_playwright().start()
    try:
        return playwright, await launch(playwright)
    except BaseException:
        await playwright.stop()
        raise


async def _part(tab: "Page", number: int) -> bytes:
    await tab.evaluate(_SHOW, str(number))
    return await tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


def _join(parts: list[bytes], output: Path) -> None:
    """Several PDFs in one file, with the bookmarks and the title of each."""
    if len(parts) == 1:
        output.write_bytes(parts[0])
        return
    from pypdf import PdfReader, PdfWriter

    with PdfWriter() as joined:
        for part in parts:
            joined.append(BytesIO(part))
        joined.metadata = PdfReader(BytesIO(parts[0])).metadata
        joined.write(output)


async def launch(playwright: "Playwright") -> "Browser":
    """The first browser that starts. Playwright starts it without its sandbox, so also for root.

    Raises:
        OutputError: none does.
        UsageError: the environment names one that does not.
    """
    from playwright.async_api import Error

    named = os.environ.get(NAMED)
    if named:
        path = shutil.which(named)
        if path is None:
            raise UsageError(f"{NAMED}: {named} is no program")
        try:
            return await playwright.chromium.launch(executable_path=path)
        except Error as error:
            raise UsageError(f"{NAMED}: {named} does not start: {_first_line(error)}") from error
    failed: Error | None = None
    for way in _ways(Path(playwright.chromium.executable_path)):
        try:
            return await playwright.chromium.launch(**way)
        except Error as error:
            failed = error
    if failed:
        raise OutputError(
            f"the browser does not start: {_first_line(failed)}; {NAMED} may name another one"
        ) from failed
    raise OutputError(_NO_BROWSER)


def system_browsers() -> Iterator[str]:
    """The paths of the browsers that the system has under the usual names."""
    yield from filter(None, map(shutil.which, _COMMANDS))


def _ways(own: Path) -> Iterator[dict[str, Any]]:
    """How Playwright may be told which browser to start: its own, one of the system's, one by its maker's name.

    What is not there is left out, as a start that fails leaves temporary folders.

    Args:
        own: Where Playwright's own would be, `ms-playwright/chromium-1187/chrome-linux/chrome`; it may have another
            one beside it that has no window, in `chromium_headless_shell-1187`.
    """
    places = [folder.parent for folder in own.parents if folder.name.startswith("chromium-")]
    if places and any(places[0].glob("chromium*")):
        yield {}
    for path in system_browsers():
        yield {"executable_path": path}
    for channel in _CHANNELS:
        yield {"channel": channel}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
