"""What an `ankiexport.toml` says, as `config.py` has read it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ankiexport.model import Kind, Selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConfig:
    """A `[[page]]` table. `number` is its place in the order of the lessons, from 1.

    `reverse` and `typed` overrule the course's; None says nothing.
    """

    file: Path
    title: str | None = None
    key: str | None = None
    number: int
    deck: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    reverse: tuple[Kind, ...] | None = None
    typed: tuple[Kind, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectorConfig:
    """A `[[selectors]]` table. `files` match the path of a page from the folder of the TOML."""

    files: tuple[re.Pattern[str], ...]
    selectors: Selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole `ankiexport.toml`. `ignore` names the rules of the linter that are not applied."""

    path: Path
    name: str | None = None
    id: str | None = None
    author: str | None = None
    licence: str | None = None
    url: str | None = None
    deck: str | None = None
    ignore: tuple[str, ...] = ()
    reverse: tuple[Kind, ...] = ()
    typed: tuple[Kind, ...] = ()
    pages: tuple[PageConfig, ...] = ()
    selectors: tuple[SelectorConfig, ...] = ()

    def page(self, path: Path | None) -> PageConfig | None:
        """What is said of the page in this file, or of another form of it beside it."""
        if path is None:
            return None
        file = path.resolve()
        exact = (page for page in self.pages if page.file == file)
        other_form = (page for page in self.pages if page.file.with_suffix("") == file.with_suffix(""))
        return next(exact, None) or next(other_form, None)

    def asked(self, page: PageConfig | None, way: Literal["reverse", "typed"]) -> tuple[Kind, ...]:
        """The kinds of items that a page asks in this way; of a page that is not listed, as the course says."""
        said: tuple[Kind, ...] | None = getattr(page, way) if page else None
        general: tuple[Kind, ...] = getattr(self, way)
        return general if said is None else said

    def selectors_of(self, path: Path | None) -> tuple[Selectors, ...]:
        """The selectors that are given for the page in this file."""
        if path is None or not self.selectors:
            return ()
        place = Path(os.path.relpath(path.resolve(), self.path.parent.resolve())).as_posix()
        return tuple(table.selectors for table in self.selectors if any(file.fullmatch(place) for file in table.files))


# What a glob's wildcards stand for; "**/" is any folder or none.
_WILDCARDS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def pattern_of(glob: str) -> re.Pattern[str]:
    """A glob as a pattern for paths with `/`."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob.replace("\\", "/").removeprefix("./"))
    return re.compile("".join(_WILDCARDS.get(piece) or re.escape(piece) for piece in pieces))
