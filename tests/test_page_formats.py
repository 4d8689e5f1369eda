"""docs/page-formats.md: each page that it shows gives the cards and the problems that it says, and no others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ankiexport import Source, read
from ankiexport.model import Page
from ankiexport.plain import plain
from ankiexport.readers.shapes import SHAPES

MANUAL = Path(__file__).parent.parent / "docs" / "page-formats.md"
FORMATS = ("html", "markdown", "mdx", "text")
_SECTION = re.compile(r"^### (?P<name>.+)\n(?P<body>(?:(?!^#{2,3} ).*\n)*)", re.M)
_FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>\w+)\n(?P<text>(?:.*\n)*?)(?P=mark)$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page that the manual shows, and what it says of it."""

    name: str
    form: str
    text: str
    cards: str


def sections(manual: str) -> Iterator[tuple[str, str]]:
    """The names and texts of what `###` heads; a `#` in a fenced block is no heading."""
    hidden = _FENCE.sub(lambda fence: re.sub(r"^#", "\x01", fence[0], flags=re.M), manual)
    for section in _SECTION.finditer(hidden):
        yield section["name"], section["body"].replace("\x01", "#")


def examples_of(manual: str) -> Iterator[Example]:
    for name, body in sections(manual):
        waiting: list[tuple[str, str]] = []
        for fence in _FENCE.finditer(body):
            if fence["info"] in FORMATS:
                waiting.append((fence["info"], fence["text"]))
            elif fence["info"] == "cards":
                for form, text in waiting:
                    yield Example(name=name, form=form, text=text, cards=fence["text"])
                waiting = []
        assert not waiting, f"what comes of the last page of {name!r} is not said"


def told(page: Page) -> str:
    """What comes of a page, as the manual writes it."""
    lines = []
    for item in page.items:
        lines.append(f"[{item.kind}, {item.shape}]")
        sides = (("C", item.context), ("Q", item.question), ("A", item.answer), ("E", item.explanation))
        for letter, html in sides:
            text = re.sub(r"\n\s*\n", "\n", plain(html).strip()) if html else ""
            lines.extend([f"{letter}: {text}"] if text else [])
    lines.extend(
        f"line {problem.location.line}, {problem.severity}: {problem.message}"
        for problem in page.problems
        if problem.code != "no-item"
    )
    return "\n".join(lines if page.items else ["no card", *lines]) + "\n"


def read_page(example: Example) -> Page:
    (page,) = read(Source(name="page", text=example.text, format=example.form))
    return page


EXAMPLES = tuple(examples_of(MANUAL.read_text("utf-8")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.name}, {example.form}")
def test_example_gives_what_the_manual_says(example):
    assert told(read_page(example)) == example.cards


def test_each_row_of_the_table_of_shapes_has_an_example():
    rows = {shape.name for shape in SHAPES if shape.role != "box"}  # which holds reveals and is none
    shown = {trace.shape for page in map(read_page, EXAMPLES) for trace in page.traces}
    shown |= {item.shape for page in map(read_page, EXAMPLES) for item in page.items}
    assert rows - shown == set()


def test_examples_are_many_and_each_section_has_one():
    named = {example.name for example in EXAMPLES}
    assert [name for name, _ in sections(MANUAL.read_text("utf-8")) if name not in named] == []
    assert len(EXAMPLES) > 60
