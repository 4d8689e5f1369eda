"""Pages and what a lock knows of their items → the same without items that another item makes superfluous.

Only the deck is thinner: who is who was decided with all items, so no note's GUID depends on this. What a lock has of
an item that is left out becomes a retired note, and is that item's again when it is left out no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport.model import Item, Problem
from ankiexport.overlaps import find_covered, place_of
from ankiexport.reidentify import ReadPage, Reidentified


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinned:
    """What is left, and a note for each item that is not."""

    pages: tuple[ReadPage, ...]
    known: Reidentified
    problems: tuple[Problem, ...] = ()


def leave_out_covered(pages: Sequence[ReadPage], known: Reidentified) -> Thinned:
    """Leaves out each item that another one makes superfluous (`overlaps.find_covered`)."""
    fingerprints = [fingerprint for read in pages for fingerprint in read.fingerprints]
    items = [fingerprint.item for fingerprint in fingerprints]
    covered = find_covered(items)
    left_out = {fingerprints[at].guid for at in covered}
    problems = []
    for at in sorted(covered):
        match = known.matches.get(fingerprints[at].guid)
        is_learnt = match is not None and not match.note.retired
        problems.append(_problem(items[at], items[covered[at]], is_learnt=is_learnt))
    return Thinned(
        pages=tuple(_without(read, left_out) for read in pages),
        known=replace(known, matches={guid: it for guid, it in known.matches.items() if guid not in left_out}),
        problems=tuple(problems),
    )


def _without(read: ReadPage, guids: set[str]) -> ReadPage:
    kept = tuple(fingerprint for fingerprint in read.fingerprints if fingerprint.guid not in guids)
    page = replace(read.page, items=tuple(fingerprint.item for fingerprint in kept))
    return ReadPage(page=page, fingerprints=kept)


def _problem(item: Item, other: Item, *, is_learnt: bool) -> Problem:
    message = f"left out: {place_of(other, item)} asks and answers the same"
    if is_learnt:
        message += "; its note is retired, and learners keep the one they have"
    return Problem(location=item.location, severity="note", message=message)
