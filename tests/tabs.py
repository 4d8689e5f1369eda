"""A tab of a real browser that a test drives as a person would, and all that it tells meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READY = ".pv-tools:not([hidden])"
_LOCAL = ("file:", "blob:", "data:")


class Tab:
    """A page of ours that is open. `told` is what went to the console, `left` the requests that went elsewhere."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.told: list[str] = []
        self.left: list[str] = []
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("dialog", lambda dialog: (self.told.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.startswith(_LOCAL) else self.left.append(request.url))

    def open(self, path: Path, fragment: str = "") -> "Tab":
        self.page.goto(path.resolve().as_uri() + fragment)
        self.page.wait_for_selector(READY)
        return self

    def settle(self) -> None:
        """Waits until what has just changed is laid out: parts of a page that is not come without their text."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def shown(self) -> list[str]:
        """The GUIDs of the notes that are shown."""
        return list(self.page.eval_on_selector_all("article[id]", _IDS_OF_SHOWN))

    def turned(self) -> list[str]:
        """The GUIDs of the notes whose answer is shown."""
        return list(self.page.eval_on_selector_all("article[id]:has(.pv-back:not([hidden]))", _IDS_OF_SHOWN))

    def current(self) -> str | None:
        found: str | None = self.page.evaluate("document.querySelector('.pv-current')?.id")
        return found

    def texts(self, selector: str) -> list[str]:
        """The text of each such element, its white space folded."""
        self.settle()
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def count(self) -> str:
        return str(self.page.text_content("#shown"))

    def go_to_each(self) -> None:
        """Scrolls through the page, so that every card is there."""
        for article in self.page.query_selector_all("article[id]:not([hidden])"):
            article.scroll_into_view_if_needed()
        self.page.wait_for_selector("article[id]:not([hidden]):not(.pv-filled)", state="detached")


_IDS_OF_SHOWN = "them => them.filter(it => it.checkVisibility()).map(it => it.id)"


@contextmanager
def tab_of(browser: Any, **options: Any) -> Iterator[Tab]:
    """A tab of its own; `options` are those of a Playwright context."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
    try:
        yield Tab(context.new_page())
    finally:
        context.close()
