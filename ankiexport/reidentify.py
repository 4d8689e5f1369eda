"""The items of this run and the notes of a lock → which item is which note, so that a note outlives its wording.

In this order, each locked note given once: the id that its author has set; the same text; the same place with a similar
question, or the same answer; the same question and answer on another page.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Literal, Protocol, TypeVar

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
    def context(self) -> str | None: ...
    @property
    def set_id(self) -> str | None: ...


_K = TypeVar("_K", bound=Known)
_Key = Callable[[Known], object]

# What must be the same for two texts to be one note, the surest first; and how many on each side may have it.
_Rules = Sequence[tuple[_Key, Literal["any", "one", "several", "reworded"]]]
_PAIRS: _Rules = (
    (attrgetter("question", "answer", "kind", "label"), "any"),
    (attrgetter("question", "answer", "kind"), "any"),
    (attrgetter("question", "answer"), "any"),
)
_QUESTIONS: _Rules = (
    (attrgetter("question", "kind", "context"), "one"),
    (attrgetter("question", "context"), "one"),
    (attrgetter("question", "guid"), "several"),  # which holds the context where a question stands several times
    (attrgetter("guid"), "reworded"),  # an earlier wording is back
)
_IDS: _Rules = ((attrgetter("set_id", "question"), "one"), (attrgetter("set_id", "answer"), "one"))


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

    def old_key(self, key: str) -> str:
        """The key that the lock knows a page of this run by."""
        return self.renamed.get(key, key)


def reidentify(pages: Sequence[ReadPage], lock: Lock, *, fuzzy: bool) -> Reidentified:
    """Which item is which locked note. Without `fuzzy`, likeness alone decides nothing."""
    in_run = pages_in_run(lock, [read.page for read in pages])
    renamed = _renamed(pages, lock, in_run)
    old_keys = {*in_run, *renamed.values()}
    locked = {page.key: page for page in lock.pages if page.key in old_keys}
    matching = _Matching(lock.refused)
    pairs = [
        (old.notes, read.fingerprints)
        for read in pages
        if (old := locked.get(renamed.get(read.page.key, read.page.key))) is not None
    ]
    for notes, items in pairs:
        matching.match_set_ids(notes, items)
        matching.match_by(_PAIRS, notes, items)
    home = _home(lock)
    reach = [*locked.values(), *(page for page in lock.pages if page.key not in locked and _is_gone(page, home))]
    all_notes = [note for page in reach for note in page.notes]
    all_items = [item for read in pages for item in read.fingerprints]
    # The same question and answer on another page come before the question alone in the old place, but after an answer
    # that is still there and may belong to the question reworded.
    staying = {note.guid for notes, items in pairs for note in matching.with_answer_in(notes, items)}
    matching.match_by(_PAIRS, [note for note in all_notes if note.guid not in staying], all_items)
    for notes, items in pairs:
        matching.match_by(_QUESTIONS, notes, items)
    if fuzzy:
        for notes, items in pairs:
            matching.match_alike(notes, items)
    matching.match_by(_PAIRS, all_notes, all_items)
    named = [note for note in all_notes if note.set_id], [item for item in all_items if item.set_id]
    matching.match_by(_IDS, *named)
    return Reidentified(matches=matching.found, in_run=frozenset(locked), renamed=renamed)


def pages_in_run(lock: Lock, pages: Sequence[Page]) -> set[str]:
    """The keys of the locked pages that this run speaks of, so that their notes may be retired.

    They were read, under this name or another, or their file is gone from a folder that was given whole.
    """
    read = {page.key for page in pages}
    others = [page for page in lock.pages if page.key not in read]
    if not others:
        return {page.key for page in lock.pages}
    files = {page.source.path.resolve() for page in pages if page.source.path}
    given = {page.source.folder for page in pages if page.source.folder and page.source.whole_folder}
    folders = {folder.resolve() for folder in given}
    home = _home(lock)

    def is_in_run(page: LockedPage) -> bool:
        if page.file is None:  # of a new lock, which was made from a deck that tells of no files
            return lock.digest is None and any(map(home.is_relative_to, folders))
        file = (home / page.file).resolve()
        return file in files or (_is_gone(page, home) and any(map(file.is_relative_to, folders)))

    return {page.key for page in lock.pages if page.key in read} | {page.key for page in others if is_in_run(page)}


def _home(lock: Lock) -> Path:
    return (lock.path.parent if lock.path else Path()).resolve()


def _is_gone(page: LockedPage, home: Path) -> bool:
    """Is there no such file any more? Then its notes may be known again elsewhere."""
    return page.file is not None and not os.path.exists(home / page.file)  # noqa: PTH110  # never raises


def _renamed(pages: Sequence[ReadPage], lock: Lock, in_run: Collection[str]) -> dict[str, str]:
    """Pages that come under another key: with half of the questions, or in the same file with some of them."""
    home = _home(lock)
    read = {page.page.key for page in pages}
    keys = {page.key for page in lock.pages}
    gone = [
        page
        for page in lock.pages
        if page.key not in read and (page.key in in_run or page.file is None or _is_gone(page, home))
    ]
    new = [page for page in pages if page.page.key not in keys]
    places = _Places(gone, home)
    candidates = []
    for page in new if gone else ():
        file = page.page.source.path.resolve() if page.page.source.path else None
        questions = Counter(item.question for item in page.fingerprints)
        answers = Counter(item.answer for item in page.fingerprints)
        for old in places.near(file, questions, answers):
            active = [note for note in old.notes if not note.retired]
            same_questions = (questions & Counter(note.question for note in active)).total()
            same_file = file is not None and places.files.get(old.key) == file
            same = same_questions
            if same_file or old.file is None:  # a lock made from a deck has shown texts, not those that are hashed
                old_answers = Counter(note.answer for note in active)
                same = max(same, sum(count == answers[answer] == 1 for answer, count in old_answers.items()))
            if 0 < len(active) <= 2 * same or (same_file and same_questions):
                candidates.append((not same_file, -same, page.page.key, old.key))
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, key, old_key in sorted(candidates):
        if key not in renamed and old_key not in taken:
            renamed[key] = old_key
            taken.add(old_key)
    return renamed


class _Places:
    """Where the pages that are gone had which texts, so that not each of them is compared with each new page."""

    def __init__(self, gone: Sequence[LockedPage], home: Path) -> None:
        self.files = {page.key: (home / page.file).resolve() for page in gone if page.file}
        self._pages = {page.key: page for page in gone}
        self._keys: dict[Path | tuple[str, str], list[str]] = defaultdict(list)
        for page in gone:
            active = [note for note in page.notes if not note.retired]
            texts = {("question", note.question) for note in active}
            if page.key in self.files:
                self._keys[self.files[page.key]].append(page.key)
            else:
                texts |= {("answer", note.answer) for note in active}
            for text in texts:
                self._keys[text].append(page.key)

    def near(self, file: Path | None, questions: Iterable[str], answers: Iterable[str]) -> list[LockedPage]:
        """The pages of this file, and those that share a question; or an answer, where they are of no file."""
        told = [*(("question", text) for text in questions), *(("answer", text) for text in answers)]
        keys = dict.fromkeys(key for text in (*told, *([file] if file else ())) for key in self._keys.get(text, ()))
        return [self._pages[key] for key in keys]


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
        items_by_id = _by_id(items)
        if not items_by_id:
            return
        by_id = _by_id([note for note in notes if note.retired]) | _by_id([note for note in notes if not note.retired])
        pairs = [(by_id[set_id], item) for set_id, item in items_by_id.items() if set_id in by_id]
        texts, locked_texts = {item.question for item in items}, {note.question for note in notes}
        if any(
            note.question != item.question and (note.question in texts or item.question in locked_texts)
            for note, item in pairs
        ):
            pairs = [(note, item) for note, item in pairs if note.question == item.question]
        for note, item in pairs:
            if self._may_be(note, item):
                self._give(note, item)

    def with_answer_in(self, notes: Iterable[LockedNote], items: Iterable[Fingerprint]) -> list[LockedNote]:
        """The notes left whose answer one of the items left has."""
        answers = {item.answer for item in items if self._is_open(item)}
        return [note for note in notes if self._is_free(note) and note.answer in answers]

    def match_by(self, rules: _Rules, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        """What is equal by a rule; notes that their page still had before those that had left it."""
        for retired in (False, True):
            some = [note for note in notes if note.retired is retired]
            for key, many in rules if some else ():
                self._match_by(key, many, some, items)

    def _match_by(self, key: _Key, many: str, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        open_items = [item for item in items if self._is_open(item)]
        if not open_items:
            return
        having: dict[object, list[LockedNote]] = defaultdict(list)
        for note in notes:
            having[key(note)].append(note)
        asking = Counter(map(key, items)) if many == "one" else Counter[object]()
        asked = Counter(note.question for note in notes) if many == "several" else Counter[str]()
        asks = Counter(item.question for item in items) if many == "several" else Counter[str]()
        for item in open_items:
            same = having.get(key(item), [])
            if many == "one" and (len(same) > 1 or asking[key(item)] > 1):
                continue
            if many == "several" and min(asked[item.question], asks[item.question]) < 2:
                continue
            if many == "reworded":
                same = [note for note in same if note.question != item.question]
            first = next((note for note in same if self._is_free(note) and self._may_be(note, item)), None)
            if first:
                self._give(first, item)

    def match_alike(self, notes: Sequence[LockedNote], items: Sequence[Fingerprint]) -> None:
        """The same place with a similar question or the same answer: of all ways to pair them, the best in sum."""
        open_items = [item for item in items if self._is_open(item)]
        left = [note for note in notes if self._is_free(note)]
        if not open_items or not left:
            return
        import networkx  # takes its time to load, as what `judge` needs does, and most builds need neither

        from ankiexport.judge import Judge

        known = {item.guid: self.found[item.guid].note.guid for item in items if not self._is_open(item)}
        judge = Judge(notes, items, left, known)
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
    named = [(one.set_id, one) for one in known if one.set_id is not None]
    counts = Counter(set_id for set_id, _ in named)
    return {set_id: one for set_id, one in named if counts[set_id] == 1}


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
