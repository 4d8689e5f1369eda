"""A page of ours in a folder → the same as a PDF, printed by a Chromium that is found on this machine."""

import asyncio
import os
import shutil
from collections.abc import Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from ankiexport.errors import OutputError, UsageError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright, Route

NAMED = "ANKIEXPORT_BROWSER"
"""The environment variable that names the browser to print with; none other is looked for then."""

_NO_PLAYWRIGHT = "a .pdf is printed by a browser, which needs Playwright: pip install 'ankiexport[pdf]'"
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
_CHANNELS = ("chrome", "msedge")  # where Windows and macOS put theirs, Playwright knows
_TICK = 0.5  # seconds: on Windows nothing wakes a thread that waits for another
_FAREWELL = 15.0  # seconds that a browser may take to close


def print_page(page: Path, script: str, output: Path, *, seconds: float) -> None:
    """Prints an HTML file to a PDF, after a script of ours has run in it.

    The page gets files of its own folder and nothing else, and no script that is in it runs.

    Args:
        script: An expression, the only JavaScript that runs.
        seconds: After which it is given up.

    Raises:
        OutputError: there is no browser, it crashed, or it took too long.
        UsageError: the environment names a browser that does not start.
    """
    try:
        from playwright.async_api import Error
    except ImportError as error:
        raise OutputError(_NO_PLAYWRIGHT) from error
    try:
        _run(_printed(page, script, output), seconds)
    except Error as error:
        raise OutputError(f"the browser could not print: {_first_line(error)}") from error
    except asyncio.TimeoutError as error:
        raise OutputError(f"the browser had not printed after {seconds:.0f} seconds") from error


def _run(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """Runs it in a thread: whoever calls may have an event loop of their own, and a signal is heard at once."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(asyncio.wait_for(work, seconds))
    thread = Thread(target=lambda: loop.run_until_complete(asyncio.wait({task})), daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_TICK)
    except BaseException:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(_FAREWELL)
        raise
    loop.close()
    task.result()


async def _printed(page: Path, script: str, output: Path) -> None:
    from playwright.async_api import async_playwright

    folder = page.parent.as_uri() + "/"

    async def only_ours(route: "Route") -> None:
        await (route.continue_() if route.request.url.startswith(folder) else route.abort())

    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            context = await browser.new_context(offline=True, java_script_enabled=False)
            await context.route("**/*", only_ours)
            tab = await context.new_page()
            tab.set_default_timeout(0)  # the whole has a limit
            await tab.emulate_media(media="print", color_scheme="light")
            await tab.goto(page.as_uri(), wait_until="load")
            await tab.evaluate(script)
            await tab.pdf(path=output, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        finally:
            await browser.close()


async def launch(playwright: "Playwright") -> "Browser":
    """The first browser that starts. Playwright starts it without its sandbox, so also for root.

    Raises:
        OutputError: none does.
        UsageError: the environment names one that does not.
    """
    from playwright.async_api import Error

    named = os.environ.get(NAMED)
    if named:
        try:
            return await playwright.chromium.launch(executable_path=shutil.which(named) or named)
        except Error as error:
            raise UsageError(f"{NAMED}: {named} does not start: {_first_line(error)}") from error
    failed: Error | None = None
    for way in _ways():
        try:
            return await playwright.chromium.launch(**way)
        except Error as error:
            failed = error
    raise OutputError(_NO_BROWSER) from failed


def _ways() -> Iterator[dict[str, str]]:
    """How Playwright may be told which browser to start: its own, one of the system's, one by its maker's name."""
    yield {}
    for command in _COMMANDS:
        path = shutil.which(command)
        if path:
            yield {"executable_path": path}
    for channel in _CHANNELS:
        yield {"channel": channel}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
