"""The robots.txt of a site → what may be asked for, and how often."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

AGENT = "ankiexport"
"""What a robots.txt calls us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a site asks of us. `refusal` says why nothing may be asked for: its rules cannot be had."""

    rules: "Protego | None" = None
    refusal: str | None = None
    is_offline: bool = False

    def why_not(self, address: str) -> str | None:
        """Why an address may not be asked for; None where it may."""
        if self.refusal:
            return self.refusal
        forbids = self.rules is not None and not self.rules.can_fetch(address, AGENT)
        return "robots.txt forbids it" if forbids else None

    @property
    def delay(self) -> float:
        """The seconds between two requests that the site asks for."""
        return float((self.rules and self.rules.crawl_delay(AGENT)) or 0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Where the site says that its sitemaps are."""
        return tuple(self.rules.sitemaps) if self.rules else ()


def parse_robots(content: bytes) -> Robots:
    """Reads a robots.txt; what is none has no rules."""
    from protego import Protego

    return Robots(rules=Protego.parse(content.decode("utf-8-sig", "replace")))
