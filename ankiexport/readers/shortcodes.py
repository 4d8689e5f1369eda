"""Tags of Jekyll, GitBook and Hugo: `{% details Title %}…{% enddetails %}`, `{{< expand "Title" >}}…`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankiexport.readers.containers import CALLOUTS, FOLDING, Closing, Mark, Opening, Text, names_of
from ankiexport.readers.lines import CODE_SPAN, Fences, NumberedLine

# "{% name args %}", "{{< name args >}}", "{{% /name %}}"
_TAG = re.compile(
    r"\{%-?\s*(?P<liquid>[A-Za-z][\w-]*)(?P<rest>[^\n%]*(?:%(?!\})[^\n%]*)*)%\}"
    r"|\{\{[<%]\s*(?P<closing>/?)\s*(?P<hugo>[A-Za-z][\w./-]*)(?P<args>[^\n{}]*?)[>%]\}\}"
)
_ARGUMENT = re.compile(
    r"(?:(?P<name>[\w-]+)\s*=\s*)?"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`|(?P<bare>[^\s\"'=]+))"
)
_LEAD = re.compile(r"[\s>]*")
_TITLES = ("title", "summary", "text", "label", "header", "name", "question", "caption")
_SETTINGS = frozenset("closed expanded false open true ...".split())
_VERBATIM = frozenset(["raw", "verbatim"])
_CODE = frozenset(["code-block", "highlight"])
_DROPPED = frozenset("comment capture javascript schema style stylesheet".split())
_LINKS = frozenset(["link", "post_url", "ref", "relref"])
_PICTURES = frozenset(["figure", "image", "img"])
_INCLUDED = frozenset("embed gist include include_relative includecode readfile".split())
_NOTES = frozenset("admonition alert callout hint notice".split())
_TAB_SETS = frozenset(["tabpane", "tabs"])
_LAYOUT = _TAB_SETS | frozenset(
    "block capture case code columns column content-ref for form if katex math mermaid step stepper unless".split()
)
_RAW_MARK = re.compile(r"[\s>]*\{%-?\s*(?:end)?raw\s*-?%\}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag: its name, what stands in it and whether it closes. `key` tells the two sorts of tags apart."""

    name: str
    rest: str
    closing: bool
    key: str


def read_tag(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """A line that is a tag and nothing else, as `split` leaves them."""
    lead = _LEAD.match(text)
    match = _TAG.match(text, lead.end()) if lead and "{" in text else None
    if match is None or text[match.end() :].strip():
        return None
    tag = _tag(match)
    if tag.closing:
        return Closing(key=tag.key)
    if tag.name in _INCLUDED:
        return Text(problem=f"{tag.name} {tag.rest.strip()}: what is in that file is not known")
    return _opening(tag)


def split(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines with each tag of a container on a line of its own; other tags give their text. Code is left alone."""
    paired = {tag.key for line in lines for tag in map(_tag, _TAG.finditer(line.text)) if tag.closing}
    splitter = _Splitter(paired=paired)
    for line in lines:
        splitter.take(line)
    return splitter.out


@dataclass(slots=True)
class _Splitter:
    """Goes from line to line; `_inside` is the tag around this place whose content is code, dropped or no tags."""

    paired: set[str]
    out: list[NumberedLine] = field(default_factory=list)
    _fences: Fences = field(default_factory=Fences)
    _inside: str = ""

    def take(self, line: NumberedLine) -> None:
        if (not self._inside or self._inside in _VERBATIM) and self._fences.take(line.text):
            if not _RAW_MARK.fullmatch(line.text):
                self.out.append(line)
            return
        if "{" not in line.text:
            if self._inside not in _DROPPED:
                self.out.append(line)
            return
        lead = _LEAD.match(line.text)
        indent = lead[0] if lead else ""
        text = ""
        tags = 0
        for piece, is_tag in self._pieces(line.text):
            if not is_tag:
                text += piece
                continue
            if text.strip(" \t>"):
                self.out.append(NumberedLine(line.number, text))
            self.out.append(NumberedLine(line.number, indent + piece))
            text, tags = indent, tags + 1
        if text.strip(" \t>") or not tags:
            self.out.append(NumberedLine(line.number, text))

    def _pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text of a line and its tags, and which of these is which."""
        spans = [match.span() for match in CODE_SPAN.finditer(text)] if "`" in text and not self._inside else []
        at = 0
        for match in _TAG.finditer(text):
            if not any(start < match.start() < end for start, end in spans):
                yield ("" if self._inside in _DROPPED else text[at : match.start()]), False
                yield self._tag(_tag(match), match[0])
                at = match.end()
        yield ("" if self._inside in _DROPPED else text[at:]), False

    def _tag(self, tag: Tag, source: str) -> tuple[str, bool]:
        if self._inside:
            if not tag.closing or tag.key.strip("/") != self._inside:
                return ("" if self._inside in _DROPPED else source), False
            was, self._inside = self._inside, ""
            return ("```", True) if was in _CODE else ("", False)
        is_paired = tag.key in self.paired
        if is_paired and not tag.closing and tag.name in _VERBATIM | _CODE | _DROPPED:
            self._inside = tag.name
            language = (tag.rest.split() or [""])[0].strip("\"'")
            return (f"```{language}", True) if tag.name in _CODE else ("", False)
        if is_paired or tag.name in _INCLUDED:
            return source, True
        return _plain(tag), False


def _tag(match: re.Match[str]) -> Tag:
    name = (match["liquid"] or match["hugo"]).lower()
    if match["liquid"]:
        closing = name.startswith("end") and len(name) > 3
        name = name[3:] if closing else name
        return Tag(name=name.lstrip("-"), rest=match["rest"].strip(" -"), closing=closing, key=name.lstrip("-"))
    return Tag(name=name, rest=match["args"].strip(), closing=bool(match["closing"]), key="/" + name)


def _plain(tag: Tag) -> str:
    """What a tag that stands alone shows: where a link leads, a picture, or nothing."""
    named, others = _arguments(tag.rest)
    if tag.name in _LINKS:
        return others[0] if others else ""
    source = named.get("src") or named.get("path") or (others[0] if others else "")
    if tag.name in _PICTURES and source:
        alternative = named.get("alt") or named.get("caption") or named.get("title") or ""
        return f"![{alternative.replace('[', '').replace(']', '')}](<{source}>)"
    return ""


def _arguments(text: str) -> tuple[dict[str, str], list[str]]:
    """The named arguments of a tag, and the others."""
    named: dict[str, str] = {}
    others: list[str] = []
    for match in _ARGUMENT.finditer(text):
        value = next((said for said in (match["double"], match["single"], match["tick"], match["bare"]) if said), "")
        if match["name"]:
            named[match["name"].lower()] = value.replace('\\"', '"')
        else:
            others.append(value.replace('\\"', '"'))
    return named, others


def _opening(tag: Tag) -> Opening:
    named, others = _arguments(tag.rest)
    names = [tag.name.rpartition("/")[2]]
    if tag.name in _NOTES:
        names += [name for name in (named.get("style"), named.get("type"), *others[:1]) if name in CALLOUTS]
        names = [name for name in names if name != "hint" or len(names) == 1]
        others = [name for name in others if name not in names]
    title = next((named[name] for name in _TITLES if named.get(name)), "")
    if not title and tag.key == tag.name and tag.rest and not named:
        title = tag.rest.strip("\"'")  # Jekyll: all of it, without quotes
    if not title and (quoted := [name for name in others if name.lower() not in _SETTINGS]):
        title = quoted[0]
    is_folded = not FOLDING.isdisjoint(names)
    if tag.name in _LAYOUT:
        return Opening(names=names_of(names) if tag.name in _TAB_SETS else (), closed_by=tag.key)
    return Opening(names=names_of(names), title=title, folds=is_folded, closed_by=tag.key)
