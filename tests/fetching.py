"""What several test modules of fetching need: quick manners, what was saved, what was told."""

from pathlib import Path

from ankiexport.manifest import FILE_NAME
from ankiexport.web.fetch import Fetched
from ankiexport.web.manners import Fetching, Manners

HASTY = {"pause": 0, "back_off": 0.01, "patience": 0.5, "longest_request": 1.0}


def hasty(*, match=(), limit=100, media=False, **manners) -> Fetching:
    """Manners for a test: as polite as it wants."""
    return Fetching(match=match, limit=limit, media=media, manners=Manners(**{**HASTY, **manners}))


def told(fetched: Fetched) -> list[str]:
    return [f"{problem.location.source}: {problem.severity}: {problem.message}" for problem in fetched.problems]


def files(folder: Path) -> list[str]:
    """All files in a folder but the manifest."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != FILE_NAME)
