"""Blocks → leads: each reveal with what leads up to it, which is where its question stands."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from ankiexport import words
from ankiexport.kinds.labels import block_label
from ankiexport.model import Block, Item, Problem


@dataclass(slots=True)
class Trail:
    """What the finders remember from one lead to the next on a page, and which other summaries it has."""

    number: int = 0  # of the last numbered question
    word: str = ""  # and the value of the last label of a task: "Task 2: …"
    value: int = 0
    prompt: tuple[Block, ...] = ()  # what stood before the first of those
    summaries: Counter[str] = field(default_factory=Counter)
    some_show: bool = False  # is there a reveal whose summary surely says "show me"?
    answer_length: int | None = None  # blocks that the longest answer so far has, where the page says where they end

    def may_answer(self, reveal: Block) -> bool:
        """May a reveal with an unknown summary be an answer? Where others say so, a lone one is something else."""
        if not self.some_show or shows(reveal) or reveal.summary is None:
            return True
        return self.summaries[reveal.summary.text.casefold()] > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A reveal, the blocks between what came before and it, and the headings that they stand under."""

    blocks: tuple[Block, ...]
    reveal: Block
    section: Block | None
    passed: tuple[Block, ...] = ()  # blocks above the section's heading that led to no reveal
    is_first: bool = False  # under its section's heading
    is_boxed: bool = False  # in a box, so that all above it there is asked

    @property
    def section_text(self) -> str | None:
        return self.section.text or None if self.section else None

    @property
    def answer(self) -> tuple[Block, ...]:
        return self.reveal.children


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where in a row of blocks something begins, and whether the page leaves no other reading.

    `new_section` says that it has a section of its own, whose heading a text dump has lost.
    """

    at: int
    certain: bool
    new_section: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a finder made of a lead."""

    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()


def shows(block: Block | None) -> bool:
    """Is this a reveal of an answer: by what it is, or because its summary only says "show me"?"""
    if block is None or block.tag != "reveal" or block.role not in (None, "answer"):
        return False
    return block.role == "answer" or (block.summary is not None and words.only_shows(block.summary.text))


def is_hint(block: Block) -> bool:
    """Is this a reveal that helps, but does not answer?"""
    if block.tag != "reveal" or block.role not in (None, "hint"):
        return False
    return block.role == "hint" or (block.summary is not None and words.is_hint(block.summary.text))


def gather_leads(blocks: Sequence[Block]) -> tuple[list[Lead], tuple[Block, ...]]:
    """The leads of a page, and the blocks after the last reveal."""
    leads: list[Lead] = []
    passed: list[Block] = []
    gathered: list[Block] = []
    section: Block | None = None
    box: Block | None = None  # that is open
    for block in blocks:
        if block.tag == "reveal":
            cut = _section_heading(gathered)
            if cut is not None and box:
                box = gathered[cut]
            elif cut is not None:
                section = gathered[cut]
            start = 0 if cut is None else cut + 1
            above = tuple(gathered[start:])
            passed.extend(gathered if block.question else gathered[:start])
            lead = Lead(
                blocks=block.question or above,
                reveal=block,
                section=box if box and box.text else section,
                passed=tuple(passed),
                is_first=cut is not None,
                is_boxed=box is not None,
            )
            leads.append(lead)
            passed, gathered = [], []
        elif block.tag in ("box", "box-end"):
            cut = _section_heading(gathered)
            section = gathered[cut] if cut is not None and not box else section
            passed.extend(gathered)
            gathered = [replace(block, tag="paragraph")] if words.asks(block.text) else []
            box = block if block.tag == "box" else None
        else:
            gathered.append(block)
    return leads, (*passed, *gathered)


def with_asking_headings(leads: Sequence[Lead]) -> list[Lead]:
    """Leads that begin with their heading where that asks, by itself or as the headings of most others do."""
    bare = [lead for lead in leads if not lead.blocks and lead.section and lead.section.tag == "heading"]
    levels = {lead.section.level for lead in bare if lead.section} if len(bare) * 2 > len(leads) > 2 else set()
    return [
        replace(lead, blocks=(lead.section, *lead.blocks)) if lead.section and _asks(lead, levels) else lead
        for lead in leads
    ]


def _asks(lead: Lead, levels: Collection[int]) -> bool:
    """Is the heading of a lead a part of its question?"""
    section = lead.section
    if section is None or section.tag != "heading" or not lead.is_first or lead.reveal.question or not lead.blocks:
        return False
    says_nothing = all(block.tag in ("code", "table") for block in lead.blocks)  # "What does this print?"
    return (words.is_question(section.text) and says_nothing) or section.level in levels


def _section_heading(blocks: Sequence[Block]) -> int | None:
    """The heading that the lead stands under: the last of the highest level. One with a label is part of the lead."""
    headings = [(i, block) for i, block in enumerate(blocks) if block.tag == "heading" and not block_label(block)]
    if not headings:
        return None
    if headings[-1][0] == len(blocks) - 1:
        return len(blocks) - 1  # a heading right above a reveal is what that answers
    highest = min(block.level for _, block in headings)
    return max(i for i, block in headings if block.level == highest)
