"""The files in `templates/`: as they are, or pages of HTML filled with values."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def read_template(name: str) -> str:
    """The file as it is."""
    return files("ankiexport").joinpath("templates", name).read_text("utf-8")


def fill_template(name: str, **values: object) -> str:
    """The page with these values. Their text is escaped; where a value is HTML, the page says `| safe`."""
    return _environment().get_template(name).render(values).lstrip()


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only here: a deck is written without it

    loader = PackageLoader("ankiexport", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
