"""The tags and literals of JSX, read as text: nothing is run."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TAG_NAME = re.compile(r"[A-Za-z][\w.:-]*")
_PROP_NAME = re.compile(r"[A-Za-z_$@:][\w.:$-]*")
_SPACE = re.compile(r"\s*")
_JSX_TAG = re.compile(r"</?[A-Za-z][^>]*>|</?>")
_LONGEST = 20_000  # characters of an attribute or expression; beyond, the brace or quote has no partner
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
# require("./a.png").default
_REQUIRED = re.compile(r"require\(\s*['\"](?P<file>[^'\"\n]+)['\"]\s*\)(?:\.default)?")
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\n|.)", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "", "b": "", "f": "", "v": "", "0": "", "\n": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A tag. `props` maps a name to its text, or to None where only running code would tell it.

    `codes` are the expressions of its attributes as they stand.
    """

    name: str
    props: Mapping[str, str | None] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    closing: bool = False
    self_closing: bool = False
    end: int

    @property
    def is_component(self) -> bool:
        return not self.name or self.name[0].isupper() or "." in self.name


def parse_element(text: str, start: int, files: Mapping[str, str]) -> Element | None:
    """The tag that begins at `text[start]`, a `<`; None where that is no tag. `files` are those that are imported."""
    at = start + 1
    closing = text.startswith("/", at)
    at += closing
    match = _TAG_NAME.match(text, at)
    name = match[0] if match else ""
    if not match and not text.startswith(">", at):
        return None
    at += len(name)
    props: dict[str, str | None] = {}
    codes: dict[str, str] = {}
    while at < len(text):
        at = _skip_space(text, at)
        if text.startswith(">", at):
            return Element(name=name, props=props, codes=codes, closing=closing, end=at + 1)
        if text.startswith("/>", at):
            return Element(name=name, props=props, codes=codes, closing=closing, self_closing=True, end=at + 2)
        after = _parse_prop(text, at, props, codes, files)
        if after is None:
            return None
        at = after
    return None


def _parse_prop(
    text: str, at: int, props: dict[str, str | None], codes: dict[str, str], files: Mapping[str, str]
) -> int | None:
    """Reads one attribute into `props`; returns where it ends, or None where there is none."""
    if text.startswith("{", at):  # {...spread}
        return matching_brace(text, at)
    match = _PROP_NAME.match(text, at)
    if not match:
        return None
    name, at = match[0], match.end()
    equals = _skip_space(text, at)
    if not text.startswith("=", equals):
        props[name] = ""
        return at
    at = _skip_space(text, equals + 1)
    quote = text[at : at + 1]
    if quote in ("'", '"'):
        end = text.find(quote, at + 1, at + _LONGEST)
        if end < 0:
            return None
        props[name] = html.unescape(text[at + 1 : end])
        return end + 1
    if quote == "{":
        closing = matching_brace(text, at)
        code = text[at + 1 : closing - 1] if closing else ""
        codes[name] = code
        value = literal(code)
        props[name] = value if value is not None else _file(code, files)
        return closing
    return None


def _file(code: str, files: Mapping[str, str]) -> str | None:
    """The file that a name was imported for, or that is required in place: `picture`, `picture.src`."""
    match = _REQUIRED.fullmatch(code.strip())
    if match:
        return match["file"]
    return files.get(code.strip().removesuffix(".src"))


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def matching_brace(text: str, start: int, longest: int = _LONGEST) -> int | None:
    """The place after the `}` that closes the `{` at `start`, strings and `/* */` heeded; None if there is none."""
    depth, at = 0, start
    limit = min(len(text), start + longest)
    while at < limit:
        character = text[at]
        if character in "'\"`":
            at = string_end(text, at)
            continue
        if text.startswith("/*", at):
            end = text.find("*/", at)
            at = len(text) if end < 0 else end + 2
            continue
        depth += (character == "{") - (character == "}")
        at += 1
        if depth == 0:
            return at
    return None


def string_end(text: str, start: int) -> int:
    """The place after a JavaScript string; a quote without its partner on the line is an apostrophe."""
    quote, at = text[start], start + 1
    limit = min(len(text), start + _LONGEST)
    while at < limit:
        if text[at] == "\\":
            at += 2
        elif text[at] == quote:
            return at + 1
        elif text[at] == "\n" and quote != "`":
            return start + 1
        else:
            at += 1
    return start + 1


def literal(code: str) -> str | None:
    """The text of a string, a template without `${…}`, a number or plain JSX; None for what would have to be run."""
    code = code.strip()
    if len(code) >= 2 and code[0] in "'\"`" and string_end(code, 0) == len(code):
        if code[0] == "`" and "${" in code:
            return None
        text = _ESCAPE.sub(_unescape, code[1:-1])
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins surrogate pairs
    if code.startswith("<") and code.endswith(">") and "{" not in code:
        return html.unescape(_JSX_TAG.sub("", code)).strip()
    return code if re.fullmatch(r"-?\d+(?:\.\d+)?", code) else None


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "ux" and len(escape) > 1:
        return chr(min(int(escape[1:].strip("{}"), 16), 0x10FFFF))
    return _ESCAPED.get(escape, escape)


def is_comment(code: str) -> bool:
    """Only comments and white space."""
    return not _COMMENT.sub("", code).strip()
