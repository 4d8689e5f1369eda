"""Pages → decks: which pages are one, what each deck is called, and the tags of its notes."""

import json
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ankiexport import config, identity, markup
from ankiexport.errors import UsageError
from ankiexport.model import Item, Kind, LockedPage, Page, Problem, page_problem
from ankiexport.settings import Config

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
    best, *others = sorted(
        pages, key=lambda page: (not page.items, page.source.gone, _RICHEST.get(page.source.format, 0))
    )
    notes = []
    for other in others:
        if other.source.gone and not best.source.gone:
            message = f"skipped: it is gone from its site, where {best.source.name} is called so now"
            notes.append(page_problem(other.source.name, "note", message))
            continue
        if not _same_items(best, other):
            raise UsageError(_advice(best, other, home))
        message = f"skipped: the same page as {best.source.name}"
        lost = len(_questions(other) - _questions(best))
        if lost:
            message += f", but {lost} of the questions differ"
        notes.append(page_problem(other.source.name, "warning" if lost else "note", message))
    return replace(best, problems=(*best.problems, *notes))


def _questions(page: Page) -> set[tuple[str, str]]:
    return {(item.kind, identity.normalise(item.fingerprint_text)) for item in page.items}


def _same_items(left: Page, right: Page) -> bool:
    """The same questions and answers; in another form of the page, most of the questions and half of the answers."""
    if not right.items:
        return True
    if left.source.format == right.source.format:
        return _answers(left) == _answers(right)
    mine, other = _questions(left), _questions(right)
    is_near = len(mine & other) >= _SHARED * len(other)
    return is_near and len(_answers(left) & _answers(right)) * 2 >= len(mine & other)


def _answers(page: Page) -> set[tuple[str, str, str]]:
    return {(item.kind, identity.normalise(item.fingerprint_text), identity.answer_text(item)) for item in page.items}


def _advice(left: Page, right: Page, home: Path | None) -> str:
    """Says what to paste into the TOML."""
    file = right.source.name
    clash = (
        f"{right.source.name}:1: another page has the key {left.key!r} too ({left.source.name}), with other questions"
    )
    if right.source.site:
        return f"{clash}; fetch the pages into a folder, where {config.FILE_NAME} can tell them apart"
    if right.source.path:
        folder = (home or right.source.folder or Path()).resolve()
        file = Path(os.path.relpath(right.source.path.resolve(), folder)).as_posix()
    return (
        f"{clash};"
        f" tell them apart in {config.FILE_NAME}:\n"
        f'[[page]]\nfile = {json.dumps(file, ensure_ascii=False)}\nkey = "{left.key}-2"'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPage:
    """A page with the full name of its deck, and the number in it if there is one."""

    page: Page
    deck: str
    number: int | None


def name_decks(
    pages: Sequence[Page], course: str, settings: Config | None, pinned: Mapping[str, LockedPage], others: Iterable[str]
) -> tuple[list[NamedPage], list[Problem]]:
    """The full deck name of each page that has items. Anki matches decks by name, case aside, and never moves cards.

    Args:
        course: The name of the parent deck.
        pinned: What a lock says of these pages, by their keys; the names in it stay.
        others: Deck names of other pages.
    """
    named, problems = [], []
    taken = {name.casefold() for name in others} | {pin.deck.casefold() for pin in pinned.values()}
    for position, page in enumerate(pages, 1):
        if not page.items:
            continue
        pin = pinned.get(page.key)
        number = page.number if page.number is not None else position
        if page.number is None and pin and pin.number is not None:
            number = pin.number
        template = _template(page, settings)
        name = _deck_name(page.title, number, course, template)
        if name.casefold() in taken and not (pin and pin.deck.casefold() == name.casefold()):
            message = f"another page has the deck {name!r}: this one adds its key"
            problems.append(page_problem(page.source.name, "warning", message))
            name = f"{name} ({page.key})"
        if pin and pin.deck != name:
            message = f"the deck keeps its name {pin.deck!r}; ankiexport lock --accept-names makes it {name!r}"
            problems.append(page_problem(page.source.name, "note", message))
            name = pin.deck
        taken.add(name.casefold())
        named.append(NamedPage(page=page, deck=name, number=number if "{number" in template else None))
    return named, problems


def _template(page: Page, settings: Config | None) -> str:
    default = config.NUMBERED if page.number is not None else config.PLAIN
    return page.deck or (settings.deck if settings else None) or default


def _deck_name(title: str, number: int, course: str, template: str) -> str:
    own = unicodedata.normalize("NFC", template).format(number=number, title=_segment(title))
    return "::".join(part.strip() or "blank" for part in f"{_segment(course)}::{own}".split("::"))


def _segment(title: str) -> str:
    """A title as one segment of a deck's name."""
    while "::" in title:
        title = title.replace("::", ":")
    return markup.fold(unicodedata.normalize("NFC", title)).strip(":") or "blank"


def tags(course_id: str, page: Page, item: Item) -> tuple[str, ...]:
    """The tags of a note: none holds a space, at which Anki would cut it."""
    return _tags(course_id, page.key, item.kind, item.shape, page.tags)


@lru_cache(maxsize=64)  # the notes of a page share them
def _tags(course_id: str, page_key: str, kind: Kind, shape: str, own: tuple[str, ...]) -> tuple[str, ...]:
    made = (f"course::{course_id}", f"lesson::{page_key}", f"kind::{kind}", f"shape::{shape.replace(' ', '-')}")
    return tuple(dict.fromkeys((*made, *filter(None, ("_".join(tag.split()) for tag in own)))))


def description(page: Page, course: str, settings: Config | None) -> str:
    """What Anki shows under the deck's name; empty without an `ankiexport.toml`, for it overwrites the learner's."""
    if not settings:
        return ""
    lines = [f"{page.title} ({course})", settings.author, settings.licence, page.url or settings.url]
    return "<br>".join(markup.escape(line) for line in lines if line)
