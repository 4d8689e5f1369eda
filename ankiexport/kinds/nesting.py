"""Reveals in one another: a section that is folded away, a question that holds its answer, or a part of an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import words
from ankiexport.kinds.leads import is_hint, shows
from ankiexport.model import Block, Html

_LEAST = 2  # blocks of a question with its options


def level_nested(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with no reveal that holds questions of its own: its content stands in its place."""
    return [levelled for block in blocks for levelled in _level(block)]


def _level(block: Block) -> Iterator[Block]:
    if block.tag == "reveal" and _is_folded_choice(block):
        yield _box(block)
        yield from block.children
        yield replace(_box(block), tag="box-end", text="", html=Html(""))
        return
    if block.tag != "reveal" or not any(child.tag in ("reveal", "box") for child in block.children):
        yield block
        return
    children = tuple(level_nested(block.children))
    block = replace(block, children=children)
    if _holds_answer(block):
        yield _box(block)
        yield from children
        yield replace(_box(block), tag="box-end", text="", html=Html(""))
    elif _holds_questions(block):
        yield from children
    else:
        yield block


def _box(block: Block) -> Block:
    title = block.summary
    return Block(
        tag="box",
        html=title.html if title else Html(""),
        text=title.text if title else "",
        level=2,
        location=block.location,
    )


def _is_folded_choice(block: Block) -> bool:
    """Is this a question with its options, some ticked, that is folded away as a whole: "Quiz"?"""
    if len(block.children) < _LEAST or block.role is not None or block.question or block.summary is None:
        return False
    options = block.children[-1]
    is_ticked = options.tag == "list" and all(item.text.startswith(("☐", "☑")) for item in options.children)
    asked = block.children[:-1]
    is_mixed = is_ticked and {item.text[0] for item in options.children} == {"☐", "☑"}
    return is_mixed and words.names_exercise(block.summary.text) and any(words.holds_question(b.text) for b in asked)


def _holds_answer(block: Block) -> bool:
    """Is this the question of a reveal in it, rather than an answer itself?"""
    return not shows(block) and not is_hint(block) and any(map(shows, block.children))


def _holds_questions(block: Block) -> bool:
    """Are there two reveals or more in it that ask, or a question box?"""
    asking = [child for child in block.children if child.tag == "reveal" and _asks(child)]
    boxes = any(child.tag == "box" for child in block.children)
    return boxes or len(asking) >= (2 if _begins_with_text(block) else 1)


def _begins_with_text(block: Block) -> bool:
    """Does it say something before the first reveal in it, as an answer does?"""
    return block.children[0].tag != "reveal"


def _asks(reveal: Block) -> bool:
    return reveal.role == "question" or (reveal.summary is not None and words.asks(reveal.summary.text))
