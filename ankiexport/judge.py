"""A locked note and an item of the page that it was on → may they be one by likeness, and how surely.

A lost history is bad, a history under another question is worse: where in doubt, they are two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz, process

from ankiexport import comparison
from ankiexport.identity import Fingerprint
from ankiexport.likeness import Likeness, Vocabulary
from ankiexport.model import LockedNote

if TYPE_CHECKING:
    from ankiexport.reidentify import Known

_TELLING_ANSWER = 24  # characters of an answer that no other question has by chance
_NEAREST = 8  # locked notes of the most similar letters, and as many with the same answer, are compared word by word
_LEAST_LETTERS_ALIKE = 40  # percent

# What share of their words two wordings must have, by how many of their two neighbours are the same, where …
_ENOUGH_TELLING = (0.5, 0.1, 0.0)  # … a telling answer is the same
_ENOUGH_RETIRED = 0.5  # … it is, but the note had left the page
_ENOUGH_LONE = 0.25  # … a short answer is the same, and nothing else came into that place
_ENOUGH_SHORT = 0.5  # … a short answer is the same, in the same place

Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """They may be one. `score` (0 to 100) is how alike the questions are, `weight` how sure it is all in all."""

    score: int
    weight: int


class Judge:
    """Judges the notes that a lock has of one page and the items of that page.

    A place is where something stands between the nearest neighbours that are known again: the positions of these.

    Args:
        notes: All that the lock has of the page.
        items: All that the page has.
        left: The notes that are none of the items so far.
        known: The GUIDs of items that are known again, each with the GUID of its note.
    """

    def __init__(
        self,
        notes: Sequence[LockedNote],
        items: Sequence[Fingerprint],
        left: Sequence[LockedNote],
        known: Mapping[str, str],
    ) -> None:
        self._left = left
        self._left_questions = [note.question for note in left]
        self._vocabulary = Vocabulary((note.question for note in notes), (item.question for item in items))
        self._asked = Counter(note.question for note in notes if not note.retired)
        self._asks = Counter(item.question for item in items)
        self._had_answer = Counter(note.answer for note in notes if not note.retired)
        self._has_answer = Counter(item.answer for item in items)
        own_positions = {item.guid: at for at, item in enumerate(items) if item.guid in known}
        positions = {known[guid]: at for guid, at in own_positions.items()}
        self._note_places = _places(notes, positions)
        self._item_places = _places(items, own_positions)
        self._notes_in = Counter(self._note_places[note.guid] for note in left if not note.retired)
        self._items_in = Counter(self._item_places[item.guid] for item in items if item.guid not in known)

    def nearest(self, item: Fingerprint) -> list[int]:
        """Where among the notes that are left those stand that are worth a comparison with this item."""
        alike = process.extract(
            item.question,
            self._left_questions,
            scorer=fuzz.ratio,
            limit=_NEAREST,
            score_cutoff=_LEAST_LETTERS_ALIKE,
        )
        place = self._item_places[item.guid]
        answered = [n for n, note in enumerate(self._left) if note.answer == item.answer]
        answered.sort(key=lambda n: self._note_places[self._left[n].guid] != place)
        return list(dict.fromkeys([*(n for _, _, n in alike), *answered[:_NEAREST]]))

    def pairing(self, note: LockedNote, item: Fingerprint) -> Pairing | None:
        """None where these two must not be one."""
        likeness = self._vocabulary.compare(note.question, item.question)
        note_place, item_place = self._note_places[note.guid], self._item_places[item.guid]
        neighbours = sum(old == new for old, new in zip(note_place, item_place, strict=True))
        if note.answer == item.answer:
            enough = self._enough_with_its_answer(note, item, neighbours, likeness)
        else:
            enough = 0.0 if self._is_mended(note, item, likeness) and neighbours else None
        if enough is None or likeness.share < enough:
            return None
        score = min(round(100 * likeness.share), 100 if note.question == item.question else 99)
        sure = 60 * (note.answer == item.answer) + 10 * neighbours
        same = 5 * (note.label == item.label) + 5 * (note.kind == item.kind)
        return Pairing(score=score, weight=1 + score + sure + same)

    def _enough_with_its_answer(
        self, note: LockedNote, item: Fingerprint, neighbours: int, likeness: Likeness
    ) -> float | None:
        """What share of their words two wordings with one answer must have; None where no share is enough."""
        tells = self._tells(item)
        if tells == "all":
            return _ENOUGH_RETIRED if note.retired else _ENOUGH_TELLING[neighbours]
        if note.retired or not neighbours:
            return None
        if likeness.same_words or likeness.is_extended:
            return 0.0
        if tells == "nothing" or not likeness.same_codes:
            return None
        place = self._item_places[item.guid]
        is_lone = neighbours == 2 and self._notes_in[place] == self._items_in[place] == 1
        return _ENOUGH_LONE if is_lone else _ENOUGH_SHORT

    def _is_mended(self, note: LockedNote, item: Fingerprint, likeness: Likeness) -> bool:
        """Is it the same question of the same part, mended a little, though the answer is another?"""
        is_repeated = self._asked[note.question] > 1 or self._asks[item.question] > 1
        same_part = (note.kind, note.label, note.context) == (item.kind, item.label, item.context)
        return likeness.same_words and same_part and not is_repeated and not note.retired

    def _tells(self, item: Fingerprint) -> Literal["all", "something", "nothing"]:
        """How much its answer says of which question it belongs to: a sentence all, "Paris" some, "True" nothing."""
        if self._had_answer[item.answer] > 1 or self._has_answer[item.answer] > 1:
            return "nothing"
        if comparison.answers_anything(item.answer_text):
            return "nothing"
        return "all" if len(item.answer_text) >= _TELLING_ANSWER else "something"


def _places(notes: "Sequence[Known]", positions: Mapping[str, int]) -> dict[str, Place]:
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
