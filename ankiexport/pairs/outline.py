"""The outline of a page: which blocks stand under which heading."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ankiexport.model import Block


@dataclass(slots=True)
class Section:
    """A heading (None: the page's title) and where what stands under it begins, has its first subheading, and ends."""

    heading: Block | None
    start: int
    own_end: int
    end: int
    parts: list["Section"] = field(default_factory=list)

    @property
    def level(self) -> int:
        return self.heading.level if self.heading else 0

    @property
    def text(self) -> str:
        return self.heading.text if self.heading else ""


def outline(blocks: Sequence[Block]) -> Section:
    """The page as a section with sections in it."""
    root = Section(None, 0, len(blocks), len(blocks))
    around = [root]
    for at, block in enumerate(blocks):
        if block.tag != "heading":
            continue
        while around[-1].heading and around[-1].level >= block.level:
            around.pop().end = at
        inner = Section(block, at + 1, len(blocks), len(blocks))
        if not around[-1].parts:
            around[-1].own_end = at
        around[-1].parts.append(inner)
        around.append(inner)
    for section in walk(root):
        section.own_end = min(section.own_end, section.end)
    return root


def walk(section: Section) -> Iterator[Section]:
    """A section and all in it, in page order."""
    yield section
    for part in section.parts:
        yield from walk(part)


def scopes(root: Section, title: str, says: Callable[[str], bool]) -> Iterator[Section]:
    """The page, if its title says so, or else the outermost sections whose headings do."""
    if says(title if root.heading is None else root.text):
        yield root
        return
    for part in root.parts:
        yield from scopes(part, "", says)
