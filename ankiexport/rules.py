"""The rules of the linter by their codes → those that an author wants."""

import difflib
from collections.abc import Iterable, Mapping

from ankiexport.errors import UsageError

RULES: Mapping[str, str] = {
    "L001": "the answer is long",
    "L002": "the answer is a long list",
    "L003": "the answer is a set",
    "L004": "the answer only says yes or no",
    "L005": "the question wants only yes or no, though the answer has a reason",
    "L006": "it points to something that is not on the card",
    "L007": "the answer does not answer",
    "L008": "it asks several questions",
    "L009": "it asks what another item asks",
    "L010": "it asks what another item asks, with another answer",
}
"""What each rule finds, by its code. A code never gets another meaning."""


def codes_of(names: Iterable[str]) -> frozenset[str]:
    """The codes that these names stand for: codes or what they begin with, several in one name joined by commas.

    Raises:
        UsageError: a name is none of a rule.
    """
    found: set[str] = set()
    for name in (part.strip() for joined in names for part in joined.split(",")):
        codes = [code for code in RULES if name and code.startswith(name.upper())]
        if not codes:
            nearest = difflib.get_close_matches(name.upper(), RULES, n=1, cutoff=0)[0]
            raise UsageError(f"unknown rule {name!r}; did you mean {nearest!r}?")
        found.update(codes)
    return frozenset(found)


def chosen(select: Iterable[str], ignore: Iterable[str], ignored_always: Iterable[str]) -> frozenset[str]:
    """The codes of the rules to apply: those selected, or else all but those ignored always; less those ignored."""
    wanted = codes_of(select) or RULES.keys() - codes_of(ignored_always)
    return frozenset(wanted - codes_of(ignore))
