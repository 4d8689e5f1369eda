"""The items of this run and the notes of a lock → which item is which note, so that a note outlives its wording.

In this order, each locked note given once: the id that its author has set; the same text; the same place with a similar
question or the same answer; the same question and answer on another page.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from ankiexport import identity
from ankiexport.identity import Fingerprint
from ankiexport.judge import Judge
from ankiexport.model import Lock, LockedNote, LockedPage, Page

_ANSWER_HASH = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadPage:
    """A page of this run: each of its items also as a lock would remember it, with the GUID that its own text makes."""

    page: Page
    fingerprints: tuple[Fingerprint, ...]
    notes: tuple[LockedNote, ...]


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
    in_run: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)


def read_page(page: Page, fingerprints: Sequence[Fingerprint]) -> ReadPage:
    """A page with its items as a lock would remember them; Anki's ids and times are not known yet."""
    notes = tuple(
        LockedNote(
            guid=found.guid,
            kind=found.item.kind,
            label=found.item.label,
            question=found.question,
            answer=answer_hash(identity.answer_text(found.item)),
            content="",
            note_id=0,
            modified=0,
            set_id=found.item.set_id,
        )
        for found in fingerprints
    )
    return ReadPage(page=page, fingerprints=tuple(fingerprints), notes=notes)


def answer_hash(normalised: str) -> str:
    return identity.digest(normalised).hex()[:_ANSWER_HASH]


def reidentify(pages: Sequence[ReadPage], lock: Lock, *, fuzzy: bool) -> Reidentified:
    """Which item is which locked note. Without `fuzzy`, likeness alone decides nothing."""
    locked = {page.key: page for page in _in_run(lock, [page.page for page in pages])}
    renamed = _renamed(pages, locked, lock.path.parent)
    matching = _Matching(lock.refused)
    pairs = [
        (old.notes, page)
        for page in pages
        if (old := locked.get(renamed.get(page.page.key, page.page.key))) is not None
    ]
    for notes, page in pairs:
        matching.match_set_ids(notes, page)
        matching.match_exactly(notes, page.notes)
    everywhere = [note for page in locked.values() for note in page.notes]
    everything = [note for page in pages for note in page.notes]
    if fuzzy:
        moved = matching.moved_pairs(everywhere, everything)
        for notes, page in pairs:
            matching.match_alike(notes, page, moved)
    matching.match_moved(everywhere, everything)
    return Reidentified(
        matches=matching.found,
        in_run=frozenset(locked),
        renamed=renamed,
    )


def _in_run(lock: Lock, pages: Sequence[Page]) -> list[LockedPage]:
    """The locked pages that were read, under this name or another, or whose file is gone from a folder given whole."""
    read = {page.key for page in pages}
    files = {page.source.path.resolve() for page in pages if page.source.path}
    folders = {page.source.folder.resolve() for page in pages if page.source.folder and page.source.whole_folder}

    home = lock.path.parent.resolve()

    def is_in_run(page: LockedPage) -> bool:
        if page.key in read:
            return True
        if page.file is None:  # as of a lock that was made from a deck
            return any(map(home.is_relative_to, folders))
        file = (home / page.file).resolve()
        return file in files or (any(map(file.is_relative_to, folders)) and not file.exists())

    return [page for page in lock.pages if is_in_run(page)]


def _renamed(pages: Sequence[ReadPage], locked: Mapping[str, LockedPage], home: Path) -> dict[str, str]:
    """Pages that come under another key: half of the questions stay, or the file and one question or answer."""
    read = {page.page.key for page in pages}
    gone = [page for page in locked.values() if page.key not in read]
    by_question: dict[str, list[LockedPage]] = defaultdict(list)
    for old in gone:
        for note in old.notes:
            by_question[note.question].append(old)
    candidates = []
    for page in (page for page in pages if page.page.key not in locked):
        shared = Counter(old.key for note in page.notes for old in by_question.get(note.question, ()))
        for old in gone:
            same_file = _is_file(page.page.source.path, home, old.file)
            least = min(sum(not note.retired for note in old.notes), len(page.notes))
            is_half = 0 < least <= shared[old.key] * 2
            if is_half or (same_file and (shared[old.key] or _share_an_answer(old.notes, page.notes))):
                candidates.append((same_file, shared[old.key], page.page.key, old.key))
    renamed: dict[str, str] = {}
    for _, _, new, known in sorted(candidates, key=lambda found: (not found[0], -found[1], found[2:])):
        if new not in renamed and known not in renamed.values():
            renamed[new] = known
    return renamed


def _share_an_answer(notes: Iterable[LockedNote], items: Iterable[LockedNote]) -> bool:
    return not {note.answer for note in notes}.isdisjoint(item.answer for item in items)


def _is_file(path: Path | None, home: Path, file: str | None) -> bool:
    return path is not None and file is not None and path.resolve() == (home / file).resolve()


_Key = Callable[[LockedNote], object]

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
_MOVED: Sequence[tuple[_Key, bool]] = (
    (attrgetter("question", "answer", "kind"), False),
    (attrgetter("question", "answer"), False),
)


class _Matching:
    """Gives locked notes to items, each once."""

    def __init__(self, refused: frozenset[tuple[str, str]]) -> None:
        self.found: dict[str, Match] = {}
        self._refused = refused
        self._given: set[str] = set()

    def is_open(self, item: LockedNote) -> bool:
        """Is this item none of the locked notes so far?"""
        return item.guid not in self.found

    def _is_free(self, note: LockedNote) -> bool:
        return note.guid not in self._given

    def _may_be(self, note: LockedNote, item: LockedNote) -> bool:
        return (note.guid, item.guid) not in self._refused

    def _give(self, note: LockedNote, item: LockedNote, score: int | None = None) -> None:
        self.found[item.guid] = Match(note=note, score=score)
        self._given.add(note.guid)

    def match_set_ids(self, notes: Sequence[LockedNote], page: ReadPage) -> None:
        """An id that the author has set, unless ids went to other questions: a page that numbers them anew."""
        by_id = {note.set_id: note for note in _once(notes, "set_id")}
        texts, locked_texts = Counter(n.question for n in page.notes), Counter(n.question for n in notes)
        for item in _once(page.notes, "set_id"):
            same = by_id.get(item.set_id)
            if same is None or not self._may_be(same, item):
                continue
            if same.question == item.question or not (texts[same.question] or locked_texts[item.question]):
                self._give(same, item)

    def match_exactly(self, notes: Sequence[LockedNote], items: Sequence[LockedNote]) -> None:
        """The same text on the same page; notes that the page still had before those that had left it."""
        for retired in (False, True):
            self._match_by(_EXACT, [note for note in notes if note.retired is retired], items)

    def match_moved(self, notes: Sequence[LockedNote], items: Sequence[LockedNote]) -> None:
        """The same question and answer on any page."""
        for retired in (False, True):
            self._match_by(_MOVED, [note for note in notes if note.retired is retired], items)

    def _match_by(
        self, keys: Sequence[tuple[_Key, bool]], notes: Sequence[LockedNote], items: Sequence[LockedNote]
    ) -> None:
        for key, alone in keys:
            open_items = [item for item in items if self.is_open(item)]
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

    def moved_pairs(self, notes: Iterable[LockedNote], items: Iterable[LockedNote]) -> frozenset[tuple[str, str]]:
        """The questions with answers that are a note and an item, neither of them matched: they are on another page."""
        gone = {(note.question, note.answer) for note in notes if self._is_free(note)}
        return frozenset(
            pair for item in items if self.is_open(item) and (pair := (item.question, item.answer)) in gone
        )

    def match_alike(self, notes: Sequence[LockedNote], page: ReadPage, moved: frozenset[tuple[str, str]]) -> None:
        """The same place with a similar question or the same answer: of all ways to pair them, the best in sum."""
        items = [item for item in page.notes if self.is_open(item)]
        left = [note for note in notes if self._is_free(note)]
        if not items or not left:
            return
        import networkx  # takes its time to load, and most builds never need it

        known = {item: match.note.guid for item, match in self.found.items()}
        judge = Judge(notes, page.notes, page.fingerprints, known, moved)
        graph = networkx.Graph()
        scores = {}
        for i, item in enumerate(items):
            for n in judge.nearest(item, left):
                verdict = judge.verdict(left[n], item) if self._may_be(left[n], item) else None
                if verdict:
                    scores[n, i] = verdict.score
                    graph.add_edge(n, len(left) + i, weight=verdict.weight)
        for pair in networkx.max_weight_matching(graph):
            n, i = min(pair), max(pair) - len(left)
            self._give(left[n], items[i], scores[n, i])


def _once(notes: Iterable[LockedNote], name: str) -> list[LockedNote]:
    """The notes that have this, and alone of all."""
    notes = list(notes)
    counts = Counter(getattr(note, name) for note in notes)
    return [note for note in notes if getattr(note, name) is not None and counts[getattr(note, name)] == 1]
