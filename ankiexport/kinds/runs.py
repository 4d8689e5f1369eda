"""Runs of labelled text: the parts of an exercise, and the answers in its key."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport.kinds.channels import CHANNELS, Atom, channels_of, merge_lines, restore, without_label
from ankiexport.kinds.labels import Label, fits, parse_key
from ankiexport.model import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What stands under one label, without the label. `text` is all of it as it stands on the page."""

    label: Label
    blocks: tuple[Block, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Blocks cut at their labels: what comes before the first, a segment a label, what comes after the last's own.

    `first_block` is the block that holds the first label.
    """

    before: tuple[Block, ...]
    segments: tuple[Segment, ...]
    after: tuple[Block, ...]
    first_block: int
    channel: str

    @property
    def labels(self) -> list[Label]:
        return [segment.label for segment in self.segments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The answers in a key: `answered` tells for each segment of the run which labels it answers."""

    run: Run
    answered: tuple[tuple[Label, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Where a run would be cut: the atoms of its channel, and which of them carry its labels."""

    channel: str
    atoms: Sequence[Atom]
    places: Sequence[int]

    @property
    def labels(self) -> tuple[Label | None, ...]:
        return tuple(self.atoms[at].label for at in self.places)

    @property
    def begins_at_one(self) -> bool:
        first = self.atoms[self.places[0]].label
        return first is not None and first.value == 1


def find_runs(blocks: Sequence[Block]) -> list[Run]:
    """The rows of labelled parts in these blocks, the likeliest first; of those with the same labels only that.

    The longest is the likeliest; but of two with text between them the later, for that stands at the reveal.
    """
    different: dict[tuple[str, tuple[Label | None, ...]], _Row] = {}
    for row in _rows(blocks):
        different.setdefault((row.channel, row.labels), row)
    return [_cut(blocks, row) for row in different.values()]


def find_run(blocks: Sequence[Block]) -> Run | None:
    """The likeliest row of labelled parts in these blocks."""
    rows = _rows(blocks)
    return _cut(blocks, rows[0]) if rows else None


def _rows(blocks: Sequence[Block]) -> list[_Row]:
    """The rows of labels in these blocks, the likeliest first."""
    rows = [
        _Row(channel=channel, atoms=atoms, places=places)
        for channel, atoms in channels_of(blocks)
        for places in _label_rows([atom.label for atom in atoms])
    ]
    rows.sort(key=lambda row: (not row.begins_at_one, -len(row.places)))
    for i in range(1, len(rows)):
        if _comes_after(blocks, rows[0], rows[i]):
            rows.insert(0, rows.pop(i))
    return rows


def _comes_after(blocks: Sequence[Block], earlier: _Row, later: _Row) -> bool:
    between = blocks[earlier.atoms[earlier.places[-1]].home + 1 : later.atoms[later.places[0]].home]
    return later.begins_at_one and any(block.tag == "paragraph" for block in between)


def _label_rows(labels: Sequence[Label | None]) -> list[list[int]]:
    """Rows of two labels or more that count 1, 2, 3 … in one style under one word, or B, C … for letters."""
    rows: dict[tuple[str, str], list[list[tuple[int, int]]]] = {}  # of an index and the label's value
    for index, label in enumerate(labels):
        for style, value in label.values.items() if label else ():
            known = rows.setdefault((label.word if label else "", style), [])
            if known and value == known[-1][-1][1] + 1:
                known[-1].append((index, value))
            elif value == 1 or (style == "upper" and not known):
                known.append([(index, value)])
    return [[index for index, _ in row] for known in rows.values() for row in known if len(row) >= 2]


def find_key(blocks: Sequence[Block], parts: Sequence[Label]) -> Key | None:
    """The answers to `parts` in the body of a reveal; None if it does not tell them apart.

    It does where at least two of the labels (or the only one) open blocks, items, lines, rows or sentences.
    """
    wanted = {part.core.lower() for part in parts}
    best: tuple[int, str, list[Atom], list[tuple[Label, ...]]] | None = None
    channels = list(channels_of(blocks))
    for bare in (False, True):
        for channel, atoms in channels:
            found = [_answered(atom, parts, bare) for atom in atoms]
            covered = len({label.core.lower() for labels in found for label in labels} & wanted)
            least = len(wanted) if bare or channel == "sentences" else min(2, len(wanted))
            if covered >= least and (best is None or covered > best[0]):
                best = (covered, channel, atoms, found)
        if best:
            break
    if best is None:
        return None
    _, channel, atoms, found = best
    labelled = [
        replace(atom, label=labels[0] if labels else None) if atom.label or labels else atom
        for atom, labels in zip(atoms, found, strict=True)
    ]
    places = [i for i, labels in enumerate(found) if labels]
    run = _cut(blocks, _Row(channel=channel, atoms=labelled, places=places))
    return Key(run=run, answered=tuple(found[i] for i in places))


def _answered(atom: Atom, parts: Sequence[Label], bare: bool) -> tuple[Label, ...]:
    """The labels that an atom of a key answers."""
    if atom.label and atom.label.end == 0 and fits(atom.label, parts):
        return (atom.label,)  # its number in a list, or its own cell in a table
    return parse_key(atom.text, parts, bare=bare)


def key_length(blocks: Sequence[Block], parts: Sequence[Label]) -> int:
    """How many blocks, from the first, a key with these labels takes; 0 if they hold none.

    Labels that begin again, or that stand in the last block, are the parts of the next exercise.
    """
    for channel, bare in (("blocks", False), ("items", False), ("lines", False), ("lines", True)):
        seen: dict[str, int] = {}
        for atom in CHANNELS[channel](blocks):
            labels = {label.core.lower() for label in _answered(atom, parts, bare)}
            if any(atom.home > seen.get(core, atom.home) for core in labels):
                break
            seen.update(dict.fromkeys(labels - seen.keys(), atom.home))
        length = max(seen.values(), default=-1) + 1
        enough = len(seen) >= (len(parts) if bare else min(2, len(parts)))
        if enough and length < len(blocks):
            return length
    return 0


def _cut(blocks: Sequence[Block], row: _Row) -> Run:
    atoms, places, channel = row.atoms, row.places, row.channel
    sizes = Counter(atom.home for atom in atoms)
    bodies = [list(atoms[start:end]) for start, end in zip(places, [*places[1:], len(atoms)], strict=True)]
    own = _own_length(bodies, channel)
    after = bodies[-1][own:]
    bodies[-1] = bodies[-1][:own]
    return Run(
        before=restore(atoms[: places[0]], blocks, sizes),
        segments=tuple(_segment(body, blocks, sizes, channel) for body in bodies),
        after=restore(after, blocks, sizes),
        first_block=atoms[places[0]].home,
        channel=channel,
    )


def _segment(body: Sequence[Atom], blocks: Sequence[Block], sizes: Counter[int], channel: str) -> Segment:
    label = body[0].label
    assert label is not None, "a row holds labelled atoms only"
    first, *others = merge_lines(body) if channel == "lines" else body
    return Segment(
        label=label,
        blocks=(*without_label(first.blocks, label.end), *restore(others, blocks, sizes)),
        text="\n".join([first.text[label.end :], *(atom.text for atom in others)]),
    )


def _own_length(bodies: Sequence[Sequence[Atom]], channel: str) -> int:
    """How much of the last label's body is its own: what hangs on its first paragraph, and what the others have too."""
    last = bodies[-1]
    own = 1
    if channel == "blocks":
        lone = not last[0].text[last[0].label.end if last[0].label else 0 :].strip()
        own += lone and len(last) > 1
        while own < len(last) and _shape(last[own]) not in ("paragraph", "heading"):
            own += 1
    else:
        own = max(sum(atom.home == last[0].home for atom in last), 1)
    for body in bodies[:-1]:
        shared = 1
        while shared < min(len(body), len(last)) and _shape(last[shared]) == _shape(body[shared]):
            shared += 1
        own = max(own, shared)
    return own


def _shape(atom: Atom) -> str:
    return atom.blocks[0].tag if atom.blocks else ""
