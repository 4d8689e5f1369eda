"""Questions that nothing hides the answers of: blocks in, the same blocks out with a reveal for each such pair.

A module here knows one shape, and has a function `pair` and a row below. What it makes of a question and its answer is
a reveal that says itself what it answers (`Block.question`), or whose summary is the question; the finders in `kinds`
see no difference to one that a page hides.
"""

from collections.abc import Callable, Sequence

from ankiexport import plugins
from ankiexport.model import TOLD, Block
from ankiexport.pairs import choices, exams, faq, headed, keys, labelled, labelled_blocks, letters, sides, terms

# Each takes the blocks of a page and the page's title. Their order matters where one shape can hold another.
_PAIRERS: tuple[Callable[[Sequence[Block], str], list[Block]], ...] = (
    sides.pair,
    labelled.pair,
    labelled_blocks.pair,
    exams.pair,
    choices.pair,
    keys.pair,
    letters.pair,
    headed.pair,
    terms.pair,
    faq.pair,
)


def pair_openly(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of a page with a reveal in place of each question and answer that stand openly on it."""
    told = [block for block in blocks if block.shape == TOLD]  # stands nowhere on the page, though after all of it
    paired = [block for block in blocks if block.shape != TOLD]
    for pair in _PAIRERS:
        paired = pair(paired, title)
    for plugin in plugins.load(plugins.PAIRS):
        paired = list(plugin.call(paired, title, gives=(list, tuple)))
    return [*paired, *told]
