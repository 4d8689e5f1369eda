"""A locked note and an item of the page that it was on → may they be one by likeness, and how surely.

A lost history is bad, a history under another question is worse: where in doubt, they are two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from ankiexport import identity, words
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
        moved: frozenset[tuple[str, str]],
    ) -> None:
        self._moved = moved
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
        note_place, item_place = self._note_places[note.guid], self._item_places[item.guid]
        neighbours = sum(old == new for old, new in zip(note_place, item_place, strict=True))
        enough = self._enough(note, item, neighbours, likeness.same_sense)
        if enough is None or likeness.share < enough:
            return None
        score = round(100 * likeness.share)
        sure = 60 * (note.answer == item.answer) + 10 * neighbours + 5 * (note.label == item.label)
        return Verdict(score=score, weight=1 + score + sure + 5 * (note.kind == item.kind))

    def _enough(self, note: LockedNote, item: LockedNote, neighbours: int, same_sense: bool) -> float | None:
        """What share of their words two wordings must have to be one question; None where no share is enough."""
        if (item.question, item.answer) in self._moved:
            return None  # it comes from another page
        tells = self._tells(item)
        if note.answer == item.answer and tells == "all":
            return _ENOUGH_RETIRED if note.retired else 0.0
        if note.retired or not neighbours or (note.question, note.answer) in self._moved:
            return None
        if note.answer != item.answer:
            return _ENOUGH_OTHER if same_sense and (note.kind, note.label) == (item.kind, item.label) else None
        if tells == "nothing" and not same_sense:
            return None
        place = self._item_places[item.guid]
        is_lone = neighbours == 2 and self._notes_in[place] == self._items_in[place] == 1
        return _ENOUGH_LONE if is_lone else _ENOUGH_SHORT

    def _tells(self, item: LockedNote) -> Literal["all", "something", "nothing"]:
        """How much its answer says of which question it belongs to: a sentence all, "Paris" some, "True" nothing."""
        if self._had_answer[item.answer] > 1 or self._has_answer[item.answer] > 1:
            return "nothing"
        answer = identity.answer_text(self._fingerprints[item.guid].item)
        if len(answer) >= _TELLING_ANSWER:
            return "all"
        return "nothing" if words.is_verdict(answer) else "something"


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
