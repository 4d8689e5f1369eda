"""Labels of questions, parts and answers: `A.`, `(b)`, `3.`, `Step 1.`, `Scenario C —`; and runs of labelled text."""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ankiexport import markup
from ankiexport.model import Block, Html

_ROMAN = {numeral: value for value, numeral in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)}
_CORE = r"(?:\d{1,2}|[A-Za-z]|[ivx]{2,4}|[IVX]{2,4})"

# A part's label: "A. ", "(a) ", "b) ", "3: ", "Step 1. ", "Scenario A — ", "Q2. "; "Part B" alone on its line
_LABEL = re.compile(
    rf"(?:(?P<word>[A-Z][a-zäöüéèñ]+)[ ]|(?P<q>Q)[ ]?|\#)?"
    rf"(?:\((?P<inner>{_CORE})\)[.:]?|\[(?P<square>{_CORE})\]|(?P<core>{_CORE})(?P<end>\s?[.):]|\s+[—–-](?=\s)|(?=\s*$)))"
    r"(?:\s+|$)"
)
# The labels that open an answer in a key: "A: ", "A -> 2: ", "(b) ", "A, C: ", "A and C — ", "1–3: ", "B (tricky): "
_KEY = re.compile(
    rf"(?:Answers?\s+(?:to\s+)?|For\s+)?(?P<word>[A-Z][a-zäöüéèñ]+s?\s+)?"
    rf"(?P<first>\(?{_CORE}\)?)"
    rf"(?P<more>(?:\s*(?:,|/|&|\+|[–-]|\band\b|\bthrough\b|\bto\b|,\s*and\b)\s*\(?{_CORE}\)?(?![\w']))*)"
    r"(?:\s*(?:->|=>|→|⇒|⟶|=)\s*|\s?[.:)](?=\s|$)\s*|\s+[—–-]\s+|\s+(?=\())"
)
_KEY_PAREN = re.compile(rf"\((?P<first>{_CORE})\)\s+")
# "A is …", once all other labels of the exercise stand at the same place
_BARE_KEY = re.compile(rf"(?P<word>[A-Z][a-z]+\s+)?(?P<first>{_CORE})\s+(?=\w)")
_PAIRING = re.compile(r"\)?\s*[–—-]\s*(?=\w)")
# Counted things that an answer speaks of: "Figure 2: …" under the answer to part 2 is no label
_OTHER_COUNTS = frozenset({"Figure", "Table", "Chapter", "Lesson", "Section", "Line", "Layer", "Thread", "Phase"})
_MOST_STRAYS = 3  # labels in a key beyond the last part that still count as labels
_RANGE = re.compile(r"\s*(?:[–-]|through|to)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label at the start of a text. `end` is how many characters of the text it takes."""

    word: str
    core: str
    end: int

    @property
    def text(self) -> str:
        """As a reader would say it: `A`, `Step 1`."""
        return f"{self.word} {self.core}" if self.word and self.word != "Q" else self.core

    @property
    def values(self) -> dict[str, int]:
        """Its place in each way of counting that it fits: `i` is the first numeral and the ninth letter."""
        if self.core.isdigit():
            return {"number": int(self.core)}
        case = "upper" if self.core.isupper() else "lower"
        lower = self.core.lower()
        values = {f"{case} roman": _ROMAN[lower]} if lower in _ROMAN else {}
        if len(lower) == 1:
            values[case] = ord(lower) - ord("a") + 1
        return values

    @property
    def value(self) -> int:
        """Its place in the likeliest way of counting."""
        return min(self.values.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """The smallest piece that can carry a label: a block, a list item, a table row or lines of a code block."""

    blocks: tuple[Block, ...]
    text: str
    label: Label | None = None
    home: int = 0  # which of the blocks it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What stands under one label, without the label. `text` is all of it as it stands on the page."""

    label: Label
    blocks: tuple[Block, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Blocks cut at their labels: what comes before the first, one segment a label, what comes after the last's own."""

    before: tuple[Block, ...]
    segments: tuple[Segment, ...]
    after: tuple[Block, ...]
    first_block: int
    channel: str


def parse_label(text: str) -> Label | None:
    match = _LABEL.match(text)
    if not match:
        return None
    core = match["inner"] or match["square"] or match["core"]
    word = match["word"] or match["q"] or ""
    if not word and match["end"] is not None and not match["end"].strip():
        return None  # a bare letter or number on its own line
    return Label(word=word, core=core, end=match.end())


def question_number(block: Block) -> Label | None:
    """The number of a question: `3.`, `Q3.`, `Question 3:`."""
    label = parse_label(block.text) if block.tag in ("paragraph", "heading") else None
    return label if label and label.core.isdigit() and label.word in ("", "Q", "Question") else None


def find_run(blocks: Sequence[Block]) -> Run | None:
    """The labelled parts in these blocks: the longest row of labels that begins with the first of its kind."""
    best: tuple[tuple[int, ...], list[Atom], list[int], str] | None = None
    for channel, cut in _CHANNELS.items():
        atoms = list(cut(blocks))
        row = _longest_row([atom.label for atom in atoms])
        if len(row) >= 2 and (best is None or (len(row),) > best[0]):
            best = ((len(row),), atoms, row, channel)
    if best is None:
        return None
    _, atoms, row, channel = best
    return _cut(atoms, row, channel)


def find_key(blocks: Sequence[Block], parts: Sequence[Label]) -> tuple[Run, list[tuple[Label, ...]]] | None:
    """The answers to `parts` in the body of a reveal, each with the labels that it answers; None if there are none.

    An answer counts where at least two labels, or the only one, stand at the start of blocks, items, rows or lines.
    """
    best: tuple[int, Run, list[tuple[Label, ...]]] | None = None
    for bare in (False, True):
        for channel, cut in _CHANNELS.items():
            atoms = list(cut(blocks))
            found = [_key_labels(atom, parts, bare) for atom in atoms]
            row = [i for i, labels in enumerate(found) if labels]
            covered = {label.core.lower() for i in row for label in found[i]}
            wanted = {part.core.lower() for part in parts}
            enough = covered >= wanted if bare else len(covered & wanted) >= min(2, len(wanted))
            if enough and (best is None or len(covered & wanted) > best[0]):
                labelled = [
                    replace(atom, label=replace(labels[0], end=labels[-1].end)) if labels else replace(atom, label=None)
                    for atom, labels in zip(atoms, found, strict=True)
                ]
                best = (len(covered & wanted), _cut(labelled, row, channel), [found[i] for i in row])
        if best:
            return best[1], best[2]
    return None


def _key_labels(atom: Atom, parts: Sequence[Label], bare: bool) -> tuple[Label, ...]:
    """The labels that an atom of a key answers, all of the style of the parts."""
    styles = set.intersection(*(set(part.values) for part in parts)) if parts else set()
    match = (_BARE_KEY if bare else _KEY).match(atom.text) or (None if bare else _KEY_PAREN.match(atom.text))
    if match:
        groups = match.groupdict()
        word = (groups.get("word") or "").strip()
        cores = _all_cores(groups["first"], groups.get("more") or "")
        labels = tuple(Label(word=word, core=core, end=match.end()) for core in cores)
        if all(_fits(label, styles, parts) for label in labels):
            return labels
        pairing = _PAIRING.match(atom.text, match.end("first"))  # "A-2: …" pairs A with 2, it is no range
        if pairing and _fits(labels[0], styles, parts):
            return (replace(labels[0], end=pairing.end()),)
    if atom.label and atom.label.end == 0 and _fits(atom.label, styles, parts):
        return (atom.label,)
    return ()


def _fits(label: Label, styles: set[str], parts: Sequence[Label]) -> bool:
    """Is this a label of the same way of counting, case aside, near the parts' own and not one of another word?"""
    shared = {style.replace("lower", "upper") for style in styles}
    values = [value for style, value in label.values.items() if style.replace("lower", "upper") in shared]
    words = {part.word for part in parts if part.word}
    foreign = label.word and (label.word not in words if words else label.word in _OTHER_COUNTS)
    return bool(values) and min(values) <= len(parts) + _MOST_STRAYS and not foreign


def _all_cores(first: str, more: str) -> list[str]:
    """`A`, `, C` → A, C; `A`, `–C` → A, B, C."""
    cores = [first.strip("()")]
    for joint, core in re.findall(rf"([^\w(]+|\s+[a-z]+\s+)\(?({_CORE})\)?", more):
        last, label = Label(word="", core=cores[-1], end=0), Label(word="", core=core, end=0)
        shared = last.values.keys() & label.values.keys()
        if _RANGE.fullmatch(joint) and shared:
            style = min(shared)
            between = range(last.values[style] + 1, label.values[style])
            cores.extend(str(v) if style == "number" else chr(ord(cores[-1][0]) + 1 + i) for i, v in enumerate(between))
        cores.append(core)
    return cores


def _longest_row(labels: Sequence[Label | None]) -> list[int]:
    """The longest row of labels that count 1, 2, 3 … in one style under one word; of equals, the first."""
    rows: dict[tuple[str, str], list[list[int]]] = {}
    for index, label in enumerate(labels):
        if label is None:
            continue
        for style, value in label.values.items():
            known = rows.setdefault((label.word, style), [])
            if value == 1:
                known.append([index])
            elif known and value == len(known[-1]) + 1:
                known[-1].append(index)
    every = [row for known in rows.values() for row in known]
    return max(every, key=lambda row: (len(row), -row[0]), default=[])


def _cut(atoms: Sequence[Atom], row: Sequence[int], channel: str) -> Run:
    segments = []
    ends = [*row[1:], len(atoms)]
    bodies = [list(atoms[start:end]) for start, end in zip(row, ends, strict=True)]
    own = _own_length(bodies, channel)
    after = bodies[-1][own:]
    bodies[-1] = bodies[-1][:own]
    for body in bodies:
        label = body[0].label
        assert label is not None, "a row holds labelled atoms only"
        first, *others = _merge_lines(body) if channel == "lines" else body
        first = _without_label(first, label.end)
        blocks = [*first.blocks, *(block for atom in others for block in atom.blocks)]
        text = "\n".join([first.text, *(atom.text for atom in others)])
        segments.append(Segment(label=label, blocks=tuple(blocks), text=text))
    return Run(
        before=tuple(block for atom in atoms[: row[0]] for block in atom.blocks),
        segments=tuple(segments),
        after=tuple(block for atom in after for block in atom.blocks),
        first_block=atoms[row[0]].home,
        channel=channel,
    )


def _merge_lines(body: Sequence[Atom]) -> list[Atom]:
    """Lines of one code block in one piece again."""
    merged: list[Atom] = []
    for _, group in groupby(body, key=lambda atom: atom.home):
        first, *others = group
        if others:
            text = "\n".join(atom.text for atom in (first, *others))
            lines = replace(first.blocks[0], text=text, html=markup.lines(text))
            first = replace(first, blocks=(lines,), text=text)
        merged.append(first)
    return merged


def _own_length(bodies: Sequence[Sequence[Atom]], channel: str) -> int:
    """How much of the last label's body is its own: what hangs on its first paragraph, and what the others have too."""
    last = [_shape(atom) for atom in bodies[-1]]
    own = 1
    if channel == "blocks":
        while own < len(last) and last[own] not in ("paragraph", "heading"):
            own += 1
    else:
        home = bodies[-1][0].home
        own = max(sum(atom.home == home for atom in bodies[-1]), 1)
    for body in bodies[:-1]:
        shared = 1
        while shared < min(len(body), len(last)) and last[shared] == _shape(body[shared]):
            shared += 1
        own = max(own, shared)
    return own


def _shape(atom: Atom) -> str:
    return atom.blocks[0].tag if atom.blocks else ""


def _without_label(atom: Atom, length: int) -> Atom:
    text = atom.text[length:]
    if not atom.blocks:
        return replace(atom, text=text)
    first, *others = atom.blocks
    if first.tag == "code":
        bare = first.text[length:]
        html = markup.lines(bare)
    else:
        bare, html = first.text[length:], markup.without_prefix(first.html, length)
    kept = [replace(first, text=bare, html=html)] if bare.strip() else []
    return replace(atom, blocks=(*kept, *others), text=text)


# Channels: the ways in which labelled text is set on a page


def _by_blocks(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        label = parse_label(block.text) if block.tag in ("paragraph", "heading", "quote") else None
        yield Atom(blocks=(block,), text=block.text, label=label, home=home)


def _by_items(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag != "list":
            yield Atom(blocks=(block,), text=block.text, home=home)
            continue
        for item in block.children:
            label = parse_label(item.text)
            if label is None and item.number is not None:
                label = Label(word="", core=str(item.number), end=0)
            yield Atom(blocks=item.children, text=item.text, label=label, home=home)


def _by_lines(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag not in ("code", "paragraph") or "\n" not in block.text:
            yield Atom(blocks=(block,), text=block.text, home=home)
            continue
        for piece in _labelled_lines(block.text):
            tidy = _tidy(piece)
            lines = replace(block, tag="code", text=tidy, html=markup.lines(tidy))
            yield Atom(blocks=(lines,), text=tidy, label=parse_label(tidy), home=home)


def _labelled_lines(text: str) -> Iterable[list[str]]:
    """The lines of a block in pieces, each beginning at a line that could carry a label."""
    piece: list[str] = []
    for line in text.split("\n"):
        if piece and (_LABEL.match(line.strip()) or _KEY.match(line.strip()) or _KEY_PAREN.match(line.strip())):
            yield piece
            piece = []
        piece.append(line)
    yield piece


def _tidy(lines: Sequence[str]) -> str:
    """Lines without the indentation that they share below the first."""
    first, *rest = lines
    return "\n".join([first.strip(), *textwrap.dedent("\n".join(rest)).split("\n")]).rstrip()


def _by_rows(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag != "table":
            yield Atom(blocks=(block,), text=block.text, home=home)
            continue
        for row in block.children:
            cells = row.children
            label = parse_label(f"{cells[0].text}.") if cells and re.fullmatch(_CORE, cells[0].text) else None
            label = label or (parse_label(cells[0].text) if cells else None)
            if label and len(cells) > 1 and label.end >= len(cells[0].text):
                text = " ".join(cell.text for cell in cells)
                label = replace(label, end=len(cells[0].text) + 1)
                joined = Html(" ".join(cell.html for cell in cells))
                yield Atom(blocks=(replace(cells[1], html=joined, text=text),), text=text, label=label, home=home)
            else:
                yield Atom(
                    blocks=(replace(row, tag="paragraph", html=markup.escape(row.text)),), text=row.text, home=home
                )


_CHANNELS: dict[str, Callable[[Sequence[Block]], Iterable[Atom]]] = {
    "blocks": _by_blocks,
    "items": _by_items,
    "lines": _by_lines,
    "rows": _by_rows,
}
