"""A locked note and an item of the page that it was on → may they be one by likeness, and how surely.

A lost history is bad, a history under another question is worse: where in doubt, they are two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ankiexport import identity
from ankiexport.identity import Fingerprint
from ankiexport.likeness import Vocabulary
from ankiexport.model import LockedNote

_TELLING_ANSWER = 24  # characters of an answer that no other question has by chance
_NEAREST = 8  # locked notes that an item is compared with word by word
_LEAST_LETTERS_ALIKE = 40  # percent, for such a comparison

# What share of their words two wordings have where …
_ENOUGH_RETIRED = 0.5  # … a telling answer is the same, but the note had left the page
_ENOUGH_LONE = 0.25  # … a short answer ("False") is the same, and nothing else came into that place
_ENOUGH_SHORT = 0.5  # … a short answer is the same, in the same place
_ENOUGH_OTHER = 0.4  # … the answer is another, but they ask the same, in the same place

Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """They may be one. `score` (0 to 100) is how alike the questions are, `weight` how sure it is all in all."""

    score: int
    weight: int


class Judge:
    """Judges the notes that a lock has of one page and the items of that page.

    A place is where something stands between the nearest neighbours that are known again: the positions of these.
    """

    def __init__(
        self,
        notes: Sequence[LockedNote],
        items: Sequence[LockedNote],
        fingerprints: Sequence[Fingerprint],
        known: Mapping[str, str],
        elsewhere: frozenset[tuple[str, str]],
    ) -> None:
        self._elsewhere = elsewhere
        self._fingerprints = {found.guid: found for found in fingerprints}
        self._vocabulary = Vocabulary((note.question for note in notes), (item.question for item in items))
        self._had_answer = Counter(note.answer for note in notes if not note.retired)
        self._has_answer = Counter(item.answer for item in items)
        positions = {known[item.guid]: at for at, item in enumerate(items) if item.guid in known}
        own_positions = {item.guid: at for at, item in enumerate(items) if item.guid in known}
        self._note_places = _places(notes, positions)
        self._item_places = _places(items, own_positions)
        self._notes_in = Counter(self._note_places[n.guid] for n in notes if n.guid not in positions and not n.retired)
        self._items_in = Counter(self._item_places[i.guid] for i in items if i.guid not in own_positions)

    def nearest(self, item: LockedNote, notes: Sequence[LockedNote]) -> list[int]:
        """Where in `notes` those stand that are worth a comparison with this item."""
        texts = [note.question for note in notes]
        alike = process.extract(
            item.question, texts, scorer=fuzz.ratio, limit=_NEAREST, score_cutoff=_LEAST_LETTERS_ALIKE
        )
        place = self._item_places[item.guid]
        here = [n for n, note in enumerate(notes) if note.answer == item.answer]
        here.sort(key=lambda n: self._note_places[notes[n].guid] != place)
        return list(dict.fromkeys([*(n for _, _, n in alike), *here[:_NEAREST]]))

    def verdict(self, note: LockedNote, item: LockedNote) -> Verdict | None:
        """None where these two must not be one."""
        likeness = self._vocabulary.compare(note.question, item.question)
        same_answer = note.answer == item.answer
        note_place, item_place = self._note_places[note.guid], self._item_places[item.guid]
        neighbours = sum(old == new for old, new in zip(note_place, item_place, strict=True))
        if same_answer:
            enough = self._enough_with_same_answer(note, item, neighbours)
        elif self._is_same_part(note, item) and neighbours and likeness.same_sense:
            enough = _ENOUGH_OTHER
        else:
            enough = None
        if enough is None or likeness.share < enough:
            return None
        score = round(100 * likeness.share)
        bonus = 60 * same_answer + 10 * neighbours + 5 * (note.label == item.label) + 5 * (note.kind == item.kind)
        return Verdict(score=score, weight=1 + score + bonus)

    def _enough_with_same_answer(self, note: LockedNote, item: LockedNote, neighbours: int) -> float | None:
        if self._is_telling(item):
            return _ENOUGH_RETIRED if note.retired else 0.0
        if note.retired or not neighbours:
            return None
        place = self._item_places[item.guid]
        is_lone = neighbours == 2 and self._notes_in[place] == self._items_in[place] == 1
        return _ENOUGH_LONE if is_lone else _ENOUGH_SHORT

    def _is_telling(self, item: LockedNote) -> bool:
        """Is the answer so long, and the only one of its kind, that it says which question it belongs to?"""
        if self._had_answer[item.answer] > 1 or self._has_answer[item.answer] > 1:
            return False
        return len(identity.answer_text(self._fingerprints[item.guid].item)) >= _TELLING_ANSWER

    def _is_same_part(self, note: LockedNote, item: LockedNote) -> bool:
        is_elsewhere = (note.question, note.answer) in self._elsewhere
        return (note.kind, note.label) == (item.kind, item.label) and not note.retired and not is_elsewhere


def _places(notes: Sequence[LockedNote], positions: Mapping[str, int]) -> dict[str, Place]:
    """Between which positions of the page each note stands; -1 is before its beginning, -2 after its end."""
    before, at = [], -1
    for note in notes:
        before.append(at)
        at = positions.get(note.guid, at)
    after, at = [], -2
    for note in reversed(notes):
        after.append(at)
        at = positions.get(note.guid, at)
    return {note.guid: (a, b) for note, a, b in zip(notes, before, reversed(after), strict=True)}
