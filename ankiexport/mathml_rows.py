"""The pieces of a row of MathML → one piece of TeX: which fences belong together, and what stands between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

Role = Literal["", "open", "close", "either", "null", "table", "stack", "limits"]

FENCES: dict[str, tuple[Role, str]] = {
    **dict.fromkeys("⟨〈", ("open", r"\langle")),
    **dict.fromkeys("⟩〉", ("close", r"\rangle")),
    "(": ("open", "("),
    ")": ("close", ")"),
    "[": ("open", "["),
    "]": ("close", "]"),
    "{": ("open", r"\{"),
    "}": ("close", r"\}"),
    "⌊": ("open", r"\lfloor"),
    "⌋": ("close", r"\rfloor"),
    "⌈": ("open", r"\lceil"),
    "⌉": ("close", r"\rceil"),
    "|": ("either", "|"),
    "‖": ("either", r"\Vert"),
}
NULL = "."  # a fence that is not seen: `\left.`
STACK = r"\genfrac{}{}{0pt}{}"  # a fraction without its line
_MATRICES = {("(", ")"): "p", ("[", "]"): "b", (r"\{", r"\}"): "B", ("|", "|"): "v", (r"\Vert", r"\Vert"): "V"}
_SIDES_OF_CASES = ("l", "c", "ll", "cc", "lc", "cl")
# What makes the fences around it grow
_TALL = re.compile(r"\\(?:frac|genfrac|binom|begin|(?:under|over)(?:set|brace)|(?:sum|prod|int|oint)(?![a-z]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An element as TeX, and what its neighbours must know of it.

    The TeX of a fence begins with its `delimiter`; `stretchy` is what the page says of its size, if it does. A table
    has its rows as `body`, and the `sides` to which its columns are set, as `lcr`; none where lines are drawn.
    """

    tex: str
    role: Role = ""
    delimiter: str = ""
    stretchy: bool | None = None
    body: str = ""
    sides: str = ""


def row_of(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one; a single one is itself."""
    if len(pieces) == 1:
        return pieces[0]
    shown = [piece.tex for piece in pieces]
    closed = _closed_by(pieces)
    tall = list(accumulate((bool(_TALL.search(piece.tex)) for piece in pieces), initial=0))
    for left, right in closed.items():
        if _special(pieces, shown, left, right):
            continue
        fences = pieces[left], pieces[right]
        if _stretches(fences, tall[right] > tall[left + 1]):
            shown[left] = rf"\left{pieces[left].delimiter}"
            shown[right] = rf"\right{pieces[right].tex or NULL}"
    for left, piece in enumerate(pieces[:-1]):
        if piece.role == "open" and left not in closed and pieces[left + 1].role == "table":
            _brace(pieces, shown, left)
    return Piece(tex=" ".join(filter(None, shown)))


def _closed_by(pieces: Sequence[Piece]) -> dict[int, int]:
    """The places of opening fences with those of the fences that close them."""
    closed = {}
    opened: list[int] = []
    for place, piece in enumerate(pieces):
        last = pieces[opened[-1]] if opened else None
        if piece.role == "close":
            while opened and pieces[opened[-1]].role == "either":
                opened.pop()
            if opened:
                closed[opened.pop()] = place
        elif last and _closes(last, piece):
            closed[opened.pop()] = place
        elif piece.role in ("open", "either", "null"):
            opened.append(place)
    return closed


def _closes(last: Piece, piece: Piece) -> bool:
    """Does a fence that may be either, or is not seen, close the one that was opened last?"""
    if piece.role == "null":
        return last.role != "null"
    return piece.role == "either" and (last.role == "null" or last.delimiter == piece.delimiter)


def _stretches(fences: tuple[Piece, Piece], around_tall: bool) -> bool:
    said = {fence.stretchy for fence in fences if fence.role != "null"}
    if any(fence.role == "null" for fence in fences):
        return True
    return False not in said and (said == {True} or around_tall)


def _special(pieces: Sequence[Piece], shown: list[str], left: int, right: int) -> bool:
    """A table or a stack alone between its fences: a matrix, cases, a binomial coefficient."""
    inner = pieces[left + 1]
    after = pieces[right].tex[len(pieces[right].delimiter) :]  # a script of the closing fence
    pair = pieces[left].delimiter, pieces[right].delimiter
    if right != left + 2:
        return False
    if inner.role == "stack" and pair == ("(", ")"):
        shown[left : right + 1] = "", inner.tex.replace(STACK, r"\binom", 1) + after, ""
        return True
    if inner.role == "table" and set(inner.sides) == {"c"} and pair in _MATRICES:
        name = _MATRICES[pair] + "matrix"
        shown[left : right + 1] = "", _environment(name, inner.body) + after, ""
        return True
    if inner.role == "table" and pieces[right].role == "null":
        _brace(pieces, shown, left)
        return True
    return False


def _brace(pieces: Sequence[Piece], shown: list[str], left: int) -> None:
    """A table behind a fence that nothing closes."""
    table = pieces[left + 1]
    if pieces[left].delimiter == r"\{" and table.sides in _SIDES_OF_CASES:
        shown[left : left + 2] = "", _environment("cases", table.body)
    else:
        shown[left] = rf"\left{pieces[left].delimiter}"
        shown[left + 1] = rf"{table.tex} \right{NULL}"


def _environment(name: str, body: str) -> str:
    return rf"\begin{{{name}}} {body} \end{{{name}}}"
