"""The files in `templates/`: as they are, or filled with values."""

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
    """The file with these values. In a page their text is escaped; where a value is HTML, the page says `| safe`."""
    return _environment().get_template(name).render(values).lstrip()


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only here: a deck is written without it

    loader = PackageLoader("ankiexport", "templates")
    return Environment(
        loader=loader, autoescape=_is_page, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _is_page(name: str | None) -> bool:
    return name is None or not name.endswith(".toml")
