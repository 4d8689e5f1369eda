"""The items of this run and the notes of a lock → which item is which note, so that a note outlives its wording.

In this order, each locked note given once: the id that its author has set; the same text; the same place with a similar
question, or the same answer; the same question and answer on another page.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Protocol, TypeVar

from ankiexport.identity import Fingerprint
from ankiexport.model import Kind, Lock, LockedNote, LockedPage, Page, Problem


class Known(Protocol):
    """What a locked note and an item of this run are compared by."""

    @property
    def guid(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def label(self) -> str | None: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def set_id(self) -> str | None: ...


_K = TypeVar("_K", bound=Known)
_Key = Callable[[Known], object]

# What must be the same for two texts to be one note, the surest first; and whether only one on each side may have it.
_EXACT: Sequence[tuple[_Key, bool]] = (
    (attrgetter("question", "guid"), False),
    (attrgetter("question", "answer", "kind", "label"), False),
    (attrgetter("question", "answer", "kind"), False),
    (attrgetter("question", "answer"), False),
    (attrgetter("question", "kind"), True),
    (attrgetter("question"), True),
    (attrgetter("guid"), False),  # an earlier wording is back
)
_PAIR: _Key = attrgetter("question", "answer")
_MOVED: Sequence[tuple[_Key, bool]] = ((attrgetter("question", "answer", "kind"), False), (_PAIR, False))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page of this run with the fingerprints of its items."""

    page: Page
    fingerprints: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The locked note that an item is. `score` (0 to 100) is how alike the questions are where likeness decided."""

    note: LockedNote
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reidentified:
    """Which item is which locked note.

    `matches` has the GUID that an item's own text makes as its key. `in_run` are the keys of the locked pages that this
    run speaks of; `renamed` maps the key of a page of this run to the one that the lock knows it by.
    """

    matches: Mapping[str, Match]
    in_run: frozenset[str]
    renamed: Mapping[str, str]


def reidentify(pages: Sequence[ReadPage], lock: Lock, *, fuzzy: bool) -> Reidentified:
    """Which item is which locked note. Without `fuzzy`, likeness alone decides nothing."""
    locked = {page.key: page for page in pages_in_run(lock, [read.page for read in pages])}
    renamed = _renamed(pages, locked, lock)
    matching = _Matching(lock.refused)
    pairs = [
        (old.notes, read.fingerprints)
        for read in pages
        if (old := locked.get(renamed.get(read.page.key, read.page.key))) is not None
    ]
    for notes, items in pairs:
        matching.match_set_ids(notes, items)
        matching.match_exactly(notes, items)
    all_notes = [note for page in locked.values() for note in page.notes]
    all_items = [item for read in pages for item in read.fingerprints]
    if fuzzy:
        # What is the same on another page now was not reworded here, unless its answer is still here to vouch for it.
        moved = matching.moved_pairs(all_notes, all_items)
        for notes, items in pairs:
            matching.match_alike(notes, items, moved)
    matching.match_moved(all_notes, all_items)
    return Reidentified(matches=matching.found, in_run=frozenset(locked), renamed=renamed)


def pages_in_run(lock: Lock, pages: Sequence[Page]) -> list[LockedPage]:
    """The locked pages that were read, under this name or another, or whose file is gone from a folder given whole."""
    read = {page.key for page in pages}
    files = {page.source.path.resolve() for page in pages if page.source.path}
    folders = {page.source.folder.resolve() for page in pages if page.source.folder and page.source.whole_folder}
    home = _home(lock)
    is_new = lock.text is None  # made from a deck, which tells of no files

    def is_in_run(page: LockedPage) -> bool:
        if page.key in read:
            return True
        if page.file is None:
            return is_new and any(map(home.is_relative_to, folders))
        file = (home / page.file).resolve()
        is_gone = not os.path.exists(file)  # noqa: PTH110  # never raises, whatever the name
        return file in files or (is_gone and any(map(file.is_relative_to, folders)))

    return [page for page in lock.pages if is_in_run(page)]


def _home(lock: Lock) -> Path:
    return (lock.path.parent if lock.path else Path()).resolve()


def _renamed(pages: Sequence[ReadPage], locked: Mapping[str, LockedPage], lock: Lock) -> dict[str, str]:
    """Pages that come under another key: with half of the questions, or in the same file with some of them."""
    read = {page.page.key for page in pages}
    gone = [page for page in locked.values() if page.key not in read]
    new = [page for page in pages if page.page.key not in locked]
    files = {page.key: (_home(lock) / page.file).resolve() for page in gone if page.file}
    candidates = []
    for page in new if gone else ():
        file = page.page.source.path.resolve() if page.page.source.path else None
        questions, answers = (Counter(map(attrgetter(it), page.fingerprints)) for it in ("question", "answer"))
        for old in gone:
            active = [note for note in old.notes if not note.retired]
            same_questions = (questions & Counter(note.question for note in active)).total()
            same_answers = (answers & Counter(note.answer for note in active)).total()
            same_file = file is not None and files.get(old.key) == file
            is_half = 0 < len(active) <= 2 * max(same_questions, same_answers if same_file else 0)
            if is_half or (same_file and same_questions):
                candidates.append((not same_file, -same_questions, page.page.key, old.key))
    renamed: dict[str, str] = {}
    for _, _, key, old_key in sorted(candidates):
        if key not in renamed and old_key not in renamed.values():
            renamed[key] = old_key
    return renamed


class _Matching:
    """Gives locked notes to items, each once."""

    def __init__(self, refused: frozenset[tuple[str, str]]) -> None:
        self.found: dict[str, Match] = {}
        self._refused = refused
        self._given: set[str] = set()

    def _is_open(self, item: Known) -> bool:
        return item.guid not in self.found

    def _is_free(self, note: LockedNote) -> bool:
        return note.guid not in self._given

    def _may_be(self, note: LockedNote, item: Known) -> bool:
        return (note.guid, item.guid) not in self._refused

    def _give(self, note: LockedNote, item: Known, score: int | None = None) -> None:
        self.found[item.guid] = Match(note=note, score=score)
        self._given.add(note.guid)

    def match_set_ids(self, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        """An id that the author has set, unless ids went to other questions: a page that numbers them anew."""
        by_id = _by_id([note for note in notes if note.retired]) | _by_id([note for note in notes if not note.retired])
        texts, locked_texts = {item.question for item in items}, {note.question for note in notes}
        for set_id, item in _by_id(items).items():
            note = by_id.get(set_id)
            if note is None or not self._may_be(note, item):
                continue
            if note.question == item.question or not (note.question in texts or item.question in locked_texts):
                self._give(note, item)

    def match_exactly(self, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        """The same text on the same page; notes that the page still had before those that had left it."""
        for retired in (False, True):
            self._match_by(_EXACT, [note for note in notes if note.retired is retired], items)

    def match_moved(self, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        """The same question and answer on any page."""
        for retired in (False, True):
            self._match_by(_MOVED, [note for note in notes if note.retired is retired], items)

    def _match_by(
        self, keys: Sequence[tuple[_Key, bool]], notes: Sequence[LockedNote], items: Sequence[Fingerprint]
    ) -> None:
        for key, alone in keys:
            open_items = [item for item in items if self._is_open(item)]
            if not open_items:
                return
            having: dict[object, list[LockedNote]] = defaultdict(list)
            for note in notes:
                having[key(note)].append(note)
            asking = Counter(map(key, items)) if alone else Counter[object]()
            for item in open_items:
                same = having.get(key(item), [])
                if alone and (len(same) > 1 or asking[key(item)] > 1):
                    continue
                first = next((note for note in same if self._is_free(note) and self._may_be(note, item)), None)
                if first:
                    self._give(first, item)

    def moved_pairs(self, notes: Iterable[LockedNote], items: Iterable[Fingerprint]) -> frozenset[object]:
        """The questions with their answers that `match_moved` would match now."""
        gone = {_PAIR(note) for note in notes if self._is_free(note)}
        return frozenset(pair for item in items if self._is_open(item) and (pair := _PAIR(item)) in gone)

    def match_alike(self, notes: Sequence[LockedNote], items: Sequence[Fingerprint], moved: frozenset[object]) -> None:
        """The same place with a similar question or the same answer: of all ways to pair them, the best in sum."""
        open_items = [item for item in items if self._is_open(item)]
        left = [note for note in notes if self._is_free(note)]
        if not open_items or not left:
            return
        import networkx  # takes its time to load, as what `judge` needs does, and most builds need neither

        from ankiexport.judge import Judge

        known = {item.guid: self.found[item.guid].note.guid for item in items if not self._is_open(item)}
        judge = Judge(notes, items, left, known, moved)
        graph = networkx.Graph()
        scores = {}
        for i, item in enumerate(open_items):
            for n in judge.nearest(item):
                pairing = judge.pairing(left[n], item) if self._may_be(left[n], item) else None
                if pairing:
                    scores[n, i] = pairing.score
                    graph.add_edge(n, len(left) + i, weight=pairing.weight)
        for pair in networkx.max_weight_matching(graph):
            n, i = min(pair), max(pair) - len(left)
            self._give(left[n], open_items[i], scores[n, i])


def _by_id(known: Iterable[_K]) -> dict[str, _K]:
    """Those that an author has given an id, and no other the same one."""
    known = list(known)
    counts = Counter(one.set_id for one in known)
    return {one.set_id: one for one in known if one.set_id is not None and counts[one.set_id] == 1}


def known_by_likeness(pages: Sequence[ReadPage], known: Reidentified) -> list[Problem]:
    """A note on each item that likeness has made a locked note, with both texts and the line that refuses it."""
    problems = []
    for item in (item for read in pages for item in read.fingerprints):
        match = known.matches.get(item.guid)
        if match is None or match.score is None:
            continue
        why = "with the same answer" if match.note.answer == item.answer else "in the same place"
        refusal = json.dumps({"refuse": match.note.guid, "for": item.guid})
        message = (
            f"taken for the same question, {why} and {match.score} % alike: “{match.note.question}” is now"
            f" “{item.question}”; if they are two, put this line into the lock and build again: {refusal}"
        )
        problems.append(Problem(location=item.item.location, severity="note", message=message))
    return problems
