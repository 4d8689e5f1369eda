"""Questions of R's webexercises: `` `r mcq(c(answer = "x", "y"))` `` and the like. Nothing is run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankiexport.readers.containers import Closing, Mark, Opening
from ankiexport.readers.lines import Fences, NumberedLine
from ankiexport.readers.reveal_lines import reveal_lines

_WIDGET = re.compile(r"`r\s+(?P<name>mcq|longmcq|torf|fitb)(?=\()(?P<code>[^`\n]*)`")
_NAME = re.compile(r"\b(?:mcq|longmcq|torf|fitb)\(")
# "```{r, results='asis'}", and "cat(longmcq(opts))" in such a chunk
_CHUNK = re.compile(r"[\s>]*`{3,}\s*\{r\b")
_CHUNK_END = re.compile(r"[\s>]*`{3,}\s*$")
_PRINTED = re.compile(r"(?<![\w.])(?<!<-)(?<!<- )(?P<name>mcq|longmcq|torf|fitb)(?=\()")
_BRACKET = re.compile(r"[()]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_HIDE = re.compile(r"[\s>]*`r\s+(?:(?P<open>hide)\((?P<title>[^`\n]*)\)|unhide\(\s*\))`\s*$")
_ASSIGNMENT = re.compile(r"^[ \t]*(?P<name>[A-Za-z.][\w.]*)[ \t]*(?:<-|=)[ \t]*(?=(?:sample\()?c\()", re.M)
_TOKEN = re.compile(r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<word>[\w.+-]+)|(?P<sign>[(),=]))")
_AFTER = re.compile(r"\s*(.?)", re.S)
_ESCAPE = re.compile(r"\\(.)")
_ITEM = re.compile(r"(?P<mark>\s*(?:[-*+]|\d+[.)])\s+)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
# What a paragraph ends at: a container's first or last line, a heading
_BREAK = re.compile(r"[\s>]*(?::{3,}|#{1,6}\s|</?(?:div|details|section)\b)|[\s>]*`r\s+(?:un)?hide\(")
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
    """Each question as a reveal with its options or blanks in what it asks, and what is right in the answer."""
    if not any(_NAME.search(line.text) for line in lines):
        return list(lines)
    text = "\n".join(line.text for line in lines)
    known = {match["name"]: _options(text[match.end() : match.end() + 20_000]) for match in _ASSIGNMENT.finditer(text)}
    fences = Fences()
    out: list[NumberedLine] = []
    paragraph: list[NumberedLine] = []
    for line in [*_without_chunks(lines), NumberedLine(lines[-1].number, "")]:
        is_code = fences.take(line.text)
        is_apart = is_code or not line.text.strip() or _BREAK.match(line.text) is not None
        if is_apart or _ITEM.match(line.text):
            if _is_bare(paragraph):
                paragraph = [*_taken_above(out), *paragraph]
            out.extend(_levelled(paragraph, known))
            paragraph = []
        (out if is_apart else paragraph).append(line)
    return out[:-1]


def _is_bare(paragraph: Sequence[NumberedLine]) -> bool:
    """Is there a widget to choose from and nothing else, so that the question stands above?"""
    found = _WIDGET.fullmatch(paragraph[0].text.strip()) if len(paragraph) == 1 else None
    return found is not None and found["name"] != "fitb"


def _taken_above(out: list[NumberedLine]) -> list[NumberedLine]:
    """The paragraph that the lines end with, which is taken from them if it is one of plain text."""
    end = len(out)
    while end and not out[end - 1].text.strip():
        end -= 1
    start = end
    while start and out[start - 1].text.strip() and not _is_no_text(out[start - 1].text):
        start -= 1
    taken = out[start:end]
    if start and out[start - 1].text.strip():
        return []  # it belongs to what is no paragraph
    if taken:
        del out[start:]
    return taken


def _is_no_text(line: str) -> bool:
    """Is a line part of code, a container, an element or a list?"""
    return bool(_BREAK.match(line) or _ITEM.match(line) or _CHUNK_END.match(line)) or line.lstrip().startswith(
        ("<", "|")
    )


def _without_chunks(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines with what a chunk prints of a question, `cat(longmcq(opts))`, after the paragraph above it."""
    out: list[NumberedLine] = []
    chunk: list[NumberedLine] | None = None
    for line in lines:
        if chunk is None and _CHUNK.match(line.text):
            chunk = [line]
        elif chunk is None:
            out.append(line)
        else:
            chunk.append(line)
            if _CHUNK_END.match(line.text):
                out.extend(_printed(chunk, out))
                chunk = None
    return [*out, *(chunk or ())]


def _printed(chunk: Sequence[NumberedLine], above: list[NumberedLine]) -> Sequence[NumberedLine]:
    """What stays of a chunk; the question that it prints goes to the line above it."""
    code = "\n".join(line.text for line in chunk[1:-1] if not line.text.lstrip().startswith("#"))
    widgets = list(_PRINTED.finditer(code))
    at = next((i for i in range(len(above) - 1, -1, -1) if above[i].text.strip()), None)
    if len(widgets) != 1 or at is None or _CHUNK_END.match(above[at].text):
        return chunk
    end = closing_bracket(code, widgets[0].end("name"))
    arguments = " ".join(code[widgets[0].end("name") : end].split()) if end else ""
    if not arguments or "`" in arguments:
        return chunk
    above[at] = above[at]._replace(text=f"{above[at].text} `r {widgets[0]['name']}{arguments}`")
    return ()


def closing_bracket(code: str, start: int) -> int | None:
    """The place after the bracket that closes the one at `start`; None where nothing does."""
    depth = 0
    for match in _BRACKET.finditer(code, start):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.end()
    return None


def _levelled(lines: Sequence[NumberedLine], known: Mapping[str, Sequence[_Option]]) -> Sequence[NumberedLine]:
    """A paragraph with the widgets in it replaced."""
    widgets = [match for line in lines for match in _WIDGET.finditer(line.text)]
    if not widgets:
        return lines
    choices = [_choices(match["name"], match["code"], known) for match in widgets]
    if not all(choices):
        return lines
    item = _ITEM.match(lines[0].text)
    mark = item["mark"] if item else ""
    rights = [", ".join(option.text for option in options if option.is_right) for options in choices]
    listed: list[str] = []
    if len(widgets) == 1 and widgets[0]["name"] != "fitb":
        texts = [_replaced(line, widgets[0]["name"]) for line in lines]
        texts = [line for line in texts if line.text.strip()] or texts
        listed = [f"- {option.text}" for option in choices[0]]
    else:
        shown = iter([_blank(match["name"], options) for match, options in zip(widgets, choices, strict=True)])
        texts = [line._replace(text=_WIDGET.sub(lambda _: next(shown), line.text)) for line in lines]
    answer = [f"{at}. {right}" for at, right in enumerate(rights, 1)] if len(rights) > 1 else rights
    return _asked(texts, mark, listed, answer)


def _blank(name: str, options: Sequence[_Option]) -> str:
    """A blank within a sentence, and what there is to choose from."""
    return _BLANK if name == "fitb" else f"{_BLANK} ({' / '.join(option.text for option in options)})"


def _replaced(line: NumberedLine, name: str) -> NumberedLine:
    """A line with a blank in place of the widget; nothing where the widget follows the whole question."""
    followed = _WIDGET.search(line.text)
    is_whole = followed is None or not line.text[followed.end() :].strip(" .|")
    by = "" if name in ("torf", "longmcq") and is_whole else _BLANK
    return line._replace(text=_WIDGET.sub(by, line.text).rstrip())


def _asked(
    texts: Sequence[NumberedLine], mark: str, options: Sequence[str], answer: Sequence[str]
) -> list[NumberedLine]:
    """A paragraph with its options or blanks, and a reveal that says what is right. It needs no list around it."""
    last = texts[-1].number
    question = [texts[0]._replace(text=texts[0].text[len(mark) :])]
    question += [line._replace(text=_without_indent(line.text, len(mark))) for line in texts[1:]]
    listed = [NumberedLine(last, text) for text in ("", *options)] if options else []
    said = [NumberedLine(last, text) for text in answer]
    return reveal_lines([*question, *listed], said, "self-check", "choice" if options else "blank")


def _without_indent(text: str, most: int) -> str:
    return text[min(most, len(text) - len(text.lstrip())) :]


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
