"""A question of a quiz file and its answer → a reveal that says itself what it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ankiexport import markup
from ankiexport.model import Block, Html, Kind, Location, Problem, text_of


def answered(question: Sequence[Block], answer: Iterable[Block], shape: str, kind: Kind = "self-check") -> Block:
    """The reveal of an answer, which stands where its question begins."""
    children = tuple(answer)
    return Block(
        tag="reveal",
        html=Html(""),
        text=text_of(children),
        location=question[0].location,
        children=children,
        role="answer",
        shape=shape,
        question=tuple(question),
        kind=kind,
    )


def paragraph(text: str, location: Location) -> Block:
    """Plain text as a paragraph, its line breaks as spaces."""
    folded = markup.fold(text)
    return Block(tag="paragraph", html=markup.escape(folded), text=folded, location=location)


def heading(text: str, location: Location, level: int = 2) -> Block:
    return replace(paragraph(text, location), tag="heading", level=level)


def item(children: Sequence[Block], number: int | None) -> Block:
    """A list item."""
    return Block(
        tag="item",
        html=markup.join(children),
        text=text_of(children),
        number=number,
        children=tuple(children),
        location=children[0].location,
    )


def listed(items: Sequence[Block], letters: str = "") -> Block:
    """A list of these items: by numbers where the first has one, by letters where `letters` is "A" or "a"."""
    number = items[0].number
    inner = [one.html for one in items]
    html = markup.bullet_list(inner) if number is None else markup.ordered_list(inner, number)
    if letters:
        html = Html(html.replace("<ol", f'<ol type="{letters}"', 1))
    return Block(tag="list", html=html, text=text_of(items), children=tuple(items), location=items[0].location)


def options(choices: Sequence[Sequence[Block]]) -> Block:
    """The options of a multiple choice in their own order, with letters, for answers speak of them."""
    return listed([item(choice, number) for number, choice in enumerate(choices, 1)], letters="A")


def unread(name: str, line: int, message: str) -> Problem:
    """The problem of a question that could not be read."""
    return Problem(location=Location(source=name, line=line), severity="warning", message=f"{message}: no item")
