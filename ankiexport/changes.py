"""A lock and the next one → what happened to each note, and whether so much is gone that it looks like a mistake."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ankiexport.model import Change, ChangeKind, Diff, Lock, LockedNote, LockedPage, Report

_LEAST_SHRUNK = 5  # notes and
_SHRUNK = 0.2  # of all must be gone before it looks like a mistake


def changes_between(
    old: Lock, new: Lock, read: Sequence[str], in_run: Collection[str], scores: Mapping[str, int]
) -> tuple[Change, ...]:
    """What happened to each note of the pages of a run.

    Args:
        read: The keys in `new` of the pages that were read, in order.
        in_run: The keys in `old` of the pages that the run speaks of.
        scores: How alike (0 to 100) the wordings of a GUID are where likeness decided.
    """
    before = {note.guid: (page, note) for page in old.pages for note in page.notes}
    now = {page.key: page for page in new.pages}
    changes = [
        _change(now[key], note, before.get(note.guid), scores.get(note.guid))
        for key in read
        for note in now[key].notes
        if not note.retired
    ]
    still = {note.guid for page in new.pages for note in page.notes if not note.retired}
    home = {note.guid: page.key for page in new.pages for note in page.notes}
    for page in old.pages:
        if page.key in in_run:
            left = (note for note in page.notes if not note.retired and note.guid not in still)
            changes.extend(_removed(home.get(note.guid, page.key), page, note) for note in left)
    return tuple(changes)


def _change(
    page: LockedPage, note: LockedNote, before: tuple[LockedPage, LockedNote] | None, score: int | None
) -> Change:
    old_page, old = before or (None, None)
    moved = old_page is not None and old_page.deck.casefold() != page.deck.casefold()
    reworded = old is not None and old.content != note.content and old.question != note.question
    return Change(
        guid=note.guid,
        kind=_kind(note, old, moved),
        page_key=page.key,
        deck=page.deck,
        question=note.question,
        old_question=old.question if old and reworded else None,
        old_deck=old_page.deck if old_page and moved else None,
        answer_changed=old is not None and old.answer != note.answer,
        score=score if reworded else None,
    )


def _kind(note: LockedNote, old: LockedNote | None, moved: bool) -> ChangeKind:
    if old is None:
        return "added"
    if old.retired:
        return "returned"
    if moved:
        return "moved"
    if old.content == note.content:
        return "unchanged"
    if old.question != note.question:
        return "reworded"
    return "answer changed" if old.answer != note.answer else "otherwise changed"


def _removed(page_key: str, page: LockedPage, note: LockedNote) -> Change:
    return Change(guid=note.guid, kind="removed", page_key=page_key, deck=page.deck, question=note.question)


def diff_of(changes: Sequence[Change]) -> Diff:
    """The GUIDs by what happened; one that returned is added, for the last deck did not have it."""

    def guids(*kinds: ChangeKind) -> tuple[str, ...]:
        return tuple(change.guid for change in changes if change.kind in kinds)

    return Diff(
        added=guids("added", "returned"),
        changed=guids("reworded", "answer changed", "otherwise changed"),
        moved=guids("moved"),
        removed=guids("removed"),
        unchanged=guids("unchanged"),
    )


def report_of(diff: Diff) -> Report:
    """How many of each."""
    return Report(
        new=len(diff.added),
        changed=len(diff.changed),
        moved=len(diff.moved),
        retired=len(diff.removed),
        unchanged=len(diff.unchanged),
    )


def shrunk(old: Lock, in_run: Collection[str], alive: Collection[str], changes: Sequence[Change]) -> str | None:
    """Why so much is gone that it looks like a mistake; None where it does not.

    Args:
        in_run: The keys in `old` of the pages that the run speaks of.
        alive: Those of them that still give notes.
        changes: What happened to the notes.
    """
    had = {page.key: sum(not note.retired for note in page.notes) for page in old.pages if page.key in in_run}
    removed = {change.guid for change in changes if change.kind == "removed"}
    gone = Counter(page.key for page in old.pages for note in page.notes if note.guid in removed)
    is_silent = any(key not in alive for key in gone)
    if not is_silent and (len(removed) < _LEAST_SHRUNK or len(removed) <= _SHRUNK * sum(had.values())):
        return None
    pages = ", ".join(
        f"{count} of the {had[key]} of {key}" + ("" if key in alive else ", which gives none any more")
        for key, count in gone.items()
    )
    return f"{len(removed)} of {sum(had.values())} notes are gone from their pages ({pages})"
