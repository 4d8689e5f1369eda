"""Addresses → a folder of pages with a manifest, and what is to be told of the run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankiexport.errors import SourceError
from ankiexport.lock import holding
from ankiexport.manifest import FILE_NAME, SavedPage
from ankiexport.model import FETCHING, Problem, Severity, page_problem
from ankiexport.progress import Progress, Watch, unwatched
from ankiexport.web import addresses, links
from ankiexport.web.answers import Answer, NotFetchedError
from ankiexport.web.client import Client
from ankiexport.web.crawl import Crawl, Visit
from ankiexport.web.manners import Fetching
from ankiexport.web.pictures import Pictures
from ankiexport.web.shelf import Shelf

_NO_FAILURE = {"gone", "forbidden", "no page", "away"}
"""Why a page that was only discovered is not there without anything having gone wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a run has left in a folder.

    `pages` are those of this run, in the order of the site. `counts` says how many of them are new, changed, unchanged
    or edited, and how many `media` there are. `failed` says that something could not be had that should be there, and
    `missing` why an address that was given has no page; `problems` have addresses as their places. `is_copy` says that
    no server could be asked, and that what is there is as a whole run has left it.
    """

    folder: Path
    pages: tuple[SavedPage, ...]
    counts: Counter[str]
    problems: tuple[Problem, ...]
    failed: bool = False
    missing: tuple[Problem, ...] = ()
    is_copy: bool = False


def fetch(urls: Sequence[str], folder: Path, fetching: Fetching | None = None, *, watch: Watch = unwatched) -> Fetched:
    """Fetches the pages that are new or have changed into a folder; after a run that was stopped, what it missed.

    An address that ends in `/` stands for all pages below it, a sitemap for those that it lists, another for its page.

    Args:
        urls: Web addresses; a name and a password in one are used for its site, and kept nowhere.
        folder: Is made when the first page has come.
        fetching: Which pages, and how politely.
        watch: Is told of each page, and of each picture.

    Raises:
        UsageError: what is no web address; or the manifest of the folder is damaged.
        SourceError: none of the addresses could be fetched.
        OutputError: a file could not be written, or another run is at work in this folder. What was there is whole.
    """
    starts = tuple(dict.fromkeys(addresses.start(url) for url in urls))
    wanted = fetching or Fetching()
    with holding(folder / FILE_NAME, "another fetch into this folder"), Client(wanted.manners) as client:
        for url in urls:
            client.log_in(url)
        return _Run(client, starts, folder, wanted, watch).fetch()


class _Run:
    def __init__(self, client: Client, starts: tuple[str, ...], folder: Path, fetching: Fetching, watch: Watch) -> None:
        self._client = client
        self._starts = starts
        self._folder = folder
        self._fetching = fetching
        self._watch = watch
        self._shelf = Shelf(folder, starts, fetching.match)
        self._crawl = Crawl(client, fetching, self._tell, self._shelf.kept)
        self._counts: Counter[str] = Counter()
        self._done = 0
        self._failed = False
        self._problems: list[Problem] = []
        self._missing: list[Problem] = []  # why starts have no page
        self._offline: list[Problem] = []  # why starts could not be asked for
        self._pictures = Pictures(client, fetching, self._shelf)

    def fetch(self) -> Fetched:
        for start in self._starts:
            for visit in self._crawl.pages(start):
                self._take(visit, is_start=visit.url == start)
        is_copy = self._check_starts()
        if not is_copy:
            for url, found in self._pictures.fetch():
                self._take_picture(url, found)
            self._end()
        for url, note in self._client.notes:
            self._tell(url, "note", note)
        return Fetched(
            folder=self._folder,
            pages=self._shelf.pages,
            counts=self._counts,
            problems=tuple(self._problems),
            failed=self._failed or bool(self._missing),
            missing=tuple(self._offline if is_copy else self._missing),
            is_copy=is_copy,
        )

    def _check_starts(self) -> bool:
        """Is all that is left the copy of an earlier run? Raises SourceError where there is nothing at all."""
        if not self._shelf.pages and self._shelf.was_whole and len(self._offline) == len(self._starts):
            return True
        if self._shelf.pages or len(self._missing) < len(self._starts):
            return False
        first = self._missing[0]
        more = f" (and {len(self._missing) - 1} more)" if len(self._missing) > 1 else ""
        raise SourceError(f"{first.location.source}: {first.message}{more}")

    def _end(self) -> None:
        if self._crawl.cut:
            message = f"there are more pages than the limit of {self._fetching.limit}: --limit sets another"
            self._tell(self._starts[0], "warning", message)
        if self._pictures.cut:
            most = self._fetching.manners.most_media
            self._tell(self._starts[0], "warning", f"there are more pictures and recordings than the limit of {most}")
        self._failed = self._failed or self._crawl.failed or self._crawl.broken_off
        if self._crawl.broken_off:
            return  # the next run goes on
        if not (self._crawl.cut or self._failed or self._missing):
            for saved in self._shelf.unlisted():
                self._tell(saved.url, "warning", "the site lists it no more; its copy stays")
                self._shelf.mark_gone(saved)
        self._shelf.finish()

    def _take(self, visit: Visit, *, is_start: bool) -> None:
        self._done += 1
        how = "failed"
        if visit.error:
            self._take_error(visit.url, visit.error, is_start)
        elif visit.answer:
            how = self._take_page(visit, visit.answer)
        total = self._done + self._crawl.waiting
        self._watch(Progress(done=self._done, total=total, last=visit.url, how=how))

    def _take_page(self, visit: Visit, answer: Answer) -> str:
        if not visit.wanted:
            return "for its links"
        if visit.kept:
            how: str = "unchanged" if self._shelf.keep(answer.url) else "the same as another"
        else:
            licence = links.licence_of(visit.tree) if visit.tree is not None else None
            how = self._shelf.save(answer, licence) or "the same as another"
            if how == "edited":
                message = "it has changed there and in this folder; delete the file here to take what is new"
                self._tell(answer.url, "warning", message)
        if how != "the same as another":
            self._counts[how] += 1
            if self._fetching.media:
                self._pictures.look_for(answer, self._shelf.file_of(answer.url))
        return how

    def _take_error(self, url: str, error: NotFetchedError, is_start: bool) -> None:
        known = self._shelf.known(url)
        was_gone = known is not None and known.gone
        if known and error.why == "gone":
            self._shelf.mark_gone(known)
        if is_start and not known:
            self._missing.append(page_problem(url, "error", str(error), FETCHING))
        if is_start and error.why == "offline":
            self._offline.append(page_problem(url, "error", str(error), FETCHING))
        is_failure = is_start or error.why not in _NO_FAILURE
        self._failed = self._failed or is_failure
        copied = "; its copy stays" if known else ""
        if is_failure or not was_gone:
            self._tell(url, "warning" if is_failure or error.why == "gone" else "note", f"{error}{copied}")

    def _take_picture(self, url: str, found: Answer | NotFetchedError) -> None:
        self._done += 1
        if isinstance(found, NotFetchedError):
            self._take_error(url, found, is_start=False)
        else:
            self._counts["media"] += 1
        total = self._done + self._pictures.waiting
        self._watch(Progress(done=self._done, total=total, last=url, how="media"))

    def _tell(self, url: str, severity: Severity, message: str) -> None:
        self._problems.append(page_problem(url, severity, message, FETCHING))
