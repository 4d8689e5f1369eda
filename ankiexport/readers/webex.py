"""Questions of R's webexercises: `` `r mcq(c(answer = "x", "y"))` `` and the like. Nothing is run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.readers.containers import Closing, Mark, Opening, inline
from ankiexport.readers.lines import Fences, NumberedLine

_WIDGET = re.compile(r"`r\s+(?P<name>mcq|longmcq|torf|fitb)(?=\()(?P<code>[^`\n]*)`")
_HIDE = re.compile(r"[\s>]*`r\s+(?:(?P<open>hide)\((?P<title>[^`\n]*)\)|unhide\(\s*\))`\s*$")
_ASSIGNMENT = re.compile(r"^[ \t]*(?P<name>[A-Za-z.][\w.]*)[ \t]*(?:<-|=)[ \t]*(?=(?:sample\()?c\()", re.M)
_TOKEN = re.compile(r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<word>[\w.+-]+)|(?P<sign>[(),=]))")
_AFTER = re.compile(r"\s*(.?)", re.S)
_ESCAPE = re.compile(r"\\(.)")
_ITEM = re.compile(r"(?P<mark>\s*(?:[-*+]|\d+[.)])\s+)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_CONSTANTS = frozenset("FALSE NULL TRUE".split())
_WRAPPERS = frozenset(["c", "sample"])
_BLANK = "_____"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    text: str
    is_right: bool


def read_hidden(text: str, lines: Sequence[NumberedLine], at: int) -> Mark | None:
    """What stands between `hide("Title")` and `unhide()`."""
    match = _HIDE.match(text) if "`r" in text else None
    if match is None:
        return None
    if not match["open"]:
        return Closing(key="unhide")
    return Opening(names=("details",), title=match["title"].strip("\"' ") or "Solution", closed_by="unhide")


def level(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """Each question with its options as a list of boxes to tick, or a blank with a reveal of what fills it."""
    if not any("`r" in line.text and _WIDGET.search(line.text) for line in lines):
        return list(lines)
    text = "\n".join(line.text for line in lines)
    known = {match["name"]: _options(text[match.end() : match.end() + 20_000]) for match in _ASSIGNMENT.finditer(text)}
    fences = Fences()
    out: list[NumberedLine] = []
    paragraph: list[NumberedLine] = []
    for line in [*lines, NumberedLine(lines[-1].number, "")]:
        is_code = fences.take(line.text)
        if is_code or not line.text.strip() or _ITEM.match(line.text):
            out.extend(_levelled(paragraph, known))
            paragraph = []
        if is_code or not line.text.strip():
            out.append(line)
        else:
            paragraph.append(line)
    return out[:-1]


def _levelled(lines: Sequence[NumberedLine], known: Mapping[str, Sequence[_Option]]) -> Sequence[NumberedLine]:
    """A paragraph with the widgets in it replaced."""
    widgets = [match for line in lines for match in _WIDGET.finditer(line.text)]
    if not widgets:
        return lines
    choices = [_choices(match["name"], match["code"], known) for match in widgets]
    if not all(choices):
        return lines
    item = _ITEM.match(lines[0].text)
    indent = " " * len(item["mark"]) if item else ""
    last = lines[-1].number
    if len(widgets) == 1 and widgets[0]["name"] != "fitb":
        texts = [_replaced(line, widgets[0]["name"]) for line in lines]
        boxes = [f"{indent}- [{'x' if option.is_right else ' '}] {option.text}" for option in choices[0]]
        return [*texts, *(NumberedLine(last, text) for text in ("", *boxes, ""))]
    answers = [", ".join(option.text for option in options if option.is_right) for options in choices]
    return _filled(lines, item["mark"] if item else "", indent, answers)


def _replaced(line: NumberedLine, name: str) -> NumberedLine:
    """A line with a blank in place of the widget; nothing where the widget follows the whole question."""
    by = "" if name in ("torf", "longmcq") else _BLANK
    return line._replace(text=_WIDGET.sub(by, line.text).rstrip())


def _filled(lines: Sequence[NumberedLine], mark: str, indent: str, answers: Sequence[str]) -> list[NumberedLine]:
    """A paragraph with blanks, and a reveal that says what fills them."""
    first, last = lines[0].number, lines[-1].number
    listed = "".join(f"<li>{inline(answer)}</li>" for answer in answers)
    body = f"<ol>{listed}</ol>" if len(answers) > 1 else f"<p>{inline(answers[0])}</p>"
    opening = f'<details {ROLE}="answer" {KIND}="self-check" {SHAPE}="blank"><summary>Solution</summary>'
    texts = [NumberedLine(line.number, _WIDGET.sub(_BLANK, line.text)) for line in lines]
    texts[0] = texts[0]._replace(text=indent + texts[0].text[len(mark) :])
    return [
        NumberedLine(first, f"{mark}{opening}"),
        NumberedLine(first, f'{indent}<div {ROLE}="asked">'),
        NumberedLine(first, ""),
        *texts,
        NumberedLine(last, ""),
        NumberedLine(last, f"{indent}</div>"),
        NumberedLine(last, f"{indent}{body}"),
        NumberedLine(last, f"{indent}</details>"),
        NumberedLine(last, ""),
    ]


def _choices(name: str, code: str, known: Mapping[str, Sequence[_Option]]) -> Sequence[_Option]:
    """What a widget lets choose from, or what fills it; empty where only R would know."""
    inner = code.strip()[1:].strip()
    if name == "torf":
        value = inner.split(")")[0].split(",")[0].strip().upper()
        if value not in ("TRUE", "FALSE", "T", "F"):
            return ()
        return [_Option(text=text, is_right=value[0] == text[0]) for text in ("TRUE", "FALSE")]
    variable = re.match(r"[A-Za-z.][\w.]*(?=\s*[,)])", inner)
    options = known.get(variable[0], ()) if variable else _options(inner)
    if name == "fitb":
        return [_Option(text=option.text, is_right=i == 0) for i, option in enumerate(options)]
    return options if any(option.is_right for option in options) else ()


def _options(code: str) -> Sequence[_Option]:
    """The strings of `c(…)`, the right one named `answer`; of a single value, that."""
    options: list[_Option] = []
    name, depth = "", 0
    previous = ""
    for match in _TOKEN.finditer(code):
        if match.start() and not match[0].strip():
            break
        sign, word, string = match["sign"], match["word"], match["string"]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "=":
            name = previous.strip("\"'")
        elif string is not None or (word is not None and word not in _WRAPPERS):
            following = _AFTER.match(code, match.end())
            if following is None or following[1] != "=":
                value = _value(string, word)
                if value is None:
                    return ()
                if not name or name == "answer":
                    options.append(_Option(text=value, is_right=name == "answer"))
                name = ""
        previous = match[0].strip()
        if depth < 0 or (depth == 0 and sign == ")"):
            break
        if depth == 0 and sign == "," and options:
            break
    return options


def _value(string: str | None, word: str | None) -> str | None:
    """A string or a number; None for what has another value, which only R knows."""
    if string is not None:
        return _ESCAPE.sub(r"\1", string[1:-1])
    return word if word and (word in _CONSTANTS or _NUMBER.fullmatch(word)) else None
