"""What is wanted of a site, and how it is asked: how much, how often, how long."""

from dataclasses import dataclass, field

from ankiexport.errors import UsageError

_LONGEST_PAUSE = 3600  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a server is asked, and when to give up. Times are in seconds, sizes in bytes after decompression.

    `pause` lies between two requests to a host, `at_once` run at the same time. A robots.txt may ask for a longer
    pause, up to `longest_delay`. What failed is tried `retries` times again: first after `back_off`, then after twice
    that, and so on, or when the server says, up to `longest_wait`. A request that has brought no byte for `patience`,
    or has not ended after `longest_request`, has failed.
    """

    pause: float = 0.2
    at_once: int = 2
    retries: int = 3
    back_off: float = 0.5
    longest_delay: float = 10.0
    longest_wait: float = 60.0
    longest_request: float = 60.0
    patience: float = 10.0
    most_redirects: int = 5
    most_media: int = 10_000
    largest_page: int = 20_000_000
    largest_media: int = 20_000_000
    largest_sitemap: int = 50_000_000  # what the protocol of sitemaps allows
    largest_robots: int = 500_000

    def __post_init__(self) -> None:
        """Raises UsageError where the pause is none that anybody waits."""
        if not 0 <= self.pause <= _LONGEST_PAUSE:  # so is one that is no number
            raise UsageError(f"a pause of {self.pause:g} seconds: give one between 0 and {_LONGEST_PAUSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """Which pages are wanted.

    `match` are globs, one of which the whole address of a discovered page, or its path, must match. `limit` is how many
    pages are asked for at most. `media` takes the pictures and recordings of the pages too. `alone` wants the pages
    that are named and none below them.
    """

    match: tuple[str, ...] = ()
    limit: int = 5000
    media: bool = False
    alone: bool = False
    manners: Manners = field(default_factory=Manners)

    def __post_init__(self) -> None:
        """Raises UsageError where a glob is no Unicode, which no address and no manifest could hold."""
        for glob in self.match:
            if any("\ud800" <= sign <= "\udfff" for sign in glob):
                raise UsageError(f"the glob {glob!r} holds bytes that are no UTF-8")
