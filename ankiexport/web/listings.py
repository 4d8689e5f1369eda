"""A site, or one of its sitemaps → the addresses of the pages that are listed there, in their order."""

from collections.abc import Callable, Iterable, Iterator

from ankiexport.model import Severity
from ankiexport.web import addresses
from ankiexport.web.answers import NotFetchedError
from ankiexport.web.client import Client
from ankiexport.web.sitemaps import Sitemap, parse_sitemap

_MOST_SITEMAPS = 200
_MOST_LISTED = 200_000  # pages; a sitemap has 50,000 at most

Tell = Callable[[str, Severity, str], None]
"""Takes an address and what is to be told of it."""


class Listings:
    """Asks for sitemaps. `cut` says that there were more than the limit, `failed` that one could not be had."""

    def __init__(self, client: Client, largest: int, tell: Tell) -> None:
        self._client = client
        self._largest = largest  # bytes of a sitemap
        self._tell = tell
        self._asked: set[str] = set()  # the sitemaps that were asked for below one address
        self.cut = False
        self.failed = False

    def pages_below(self, here: str) -> list[str]:
        """The pages below an address that the sitemaps of its site list, in their order."""
        origin = addresses.origin_of(here)
        folder = f"{origin}{addresses.base_of(here)}"
        self._asked.clear()
        told = [addresses.normal(url, origin) for url in self._client.robots(here).sitemaps]
        for tried in (told, [f"{folder}sitemap.xml", f"{origin}/sitemap.xml"]):
            for url in dict.fromkeys(tried):
                found = self._listed_by(url, here) if url and url not in self._asked else []
                if set(found) - {here}:
                    return found
        return []

    def _listed_by(self, url: str, here: str) -> list[str]:
        if addresses.host_of(url) != addresses.host_of(here):
            self._tell(url, "note", "this sitemap is on another site")
            return []
        if len(self._asked) >= _MOST_SITEMAPS:
            self._cut(url)
            return []
        content = self._sitemap(url)
        return [page for page in self._expanded(url, content) if addresses.is_below(page, here)] if content else []

    def pages_in(self, given: str, content: bytes) -> Iterable[str]:
        """The pages of a sitemap, and of the sitemaps that it lists, in their order, each once."""
        self._asked.clear()
        return self._expanded(given, content)

    def _expanded(self, given: str, content: bytes) -> Iterable[str]:
        waiting: list[tuple[str, bytes | None]] = [(given, content)]
        seen = self._asked
        seen.add(given)
        found: dict[str, None] = {}
        while waiting and len(found) < _MOST_LISTED:
            url, there = waiting.pop(0)
            there = there or self._sitemap(url)
            sitemap = parse_sitemap(there, self._largest) if there else None
            found |= dict.fromkeys(self._pages_of(sitemap or Sitemap(), url))
            inner = [normal for child in (sitemap or Sitemap()).sitemaps if (normal := addresses.normal(child, url))]
            new = [child for child in dict.fromkeys(inner) if child not in seen]
            new = [child for child in new if addresses.host_of(child) == addresses.host_of(url)]
            if len(seen) + len(new) > _MOST_SITEMAPS:
                self._cut(url)
                new = new[: _MOST_SITEMAPS - len(seen)]
            seen.update(new)
            waiting = [*((child, None) for child in new), *waiting]
        return found

    def _cut(self, url: str) -> None:
        self._tell(url, "warning", f"more than {_MOST_SITEMAPS} sitemaps: the others are left out")
        self.cut = True

    def _pages_of(self, sitemap: Sitemap, url: str) -> Iterator[str]:
        """The pages on the host of a sitemap, with its own scheme: many say http that are https by now."""
        origin, host = addresses.origin_of(url), addresses.host_of(url)
        for page in sitemap.pages:
            found = addresses.normal(page, url)
            if found and addresses.host_of(found) == host:
                yield origin + found.removeprefix(addresses.origin_of(found))

    def _sitemap(self, url: str) -> bytes | None:
        """What a sitemap holds; None where there is none."""
        host = addresses.host_of(url)
        self._asked.add(url)
        try:
            return self._client.fetch(url, "sitemap", lambda target: addresses.host_of(target) == host).content
        except NotFetchedError as error:
            if error.why == "away":
                self._tell(url, "note", str(error))
            elif error.why not in ("gone", "refused", "forbidden"):
                self._tell(url, "warning", str(error))
                self.failed = True
            return None
