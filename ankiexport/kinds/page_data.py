"""Items that a page's data tells although its readers see them: what is seen counts."""

from collections.abc import Sequence
from dataclasses import replace

from ankiexport.identity import plain_text
from ankiexport.model import TOLD, Item, Problem, Trace

_CHOICE = "choice"


def leave_out_told(items: list[Item], traces: list[Trace]) -> list[Problem]:
    """Leaves out each item of the data whose question the page shows and answers; a note where the answers differ.

    What stays has no section, for it stands nowhere on the page; a multiple choice has the shape of one.
    """
    told = [item for item in items if item.shape == TOLD]
    if not told:
        return []
    seen = {_bare(line): item for item in items if item.shape != TOLD for line in _lines(item)}
    problems: list[Problem] = []
    changed: dict[int, tuple[Item, ...]] = {}
    for item in told:
        shown = next((seen[bare] for line in _lines(item) if (bare := _bare(line)) in seen), None)
        if shown is None:
            shape = _CHOICE if item.kind == "self-check" else TOLD
            changed[id(item)] = (replace(item, section=None, shape=shape),)
            continue
        changed[id(item)] = ()
        if not _says(shown, item):
            message = f"the page's data answers this question otherwise than line {shown.location.line}: that was kept"
            problems.append(Problem(location=item.location, severity="note", message=message))
    traces[:] = [_changed(trace, changed) for trace in traces if not _is_left_out(trace, changed)]
    items[:] = [kept for item in items for kept in changed.get(id(item), (item,))]
    return problems


def _lines(item: Item) -> Sequence[str]:
    """What a question may be known by: all of its text, or the line that it begins with."""
    return (item.fingerprint_text, item.fingerprint_text.partition("\n")[0])


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _says(shown: Item, item: Item) -> bool:
    """Does the answer that is seen say what the other one does, or at least its beginning?"""
    answers = _bare(plain_text(shown.answer)), _bare(plain_text(item.answer))
    return answers[1] in answers[0] or answers[0] in answers[1]


def _is_left_out(trace: Trace, changed: dict[int, tuple[Item, ...]]) -> bool:
    return bool(trace.items) and all(changed.get(id(item)) == () for item in trace.items)


def _changed(trace: Trace, changed: dict[int, tuple[Item, ...]]) -> Trace:
    items = tuple(kept for item in trace.items for kept in changed.get(id(item), (item,)))
    return replace(trace, items=items) if items != trace.items else trace
