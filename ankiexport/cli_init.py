"""`ankiexport init`: the first `ankiexport.toml` of a course."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankiexport.cli_shared import Given, exits, given_pages, nothing_found, read_plan, tell
from ankiexport.errors import NoItemError
from ankiexport.telling import count

if TYPE_CHECKING:
    from ankiexport.starter import Starter


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write; - prints it. Default: ankiexport.toml in the folder of the pages.",
)
@exits
@given_pages()
def init(given: Given, output: Path | None) -> None:
    """Write the first ankiexport.toml of a course.

    It names the course, its tracks and its lessons in the order in which they were found, and has a comment for all
    else that can be said. No note becomes another by it. Folders that hold several lessons each become tracks, if
    there is no lock yet; --tracks none makes none. A file that is there is never changed.
    """
    from ankiexport import starter

    starter.check_new([path for path in given.paths if path != "-"])
    plan = read_plan(given, forms=True)
    prints = output == Path("-")
    target = starter.target_of(plan.pages, None if prints else output)
    if not prints:
        starter.check_target(target, None if given.lock else plan.lock)
    made = starter.start(plan, target.parent)
    if not made.course.notes:
        raise NoItemError(nothing_found(plan.pages, given.paths))
    if prints:
        click.echo(made.text, nl=False)
        return
    starter.save(made, target)
    tell(given, f"{target}: {_about(made)}; look through it, then build")


def _about(made: "Starter") -> str:
    """`310 lessons in 24 tracks, 23 of them with a key since others have their title`"""
    about = count(len(made.course.decks), "lesson")
    if made.tracks:
        about += f" in {count(made.tracks, 'track')}"
    if made.told_apart:
        about += f", {made.told_apart} with a key since others have their title"
    return f"{about}; the decks keep the names that the lock has" if made.course.is_locked else about
