"""What a lock remembers and what a run found → notes with their times, what changed, and the next lock."""

import itertools
import json
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ankiexport import decks, identity, notetype
from ankiexport.identity import Fingerprint
from ankiexport.model import Change, ChangeKind, Deck, Diff, Item, Lock, LockedNote, LockedPage, Note, Page, Problem
from ankiexport.reidentify import Match, ReadPage, Reidentified

_CARDS_OF_A_NOTE = 2  # at most: the ids of notes leave room for those of their cards
_LEAST_SHRUNK = 5  # notes and
_SHRUNK = 0.2  # of all must be gone before it looks like a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """A deck of this run, what a lock remembers of its page, and what happened to its notes."""

    deck: Deck
    page: LockedPage
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


class History:
    """Continues the notes of a lock with the items of a run. `now` is in seconds since 1970."""

    def __init__(self, course_id: str, lock: Lock, known: Reidentified, now: int) -> None:
        self._course_id = course_id
        self._lock = lock
        self._known = known
        self._now = now
        self._pages = {page.key: page for page in lock.pages}
        self._old_decks = {note.guid: page.deck for page in lock.pages for note in page.notes}
        self._guids = set(self._old_decks)
        ids = Counter(note.note_id for page in lock.pages for note in page.notes)
        self._note_ids = (i for i in itertools.count(now * 1000, _CARDS_OF_A_NOTE) if i not in ids)
        self._shared_ids = {number for number, count in ids.items() if count > 1}

    def continue_deck(self, read: ReadPage, deck: Deck, number: int | None) -> Continued:
        """A deck, given without its notes, with the items of its page as notes."""
        notes, locked, changes, problems = [], [], [], []
        for fingerprint, fresh in zip(read.fingerprints, read.notes, strict=True):
            match = self._known.matches.get(fresh.guid)
            note = self._note(read.page, deck, fingerprint.item, fresh, match.note if match else None)
            notes.append(note)
            changes.append(self._change(deck, fresh, note, match))
            if match and match.score is not None:
                problems.append(_known_by_likeness(fingerprint, fresh, match.note, match.score))
            locked.append(
                replace(fresh, guid=note.guid, content=note.content, note_id=note.note_id, modified=note.modified)
            )
        old = self._old_page(read.page.key)
        kept = LockedPage(
            key=read.page.key,
            deck=deck.name,
            number=number,
            file=_relative(read.page.source.path, self._lock.path.parent) or (old.file if old else None),
            notes=tuple(locked),
        )
        return Continued(
            deck=replace(deck, notes=tuple(notes)), page=kept, changes=tuple(changes), problems=tuple(problems)
        )

    def _old_page(self, key: str) -> LockedPage | None:
        return self._pages.get(self._known.renamed.get(key, key))

    def _note(self, page: Page, deck: Deck, item: Item, fresh: LockedNote, old: LockedNote | None) -> Note:
        tags = decks.tags(self._course_id, page, item)
        guid = old.guid if old else self._new_guid(page.key, fresh)
        content = notetype.content_hash(notetype.fields(self._course_id, deck, guid, item), tags)
        if old is None:
            modified, note_id = self._now, next(self._note_ids)
        else:
            # Anki updates a note whose time is later than the one it has.
            modified = old.modified if old.content == content else max(self._now, old.modified + 1)
            note_id = self._old_id(old)
        return Note(guid=guid, item=item, tags=tags, modified=modified, note_id=note_id, content=content)

    def _new_guid(self, page_key: str, fresh: LockedNote) -> str:
        """The GUID that the item's own text makes, unless it is that of a note which once had this text."""
        guid = fresh.guid
        for again in itertools.count(2):
            if guid not in self._guids:
                break
            guid = identity.guid(self._course_id, page_key, fresh.kind, fresh.question, f"again {again}")
        self._guids.add(guid)
        return guid

    def _old_id(self, old: LockedNote) -> int:
        """The id of a known note; two may have one where two branches of the pages were merged."""
        if old.note_id not in self._shared_ids:
            return old.note_id
        return next(self._note_ids)

    def _change(self, deck: Deck, fresh: LockedNote, note: Note, match: Match | None) -> Change:
        if match is None or match.note.retired:
            return Change(guid=note.guid, kind="added", page_key=deck.page_key, deck=deck.name, question=fresh.question)
        old = match.note
        old_deck = self._old_decks[old.guid]
        moved = old_deck.casefold() != deck.name.casefold()
        same = old.content == note.content
        return Change(
            guid=note.guid,
            kind="moved" if moved else "unchanged" if same else _kind_of_change(old, fresh),
            page_key=deck.page_key,
            deck=deck.name,
            question=fresh.question,
            old_question=old.question if old.question != fresh.question and not same else None,
            old_deck=old_deck if moved else None,
            answer_changed=old.answer != fresh.answer,
            score=match.score,
        )

    def lock_after(self, continued: Sequence[Continued], course_name: str) -> tuple[Lock, tuple[Change, ...]]:
        """What to remember from now on, and the notes that have left their pages."""
        given = {match.note.guid for match in self._known.matches.values()}
        pages = {done.page.key: done.page for done in continued}
        new_key = {old.key: key for key in pages if (old := self._old_page(key))}
        removed: list[Change] = []
        for old in self._lock.pages:
            if old.key not in self._known.in_run:
                pages[old.key] = old
                continue
            left = [note for note in old.notes if note.guid not in given]
            removed.extend(_removed(old, note) for note in left if not note.retired)
            key = new_key.get(old.key, old.key)
            if left:
                pages[key] = _with_retired(pages.get(key) or replace(old, notes=()), old, left)
        lock = replace(
            self._lock,
            course_id=self._course_id,
            course_name=course_name,
            pages=tuple(pages.values()),
            refused=frozenset(pair for pair in self._lock.refused if pair[0] in self._guids),
        )
        return lock, tuple(removed)

    def shrunk(self, continued: Sequence[Continued], removed: Sequence[Change]) -> str | None:
        """Why so much is gone that it looks like a mistake; None where it does not."""
        had = {page.key: sum(not note.retired for note in page.notes) for page in self._lock.pages}
        in_run = sum(had[key] for key in self._known.in_run)
        gone = Counter(change.page_key for change in removed)
        alive = {old.key for done in continued if (old := self._old_page(done.page.key))}
        silent = any(key not in alive for key in gone)
        if not silent and (len(removed) < _LEAST_SHRUNK or len(removed) <= _SHRUNK * in_run):
            return None
        pages = ", ".join(
            f"{count} of the {had[key]} of {key}" + ("" if key in alive else ", which gives none any more")
            for key, count in gone.items()
        )
        return f"{len(removed)} of {in_run} notes are gone from their pages ({pages})"


def diff_of(changes: Sequence[Change]) -> Diff:
    """The GUIDs by what happened."""
    by_kind: dict[ChangeKind, list[str]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change.guid)

    def guids(*kinds: ChangeKind) -> tuple[str, ...]:
        return tuple(guid for kind in kinds for guid in by_kind.get(kind, ()))

    return Diff(
        added=guids("added"),
        changed=guids("reworded", "answer changed", "otherwise changed"),
        moved=guids("moved"),
        removed=guids("removed"),
        unchanged=guids("unchanged"),
    )


def _known_by_likeness(fingerprint: Fingerprint, fresh: LockedNote, old: LockedNote, score: int) -> Problem:
    refusal = json.dumps({"refuse": old.guid, "for": fresh.guid})
    answers = "the same answer" if old.answer == fresh.answer else "in the same place"
    message = (
        f"taken for the same question, {score} % alike and {answers}: “{old.question}” is now “{fresh.question}”; if"
        f" they are two, put this line into the lock: {refusal}"
    )
    return Problem(location=fingerprint.item.location, severity="note", message=message)


def _kind_of_change(old: LockedNote, fresh: LockedNote) -> ChangeKind:
    if old.question != fresh.question:
        return "reworded"
    return "answer changed" if old.answer != fresh.answer else "otherwise changed"


def _removed(page: LockedPage, note: LockedNote) -> Change:
    return Change(guid=note.guid, kind="removed", page_key=page.key, deck=page.deck, question=note.question)


def _with_retired(page: LockedPage, old: LockedPage, left: Sequence[LockedNote]) -> LockedPage:
    """A page with the notes that have left it, each behind the one that it stood behind."""
    notes = list(page.notes)
    retired = {note.guid for note in left}
    before: str | None = None
    for note in old.notes:
        if note.guid in retired:
            at = next((i for i, kept in enumerate(notes, 1) if kept.guid == before), 0)
            notes.insert(at, replace(note, retired=True))
        before = note.guid
    return replace(page, notes=tuple(notes))


def _relative(path: Path | None, home: Path) -> str | None:
    """The path of a page as seen from the folder of the lock."""
    if path is None:
        return None
    with suppress(ValueError):  # on another drive
        return Path(os.path.relpath(path.resolve(), home.resolve())).as_posix()
    return None
