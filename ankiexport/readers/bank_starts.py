"""Where the question above some options begins: at its number, below a rule, or with the last paragraph."""

from collections.abc import Sequence
from typing import NamedTuple

from ankiexport import words
from ankiexport.readers.bank_lines import Number, is_furniture, is_rule, number, says_reason
from ankiexport.readers.text_blocks import Line


class Start(NamedTuple):
    """`at` is where a question begins, `above` where what is above it ends, `end` the length of its number."""

    at: int
    above: int
    end: int = 0
    number: int | None = None


_Counted = tuple[int, Number]


def find(lines: Sequence[Line], least: int, most: int, before: int | None, *, worded: bool) -> Start | None:
    """Where the question of options begins, among the lines from `least` up to those. `before` is the last number."""
    counted = [(i, found) for i in range(least, most) if (found := number(lines[i])) and (found.worded or not worded)]
    chain = _chain(counted, before)
    if chain:
        at, found = chain[-1]
        return Start(at, chain[0][0], found.end, found.value)
    if worded and counted:
        return None
    rules = [i for i in range(least, most) if is_rule(lines[i])]
    if rules and any(line.text for line in lines[rules[-1] + 1 : most]):
        return Start(rules[-1] + 1, rules[-1])
    return _paragraph(lines, least, most, is_first=before is None and not least)


def _chain(counted: Sequence[_Counted], before: int | None) -> list[_Counted]:
    """The numbers of questions that follow one another here: the last has the options, nothing else the others."""
    free = _not_statements(counted)
    if before is None:
        return free[-1:]
    following = [one for one in free if one[1].value == before + 1]
    following = following[:1] or [one for one in counted if one[1].value == before + 1][-1:]
    if not following:
        return [one for one in free if one[1].value > before][-1:]
    chain = following
    for one in free:
        if one[0] > chain[-1][0] and one[1].value == chain[-1][1].value + 1:
            chain = [*chain, one]
    return chain


def _not_statements(counted: Sequence[_Counted]) -> list[_Counted]:
    """Numbers but those that count statements, or a list, from 1 on."""
    runs: list[list[_Counted]] = []
    for one in counted:
        if runs and one[1].value == runs[-1][-1][1].value + 1 and not one[1].worded:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [one for run in runs if len(run) == 1 or run[0][1].value != 1 for one in run]


def _paragraph(lines: Sequence[Line], least: int, most: int, *, is_first: bool) -> Start | None:
    """Without a number: the last paragraph, where it is plain that no other belongs to it."""
    starts = [i for i in range(least, most) if _is_text(lines[i]) and (i == least or not _is_text(lines[i - 1]))]
    if not starts:
        return None
    last = Start(starts[-1], starts[-1])
    if is_first:
        asked = " ".join(line.bare for line in lines[last.at : most])
        return last if words.holds_question(asked) or words.wants_choice(asked) else None
    has_reason = says_reason(lines[starts[0]])
    if len(starts) == 1 + has_reason:
        return last
    if len(starts) < 2 + has_reason:
        return None
    gaps = [_gap(lines, least, start) for start in starts[has_reason:]]
    widest = max(gaps)
    if gaps.count(widest) == 1 and widest > 1:
        at = starts[has_reason:][gaps.index(widest)]
        return Start(at, at)
    return None


def _gap(lines: Sequence[Line], least: int, at: int) -> int:
    """How many blank lines are above a line."""
    count = 0
    while at - count - 1 >= least and not lines[at - count - 1].text:
        count += 1
    return count


def _is_text(line: Line) -> bool:
    return bool(line.text) and not is_furniture(line) and not is_rule(line)
