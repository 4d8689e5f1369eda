"""Answers of servers → files in a folder, which its manifest knows. What somebody else has put there stays."""

import hashlib
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from ankiexport.errors import OutputError
from ankiexport.files import is_within, replacing
from ankiexport.manifest import Journal, Manifest, SavedPage, load_manifest, save_manifest
from ankiexport.web import addresses
from ankiexport.web.answers import Answer
from ankiexport.web.names import Names

How = Literal["new", "changed", "unchanged", "edited"]
"""What became of a page: `edited` is one that has changed on the site and in the folder, which stays as it is here."""


class Shelf:
    """The folder of a run. Nothing in it changes before something is saved, and it is whole at any time.

    Of a new page the manifest tells first and of one that changed the file is first, so that a run that is killed
    between the two never takes its own half of the work for somebody's edit.
    """

    def __init__(self, folder: Path, starts: tuple[str, ...], match: tuple[str, ...]) -> None:
        """Raises UsageError where the manifest of the folder is damaged."""
        old = load_manifest(folder) or Manifest(folder=folder)
        self._old = old
        self._folder = folder
        self._journal = Journal(folder)
        self._is_same = (old.starts, old.match) == (starts, match)
        self.was_whole = self._is_same and old.finished is not None
        goes_on = self._is_same and old.finished is None
        self._manifest = Manifest(
            folder=folder,
            starts=starts,
            match=match,
            host=old.host or addresses.host_of(starts[0]),
            begun=old.begun if goes_on else _now(),
        )
        self._known = {saved.url: saved for saved in old.saved}
        self._asked = {asked: saved.url for saved in old.saved for asked in saved.asked}
        self._kept = {saved.url for saved in old.saved if goes_on and saved.time >= old.begun and not saved.gone}
        self._names = Names(folder, self._manifest.host, (saved.file for saved in old.saved))
        self._by_hash: dict[tuple[str, str], str] = {}  # the pages of this run, by what is in them
        self._order: dict[str, None] = {}  # their addresses, in the order of the site
        self._is_begun = False

    @property
    def pages(self) -> tuple[SavedPage, ...]:
        """The pages of this run."""
        return tuple(saved for url in self._order if not (saved := self._known[url]).media)

    def kept(self, url: str) -> Answer | None:
        """What the run before, which was not finished, has fetched from an address, if its file is still there."""
        url = self._asked.get(url, url)
        saved = self._known.get(url)
        if not saved or url not in self._kept:
            return None
        content = self._read(saved.file)
        if content is None:
            return None
        media_type = "text/html" if saved.file.endswith("html") else "text/plain"
        return Answer(url=url, asked=saved.asked, content=content, media_type=media_type, charset=saved.charset)

    def known(self, url: str) -> SavedPage | None:
        """What the manifest knows of an address."""
        return self._known.get(self._asked.get(url, url))

    def file_of(self, url: str) -> str:
        """The name of the file of a page that was saved."""
        return self._known[url].file

    def keep(self, url: str) -> bool:
        """Says that what is known of an address belongs to this run. Is it a page that the run did not have yet?"""
        is_new = url not in self._order
        self._order[url] = None
        self._by_hash[addresses.host_of(url), self._known[url].sha256] = url
        return is_new

    def save(self, answer: Answer, licence: str | None = None, *, media: bool = False) -> How | None:
        """Saves what a server has sent; None where another address of this run gave the same page.

        Raises:
            OutputError: it cannot be written, or a link leads out of the folder.
        """
        digest = hashlib.sha256(answer.content).hexdigest()
        same = (addresses.host_of(answer.url), digest)  # `/a/` and `/a/index.html`
        twin = answer.url if answer.url in self._order else self._by_hash.get(same)
        if twin and not media:
            self._add_asked(twin, (*answer.asked, answer.url))
            return None
        old = self._known.get(answer.url) or self._moved(answer)
        self._part(answer.url)
        saved = SavedPage(
            url=answer.url,
            file=old.file if old else self._names.choose(answer.url, answer.media_type, media=media),
            time=_now(),
            sha256=digest,
            etag=answer.etag,
            last_modified=answer.last_modified,
            charset=answer.charset,
            licence=licence,
            asked=tuple(dict.fromkeys((*(old.asked if old else ()), *answer.asked))),
            media=media,
        )
        self._by_hash[same] = answer.url
        self._order[answer.url] = None
        return self._put(saved, answer.content, old)

    def _moved(self, answer: Answer) -> SavedPage | None:
        """What was at another address until now, from which the site leads here: it keeps its file."""
        before = (self._known.get(url) for url in answer.asked if url not in self._order)
        moved = next((saved for saved in before if saved), None)
        if moved:
            del self._known[moved.url]
        return moved

    def _part(self, url: str) -> None:
        """An address that has led to another page, and is one by itself now."""
        other = self._known.get(self._asked.pop(url, url))
        if other and url in other.asked:
            self._note(replace(other, asked=tuple(asked for asked in other.asked if asked != url)))

    def _put(self, saved: SavedPage, content: bytes, old: SavedPage | None) -> How:
        there = self._read(saved.file)
        if old is None or there is None:
            self._note(saved)
            self._write(saved.file, content)
            return "new"
        if saved.sha256 == old.sha256:
            self._note(saved)
            return "unchanged"
        found = hashlib.sha256(there).hexdigest()
        if found not in (old.sha256, saved.sha256):
            self._note(replace(old, time=saved.time))
            return "edited"
        if found != saved.sha256:
            self._write(saved.file, content)
        self._note(saved)
        return "changed"

    def mark_gone(self, saved: SavedPage) -> None:
        """Says that the site has a page no more. Its file stays: notes must not vanish because a server hiccuped."""
        if not saved.gone:
            self._note(replace(saved, gone=True))

    def unlisted(self) -> list[SavedPage]:
        """The pages of an earlier run with the same starts that this one did not come by."""
        known = self._known.values() if self._is_same else ()
        return [saved for saved in known if saved.url not in self._order and not saved.media and not saved.gone]

    def finish(self) -> None:
        """Writes the manifest in the order of the site. Raises OutputError."""
        if self._is_begun:
            saved = tuple(self._known[url] for url in self._in_order())
            save_manifest(replace(self._manifest, finished=_now(), saved=saved))

    def _in_order(self) -> list[str]:
        """This run's pages where those of them that were known stood first; the others stay around them."""
        before = [saved.url for saved in self._old.saved]
        first = next((at for at, url in enumerate(before) if url in self._order), len(before))
        others = {url: None for url in self._known if url not in self._order}
        ahead = {url: None for url in before[:first] if url in others}
        return [*ahead, *self._order, *(url for url in others if url not in ahead)]

    def _add_asked(self, url: str, asked: tuple[str, ...]) -> None:
        saved = self._known[url]
        new = tuple(other for other in asked if other not in saved.asked and other != url)
        if new:
            self._note(replace(saved, asked=(*saved.asked, *new)))

    def _note(self, saved: SavedPage) -> None:
        if not self._is_begun:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"{self._folder}: cannot be made: {error.strerror or error}") from error
            self._journal.begin(self._manifest)
            self._is_begun = True
        self._journal.add(saved)
        self._known[saved.url] = saved

    def _read(self, file: str) -> bytes | None:
        path = self._folder / file
        try:
            return path.read_bytes() if is_within(path, self._folder) else None
        except OSError:
            return None

    def _write(self, file: str, content: bytes) -> None:
        path = self._folder / file
        if not is_within(path, self._folder):
            raise OutputError(f"{path}: a link leads out of the folder; nothing is written there")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
        with replacing(path) as temporary:
            temporary.write_bytes(content)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
