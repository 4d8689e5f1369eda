"""Lines of a Markdown file with their numbers, and which of them are code."""

import re
from collections.abc import Sequence
from typing import NamedTuple

# "```python", "~~~", also behind a list mark or in a quote; and the line that closes it
_FENCE_START = re.compile(r"[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(?:(?P<mark>`{3,})[^`]*|(?P<tilde>~{3,}).*)$")
_FENCE_END = re.compile(r"[\s>]*(?P<mark>`{3,}|~{3,})\s*$")
CODE_SPAN = re.compile(r"(`+[^`]*`+)")


class NumberedLine(NamedTuple):
    """A line of text and its number in the original file."""

    number: int
    text: str


class Fences:
    """Goes from line to line and tells which belong to fenced code."""

    def __init__(self) -> None:
        self.mark = ""  # of the block that is open

    def take(self, line: str) -> bool:
        """Does this line belong to fenced code, its fences included?"""
        if self.mark:
            end = _FENCE_END.match(line)
            self.mark = "" if end and end["mark"].startswith(self.mark) else self.mark
            return True
        start = _FENCE_START.match(line)
        self.mark = (start["mark"] or start["tilde"]) if start else ""
        return bool(self.mark)


def fenced_lines(lines: Sequence[str]) -> list[bool]:
    """Which lines belong to fenced code blocks, their fences included."""
    fences = Fences()
    return [fences.take(line) for line in lines]


def closes(line: str, mark: str) -> bool:
    """Is this the line that ends a fence with this mark?"""
    end = _FENCE_END.match(line)
    return end is not None and end["mark"].startswith(mark)


def without_needless_blanks(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """Without the blank lines that were put in beside other blank lines: two of them would end an admonition."""
    kept: list[NumberedLine] = []
    for i, line in enumerate(lines):
        if not line.text.strip(" \t>"):
            following = lines[i + 1] if i + 1 < len(lines) else None
            is_ours = any(
                beside and beside.number == line.number for beside in (following, lines[i - 1] if i else None)
            )
            is_beside = (kept and kept[-1].text.rstrip() == line.text.rstrip()) or (
                following is not None and following.text.rstrip() == line.text.rstrip()
            )
            if is_ours and is_beside:
                continue
        kept.append(line)
    return kept
