"""Runs of labelled text: the parts of an exercise, and the answers in its key."""

from collections import Counter
from collections.abc import Iterator, Sequence
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

    `first_block` and `last_block` are the blocks that hold the first and the last label.
    """

    before: tuple[Block, ...]
    segments: tuple[Segment, ...]
    after: tuple[Block, ...]
    first_block: int
    last_block: int
    channel: str

    @property
    def labels(self) -> list[Label]:
        return [segment.label for segment in self.segments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The answers in a key: `answered` tells for each segment of the run which labels it answers."""

    run: Run
    answered: tuple[tuple[Label, ...], ...]


def find_runs(blocks: Sequence[Block]) -> list[Run]:
    """The rows of labelled parts in these blocks, the likeliest first.

    The longest is the likeliest; but of two with text between them the later, for that stands at the reveal.
    """
    runs = [_cut(blocks, atoms, row, channel) for channel, atoms, row in _rows(blocks)]
    runs.sort(key=lambda run: (run.segments[0].label.value != 1, -len(run.segments)))
    for i in range(1, len(runs)):
        if _comes_after(blocks, runs[0], runs[i]):
            runs.insert(0, runs.pop(i))
    return runs


def find_run(blocks: Sequence[Block]) -> Run | None:
    return next(iter(find_runs(blocks)), None)


def _comes_after(blocks: Sequence[Block], earlier: Run, later: Run) -> bool:
    between = blocks[earlier.last_block + 1 : later.first_block]
    return any(block.tag == "paragraph" for block in between) and later.segments[0].label.value == 1


def _rows(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Atom], list[int]]]:
    for channel, atoms in channels_of(blocks):
        for row in _label_rows([atom.label for atom in atoms]):
            yield channel, atoms, row


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
    labelled = [replace(atom, label=labels[0] if labels else None) for atom, labels in zip(atoms, found, strict=True)]
    row = [i for i, labels in enumerate(found) if labels]
    return Key(run=_cut(blocks, labelled, row, channel), answered=tuple(found[i] for i in row))


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


def _cut(blocks: Sequence[Block], atoms: Sequence[Atom], row: Sequence[int], channel: str) -> Run:
    sizes = Counter(atom.home for atom in atoms)
    bodies = [list(atoms[start:end]) for start, end in zip(row, [*row[1:], len(atoms)], strict=True)]
    own = _own_length(bodies, channel)
    after = bodies[-1][own:]
    bodies[-1] = bodies[-1][:own]
    return Run(
        before=restore(atoms[: row[0]], blocks, sizes),
        segments=tuple(_segment(body, blocks, sizes, channel) for body in bodies),
        after=restore(after, blocks, sizes),
        first_block=atoms[row[0]].home,
        last_block=atoms[row[-1]].home,
        channel=channel,
    )


def _segment(body: Sequence[Atom], blocks: Sequence[Block], sizes: Counter[int], channel: str) -> Segment:
    label = body[0].label
    assert label is not None, "a row holds labelled atoms only"
    first, *others = merge_lines(body) if channel == "lines" else body
    first = without_label(first, label.end)
    return Segment(
        label=label,
        blocks=(*first.blocks, *restore(others, blocks, sizes)),
        text="\n".join([first.text, *(atom.text for atom in others)]),
    )


def _own_length(bodies: Sequence[Sequence[Atom]], channel: str) -> int:
    """How much of the last label's body is its own: what hangs on its first paragraph, and what the others have too."""
    last = bodies[-1]
    own = 1
    if channel == "blocks":
        lone = not without_label(last[0], last[0].label.end if last[0].label else 0).text.strip()
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
