"""Frequently asked questions: headings, bold lines or terms that ask, and what stands under each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import headings, words
from ankiexport.kinds.leads import is_hint, shows
from ankiexport.model import Block
from ankiexport.pairs import asked_lines
from ankiexport.pairs.cards import (
    FOLDS,
    Cut,
    card,
    flattened,
    is_link,
    is_numbered,
    leads_back,
    offers_choice,
    only_asks,
    repeated_links,
    replaced,
    without_ending,
    without_label,
    without_number,
)
from ankiexport.pairs.outline import Section, outline, scopes, walk

SHAPE = "faq"
_LEAST = 5  # questions of a page that does not say it has them
_MANY = 8  # that need no list of contents, numbers or links back to tell
_NEARLY_ALL = 0.85  # of the headings of their level
_SOME = 0.2  # of the headings in an FAQ must ask for the others to be questions
_FEW = 3  # blocks: an answer that is to be written, and a link back
_LONG_ANSWER = 1200  # characters: longer ones are an article's


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """Each question with the blocks up to the next one, in what says that it is an FAQ or plainly looks like one."""
    flat = list(flattened(blocks))
    root = outline(flat)
    finder = _Finder(flat)
    said = list(scopes(root, title, headings.says_faq))
    for scope in said:
        finder.take_scope(scope)
    if not said:
        level = _asking_level(root, flat, title)
        for section in walk(root):
            if section.heading and section.level == level and _asks(section, title):
                finder.take(section)
        finder.cuts.extend(asked_lines.labelled(flat))
    return replaced(flat, finder.cuts) if finder.cuts else list(blocks)


class _Finder:
    """Goes over the sections of an FAQ and keeps what it found."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.cuts: list[Cut] = []
        self._blocks = blocks
        self._repeated = repeated_links(blocks)

    def take_scope(self, scope: Section) -> None:
        """All questions under a title or heading that says there are some."""
        leaves = list(_leaves(scope))
        starts = {leaf.start for leaf in leaves}
        asking = [leaf for leaf in leaves if headings.asks_clearly(leaf.text)]
        others = _level_and_numbers(asking) if len(asking) >= _SOME * len(leaves) else None
        self._take_lines(scope.start, scope.own_end)
        for section in walk(scope):
            if section is not scope and section.parts and section.start not in starts:
                self._take_lines(section.start, section.own_end)
        last = asking[-1].start if asking else 0
        for leaf in leaves:
            is_question = headings.asks_clearly(leaf.text)
            if not is_question and self._take_lines(leaf.start, leaf.end):
                continue
            is_like = others and leaf.level == others[0] and (is_numbered(leaf.text) or not others[1])
            # What follows the last question of a section may be the site's: its comments, its newsletter.
            if is_question or (is_like and (leaf.start < last or scope.heading is None)):
                self.take(leaf)

    def take(self, section: Section) -> None:
        """A heading with what stands under it, unless that hides the answer or leaves it to be chosen."""
        beside = next((part for part in section.parts if headings.leads_away(part.text)), None)
        inside = self._blocks[section.start : beside.start - 1 if beside else section.end]
        last = section.end == len(self._blocks)
        if section.heading is None or any(block.tag in FOLDS for block in inside):
            return
        if (
            offers_choice(inside)
            or only_asks(inside)
            or (0 < len(inside) < _FEW and headings.says_nothing(inside[0].text))
        ):
            return
        answer = without_label(without_ending(inside, self._repeated, last=last))
        question = card(without_number(section.heading), answer, SHAPE)
        self.cuts.append(Cut(start=section.start - 1, end=section.end, blocks=(question,)))

    def _take_lines(self, start: int, end: int) -> bool:
        """The questions that no heading makes, and the reveals that name what they hold."""
        found = [*asked_lines.find(self._blocks, start, end, self._repeated), *self._accordion(start, end)]
        self.cuts.extend(found)
        return bool(found)

    def _accordion(self, start: int, end: int) -> Iterator[Cut]:
        inside = self._blocks[start:end]
        if any(block.tag != "reveal" and headings.has_question_mark(block.text) for block in inside):
            return  # which the reveals answer
        for at, block in enumerate(inside, start):
            is_plain = block.tag == "reveal" and block.role is None and not block.question and not is_hint(block)
            summary = block.summary.text if block.summary else ""
            is_plain = is_plain and not headings.leads_away(summary) and not offers_choice(block.children)
            if not headings.asks_clearly(summary) and all(child.tag == "code" for child in block.children):
                continue  # a command for each system: "macOS", "Linux"
            if is_plain and summary and not shows(block) and not headings.offers_to_show(summary):
                yield Cut(start=at, end=at + 1, blocks=(replace(block, role="question"),))


def _leaves(section: Section) -> Iterator[Section]:
    """The headings that nothing stands under but what may be an answer; a question's may have headings of its own."""
    for part in section.parts:
        if headings.leads_away(part.text) or headings.says_glossary(part.text):
            yield from _after_contents(part)
            continue
        if all(headings.leads_away(inner.text) for inner in part.parts) or (
            headings.has_question_mark(part.text) and not any(headings.asks_clearly(inner.text) for inner in part.parts)
        ):
            yield part
        else:
            yield from _leaves(part)


def _after_contents(contents: Section) -> Iterator[Section]:
    """The sections that a list of contents has named, where their headings are no higher than those in the list."""
    named: set[str] = set()
    for part in contents.parts:
        if part.text in named:
            yield part
        named.add(part.text)


def _level_and_numbers(asking: Sequence[Section]) -> tuple[int, bool] | None:
    """What the headings that ask have in common, by which others are known as questions: level, and numbers or not."""
    if not asking:
        return None
    level = Counter(leaf.level for leaf in asking).most_common(1)[0][0]
    return level, len(asking) > 1 and all(is_numbered(leaf.text) for leaf in asking)


def _asking_level(root: Section, blocks: Sequence[Block], title: str) -> int | None:
    """The level whose headings nearly all ask, where the page looks like a list of questions, not an article."""
    if headings.asks_clearly(title):
        return None
    by_level: dict[int, list[Section]] = {}
    for section in walk(root):
        if headings.heads_article(section.text):
            return None
        if section.heading:
            by_level.setdefault(section.level, []).append(section)
    for level, sections in by_level.items():
        sections = [section for section in sections if not headings.leads_away(section.text)]
        asking = [section for section in sections if _asks(section, title)]
        if sum(headings.has_question_mark(section.text) for section in asking) * 2 < len(asking):
            continue
        if len(asking) >= max(_LEAST, _NEARLY_ALL * len(sections)) and _is_listed(asking, blocks):
            is_article = any(headings.tells_of_article(block.text) for block in blocks[: root.own_end])
            return None if is_article else level
    return None


def _asks(section: Section, title: str) -> bool:
    """Does a heading ask? A request is a question only on a page whose title speaks of questions."""
    return headings.has_question_mark(section.text) or (words.asks(section.text) and words.heads_questions(title))


def _is_listed(asking: Sequence[Section], blocks: Sequence[Block]) -> bool:
    """Are these questions numbered, listed in the contents, or many short ones?"""
    if any(not headings.leads_away(part.text) for section in asking for part in section.parts):
        return False
    answers = [blocks[section.start : section.end] for section in asking]
    if all(is_numbered(section.text) for section in asking):
        return True
    if sum(any(map(leads_back, answer)) for answer in answers) > len(answers) / 2:
        return True
    texts = {section.text for section in asking}
    contents = next((at for at in range(asking[0].start) if _repeats(blocks[at], texts)), None)
    if contents is not None:
        return True
    lengths = sorted(sum(len(block.text) for block in answer) for answer in answers)
    return len(asking) >= _MANY and lengths[-1] <= _LONG_ANSWER and not any(map(is_link, blocks[: asking[0].start]))


def _repeats(block: Block, texts: set[str]) -> bool:
    """Is this a list of contents that names most of these headings?"""
    return block.tag == "list" and len(texts & set(block.text.split("\n"))) > len(texts) / 2
