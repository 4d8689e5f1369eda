"""Data that an MDX page exports: `export const questions = [{question: …}]`. Nothing is run."""

import re
from dataclasses import dataclass

from ankiexport.readers.lines import fenced_lines
from ankiexport.readers.literals import NoLiteralError, literal_end

# "export const quiz: Question[] = [", "export const meta = {"
_EXPORT = re.compile(r"^export\s+(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=\n]*)?=\s*(?=[\[{])", re.M)
# " as const;", " satisfies Quiz[];"
_END = re.compile(r"[ \t]*(?:(?:as|satisfies)[ \t][^;\n]*)?;?[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A name with its literal, and where in the text its export stands."""

    name: str
    code: str
    start: int
    end: int


def exported_data(text: str) -> dict[str, Data]:
    """What a page exports by name, where that is a literal of JavaScript and nothing has to be run."""
    if "export" not in text:
        return {}
    found: dict[str, Data] = {}
    code = _code_lines(text)
    for match in _EXPORT.finditer(text):
        if text.count("\n", 0, match.start()) in code:
            continue
        try:
            end = literal_end(text, match.end())
        except NoLiteralError:
            continue
        if after := _END.match(text, end):
            literal = text[match.end() : end]
            found[match["name"]] = Data(name=match["name"], code=literal, start=match.start(), end=after.end())
    return found


def _code_lines(text: str) -> set[int]:
    return {at for at, is_code in enumerate(fenced_lines(text.split("\n"))) if is_code}
