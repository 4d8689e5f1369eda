"""How far a long piece of work is: what a stage tells, and who looks on."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is done of a piece of work.

    `done` of `total` pages are finished, as far as is known now: a crawl finds more as it goes. `found` counts the
    notes in them, `last` names the page that was finished last, and `how` says what became of it ("known", "saved", …).
    """

    done: int
    total: int
    found: int = 0
    last: str = ""
    how: str = ""


Watch = Callable[[Progress], None]
"""Is told after each page. It may raise KeyboardInterrupt, which the work must survive whole."""


def unwatched(progress: Progress) -> None:
    """Looks away: what a stage tells where nobody asked."""
