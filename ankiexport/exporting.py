"""What the command does with a lock and a deck that are there already: export, compare, bring up to date, recover."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ankiexport.changes import changes_between, diff_of
from ankiexport.errors import NoItemError, SourceError, UsageError
from ankiexport.files import replacing
from ankiexport.lock import FILE_NAME, holding, save_lock
from ankiexport.model import Course, Lock, Printing, Problem, Report, page_problem
from ankiexport.parts import split_by_track
from ankiexport.pipeline import check_shrink, write
from ankiexport.plan import Plan
from ankiexport.recover import lock_from_package
from ankiexport.reidentify import pages_in_run
from ankiexport.source import is_preview
from ankiexport.writers import find_writer, is_for_preview

Tell = Callable[[Course], None]

_REPLACED = (
    "replaced without a lock that knows its notes: whoever imports it gets every note updated, their own edits"
    " overwritten, and each reworded question as a new one"
)


def export(
    plan: Plan,
    output: Path | None,
    tell: Tell,
    *,
    printing: Printing | None,
    allow_shrink: bool,
    locked: bool,
    per_track: bool,
) -> tuple[Course, Path, Report]:
    """Builds a course and writes it, `<course id>.apkg` where no output is given; no other build may come between.

    Where the lock is lost and the output is an older deck of this course, the lock is made from that.

    Args:
        tell: Is given the course before anything is written.
        per_track: See `write`.

    Raises:
        AnkiExportError: as `build` and `write` do.
    """
    if output:
        find_writer(output, printing)
        _check_output(output, plan)
    with holding(plan.lock):
        made = plan.build()
        output = output or Path(f"{made.id}.apkg")
        if made.notes and not made.is_locked:
            parts = [path for path, _ in split_by_track(made, output)] if per_track else [output]
            there = [path for path in parts if path.suffix.lower() == ".apkg" and os.path.exists(path)]  # noqa: PTH110  # never raises
            if there:
                made = _over_decks(made, there, plan)
        made = _with_others(made, output)
        tell(made)
        report = write(made, output, printing=printing, allow_shrink=allow_shrink, locked=locked, per_track=per_track)
        return made, output, report


def preview(plan: Plan, output: Path | None, tell: Tell, *, printing: Printing | None) -> tuple[Course, Path]:
    """Builds a course and writes it to a file to look at, `preview.html` where none is given; the lock stays.

    Args:
        tell: Is given the course before the file is written.

    Raises:
        UsageError: the output is a package, the lock, one of the pages, or by default a file that is not ours; else
            see `build`.
        OutputError: the file could not be written.
    """
    output = output or _default_preview()
    writer = find_writer(output, printing)
    if not is_for_preview(output):
        raise UsageError(f"{output}: preview is for looking; build writes what Anki imports")
    _check_output(output, plan)
    made = plan.build()
    tell(made)
    with replacing(output) as temporary:
        writer(made, temporary)
    return made, output


def _check_output(output: Path, plan: Plan) -> None:
    """Raises UsageError where the output is the lock, or a page was read from it."""
    target = os.path.realpath(output)
    if plan.lock and target == os.path.realpath(plan.lock):
        raise UsageError(f"{output}: this is the lock; write to another file")
    if any(page.source.path and os.path.realpath(page.source.path) == target for page in plan.pages):
        raise UsageError(f"{output}: this is one of the pages; write to another file")


def _default_preview() -> Path:
    """Where a preview goes if nobody says so. Raises UsageError where somebody else's file is."""
    path = Path("preview.html")
    try:
        is_ours = is_preview(path.read_text("utf-8", errors="replace"))
    except OSError:
        is_ours = True  # there is none, or writing will say what is wrong
    if not is_ours:
        raise UsageError(f"{path}: is there already, and is no preview of ankiexport; name another file with -o")
    return path


def _over_decks(made: Course, decks: Sequence[Path], plan: Plan) -> Course:
    """The course as it continues the decks that it replaces; without a lock, with a word on what that means."""
    if plan.lock:
        try:
            locks = [_lock_of(deck, made, plan.lock) for deck in decks]
        except (SourceError, UsageError):
            pass
        else:
            pages = {page.key: page for known in locks for page in known.pages}
            known = replace(locks[0], pages=tuple(pages.values()))
            names = ", ".join(map(str, decks))
            message = f"there was no lock: made from {names}, which does not tell of notes that had left their pages"
            return _telling(plan.build(known), page_problem(str(plan.lock), "note", message))
    return _telling(made, page_problem(str(decks[0]), "warning", _REPLACED))


def _telling(made: Course, problem: Problem) -> Course:
    """The course with a problem that is told before all others."""
    return replace(made, problems=(problem, *made.problems))


def _lock_of(deck: Path, made: Course, path: Path | None) -> Lock:
    """The lock that a deck of this course was written with.

    Raises:
        SourceError: see `lock_from_package`.
        UsageError: the deck is another course's.
    """
    lock = lock_from_package(deck, path)
    if lock.course_id != made.id:
        raise UsageError(f"{deck}: this is a deck of the course {lock.course_id!r}, not of {made.id!r}")
    return lock


def _with_others(made: Course, output: Path) -> Course:
    """With a word on notes of pages that were not given: a file that is replaced loses them."""
    keys = {deck.page_key for deck in made.decks}
    locked = made.lock.pages if made.lock else ()
    others = sum(not note.retired for page in locked if page.key not in keys for note in page.notes)
    if not others:
        return made
    message = f"without the notes of pages that were not given: {others} of this course"
    return _telling(made, page_problem(str(output), "note", message))


def compare(plan: Plan, against: Path | None) -> Course:
    """The course; `Course.changes` tells what is different since the lock was written, or from an older deck.

    Raises:
        SourceError: the older deck is missing, or none of ankiexport's.
        UsageError: see `build`; or the deck is another course's.
    """
    made = plan.build()
    if against is None:
        if made.is_locked:
            return made
        message = "there is no lock to compare with: everything is new"
        return _telling(made, page_problem(str(plan.lock or FILE_NAME), "warning", message))
    old = _lock_of(against, made, plan.lock)
    if plan.lock and not made.is_locked:
        made = plan.build(old)
    assert made.lock
    # the lock knows the notes of pages that were not given
    is_whole = any(page.source.whole_folder for page in plan.pages)
    in_run = {page.key for page in old.pages} if is_whole else pages_in_run(old, plan.pages)
    scores = {change.guid: change.score for change in made.changes if change.score is not None}
    changes = changes_between(old, made.lock, [deck.page_key for deck in made.decks], in_run, scores)
    return replace(made, changes=changes, diff=diff_of(changes))


def update_lock(plan: Plan, deck: Path | None, tell: Tell, *, accept_names: bool, allow_shrink: bool) -> Course:
    """Brings a lock up to date with the pages; with a deck, makes one that was lost from it first. Writes no deck.

    Where the plan names no lock, it is in the working folder.

    Raises:
        AnkiExportError: as `build` and `write` do; or the lock is there though a deck is given.
    """
    lock = plan.lock or Path(FILE_NAME)
    with holding(lock):
        known = None
        if deck:
            _check_missing(lock)
            known = _lock_of(deck, replace(plan, lock=None).build(), lock)
        made = replace(plan, lock=lock).build(known, accept_names=accept_names)
        tell(made)
        check_shrink(made, allow_shrink)
        if not made.notes:
            raise NoItemError(f"{made.name}: no question with an answer, so {lock} is not written")
        if made.lock:
            save_lock(made.lock)
        return made


def recover_lock(deck: Path, path: Path) -> Lock:
    """Writes a lock that was lost, as far as a deck tells of it.

    Raises:
        SourceError: the deck is missing, or none of ankiexport's.
        UsageError: the lock is there.
        OutputError: the lock could not be written.
    """
    _check_missing(path)
    lock = lock_from_package(deck, path)
    save_lock(lock)
    return lock


def _check_missing(path: Path) -> None:
    if os.path.lexists(path):
        raise UsageError(f"{path}: there is a lock already; move it away first")
