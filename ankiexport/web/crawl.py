"""An address that a user gives → the pages that are wanted with it, one after the other in the order of the site."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ankiexport.errors import SourceError
from ankiexport.source import decode_source, format_of
from ankiexport.web import addresses, links
from ankiexport.web.answers import Answer, NotFetchedError
from ankiexport.web.client import Client
from ankiexport.web.jobs import Job
from ankiexport.web.listings import Listings, Tell
from ankiexport.web.manners import Fetching
from ankiexport.web.sitemaps import is_sitemap

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_SILENT = 4  # requests in a row without an answer, each tried again
_NO_TYPE = {"", "application/octet-stream"}
_NO_PAGE = {"application/xml", "text/xml", "application/gzip", "application/x-gzip"}

Kept = Callable[[str], Answer | None]
"""What an unfinished run has fetched already of an address."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An address that was asked for, and the page that is there, as text; or the error why there is none.

    A page that is not `wanted` is there only for its links; one that is `kept` was fetched by the run before.
    """

    url: str
    answer: Answer | None = None
    text: str = ""
    error: NotFetchedError | None = None
    wanted: bool = True
    kept: bool = False

    @cached_property
    def tree(self) -> "HtmlElement | None":
        """The tree of the page, where it has one: its links and its licence are read off it."""
        return links.parse_page(self.text) if "<" in self.text else None


class Crawl:
    """Goes through a site.

    `cut` says that there was more than the limit, `failed` that a sitemap could not be had, `broken_off` that the site
    has stopped answering before the end.
    """

    def __init__(self, client: Client, fetching: Fetching, tell: Tell, kept: Kept) -> None:
        self._client = client
        self._fetching = fetching
        self._tell = tell
        self._kept = kept
        self._seen: set[str] = set()
        self._left = fetching.limit
        self._waiting: deque[str] = deque()
        self._silent = 0  # how many requests in a row brought no answer
        self._listings = Listings(client, fetching.manners.largest_sitemap, tell)
        self._is_cut = False
        self.broken_off = False

    @property
    def cut(self) -> bool:
        return self._is_cut or self._listings.cut

    @property
    def failed(self) -> bool:
        return self._listings.failed

    @property
    def waiting(self) -> int:
        """How many pages are known that were not asked for yet."""
        return len(self._waiting)

    def pages(self, given: str) -> Iterator[Visit]:
        """The page at the normal address that is given, and those that are wanted with it."""
        if given in self._seen or not self._left:
            self._is_cut = self._is_cut or given not in self._seen
            return
        start = self._end(given, self._begin(given, lambda target: True), is_start=True)
        if start.answer is None:
            yield start
            return
        here = start.answer.url
        if addresses.host_of(here) != addresses.host_of(given):
            self._tell(given, "note", f"it is redirected to another site: {here}")
        if is_sitemap(start.answer.content, self._fetching.manners.largest_sitemap):
            self._left += 1
            yield from self._listed_in(start.answer)
            return
        is_whole = urlsplit(here).path.endswith("/") or bool(self._fetching.match)
        is_listed, listed = False, []
        if is_whole and not self._fetching.alone:
            found = self._listings.pages_below(here)
            is_listed, listed = bool(found), [url for url in found if url == here or self._is_wanted(url)]
        place = listed.index(here) if here in listed else 0
        yield from self._visits(deque(listed[:place]), here)
        yield start
        yield from self._visits(deque(listed[place:]), here)
        if is_whole and not self._fetching.alone:
            if not is_listed:
                yield from self._linked(start, here)
            self._tell_if_nothing(here)

    def _listed_in(self, start: Answer) -> Iterator[Visit]:
        """The pages of a sitemap that was given itself."""
        found = [url for url in self._listings.pages_in(start.url, start.content) if self._is_wanted(url)]
        if not found:
            self._tell(start.url, "warning", "this sitemap lists no page that is wanted")
        yield from self._visits(deque(found), addresses.origin_of(start.url) + "/")

    def _linked(self, start: Visit, here: str) -> Iterator[Visit]:
        """The pages that are linked below a page, the nearest first."""
        waiting: deque[str] = deque()
        queued: set[str] = set()

        def queue(visit: Visit) -> None:
            """No more than can be asked for, and one to tell that there is more: a page may have millions of links."""
            new = (url for url in self._links(visit, here) if url not in queued)
            for url in islice(new, max(self._left + 1 - len(waiting), 0)):
                queued.add(url)
                waiting.append(url)

        queue(start)
        for visit in self._visits(waiting, here):
            yield visit
            queue(visit)

    def _tell_if_nothing(self, here: str) -> None:
        if self._fetching.match and not any(self._is_wanted(url) for url in self._seen):
            globs = " or ".join(map(repr, self._fetching.match))
            example = "a glob is for a whole address or path: '*/practice/'"
            self._tell(here, "warning", f"no page below it matches {globs}; {example}")

    def _is_wanted(self, url: str) -> bool:
        return not self._fetching.match or addresses.matches(url, self._fetching.match)

    def _visits(self, waiting: deque[str], here: str) -> Iterator[Visit]:
        """Asks for pages below an address, a few at once; they come in the order in which they wait."""
        self._waiting = waiting
        running: deque[tuple[str, Job[Answer] | Answer]] = deque()
        while waiting or running:
            while waiting and len(running) < self._fetching.manners.at_once:
                url = waiting.popleft()
                if url in self._seen:
                    continue
                if not self._left:
                    self._is_cut = True
                    waiting.clear()
                    break
                running.append((url, self._begin(url, lambda target: addresses.is_below(target, here))))
            if running:
                visit = self._end(*running.popleft())
                self._silent = self._silent + 1 if visit.error and visit.error.why == "offline" else 0
                yield visit
            if self._silent >= _MOST_SILENT and waiting:
                self._tell(here, "warning", f"the site does not answer any more; {len(waiting)} pages are left")
                self.broken_off = True
                waiting.clear()

    def _begin(self, url: str, allows: Callable[[str], bool]) -> Job[Answer] | Answer:
        self._seen.add(url)
        self._left -= 1
        return self._kept(url) or self._client.ask(url, "page", allows)

    def _end(self, url: str, begun: Job[Answer] | Answer, *, is_start: bool = False) -> Visit:
        wanted = is_start or self._is_wanted(url)
        try:
            answer = begun if isinstance(begun, Answer) else begun.result()
            self._seen.add(answer.url)
            if is_start and is_sitemap(answer.content, self._fetching.manners.largest_sitemap):
                return Visit(url=url, answer=answer)
            text = _text(answer)
        except NotFetchedError as error:
            return Visit(url=url, error=error, wanted=wanted)
        return Visit(url=url, answer=answer, text=text, wanted=wanted, kept=begun is answer)

    def _links(self, visit: Visit, here: str) -> Iterator[str]:
        """The addresses below another one to which a page links, in its order."""
        if visit.tree is None or visit.answer is None:
            return
        base = addresses.normal(links.base_url(visit.tree) or "", visit.answer.url) or visit.answer.url
        told = (addresses.normal(link, base) for link in links.links_of(visit.tree))
        for url in told:
            if url and url not in self._seen and addresses.is_below(url, here) and self._may_be_page(url):
                yield url

    def _may_be_page(self, url: str) -> bool:
        media_type = addresses.type_of_no_page(url)
        if media_type:
            self._seen.add(url)
            self._tell(url, "note", f"no page: {media_type}")
        return not media_type


def _text(answer: Answer) -> str:
    """The text of a page. Raises NotFetchedError where it is none."""
    if answer.media_type in _NO_PAGE:
        raise NotFetchedError(f"no page: {answer.media_type}", "no page")
    try:
        source = decode_source(answer.content, name=answer.url, charset=answer.charset)
    except SourceError:
        raise NotFetchedError("no page: not text", "no page") from None
    if answer.media_type in _NO_TYPE and source.format == "text" and not format_of(Path(urlsplit(answer.url).path)):
        raise NotFetchedError("no page: the server says no type", "no page")
    return source.text
