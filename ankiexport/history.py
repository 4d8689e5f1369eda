"""What a lock remembers and what a run found → notes with their ids and times, and the next lock."""

import itertools
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ankiexport import decks, identity, markup, notetype
from ankiexport.identity import Fingerprint
from ankiexport.model import Deck, Lock, LockedNote, LockedPage, Note, Page, Source
from ankiexport.reidentify import ReadPage, Reidentified

_CARDS_OF_A_NOTE = 2  # at most: the ids of notes leave room for those of their cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """A deck of this run, and what a lock remembers of its page."""

    deck: Deck
    page: LockedPage


class History:
    """Continues the notes of a lock with the items of a run. `now` is in seconds since 1970."""

    def __init__(self, course_id: str, lock: Lock, known: Reidentified, now: int) -> None:
        self._course_id = course_id
        self._lock = lock
        self._known = known
        self._now = now
        self._home = lock.path.parent.resolve() if lock.path else None
        self._pages = {page.key: page for page in lock.pages}
        self._guids = {note.guid for page in lock.pages for note in page.notes}
        ids = Counter(note.note_id for page in lock.pages for note in page.notes)
        self._shared_ids = {number for number, count in ids.items() if count > 1}
        first = max(now * 1000, 1)
        self._new_ids = (number for number in itertools.count(first, _CARDS_OF_A_NOTE) if number not in ids)

    def continue_deck(self, read: ReadPage, deck: Deck, number: int | None) -> Continued:
        """A deck, given without its notes, with the items of its page as notes."""
        notes = tuple(self._note(read.page, deck, fingerprint) for fingerprint in read.fingerprints)
        old = self._pages.get(self._known.old_key(read.page.key))
        page = LockedPage(
            key=read.page.key,
            deck=deck.name,
            number=number,
            file=self._file(read.page.source) or (old.file if old else None),
            notes=tuple(self._locked(note, found) for note, found in zip(notes, read.fingerprints, strict=True)),
        )
        return Continued(deck=replace(deck, notes=notes), page=page)

    def _note(self, page: Page, deck: Deck, fingerprint: Fingerprint) -> Note:
        item = fingerprint.item
        match = self._known.matches.get(fingerprint.guid)
        old = match.note if match else None
        guid = old.guid if old else self._new_guid(page.key, fingerprint)
        tags = decks.tags(self._course_id, page, item)
        content = notetype.content_hash(notetype.fields(self._course_id, deck, guid, item, fingerprint.prepared), tags)
        return Note(
            guid=guid,
            item=item,
            tags=tags,
            modified=self._modified(old, content),
            note_id=self._note_id(old),
            content=content,
            prepared=fingerprint.prepared,
        )

    def _new_guid(self, page_key: str, fingerprint: Fingerprint) -> str:
        """The GUID that the item's own text makes, unless it is that of a note which once had this text."""
        guid = fingerprint.guid
        for again in itertools.count(2):
            if guid not in self._guids:
                break
            text = fingerprint.question
            guid = identity.guid(self._course_id, page_key, fingerprint.kind, text, f"again {again}")
        self._guids.add(guid)
        return guid

    def _modified(self, old: LockedNote | None, content: str) -> int:
        """Anki updates a note whose time is later than the one it has, and leaves all others alone."""
        if old is None:
            return self._now
        return old.modified if old.content == content else max(self._now, old.modified + 1)

    def _note_id(self, old: LockedNote | None) -> int:
        """A known note's own id, unless another has it too: two branches of the pages were merged."""
        return old.note_id if old and old.note_id not in self._shared_ids else next(self._new_ids)

    def _locked(self, note: Note, fingerprint: Fingerprint) -> LockedNote:
        """What to remember of a note: what is remembered already where nothing has changed."""
        made = LockedNote(
            guid=note.guid,
            kind=fingerprint.kind,
            label=fingerprint.label,
            question=fingerprint.question,
            answer=fingerprint.answer,
            content=note.content,
            note_id=note.note_id,
            modified=note.modified,
            set_id=fingerprint.set_id,
            context=fingerprint.context,
        )
        match = self._known.matches.get(fingerprint.guid)
        return match.note if match and match.note == made else made

    def _file(self, source: Source) -> str | None:
        """The path of a page as seen from the folder of the lock; None where no text can say it, or it is a copy."""
        path = None if source.site else source.path
        if path is None or self._home is None:
            return None
        with suppress(ValueError):  # on another drive, or a name that is not Unicode
            file = Path(os.path.relpath(path.resolve(), self._home)).as_posix()
            file.encode("utf-8")
            return file if markup.without_controls(file) == file else None  # no lock with others is read again
        return None

    def next_lock(self, continued: Sequence[Continued], course_name: str) -> Lock:
        """What to remember from now on; notes that have left their pages are retired."""
        given = {match.note.guid for match in self._known.matches.values()}
        pages = {done.page.key: done.page for done in continued}
        new_keys = {old_key: key for key, old_key in self._known.renamed.items()}
        for old in self._lock.pages:
            left = [note for note in old.notes if note.guid not in given]
            if old.key not in self._known.in_run:
                if left:
                    pages[old.key] = replace(old, notes=tuple(left))
                continue
            key = new_keys.get(old.key, old.key)
            if left:
                pages[key] = _with_retired(pages.get(key) or replace(old, key=key, notes=()), old, left)
        return replace(
            self._lock,
            course_id=self._course_id,
            course_name=course_name,
            pages=tuple(pages.values()),
            refused=frozenset(pair for pair in self._lock.refused if pair[0] in self._guids),
        )


def _with_retired(page: LockedPage, old: LockedPage, left: Sequence[LockedNote]) -> LockedPage:
    """A page with the notes that have left it, each behind the nearest before it that stayed."""
    retired = {note.guid for note in left}
    staying = {note.guid for note in page.notes}
    behind: dict[str, list[LockedNote]] = defaultdict(list)
    before = ""
    for note in old.notes:
        if note.guid in retired:
            behind[before].append(replace(note, retired=True))
        elif note.guid in staying:
            before = note.guid
    notes = [*behind[""], *(one for note in page.notes for one in (note, *behind[note.guid]))]
    return replace(page, notes=tuple(notes))
