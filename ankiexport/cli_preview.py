"""`ankiexport preview`: the cards in a file to look at, before anything goes into Anki."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ankiexport.cli_shared import (
    Given,
    exits,
    given_pages,
    nothing_found,
    print_problems,
    read_plan,
    tell,
)
from ankiexport.errors import NoItemError
from ankiexport.model import LAYOUTS, PAPERS, Course, Layout, Paper, Printing


def given_printing(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a .pdf is laid out; the command gets them as one `Printing`, None without any."""

    @click.option(
        "--paper",
        type=click.Choice(PAPERS, case_sensitive=False),
        metavar="|".join(PAPERS),
        help="The paper of a .pdf; default: A4.",
    )
    @click.option(
        "--layout",
        type=click.Choice(LAYOUTS),
        metavar="|".join(LAYOUTS),
        help="Of a .pdf: one card on a page (default), or several on a sheet to cut out, printed on both sides.",
    )
    @wraps(command)
    def run(given: Given, *, layout: Layout | None, paper: Paper | None, **arguments: Any) -> None:
        printing = Printing(layout=layout or "single", paper=paper or "A4") if layout or paper else None
        command(given, printing=printing, **arguments)

    return run


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write: .html, .pdf, .csv, .tsv or .json. Default: preview.html.",
)
@click.option("--open", "opens", is_flag=True, help="Show it when it is written.")
@exits
@given_pages()
@given_printing
def preview(given: Given, output: Path | None, printing: Printing | None, opens: bool) -> None:
    """Look at the cards before they go into Anki.

    Writes one HTML file that needs no network: every card as Anki shows it, what changed since the last build, and
    what was not understood on a page. Its cards can be searched, sorted out and printed. With -o cards.pdf the cards
    go to paper instead, with -o deck.csv into a table. No deck and no lock is written.
    """
    from ankiexport import exporting, telling

    plan = read_plan(given)

    def tell_problems(made: Course) -> None:
        print_problems(given, made.all_problems)
        if not made.notes:
            raise NoItemError(nothing_found(plan.pages, given.paths))

    made, output = exporting.preview(plan, output, tell_problems, printing=printing)
    changes = f"; since the last build: {telling.summary(made)}" if made.is_locked else ""
    tell(given, f"{output}: {telling.size(made)}{changes}")
    if opens and click.launch(str(output)):
        click.echo(f"{output}: could not be opened from here; open it in a browser", err=True)
