"""A table of `ankiexport.toml` → nothing, or an error that names the line and what would be right."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ankiexport import identity, rules
from ankiexport.errors import UsageError
from ankiexport.model import KINDS, Kind

Keys = Mapping[str, type | None]
"""The keys that a table may have, each with the type of its value; None for kinds of items (`TableChecks.kinds`)."""

_TYPE_NAMES = {str: "a string", int: "a whole number", list: "a list of strings"}
# "{title}", "{number}", "{number:02}"; "{{" stands for a brace
_TEMPLATE = re.compile(r"(?:[^{}]|\{\{|\}\}|\{title\}|\{number(?::0?\d)?\})*")
_LARGEST_ORDER = 99_999
_WEB_ADDRESS = re.compile(r"https?://\S+$")


class TableChecks:
    """Checks the tables of one file."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._lines = text.split("\n")
        self._from = 0  # the line, from 0, of the table that is being read

    @property
    def line(self) -> int:
        """The line, from 1, of the table that is being read."""
        return self._from + 1

    def each(self, tables: Sequence[Mapping[str, Any]], name: str) -> Iterator[Mapping[str, Any]]:
        """The tables `[[name]]`, one by one; errors meanwhile name a line of that table."""
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.fail(f"every {name} is a table [[{name}]]", name)
        heads = [i for i, line in enumerate(self._lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
        for i, table in enumerate(tables):
            self._from = heads[i] if i < len(heads) else 0
            yield table
        self._from = 0

    def check_table(self, table: Mapping[str, Any], known: Keys, where: str) -> None:
        """The keys of a table, the types of their values, and what is the same for all that go by one name."""
        self.check_keys(table, known, where)
        self._check_types(table, known)
        for key in ("id", "key"):
            if key in table and not identity.is_name(table[key]):
                self.fail(f"{key} is made of letters, digits, '-', '_' and '.'", key)
        if not 0 <= table.get("order", 0) <= _LARGEST_ORDER:
            self.fail(f"order is a number from 0 to {_LARGEST_ORDER}", "order")
        if "url" in table and not _WEB_ADDRESS.match(table["url"]):
            self.fail("url is a web address: https://…", "url")
        for key in ("deck", "track_deck"):
            if not _TEMPLATE.fullmatch(table.get(key) or ""):
                self.fail('a deck\'s name may hold {title} and {number}, as in "{number:02} {title}"', key)

    def check_keys(self, table: Mapping[str, Any], known: Keys, where: str) -> None:
        for key in table:
            if key not in known:
                self.fail(f"unknown key {key!r} {where}; did you mean {_nearest(key, known)!r}?", key)

    def _check_types(self, table: Mapping[str, Any], known: Keys) -> None:
        for key, value in table.items():
            wanted = known[key]
            if wanted is None:
                self.kinds(table, key)
                continue
            fits = isinstance(value, wanted) and not isinstance(value, bool)
            if wanted is list:
                fits = fits and all(isinstance(entry, str) for entry in value)
            if not fits or value == "":
                self.fail(f"{key} is {_TYPE_NAMES[wanted]}", key)

    def kinds(self, table: Mapping[str, Any], key: str) -> tuple[Kind, ...] | None:
        """What `true`, `false` or a list says of the kinds of items; None where nothing is said."""
        value = table.get(key)
        if isinstance(value, bool):
            return KINDS if value else ()
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(kind, str) for kind in value):
            self.fail(f'{key} is true, false or a list of kinds: ["flashcard"]', key)
        for kind in value:
            self.check_choice(kind, KINDS, f"unknown kind {kind!r} in {key}", key)
        return tuple(kind for kind in KINDS if kind in value)

    def check_choice(self, value: str, known: Sequence[str], wrong: str, key: str) -> None:
        """Fails with `wrong` and the nearest of what is known where a value is none of that."""
        if value not in known:
            self.fail(f"{wrong}; did you mean {_nearest(value, known)!r}?", key)

    def check_rules(self, names: Sequence[str]) -> None:
        try:
            rules.codes_of(names)
        except UsageError as error:
            self.fail(str(error), "ignore")

    def check_selectors(self, said: Mapping[str, str]) -> None:
        from ankiexport.readers.selectors import path_of

        for key in ("question", "answer"):
            if key not in said:
                self.fail('[[selectors]] need a question and an answer: question = ".question"', "selectors")
        for key, selector in said.items():
            try:
                path_of(selector)
            except ValueError as error:
                self.fail(f"{key} is no CSS selector that is known: {selector!r}: {error}", key)

    def fail(self, message: str, key: str) -> NoReturn:
        """Raises UsageError with the line of a key in the table that is being read."""
        at = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
        found = (i for i, text in enumerate(self._lines, 1) if i > self._from and at.match(text))
        raise UsageError(f"{self.path}:{next(found, self.line)}: {message}")


def _nearest(word: str, known: Sequence[str] | Keys) -> str:
    return difflib.get_close_matches(word, list(known), n=1, cutoff=0)[0]
