"""What a server has sent, or why there is nothing."""

from dataclasses import dataclass
from typing import Literal

from ankiexport.errors import SourceError

Sort = Literal["page", "media", "download", "sitemap", "robots"]
Why = Literal["gone", "refused", "offline", "forbidden", "no page", "away", "other"]
"""Why there is no answer: the server has it not, keeps it or is silent; robots.txt; another type or site; the rest."""


class NotFetchedError(SourceError):
    """What could not be had. Its text says why, without the address."""

    def __init__(self, message: str, why: Why = "other") -> None:
        super().__init__(message)
        self.why = why


class TryAgainError(Exception):
    """A failure that may pass; `after` is how many seconds the server asks to wait."""

    def __init__(self, error: NotFetchedError, after: float | None = None) -> None:
        self.error = error
        self.after = after


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server has sent. `url` is where it was in the end, `asked` are the addresses that led there."""

    url: str
    asked: tuple[str, ...]
    content: bytes
    media_type: str  # "text/html"; empty where the server says none
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
