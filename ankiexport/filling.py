"""A page of HTML in `templates/` and values → the page; text is escaped, `Html` in a template says `| safe`."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


def fill(template: str, **values: object) -> str:
    """The page with these values."""
    return _environment().get_template(template).render(values)


@cache
def read_template(name: str) -> str:
    """A file in `templates/` as it is."""
    return files("ankiexport").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    loader = PackageLoader("ankiexport", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
