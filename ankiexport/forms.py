"""Pages → one for each lesson: which of them are forms of one page, and a key of its own for each that is another."""

import itertools
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ankiexport import config, identity
from ankiexport.errors import UsageError
from ankiexport.model import Lock, Page, page_problem
from ankiexport.tracks import track_named

# Which form of a page tells most of it.
_RICHEST = {"mdx": 0, "markdown": 0, "html": 1, "text": 2}
_SHARED = 0.8  # of their items that two forms of one page have in common


def merge_pages(pages: Sequence[Page], home: Path | None) -> tuple[Page, ...]:
    """One page of several with one key that hold the same items: the richest form. `home` is the course's folder.

    Raises:
        UsageError: pages with one key and different items.
    """
    by_key: dict[str, list[Page]] = {}
    for page in pages:
        by_key.setdefault(page.key, []).append(page)
    return tuple(_merge(group, home) for group in by_key.values())


def _merge(pages: list[Page], home: Path | None) -> Page:
    best, *others = sorted(pages, key=_richness)
    if not others:
        return best
    notes = []
    kept = _Content(best)
    for other in others:
        if other.source.gone and not best.source.gone:
            message = f"skipped: it is gone from its site, where {best.source.name} is called so now"
            notes.append(page_problem(other.source.name, "note", message))
            continue
        found = _Content(other)
        if not kept.is_of_one_page(found):
            raise UsageError(_advice(best, other, home))
        message = f"skipped: the same page as {best.source.name}"
        lost = len(found.questions - kept.questions)
        if lost:
            message += f", but {lost} of the questions differ"
        notes.append(page_problem(other.source.name, "warning" if lost else "note", message))
    return replace(best, problems=(*best.problems, *notes))


class _Content:
    """What a page asks and answers, normalised once for all pages that it is compared with."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers = {
            (item.kind, identity.normalise(item.fingerprint_text), identity.answer_text(item)) for item in page.items
        }
        self.questions = {(kind, question) for kind, question, _ in self.answers}

    def is_of_one_page(self, other: "_Content") -> bool:
        """The same questions and answers; in another form, most of the questions and half of the answers."""
        if not other.answers:
            return True
        if self.page.source.format == other.page.source.format:
            return self.answers == other.answers
        shared = self.questions & other.questions
        is_near = len(shared) >= _SHARED * len(other.questions)
        return is_near and len(self.answers & other.answers) * 2 >= len(shared)


def _advice(left: Page, right: Page, home: Path | None) -> str:
    """Says what to paste into the TOML."""
    clash = (
        f"{right.source.name}:1: another page has the key {left.key!r} too ({left.source.name}), with other questions"
    )
    if right.source.site:
        return f"{clash}; fetch the pages into a folder, where ankiexport init tells them apart"
    file = right.source.name
    if right.source.path:
        file = place_in(home or right.source.folder or Path(), right.source.path)
    return (
        f"{clash}; ankiexport init writes a first {config.FILE_NAME} that tells them apart; add to one that is there:\n"
        f'[[page]]\nfile = {json.dumps(file, ensure_ascii=False)}\nkey = "{left.key}-2"'
    )


def _richness(page: Page) -> tuple[bool, bool, int]:
    """A sort key that puts the richest form of a page first, and one that its site has no more behind all others."""
    return not page.items, page.source.gone, _RICHEST.get(page.source.format, 0)


def place_in(home: Path, path: Path) -> str:
    """The path of a page from a folder, with `/`; a link stays one. Raises ValueError from one drive to another."""
    return Path(os.path.relpath(path.parent.resolve() / path.name, home.resolve())).as_posix()


def give_keys(pages: Sequence[Page], home: Path, lock: Lock | None) -> tuple[Page, ...]:
    """The pages in their order; all forms of a page have one key, and no other page has it.

    Of several pages with a key that one keeps it whose file the lock knows by it, else the first; the others put the
    name of their folder before it.

    Args:
        pages: Pages of files.
        home: The folder of the course.
    """
    by_key: dict[str, list[Page]] = {}
    for page in pages:
        by_key.setdefault(page.key, []).append(page)
    locked = {(place.file, place.key) for place in lock.pages} if lock else set()
    new_keys: dict[str, str] = {}
    taken = set(by_key)
    for key, group in by_key.items():
        lessons = _lessons(group)
        keepers = (forms for forms in lessons if any((_place(home, page), key) in locked for page in forms))
        keeper = next(keepers, lessons[0])
        for forms in lessons:
            if forms is not keeper:
                names = _new_keys(forms[0], home)
                new_key = next(name for name in names if name not in taken)
                taken.add(new_key)
                new_keys.update({page.source.name: new_key for page in forms})
    return tuple(replace(page, key=new_keys.get(page.source.name, page.key)) for page in pages)


def _lessons(pages: Sequence[Page]) -> list[list[Page]]:
    """The forms of each page, the richest first; the pages as they came."""
    lessons: list[list[tuple[int, _Content]]] = []
    for place, page in sorted(enumerate(pages), key=lambda placed: _richness(placed[1])):
        content = _Content(page)
        forms = next((forms for forms in lessons if forms[0][1].is_of_one_page(content)), None)
        if forms is None:
            lessons.append(forms := [])
        forms.append((place, content))
    lessons.sort(key=lambda forms: min(place for place, _ in forms))
    return [[content.page for _, content in forms] for forms in lessons]


def _place(home: Path, page: Page) -> str | None:
    return place_in(home, page.source.path) if page.source.path else None


def _new_keys(page: Page, home: Path) -> Iterator[str]:
    """`introduction` in the folder `course/part-1/sets` → `sets-introduction`, `part-1-sets-introduction`, …"""
    key = page.key
    folders = (_place(home, page) or "").split("/")[:-1]
    for folder in reversed(folders):
        if before := identity.slug(track_named(folder).title):
            key = f"{before}-{key}"
            yield key
    yield from (f"{page.key}-{number}" for number in itertools.count(2))
