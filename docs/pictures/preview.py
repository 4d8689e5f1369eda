#!/usr/bin/env python3
"""Renews the pictures of the preview beside this file: a desktop by day, a phone by night.

Needs `pip install 'ankiexport[desktop,test]'` and Chromium.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import palette
from playwright.sync_api import sync_playwright

import ankiexport
from ankiexport.browser import system_browsers

HERE = Path(__file__).parent
_QUESTION = "What is the pitch of the key"
_BEFORE = "How high is the key"  # so that something has changed since the lock


def write_preview(folder: Path) -> Path:
    """The preview of the course beside this file after one of its questions was reworded."""
    pages = folder / "course"
    shutil.copytree(HERE / "course", pages)
    lesson = pages / "pitch-in-numbers.md"
    text = lesson.read_text("utf-8")
    lesson.write_text(text.replace(_QUESTION, _BEFORE), "utf-8")
    lock = pages / "ankiexport.lock"
    ankiexport.write(ankiexport.build(ankiexport.read(pages), lock=lock), folder / "music.apkg")
    lesson.write_text(text, "utf-8")
    preview = folder / "preview.html"
    ankiexport.write(ankiexport.build(ankiexport.read(pages), lock=lock), preview)
    return preview


def take(browser: Any, preview: Path, name: str, width: int, height: int, **looks: Any) -> None:
    """A picture of the first cards, one of them turned."""
    page = browser.new_context(viewport={"width": width, "height": height}, **looks).new_page()
    page.goto(preview.as_uri())
    page.wait_for_selector("article .card")
    page.locator("article button").first.click()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.wait_for_timeout(300)  # colours fade
    page.screenshot(path=HERE / name)
    palette.shrink(HERE / name)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ankiexport-") as folder, sync_playwright() as playwright:
        preview = write_preview(Path(folder))
        browser = playwright.chromium.launch(executable_path=next(system_browsers(), None))
        take(browser, preview, "preview.png", 1100, 760)
        take(browser, preview, "preview-phone.png", 400, 760, color_scheme="dark")
        browser.close()


if __name__ == "__main__":
    main()
