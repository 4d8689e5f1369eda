"""A deck → what a learner would see who imports it, found out with Anki's own importer in a throwaway collection.

`anki` is AGPL and no part of ankiexport: `pip install 'ankiexport[verify]'` brings it; only this module asks for it.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ankiexport.errors import SourceError, UsageError
from ankiexport.model import Html

_GOOD = 3  # the answer "Good" to a card
_STUDIED = 20  # answers: Anki gives as many new cards in a day
_TOLD = 5  # notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What Anki's log of an import says: notes by what happened to them, by GUID where they are in the collection."""

    new: int
    updated: int
    unchanged: int
    conflicting: int
    updated_guids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a learner would see: in an empty collection, and over an older deck if there was one.

    `decks` has the number of cards in each deck at the end, and `cards` how many they are. `losses` says, a line each,
    what the learner would lose; empty is as it should be.
    """

    imported: Imported
    cards: int
    decks: dict[str, int]
    over_old: Imported | None = None
    studied: int = 0
    progress_stayed: bool = True
    losses: tuple[str, ...] = ()


class Collection:
    """A collection of Anki in a temporary folder, gone afterwards. Never one of a learner."""

    def __init__(self) -> None:
        try:
            from anki.collection import Collection as AnkiCollection
        except ImportError as error:
            raise UsageError("Anki's importer is not here: pip install 'ankiexport[verify]'") from error
        self._folder = tempfile.TemporaryDirectory()
        self.anki: Any = AnkiCollection(str(Path(self._folder.name, "collection.anki2")))

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_: object) -> None:
        self.anki.close()
        self._folder.cleanup()

    def import_package(self, package: Path) -> Imported:
        """Imports as Anki does by default: notes that are newer are updated.

        Raises:
            SourceError: it is missing, or Anki cannot read it.
        """
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=False, with_deck_configs=False)
        try:
            if package.exists() and not package.is_file():
                raise SourceError(f"{package}: is no file")
            request = ImportAnkiPackageRequest(package_path=str(package.resolve(strict=True)), options=options)
            log = self.anki.import_anki_package(request).log
        except OSError as error:
            raise SourceError(f"{package}: cannot be read: {error.strerror or error}") from error
        except Exception as error:  # whatever Anki's backend says of a file that is no package
            raise SourceError(f"{package}: Anki cannot import it: {error}") from error
        return Imported(
            new=len(log.new),
            updated=len(log.updated),
            unchanged=len(log.duplicate) + len(log.first_field_match),
            conflicting=len(log.conflicting),
            updated_guids=tuple(self._guid(note.id.nid) for note in log.updated),
        )

    def _guid(self, note_id: int) -> str:
        return str(self.anki.db.scalar("SELECT guid FROM notes WHERE id = ?", note_id))

    def study(self, most: int) -> int:
        """Answers cards as a learner would, deck by deck, that many times; gives how many cards there were."""
        answered = 0
        for deck in self.anki.decks.all_names_and_ids():
            self.anki.decks.select(deck.id)
            while answered < most and (card := self.anki.sched.getCard()) is not None:
                self.anki.sched.answerCard(card, _GOOD)
                answered += 1
        return int(self.anki.db.scalar("SELECT count(DISTINCT cid) FROM revlog"))

    def schedule(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        """Of each card, by GUID and template: its deck and all that is known of its learning."""
        columns = "c.id, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.data"
        rows = self.anki.db.all(f"SELECT n.guid, c.ord, {columns} FROM cards c JOIN notes n ON n.id = c.nid")
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}

    def reviews(self) -> list[Sequence[Any]]:
        """The review log."""
        return list(self.anki.db.all("SELECT * FROM revlog ORDER BY id"))

    def contents(self) -> dict[str, tuple[str, str]]:
        """Of each note by its GUID: its fields and its tags."""
        return {row[0]: (row[1], row[2]) for row in self.anki.db.all("SELECT guid, flds, tags FROM notes")}

    def decks(self) -> dict[str, int]:
        """The decks that hold cards, and how many each."""
        counts = dict(self.anki.db.all("SELECT did, count() FROM cards GROUP BY did"))
        return {deck.name: counts[deck.id] for deck in self.anki.decks.all_names_and_ids() if deck.id in counts}


def verify(deck: Path, against: Path | None = None) -> Outcome:
    """Imports a deck into an empty collection; and over another deck, some of whose cards were studied.

    Raises:
        SourceError: a deck is missing, or Anki cannot read it.
        UsageError: `anki` is not installed.
    """
    with Collection() as fresh:
        imported = fresh.import_package(deck)
        contents, decks = fresh.contents(), fresh.decks()
    losses = ["some notes make no card"] if sum(decks.values()) < len(contents) else []
    if against is None:
        return Outcome(imported=imported, cards=sum(decks.values()), decks=decks, losses=tuple(losses))
    with Collection() as learners:
        learners.import_package(against)
        studied = learners.study(_STUDIED)
        schedule, reviews, before = learners.schedule(), learners.reviews(), learners.contents()
        over_old = learners.import_package(deck)
        losses += _losses(over_old, before, learners.contents(), contents)
        kept, decks = learners.schedule(), learners.decks()
        disturbed = [guid for (guid, template), state in schedule.items() if kept.get((guid, template)) != state]
        if disturbed:
            losses.append(f"the scheduling of {len(disturbed)} cards is not what it was: {_search(disturbed)}")
        same_reviews = learners.reviews() == reviews
        if not same_reviews:
            losses.append("the review log is not what it was")
        progress_stayed = same_reviews and not disturbed
    return Outcome(
        imported=imported,
        cards=sum(decks.values()),
        decks=decks,
        over_old=over_old,
        studied=studied,
        progress_stayed=progress_stayed,
        losses=tuple(losses),
    )


_Contents = dict[str, tuple[str, str]]


def _losses(over_old: Imported, before: _Contents, after: _Contents, new: _Contents) -> list[str]:
    before, after, new = map(_bare, (before, after, new))
    losses = []
    if over_old.conflicting:
        losses.append(f"{over_old.conflicting} notes conflict: their note type is another, so they stay as they were")
    idle = [guid for guid in over_old.updated_guids if before[guid] == after[guid]]
    if idle:
        told = "notes are updated though nothing changed, over the learner's own edits of them (was the lock lost?)"
        losses.append(f"{len(idle)} {told}: {_search(idle)}")
    missed = [guid for guid, content in new.items() if guid in before and after[guid] != content]
    if missed:
        losses.append(f"{len(missed)} changes do not arrive, since the note in Anki is not older: {_search(missed)}")
    asked = {_question_and_answer(fields) for guid, (fields, _) in before.items() if guid not in new}
    twice = [guid for guid, (fields, _) in new.items() if guid not in before and _question_and_answer(fields) in asked]
    if twice:
        losses.append(f"{len(twice)} notes come in a second time, under another GUID: {_search(twice)}")
    return losses


def _bare(contents: _Contents) -> _Contents:
    """Contents without what makes no note another one."""
    from ankiexport import notetype  # only here: a collection is opened without the libraries that read pages

    return {
        guid: ("\x1f".join(notetype.bare(Html(field)) for field in fields.split("\x1f")), tags)
        for guid, (fields, tags) in contents.items()
    }


def _question_and_answer(fields: str) -> tuple[str, ...]:
    return tuple(fields.split("\x1f")[:2])


def _search(guids: Iterable[str]) -> str:
    """The first few, as Anki's browser finds them."""
    guids = sorted(guids)
    return " OR ".join(f"Id:{guid}" for guid in guids[:_TOLD]) + (" …" if len(guids) > _TOLD else "")
