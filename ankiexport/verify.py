"""A deck → what a learner would see who imports it, found out with Anki's own importer in a throwaway collection.

`anki` is AGPL and no part of ankiexport: `pip install 'ankiexport[verify]'` brings it; only this module asks for it.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ankiexport.errors import SourceError, UsageError

if TYPE_CHECKING:
    from types import TracebackType

_GOOD = 3  # the answer "Good" to a card
_STUDIED = 20  # cards: as many new ones as Anki gives in a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What Anki's log of an import says: notes by what happened to them, by GUID where they are in the collection."""

    new: int
    updated: int
    unchanged: int
    conflicting: int
    updated_guids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a learner would see. `losses` says, a line each, what they would lose; empty is as it should be."""

    imported: Imported
    cards: int
    decks: tuple[str, ...]
    over_old: Imported | None = None
    studied: int = 0
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
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
        """Answers that many cards as a learner would, deck by deck; gives how many there were."""
        answered = 0
        for deck in self.anki.decks.all_names_and_ids():
            self.anki.decks.select(deck.id)
            while answered < most and (card := self.anki.sched.getCard()) is not None:
                self.anki.sched.answerCard(card, _GOOD)
                answered += 1
        return answered

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

    def card_count(self) -> int:
        return int(self.anki.card_count())

    def deck_names(self) -> tuple[str, ...]:
        """The decks that hold cards."""
        ids = set(self.anki.db.list("SELECT DISTINCT did FROM cards"))
        return tuple(deck.name for deck in self.anki.decks.all_names_and_ids() if deck.id in ids)


def verify(deck: Path, against: Path | None = None) -> Verdict:
    """Imports a deck into an empty collection; and over another deck, some of whose cards were studied.

    Raises:
        SourceError: a deck is missing, or Anki cannot read it.
        UsageError: `anki` is not installed.
    """
    with Collection() as fresh:
        imported = fresh.import_package(deck)
        contents, cards, decks = fresh.contents(), fresh.card_count(), fresh.deck_names()
    losses = []
    if imported.new < len(contents) or cards < len(contents):
        losses.append("some notes make no card")
    if against is None:
        return Verdict(imported=imported, cards=cards, decks=decks, losses=tuple(losses))
    with Collection() as learners:
        learners.import_package(against)
        studied = learners.study(_STUDIED)
        schedule, reviews, before = learners.schedule(), learners.reviews(), learners.contents()
        over_old = learners.import_package(deck)
        after = learners.contents()
        losses += _losses(over_old, before, after, contents)
        kept = learners.schedule()
        lost = sum(kept.get(card) != state for card, state in schedule.items())
        if lost:
            losses.append(f"the scheduling of {lost} cards is not what it was")
        if learners.reviews() != reviews:
            losses.append("the review log is not what it was")
    return Verdict(
        imported=imported, cards=cards, decks=decks, over_old=over_old, studied=studied, losses=tuple(losses)
    )


_Contents = dict[str, tuple[str, str]]


def _losses(over_old: Imported, before: _Contents, after: _Contents, new: _Contents) -> list[str]:
    losses = []
    if over_old.conflicting:
        losses.append(f"{over_old.conflicting} notes conflict: their note type is another, so they stay as they were")
    idle = sum(before[guid] == after[guid] for guid in over_old.updated_guids)
    if idle:
        losses.append(f"{idle} notes are updated though nothing changed: the learner's own edits of them are gone")
    missed = sum(guid in before and after[guid] != content for guid, content in new.items())
    if missed:
        losses.append(f"{missed} corrections do not arrive: the note in Anki is not older")
    asked = {_question_and_answer(fields) for guid, (fields, _) in before.items() if guid not in new}
    twice = sum(guid not in before and _question_and_answer(fields) in asked for guid, (fields, _) in new.items())
    if twice:
        losses.append(f"{twice} notes come in a second time, as new ones: their GUID is another")
    return losses


def _question_and_answer(fields: str) -> tuple[str, ...]:
    return tuple(fields.split("\x1f")[:2])
