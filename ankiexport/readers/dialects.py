"""Containers between colons or slashes: pandoc, Quarto, Carpentries, markdown-it, Docusaurus, Material for MkDocs."""

import re
from collections.abc import Iterable, Sequence

from ankiexport.readers.containers import TABS, Closing, Mark, Opening, Text, names_of
from ankiexport.readers.lines import NumberedLine

# "::: challenge", ":::tip[Title]{.class}", "::: {.callout-tip collapse="true"}", ":::::: solution ::::::"
_COLONS = re.compile(r"[\s>]*:{3,}(?P<rest>.*)$")
_COLONS_END = re.compile(r"(?:(?<=\s)|^):{3,}\s*$|(?<=\s)-{3,}\s*$")
_NAMED = re.compile(r"(?P<name>\w[\w-]*)\s*(?:\[(?P<title>[^\]]*)\])?(?P<rest>.*)$")
_PANDOC = re.compile(r"\{(?P<attributes>[^}]*)\}\s*$")
_ATTRIBUTE = re.compile(
    r"(?P<name>[.#]?[\w:-]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s}]+)))?"
)
# What Quarto and bookdown call a thing by its id
_BY_ID = {"exr": "exercise", "sol": "solution", "exm": "example", "tip": "tip", "nte": "note", "wrn": "warning"}
# "/// details | Title"
_SLASHES = re.compile(r"[\s>]*/{3,}\s*(?:(?P<name>[\w-]+)\s*(?:\|\s*(?P<title>.*))?)?$")
_SLASH_OPTION = re.compile(r"(?:\s{4,}[\w-]+:.*)$")
# '=== "Tab"'
_MKDOCS_TAB = re.compile(r"(?P<indent>\s*)===[!+]*\s+(?P<title>([\"']).*\3)\s*$")
# "<div markdown>", and the end of any such element, which closes it also where Markdown would see code or a paragraph
_MARKDOWN_TAG = re.compile(
    r"[\s>]*<(?:aside|details|div|section)\b[^<>]*\smarkdown\b[^<>]*>\s*$|[\s>]*</(?:aside|details|div|section)>\s*$"
)
_MARKDOWN_SETTING = re.compile(r"\smarkdown(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|\w+))?")
# Lines that a site's generator acts on, and that show nothing
_SILENT = re.compile(
    r"\[\[_?toc_?\]\]\s*$|\{::(?:options|comment)\b.*/\}\s*$|\{:\s*toc\b[^}]*\}\s*$|\^[\w-]+\s*$|--8<--.*$|"
    r"\[TOC\]\s*$|<!--\s*(?:more|\* \* \*)\s*-->\s*$|\([\w-]+\)=\s*$|<br\s*/?>\s*$",
    re.I,
)


def attributes_of(text: str) -> dict[str, str]:
    """`.a #b c="d" e` as a dictionary: {".a": "", "#b": "", "c": "d", "e": ""}."""
    return {
        match["name"]: next((value for value in (match["double"], match["single"], match["bare"]) if value), "")
        for match in _ATTRIBUTE.finditer(text)
    }


def read_colons(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """A container between `:::` and `:::`."""
    if ":::" not in text:
        return None
    match = _COLONS.match(text)
    if match is None:
        return None
    rest = match["rest"].strip()
    rest = _COLONS_END.sub("", rest).strip()
    if not rest.strip("-"):
        return Closing(key=":::")
    if pandoc := _PANDOC.match(rest):
        return _opening([], attributes_of(pandoc["attributes"]), "")
    named = _NAMED.match(rest)
    if named is None:
        return None
    shown, written = _cut_attributes(named["rest"].strip())
    name, title = named["name"], named["title"] or shown
    attributes = attributes_of(written)
    if title and not named["title"] and name.lower() in TABS:
        title = ""
    return _opening([name], attributes, title)


def _cut_attributes(rest: str) -> tuple[str, str]:
    """The title of a container, which may have braces in code, and the attributes after it: `Title {.class}`."""
    at = rest.rfind("{") if rest.endswith("}") else -1
    return (rest, "") if at < 0 else (rest[:at].rstrip(), rest[at + 1 : -1])


def _opening(names: Sequence[str], attributes: dict[str, str], title: str) -> Opening:
    found = [*names, *(name for name in attributes if name.startswith("."))]
    identity = next((name[1:] for name in attributes if name.startswith("#")), "")
    by_id = _BY_ID.get(identity.partition("-")[0]) if "-" in identity else None
    if by_id and not found:
        found.append(by_id)
    return Opening(
        names=names_of(found),
        title=title or attributes.get("title") or attributes.get("name") or attributes.get("summary") or "",
        folds=attributes.get("collapse", "").lower() == "true",
        closed_by=":::",
    )


def read_slashes(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """A container between `/// name | Title` and `///`."""
    if "///" not in text:
        return None
    match = _SLASHES.match(text)
    if match is None:
        return None
    if not match["name"]:
        return Closing(key="///")
    used = 0
    while at + 1 + used < len(lines) and _SLASH_OPTION.match(lines[at + 1 + used].text):
        used += 1
    names = (match["name"], *_types(line.text for line in lines[at + 1 : at + 1 + used]))
    return Text(
        opening=Opening(names=names_of(names), title=(match["title"] or "").strip(), closed_by="///"), uses=used
    )


def _types(options: Iterable[str]) -> list[str]:
    """What `type: …` among the options of a block says."""
    said = (option.strip().partition(":") for option in options)
    return [value.strip() for name, _, value in said if name == "type"]


def read_tabs(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """`=== "Tab"` is an admonition to the parser: what is set in under it belongs to it."""
    match = _MKDOCS_TAB.match(text)
    return Text(lines=(f"{match['indent']}!!! tab {match['title']}",)) if match else None


def read_tags(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """`<div markdown="1">`: what is in it is Markdown, also without a blank line around it."""
    if "<" not in text or not _MARKDOWN_TAG.match(text):
        return None
    indent, tag = text[: len(text) - len(text.lstrip("> \t"))], text.lstrip("> \t")
    return Text(lines=(indent.rstrip(), indent + _MARKDOWN_SETTING.sub("", tag), indent.rstrip()))


def read_silent(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """Lines that are not shown."""
    return Text(lines=("",)) if _SILENT.match(text.lstrip("> \t")) else None
