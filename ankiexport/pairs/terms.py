"""Terms and what they mean: definition lists, tables, and in a glossary also lists, paragraphs and small headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import headings, markup
from ankiexport.model import Block
from ankiexport.pairs.cards import BREAKS, FOLDS, Cut, card, is_link, leads_back, replaced
from ankiexport.pairs.outline import Section, outline, scopes
from ankiexport.pairs.term_lines import plain_lines, term_of

SHAPE = "definition"
_RULE = re.compile(r"[-=~*]{3,}\s*")
_LONG_LIST = 8  # terms of a page that does not say it is a glossary
_PROSE = 8  # words that its definitions have on average, at least
_MOST = 0.5  # of such a page's text must stand in its terms
_MOST_FACTS = 0.34  # of a list's terms, for it to be a glossary still
_ENOUGH = 0.8  # of the items of a list must begin with a term
_LEAST_LINES = 2
_LEAST = 3  # headings that are terms, where other headings stand beside them
_LONGEST_TERM = 8  # words
_LONGEST_LIST_TERM = 6


def pair(given: Sequence[Block], title: str) -> list[Block]:
    """A flashcard for each term of what says that it is a glossary, or plainly looks like one."""
    if headings.is_legal(title):
        return list(given)
    blocks = [_without_rule(block) for block in given]
    root = outline(blocks)
    cuts = [Cut(start=at, end=at + 1, blocks=cards) for at, cards in enumerate(map(_from_table, blocks)) if cards]
    said = list(scopes(root, title, headings.says_glossary))
    for scope in said:
        cuts.extend(_in_scope(blocks, scope))
    if not said and not headings.is_described(title):
        cuts.extend(_unsaid(blocks))
    return replaced(blocks, cuts) if cuts else list(given)


def _without_rule(block: Block) -> Block:
    """A heading of plain text, which has a rule under it, as one."""
    head, _, rule = block.text.partition("\n")
    if block.tag != "code" or not _RULE.fullmatch(rule):
        return block
    return replace(block, tag="heading", level=2, text=head.strip(), html=markup.escape(head.strip()))


def _in_scope(blocks: Sequence[Block], scope: Section) -> Iterator[Cut]:
    for section in _sections(scope):
        least = 1 if section is not scope and len(section.text) == 1 else _LEAST_LINES  # one letter may have one term
        found = list(_in_section(blocks, section.start, section.own_end, least))
        yield from found
        yield from _from_headings(blocks, section, scope)


def _sections(scope: Section) -> Iterator[Section]:
    """The sections of a glossary, but for those that say they are something else."""
    yield scope
    for part in scope.parts:
        if not headings.leads_away(part.text) and not headings.says_faq(part.text):
            yield from _sections(part)


def _in_section(blocks: Sequence[Block], start: int, end: int, least: int) -> Iterator[Cut]:
    lines = []
    for at in range(start, end):
        block = blocks[at]
        cards: Sequence[Block] = ()
        if block.tag == "terms":
            cards = _from_terms(block) if not _describes(block) else ()
        elif block.tag == "list":
            cards = _from_list(block)
        elif block.tag == "table":
            cards = _from_table(block, of_words=True)
        elif block.tag == "code":
            cards = [card(term, definition, SHAPE) for term, definition in plain_lines(block)]
        elif block.tag == "paragraph" and term_of(block):
            lines.append(at)
        if cards:
            yield Cut(start=at, end=at + 1, blocks=tuple(cards))
    if len(lines) >= least:
        yield from _from_lines(blocks, lines)


def _from_terms(block: Block) -> list[Block]:
    """The terms of a definition list; questions are the FAQ's, options and calls a reference's."""
    terms = [term for term in block.children if term.summary]
    if any(headings.has_question_mark(term.summary.text) or _is_code(term.summary) for term in terms if term.summary):
        return []
    return [card(term.summary, term.children, SHAPE) for term in terms if term.summary]


def _is_code(term: Block) -> bool:
    """An option, or a call with its parameters: "--verbose", "open(path, mode)"."""
    return term.text.startswith(("-", "$", ".")) or ("(" in term.text and "(" not in term.text.split(" ", 1)[-1:][0])


def _describes(block: Block) -> bool:
    """Does a list tell facts of the page or a thing: its author, what it returns?"""
    facts = sum(headings.is_fact(term.summary.text) for term in block.children if term.summary)
    return facts > _MOST_FACTS * len(block.children)


def _from_table(block: Block, *, of_words: bool = False) -> tuple[Block, ...]:
    """The rows of a table whose head says that it has terms and what they mean, or words in two languages."""
    if block.tag != "table" or len(block.children) < 2:
        return ()
    head, *rows = block.children
    if len(head.children) < 2:
        return ()
    first, second = head.children[0].text, head.children[1].text
    if of_words != headings.are_languages(first, second) or not (of_words or headings.heads_terms(first, second)):
        return ()
    width = len(head.children)
    return tuple(
        card(row.children[0], row.children[1:], SHAPE)
        for row in rows
        if len(row.children) == width and row.children[0].text
    )


def _from_list(block: Block) -> list[Block]:
    """The items of a list, if nearly all begin with a term."""
    firsts = [item.children[0] if item.children else None for item in block.children]
    parted = [term_of(first) if first and first.tag == "paragraph" else None for first in firsts]
    found = [(both, item) for both, item in zip(parted, block.children, strict=True) if both]
    if len(found) < 2 or len(found) < _ENOUGH * len(parted) or any(_is_code(term) for (term, _), _ in found):
        return []
    if all(term.html.startswith("<code") for (term, _), _ in found):
        return []  # keys and options of a program
    if sum(headings.is_fact(term.text) for (term, _), _ in found) > _MOST_FACTS * len(found):
        return []
    return [card(term, (definition, *item.children[1:]), SHAPE) for (term, definition), item in found]


def _from_lines(blocks: Sequence[Block], lines: Sequence[int]) -> Iterator[Cut]:
    """Paragraphs that begin with a term; what stands between two of them goes on with the first."""
    for at, following in zip(lines, [*lines[1:], lines[-1] + 1], strict=True):
        parted = term_of(blocks[at])
        more = blocks[at + 1 : following]
        if parted and not any(block.tag in BREAKS | {"terms"} for block in more):
            yield Cut(start=at, end=following, blocks=(card(parted[0], (parted[1], *more), SHAPE),))


def _from_headings(blocks: Sequence[Block], section: Section, scope: Section) -> Iterator[Cut]:
    """Small headings with a paragraph under each."""
    parts = [part for part in section.parts if not headings.leads_away(part.text)]
    terms = [part for part in parts if _is_term(blocks, part)]
    bare = section is not scope and section.own_end == section.start
    if not terms or len(terms) < len(parts) or (len(terms) < _LEAST and not bare):
        return
    for part in terms:
        inside = list(blocks[part.start : part.end])
        while inside and (leads_back(inside[-1]) or (len(inside) > 1 and is_link(inside[-1]))):
            inside.pop()
        if part.heading:
            yield Cut(start=part.start - 1, end=part.end, blocks=(card(part.heading, inside, SHAPE),))


def _is_term(blocks: Sequence[Block], part: Section) -> bool:
    inside = blocks[part.start : part.end]
    plain = bool(inside) and inside[0].tag == "paragraph" and not any(block.tag in FOLDS for block in inside)
    known = plain and not part.parts and not is_link(inside[0])
    return (
        known
        and len(part.text) > 1
        and len(part.text.split()) <= _LONGEST_TERM
        and not headings.has_question_mark(part.text)
        and not any(term_of(block) for block in inside if block.tag == "paragraph")
    )


def _unsaid(blocks: Sequence[Block]) -> Iterator[Cut]:
    """The one long definition list that most of a page is."""
    lists = [at for at, block in enumerate(blocks) if block.tag == "terms"]
    if len(lists) != 1:
        return
    block = blocks[lists[0]]
    defined = [term for term in block.children if term.summary and term.children]
    count = sum(len(definition.text.split()) for term in defined for definition in term.children)
    if len(defined) < _LONG_LIST or len(defined) < len(block.children) or count < _PROSE * len(defined):
        return
    whole = sum(len(other.text) for other in blocks)
    cards = _from_terms(block) if all(map(_is_prose, defined)) and not _describes(block) else []
    if cards and len(block.text) >= _MOST * whole:
        yield Cut(start=lists[0], end=lists[0] + 1, blocks=tuple(cards))


def _is_prose(term: Block) -> bool:
    """A short term that is no code, with a paragraph that says what it means."""
    summary = term.summary
    if summary is None or len(summary.text.split()) > _LONGEST_LIST_TERM or "<code" in summary.html:
        return False
    return term.children[0].tag == "paragraph" and not any(child.tag in ("terms", "reveal") for child in term.children)
