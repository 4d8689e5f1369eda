"""Containers that look like fenced code: the directives of MyST, and the chunks of R Markdown."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport.readers.containers import ANSWERS, CALLOUTS, FOLDING, QUESTIONS, TABS, Mark, Opening, Text, names_of
from ankiexport.readers.lines import NumberedLine, closes

# "```{exercise} Title", ":::{note}", "```{r setup, include=FALSE}"
_FENCE = re.compile(
    r"(?P<indent>[\s>]*)(?P<mark>`{3,}|~{3,}|:{3,})\s*\{(?P<name>[A-Za-z][\w:+-]*)(?P<options>[\s,][^{}]*)?\}"
    r"(?P<title>[^`]*)$"
)
_OPTION = re.compile(r"[\s>]*:(?P<name>[\w-]+):\s*(?P<value>.*?)\s*$")
_RULE = re.compile(r"[\s>]*-{3,}\s*$")
_YAML = re.compile(r"[\s>]*(?P<name>[\w-]+):\s*(?P<value>.*?)\s*$")
_CHUNK_OPTION = re.compile(r"[\s>]*(?:#|//|--|%%)\|")
_CHUNK_SETTING = re.compile(r"(?P<name>[\w.]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^,\s]+))")
_BODIES = (
    FOLDING
    | CALLOUTS
    | QUESTIONS
    | ANSWERS
    | TABS
    | frozenset(
        "answers card cards container definition dropdown epigraph grid grid-item grid-item-card hint lemma margin"
        " notes proof rmdnote sidebar solutions step tab tab-item theorem topic".split()
    )
)
_SILENT = frozenset("bibliography contents glossary-index index meta raw sectnum tableofcontents toctree".split())
_CODE = frozenset("code code-block code-cell sourcecode".split())
_PICTURES = frozenset(["figure", "image"])
_BLOCKS = frozenset(["block", "block2"])  # of bookdown; their type says what they are
_HIDDEN = frozenset([("include", "FALSE"), ("echo", "FALSE"), ("include", "false"), ("echo", "false")])


def read_directive(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """A directive or a chunk that begins here."""
    if "{" not in text:
        return None
    match = _FENCE.match(text)
    if match is None:
        return None
    name = match["name"].lower().rpartition(":")[2] if ":" in match["name"] else match["name"].lower()
    title = match["title"].strip()
    if name in _SILENT:
        return Text(uses=_length(lines, at, match["mark"]))
    if name.endswith(("-start", "-end")):
        return _gate(name, title, lines, at, match["mark"])
    if name in _BODIES or (name in _BLOCKS and match["options"]):
        return _container(match, name, title, lines, at)
    if name in _PICTURES:
        return _picture(match, title, lines, at)
    if name == "math":
        return _math(match, title, lines, at)
    return None if match["mark"].startswith(":") else _code(match, name, title, lines, at)


def _key(mark: str) -> str:
    return ":::" if mark.startswith(":") else mark


def _options(lines: Sequence[NumberedLine], at: int) -> tuple[dict[str, str], int]:
    """The options at the head of a directive, and how many lines they take."""
    found: dict[str, str] = {}
    used = 0
    if at < len(lines) and _RULE.match(lines[at].text):
        end = next((i for i in range(at + 1, min(at + 40, len(lines))) if _RULE.match(lines[i].text)), None)
        if end is not None:
            inside = (_YAML.match(line.text) for line in lines[at + 1 : end])
            return {match["name"]: match["value"].strip("\"'") for match in inside if match}, end + 1 - at
    while at + used < len(lines) and (match := _OPTION.match(lines[at + used].text)):
        found[match["name"]] = match["value"]
        used += 1
    return found, used


def _container(match: re.Match[str], name: str, title: str, lines: Sequence[NumberedLine], at: int) -> Mark:
    chunk = _settings(match["options"] or "")
    options, used = _options(lines, at + 1)
    names = [chunk["type"]] if name in _BLOCKS and "type" in chunk else [name]
    if name == "tab-item":
        names = ["tab"]
    answers = ""
    if name in ANSWERS and title and not match["options"]:
        title, answers = "", title.split()[0]
    opening = Opening(
        names=names_of((*names, *options.get("class", "").split())),
        title=title or chunk.get("name", ""),
        folds=not {"dropdown", "toggle"}.isdisjoint(options.get("class", "").split()),
        closed_by=_key(match["mark"]),
        label=options.get("label", "") or options.get("name", "") or chunk.get("label", ""),
        answers=answers,
    )
    if opening.answers:
        opening = replace(opening, label="")
    return Text(opening=opening, uses=used)


def _gate(name: str, title: str, lines: Sequence[NumberedLine], at: int, mark: str) -> Mark:
    """`{exercise-start}` and `{exercise-end}`: the container is what stands between them."""
    kind, _, side = name.rpartition("-")
    length = _length(lines, at, mark)
    if side == "end":
        return Text(uses=length, closing=name)
    options, _ = _options(lines, at + 1)
    is_answer = kind in ANSWERS
    opening = Opening(
        names=names_of((kind, *options.get("class", "").split())),
        title="" if is_answer else title,
        closed_by=f"{kind}-end",
        label="" if is_answer else options.get("label", ""),
        answers=title.split()[0] if is_answer and title else "",
    )
    return Text(opening=opening, uses=length)


def _picture(match: re.Match[str], title: str, lines: Sequence[NumberedLine], at: int) -> Mark:
    """A picture, and its caption."""
    options, used = _options(lines, at + 1)
    alternative = options.get("alt", "").replace("[", "").replace("]", "")
    indent = match["indent"]
    opening = Opening(closed_by=_key(match["mark"]))
    return Text(
        lines=(indent.rstrip(), f"{indent}![{alternative}](<{title}>)", indent.rstrip()), uses=used, opening=opening
    )


def _math(match: re.Match[str], title: str, lines: Sequence[NumberedLine], at: int) -> Mark:
    length = _length(lines, at, match["mark"])
    _, used = _options(lines, at + 1)
    body = [line.text for line in lines[at + 1 + used : at + length] if line.text.strip()]
    indent = match["indent"]
    first = (f"{indent}{title}",) if title else ()
    return Text(lines=(indent.rstrip(), f"{indent}$$", *first, *body, f"{indent}$$", indent.rstrip()), uses=length)


def _code(match: re.Match[str], name: str, title: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """Code, without the lines that say how to run or show it; what the page itself does not show is left out."""
    chunk = _settings(match["options"] or "")
    length = _length(lines, at, match["mark"])
    used = _options(lines, at + 1)[1] if name in _CODE else 0
    while at + 1 + used < at + length and (line := _CHUNK_OPTION.match(lines[at + 1 + used].text)):
        setting = lines[at + 1 + used].text[line.end() :].partition(":")
        chunk[setting[0].strip()] = setting[2].strip()
        used += 1
    if not _HIDDEN.isdisjoint(chunk.items()):
        return Text(uses=length)
    language = (title.split() or [""])[0] if name in _CODE else name
    return Text(lines=(f"{match['indent']}{match['mark']}{language}",), uses=used)


def _settings(options: str) -> dict[str, str]:
    """The options of a chunk: `setup, include=FALSE`."""
    return {
        match["name"]: next(
            value for value in (match["double"], match["single"], match["bare"], "") if value is not None
        )
        for match in _CHUNK_SETTING.finditer(options)
    }


def _length(lines: Sequence[NumberedLine], at: int, mark: str) -> int:
    """How many lines after the first a fence takes, the one that closes it included."""
    for i in range(at + 1, len(lines)):
        text = lines[i].text
        is_end = (
            text.strip(" \t>:") == "" and text.strip(" \t>").startswith(mark) if mark[0] == ":" else closes(text, mark)
        )
        if is_end:
            return i - at
    return len(lines) - at - 1
