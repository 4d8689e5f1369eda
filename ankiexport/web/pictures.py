"""Pages that were fetched → the pictures and recordings of their content, fetched too."""

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from ankiexport import markup
from ankiexport.errors import SourceError
from ankiexport.model import Block
from ankiexport.readers import read_document
from ankiexport.source import decode_source, format_of
from ankiexport.web import addresses
from ankiexport.web.answers import Answer, NotFetchedError
from ankiexport.web.client import Client
from ankiexport.web.jobs import Job
from ankiexport.web.manners import Fetching
from ankiexport.web.shelf import Shelf

# data-ankiexport-media="a.png&#10;b.png": where a page has a picture; several addresses, the best first
_ADDRESSES = re.compile(rf'{markup.MEDIA}="([^"]+)"')


class Pictures:
    """What pages show and play, also where it is on another host. Each address is asked for once."""

    def __init__(self, client: Client, fetching: Fetching, shelf: Shelf) -> None:
        self._client = client
        self._manners = fetching.manners
        self._shelf = shelf
        self._waiting: deque[str] = deque()
        self._known: set[str] = set()
        self.cut = False  # there were more than the limit

    @property
    def waiting(self) -> int:
        """How many were not asked for yet."""
        return len(self._waiting)

    def look_for(self, page: Answer, name: str) -> None:
        """Adds what a page shows and plays in its content; `name` is its file, which tells its format."""
        for url in _addresses_of(page, name):
            if url in self._known:
                continue
            if len(self._known) >= self._manners.most_media:
                self.cut = True
                return
            self._known.add(url)
            self._waiting.append(url)

    def fetch(self) -> Iterator[tuple[str, Answer | NotFetchedError]]:
        """Saves what was found, a few at once. Raises OutputError."""
        running: deque[tuple[str, Job[Answer] | Answer]] = deque()
        while self._waiting or running:
            while self._waiting and len(running) < self._manners.at_once:
                url = self._waiting.popleft()
                kept = self._shelf.kept(url)
                running.append((url, kept or self._client.ask(url, "media", partial(_allowed, url))))
            url, begun = running.popleft()
            yield url, self._end(begun)

    def _end(self, begun: Job[Answer] | Answer) -> Answer | NotFetchedError:
        if isinstance(begun, Answer):
            self._shelf.keep(begun.url)
            return begun
        try:
            answer = begun.result()
        except NotFetchedError as error:
            return error
        self._shelf.save(answer, media=True)
        return answer


def _addresses_of(page: Answer, name: str) -> Iterator[str]:
    """The addresses on the web of what a page shows and plays."""
    try:
        source = decode_source(page.content, name=name, page_format=format_of(Path(name)), charset=page.charset)
        document = read_document(source)
    except (SourceError, RecursionError):
        return  # what reads the page tells it
    for written in _written_in(document.blocks):
        url = addresses.normal(written, document.url or page.url)
        if url and _allowed(page.url, url):
            yield url


def _written_in(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        for found in _ADDRESSES.findall(block.html):
            first = html.unescape(found).split("\n")[0]
            if first[:5].lower() != "data:":
                yield first
        yield from _written_in((*block.children, *block.question, *([block.summary] if block.summary else ())))


def _allowed(by: str, url: str) -> bool:
    """May an address make us ask at another? Not in the reader's own network, unless it is there itself."""
    return addresses.host_of(url) == addresses.host_of(by) or not addresses.is_private(url)
