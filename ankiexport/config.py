"""`ankiexport.toml`: what an author says of a course and its lessons."""

import difflib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ankiexport import identity, rules
from ankiexport.errors import UsageError
from ankiexport.model import KINDS, Kind, Selectors
from ankiexport.settings import Config, PageConfig, SelectorConfig, pattern_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "ankiexport.toml"
NUMBERED = "{number:02} {title}"
PLAIN = "{title}"

_ASKED_KEYS = ("reverse", "typed")
_COURSE_KEYS: Mapping[str, type | None] = {
    **dict.fromkeys(("name", "id", "author", "licence", "url", "deck"), str),
    "ignore": list,
    **dict.fromkeys(_ASKED_KEYS),  # kinds of items, which have a check of their own
}
_PAGE_KEYS: Mapping[str, type | None] = {
    **dict.fromkeys(("file", "title", "key", "deck", "url"), str),
    **{"order": int, "tags": list},
    **dict.fromkeys(_ASKED_KEYS),
}
_SELECTOR_KEYS: Mapping[str, type | None] = {
    **dict.fromkeys(("question", "answer", "item", "part", "label"), str),
    "files": list,
}
_TYPE_NAMES = {str: "a string", int: "a whole number", list: "a list of strings"}
# "{title}", "{number}", "{number:02}"; "{{" stands for a brace
_TEMPLATE = re.compile(r"(?:[^{}]|\{\{|\}\}|\{title\}|\{number(?::0?\d)?\})*")
_LARGEST_ORDER = 99_999
_WEB_ADDRESS = re.compile(r"https?://\S+$")


def find_config(folder: Path) -> Path | None:
    """The path of the nearest `ankiexport.toml`, in this folder or above it."""
    above = Path(os.path.realpath(folder)).parents
    return next((path for place in (folder, *above) if (path := place / FILE_NAME).is_file()), None)


def load_config(path: Path) -> Config:
    """Reads an `ankiexport.toml`.

    Raises:
        UsageError: it cannot be read, is not TOML or holds something unknown.
    """
    try:
        text = path.read_text("utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        line = place[1] if place and place[1] else text.count("\n") + 1
        raise UsageError(f"{path}:{line}: not valid TOML: {str(error).split(' (at ')[0]}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}:1: not valid TOML: {error}") from error
    return _Reader(path, text).config(tables)


class _Reader:
    """Checks the tables of one file; its errors name the line."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._from = 0  # the line, from 0, of the table that is being read

    def config(self, tables: Mapping[str, Any]) -> Config:
        self._check_keys(tables, {"course": dict, "page": list, "selectors": list}, "at the top")
        course = tables.get("course", {})
        pages = tables.get("page", [])
        if not isinstance(course, dict):
            self._fail("[course] is a table", "course")
        if not isinstance(pages, list) or not all(isinstance(page, dict) for page in pages):
            self._fail("each lesson is a table [[page]]", "page")
        self._check_keys(course, _COURSE_KEYS, "in [course]")
        self._check_types(course, _COURSE_KEYS)
        if "id" in course and not identity.is_name(course["id"]):
            self._fail("the id of a course is made of letters, digits, '-', '_' and '.'", "id")
        self._check_address(course)
        self._check_template(course.get("deck"))
        ignore = tuple(course.get("ignore", ()))
        self._check_rules(ignore)
        asked = {key: self._kinds(course, key) or () for key in _ASKED_KEYS}
        selectors = self._selectors(tables.get("selectors", []))
        said = {**course, "ignore": ignore, **asked}
        return Config(path=self._path, pages=self._pages(pages), selectors=selectors, **said)

    def _pages(self, tables: list[Mapping[str, Any]]) -> tuple[PageConfig, ...]:
        for table in self._each(tables, "page"):
            self._check_page(table)
        ordered = sorted(enumerate(tables, 1), key=lambda pair: (pair[1].get("order", pair[0]), pair[0]))
        pages = tuple(self._page(table, number) for number, (_, table) in enumerate(ordered, 1))
        for page in pages:
            if sum(other.file == page.file for other in pages) > 1:
                self._fail(f"{page.file.name} is listed twice", "file")
            if sum(other.number == page.number for other in pages) > 1:
                self._fail(f"two lessons have the number {page.number}: give each an order, or none", "order")
        return pages

    def _each(self, tables: Sequence[Mapping[str, Any]], name: str) -> Iterator[Mapping[str, Any]]:
        """The tables `[[name]]`, one by one; errors meanwhile name a line of that table."""
        heads = [i for i, line in enumerate(self._lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
        for i, table in enumerate(tables):
            self._from = heads[i] if i < len(heads) else 0
            yield table
        self._from = 0

    def _selectors(self, tables: Sequence[Mapping[str, Any]]) -> tuple[SelectorConfig, ...]:
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._fail("selectors are tables [[selectors]]", "selectors")
        found = []
        for table in self._each(tables, "selectors"):
            self._check_keys(table, _SELECTOR_KEYS, "in [[selectors]]")
            self._check_types(table, _SELECTOR_KEYS)
            said = {key: value for key, value in table.items() if key != "files"}
            for key in ("question", "answer"):
                if key not in said:
                    self._fail('[[selectors]] need a question and an answer: question = ".question"', "selectors")
            self._check_selectors(said)
            files = tuple(map(pattern_of, table.get("files", ["**"])))
            found.append(SelectorConfig(files=files, selectors=Selectors(**said)))
        return tuple(found)

    def _check_selectors(self, said: Mapping[str, str]) -> None:
        from ankiexport.readers.selectors import path_of

        for key, selector in said.items():
            try:
                path_of(selector)
            except ValueError as error:
                self._fail(f"{key} is no CSS selector that is known: {selector!r}: {error}", key)

    def _check_page(self, table: Mapping[str, Any]) -> None:
        self._check_keys(table, _PAGE_KEYS, "in [[page]]")
        self._check_types(table, _PAGE_KEYS)
        if "file" not in table:
            self._fail('a [[page]] needs the name of its file: file = "lesson.html"', "page")
        if not os.path.isfile(self._path.parent / table["file"]):  # noqa: PTH113  # never raises, whatever the name
            self._fail(f"no such page: {table['file']}", "file")
        if not 0 <= table.get("order", 0) <= _LARGEST_ORDER:
            self._fail(f"order is a number from 0 to {_LARGEST_ORDER}", "order")
        if "key" in table and not identity.is_name(table["key"]):
            self._fail("the key of a page is made of letters, digits, '-', '_' and '.'", "key")
        self._check_address(table)
        self._check_template(table.get("deck"))

    def _page(self, table: Mapping[str, Any], number: int) -> PageConfig:
        return PageConfig(
            file=(self._path.parent / table["file"]).resolve(),
            title=table.get("title"),
            key=table.get("key"),
            number=table.get("order", number),
            deck=table.get("deck"),
            url=table.get("url"),
            tags=tuple(table.get("tags", ())),
            reverse=self._kinds(table, "reverse"),
            typed=self._kinds(table, "typed"),
        )

    def _kinds(self, table: Mapping[str, Any], key: str) -> tuple[Kind, ...] | None:
        """What `true`, `false` or a list says of the kinds of items; None where nothing is said."""
        value = table.get(key)
        if isinstance(value, bool):
            return KINDS if value else ()
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(kind, str) for kind in value):
            self._fail(f'{key} is true, false or a list of kinds: ["flashcard"]', key)
        for kind in value:
            if kind not in KINDS:
                nearest = difflib.get_close_matches(kind, KINDS, n=1, cutoff=0)[0]
                self._fail(f"unknown kind {kind!r} in {key}; did you mean {nearest!r}?", key)
        return tuple(kind for kind in KINDS if kind in value)

    def _check_keys(self, table: Mapping[str, Any], known: Mapping[str, type | None], where: str) -> None:
        for key in table:
            if key not in known:
                nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)
                self._fail(f"unknown key {key!r} {where}; did you mean {nearest[0]!r}?", key)

    def _check_types(self, table: Mapping[str, Any], known: Mapping[str, type | None]) -> None:
        for key, value in table.items():
            wanted = known[key]
            if wanted is None:
                self._kinds(table, key)
                continue
            fits = isinstance(value, wanted) and not isinstance(value, bool)
            if wanted is list:
                fits = fits and all(isinstance(entry, str) for entry in value)
            if not fits or value == "":
                self._fail(f"{key} is {_TYPE_NAMES[wanted]}", key)

    def _check_address(self, table: Mapping[str, Any]) -> None:
        if "url" in table and not _WEB_ADDRESS.match(table["url"]):
            self._fail("url is a web address: https://…", "url")

    def _check_template(self, template: str | None) -> None:
        if not _TEMPLATE.fullmatch(template or ""):
            self._fail('a deck\'s name may hold {title} and {number}, as in "{number:02} {title}"', "deck")

    def _check_rules(self, names: Sequence[str]) -> None:
        try:
            rules.codes_of(names)
        except UsageError as error:
            self._fail(str(error), "ignore")

    def _fail(self, message: str, key: str) -> None:
        at = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
        found = (i for i, text in enumerate(self._lines, 1) if i > self._from and at.match(text))
        line = next(found, self._from + 1)
        raise UsageError(f"{self._path}:{line}: {message}")
