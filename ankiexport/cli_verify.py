"""`ankiexport verify`: a deck in Anki's own importer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankiexport.cli_shared import exits, print_json
from ankiexport.telling import count

if TYPE_CHECKING:
    from ankiexport.verify import Outcome


@click.command()
@exits
@click.argument("deck", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), metavar="OLD", help="The deck that learners have now.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def verify(deck: Path, against: Path | None, as_json: bool) -> None:
    """Try a deck in Anki's own importer, with no collection of yours.

    With --against, the old deck is imported and studied before, to see that scheduling and review log stay. Exit
    status 1 says that a learner would lose something. Needs: pip install 'ankiexport[verify]'
    """
    from dataclasses import asdict

    from ankiexport.verify import verify as verify_deck

    outcome = verify_deck(deck, against)
    if as_json:
        print_json(asdict(outcome))
    else:
        _print_outcome(outcome, deck, against)
    if outcome.losses:
        sys.exit(1)


def _print_outcome(outcome: "Outcome", deck: Path, against: Path | None) -> None:
    imports = [(f"{deck} in an empty collection", outcome.imported)]
    if outcome.over_old:
        imports.append((f"{deck} over {against}", outcome.over_old))
    for what, it in imports:
        found = f"{it.new} new, {it.updated} updated, {it.unchanged} unchanged, {it.conflicting} conflicting"
        click.echo(f"{what}: {found}")
    click.echo(f"{count(outcome.cards, 'card')} in {count(len(outcome.decks), 'deck')} then:")
    for name, size in outcome.decks.items():
        click.echo(f"  {name}: {size}")
    for loss in outcome.losses:
        click.echo(f"lost: {loss}")
    if outcome.over_old:
        stayed = "stayed as they were" if outcome.progress_stayed else "are not what they were"
        click.echo(f"{count(outcome.studied, 'card')} studied before: scheduling and review log {stayed}")
