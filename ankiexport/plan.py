"""Pages, a lock, and how to build → a course, as often as it is wanted."""

from dataclasses import dataclass
from pathlib import Path

from ankiexport import pipeline
from ankiexport.model import Course, Lock, Page, Tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be built, and how: the arguments of `pipeline.build`. `lock` is the file, None without one."""

    pages: tuple[Page, ...]
    course: str | None = None
    lock: Path | None = None
    fuzzy: bool = True
    skip_overlaps: bool = False
    tracks: Tracks | None = None

    def build(self, lock: Lock | None = None, *, accept_names: bool = False) -> Course:
        """The course, as the lock's file remembers it, or as `lock` does. Raises as `pipeline.build` does."""
        return pipeline.build(
            self.pages,
            self.course,
            lock or self.lock,
            fuzzy=self.fuzzy,
            accept_names=accept_names,
            skip_overlaps=self.skip_overlaps,
            tracks=self.tracks,
        )
