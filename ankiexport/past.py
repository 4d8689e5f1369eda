"""What a build continues: the lock of its course, the names that it pins, and what is odd about it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankiexport import config, identity
from ankiexport.decks import KEPT_NAME
from ankiexport.errors import UsageError
from ankiexport.lock import load_lock
from ankiexport.model import Lock, LockedPage, Page, Problem, page_problem
from ankiexport.reidentify import Reidentified
from ankiexport.settings import Config

_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The lock that a build continues, an empty one where there is none, and the course's name and id.

    `parent` is the name of the parent deck, which stays as long as no new one is accepted.
    """

    lock: Lock
    name: str
    parent: str
    course_id: str


def find_past(
    pages: Sequence[Page],
    lock: Lock | None,
    name: str | None,
    folder: str,
    settings: Config | None,
    *,
    accept_names: bool,
) -> Past:
    """The lock, and what the course is called: as it is said to be (`name`), else as the lock has it, else `folder`.

    Raises:
        UsageError: the lock is another course's.
    """
    lock = lock or Lock(path=None, course_id="", course_name="")
    made = (settings.id if settings else None) or identity.slug(name or folder) or "course"
    if lock.course_id and lock.course_id != made:
        is_known = lock.course_name == name or _shares_a_question(lock, pages)
        if (settings and settings.id) or (lock.pages and not is_known):
            raise UsageError(
                f"{lock.path}:1: this is the lock of the course {lock.course_id!r}, not of {made!r}: name another file"
                f' with --lock, or, if they are one course, set id = "{lock.course_id}" in {config.FILE_NAME}'
            )
    name = name or lock.course_name or folder
    parent = name if accept_names else lock.course_name or name
    return Past(lock=lock, name=name, parent=parent, course_id=lock.course_id or made)


def _shares_a_question(lock: Lock, pages: Sequence[Page]) -> bool:
    """Does the lock know a question of these pages, or a page that has none now?"""
    known = {page.key: {note.question for note in page.notes} for page in lock.pages}
    everywhere = set().union(*known.values())
    if any(page.key in known and not page.items for page in pages):
        return True
    return any(identity.normalise(item.fingerprint_text) in everywhere for page in pages for item in page.items)


def lock_at(path: Path) -> Lock:
    """What a lock's file holds; an empty lock for it where there is none yet. Raises as `load_lock` does."""
    return load_lock(path) or Lock(path=path, course_id="", course_name="")


def pins(lock: Lock, known: Reidentified, pages: Sequence[Page]) -> dict[str, LockedPage]:
    """What the lock says of the decks of these pages, by the keys that they have now."""
    locked = {page.key: page for page in lock.pages}
    return {page.key: locked[old] for page in pages if (old := known.old_key(page.key)) in locked}


def other_decks(lock: Lock, known: Reidentified, pages: Sequence[Page]) -> list[str]:
    """The deck names of the pages that are not among these."""
    old_keys = {known.old_key(page.key) for page in pages}
    return [page.deck for page in lock.pages if page.key not in old_keys]


def problems_of(past: Past, pages: Sequence[Page], settings: Config | None) -> list[Problem]:
    """What an author should know of a course before its pages are looked at."""
    problems = []
    is_of_files = any(page.items and not page.source.site for page in pages)  # that of a site is made of its address
    if not settings and not past.lock.course_id and is_of_files:
        folder = next((page.source.folder for page in pages if page.source.folder), Path())
        advice = f'ankiexport init writes this file, and [course] id = "{past.course_id}" in it keeps the id'
        message = f"the id of this course is {past.course_id!r}, made from its name; {advice}"
        problems.append(page_problem(str(folder / config.FILE_NAME), "note", message))
    if past.parent != past.name:
        message = (
            f"the parent deck keeps its name {past.parent!r}; ankiexport lock --accept-names makes it {past.name!r}"
        )
        problems.append(page_problem(str(past.lock.path), "note", message, KEPT_NAME))
    last = max((note.modified for page in past.lock.pages for note in page.notes), default=0)
    if last > time.time() + _DAY:  # Anki would let it overwrite the learner's edits with every import, until then
        day = time.strftime("%Y-%m-%d", time.gmtime(last))
        message = f"it has notes that were changed as late as {day}: a clock was wrong"
        problems.append(page_problem(str(past.lock.path), "warning", message))
    return problems
