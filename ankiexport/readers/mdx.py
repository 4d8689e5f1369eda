"""MDX → Markdown with raw HTML: imports, comments and expressions go, components become elements. Nothing is run."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport.model import Location, Problem
from ankiexport.readers import components
from ankiexport.readers.exports import exported_data
from ankiexport.readers.jsx import Element, is_comment, literal, matching_brace, parse_element
from ankiexport.readers.lines import NumberedLine, fenced_lines

# "import X from 'y';", "export const z = …"
_MODULE_LINE = re.compile(r"(?:import|export)\s+[\w{*'\"]")
# "import picture from './a.png';"
_IMPORTED_FILE = re.compile(
    r"import\s+(?P<name>\w+)\s+from\s+['\"](?P<file>[^'\"]+\.(?:avif|gif|jpe?g|m4a|mp3|mp4|ogg|png|svg|wav|webm|webp))"
    r"(?:\?[^'\"]*)?['\"]",
    re.I,
)
# "$$…$$", or "$\frac{1}{2}$" on one line: only a page with formulas would have a brace in it
_FORMULA = re.compile(r"\$\$.{1,2000}?\$\$|\$(?=\S)[^$\n]*[{\\][^$\n]*\$", re.S)
# "questions.map((question) => <Quiz {...question} />)"
_MAPPED = re.compile(r"\s*(?P<name>[A-Za-z_$][\w$]*)\s*\.map\(.*?<[A-Z]", re.S)
# What a line is set in: "   ", "> ", "1. "
_LEAD = re.compile(r"(?P<around>[ \t>]*)(?P<mark>(?:[-*+]|\d{1,3}[.)])[ \t]+)?")
_LONGEST, _SHORT = 20_000, 200  # characters of an expression; fewer after many braces without a partner
_MOST_UNCLOSED = 20
_INLINE_TAGS = frozenset(
    (
        "a abbr b bdi bdo br button cite code del dfn em i img input ins kbd label mark path q s samp small span"
        " strong sub sup svg u var wbr"
    ).split()
)
_CODE_TAGS = frozenset(["script", "style"])
_VOID_TAGS = frozenset(["br", "hr", "img", "input", "wbr"])
_HTML_NAMES = {"className": "class", "htmlFor": "for"}
_PICTURES = frozenset(["Figure", "Image", "Img", "Picture"])
# Attributes that only say how a thing looks or behaves.
_SILENT_PROPS = frozenset(
    "class className color defaultValue groupId icon id key open queryString slot style syncKey value values"
    " variant".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levelled:
    """Markdown that stands for an MDX source, and what had to be dropped."""

    lines: list[NumberedLine]
    problems: tuple[Problem, ...]


def level(lines: Sequence[NumberedLine], name: str) -> Levelled:
    """Turns the lines of an MDX file, without its front matter, into Markdown."""
    return _Leveller(lines, name).run()


class _Leveller:
    """One pass over the text. `_out` grows line by line, each with the number of the line that it came from."""

    def __init__(self, lines: Sequence[NumberedLine], name: str) -> None:
        self._name = name
        self._text = "\n".join(line.text for line in lines)
        self._at = 0
        self._first = self._line = lines[0].number if lines else 1
        self._fenced = fenced_lines([line.text for line in lines])
        self._out: list[NumberedLine] = []
        self._pieces: list[str] = []  # of the line that is being written
        self._blank = True  # is there only white space on it?
        self._problems: list[Problem] = []
        self._unclosed = 0  # opening braces without a partner so far
        self._files: dict[str, str] = {}  # imported pictures and recordings by their names
        self._open: list[tuple[str, str]] = []  # the components around this place, with what closes each
        self._data = exported_data(self._text)
        self._exported: list[tuple[str, int, str]] = []  # such data, its line and how that begins
        self._shown: set[str] = set()  # what a component was given of it

    def run(self) -> Levelled:
        while self._at < len(self._text):
            at_line_start = self._at == 0 or self._text[self._at - 1] == "\n"
            if not (at_line_start and (self._copy_fenced_line() or self._skip_module_lines())):
                self._step()
        self._end_line()
        for name, line, begins in self._exported:
            if name not in self._shown:
                self._line = line
                self._drop(f"{begins!r}: code is not run")
        return Levelled(lines=self._out, problems=tuple(self._problems))

    def _step(self) -> None:
        character = self._text[self._at]
        following = self._text[self._at + 1 : self._at + 2]
        if character == "\\" and following and following != "\n":
            self._put({"{": "{", "}": "}", "<": "&lt;"}.get(following, character + following))
            self._advance(2)
        elif character == "`":
            self._copy_code_span()
        elif character == "$" and (formula := _FORMULA.match(self._text, self._at)):
            self._copy(formula.end())
        elif character == "{":
            self._expression()
        elif character == "<":
            self._angle()
        elif character == "\n":
            self._end_line()
            self._advance(1)
        else:
            self._put(character)
            self._advance(1)

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._blank = self._blank and not text.strip()

    def _end_line(self) -> None:
        self._out.append(NumberedLine(self._line, "".join(self._pieces)))
        self._pieces, self._blank = [], True

    def _put_alone(self, tag: str) -> None:
        """Writes a tag as a block of its own, in the same list item, so that Markdown goes on inside the element."""
        indent = "".join(self._pieces)
        if not self._blank:
            lead = _LEAD.match(indent)
            indent = lead["around"] + " " * len(lead["mark"] or "") if lead else ""
            self._end_line()
        for piece in ("", indent + tag, ""):
            self._out.append(NumberedLine(self._line, piece))
        self._pieces = [indent]

    def _advance(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def _copy(self, end: int) -> None:
        """Takes the text up to `end` as it stands."""
        first, *others = self._text[self._at : end].split("\n")
        self._put(first)
        self._advance(len(first))
        for piece in others:
            self._end_line()
            self._advance(1 + len(piece))
            self._put(piece)

    def _drop(self, what: str) -> None:
        location = Location(source=self._name, line=self._line)
        self._problems.append(Problem(location=location, severity="warning", message=f"dropped {what}"))

    def _line_from(self, start: int) -> str:
        end = self._text.find("\n", start)
        return self._text[start : end if end >= 0 else len(self._text)]

    def _rest_of_line(self) -> str:
        return self._line_from(self._at)

    def _copy_fenced_line(self) -> bool:
        """Fenced code is copied as it stands."""
        if not self._fenced[self._line - self._first]:
            return False
        self._copy(min(self._at + len(self._rest_of_line()) + 1, len(self._text)))
        return True

    def _skip_module_lines(self) -> bool:
        """`import` and `export` reach to the next blank line."""
        if not _MODULE_LINE.match(self._rest_of_line()) or (self._out and self._out[-1].text.strip()):
            return False
        if data := next((data for data in self._data.values() if data.start == self._at), None):
            self._exported.append((data.name, self._line, _short(self._rest_of_line())))
            self._advance(data.end - self._at)
            return True
        if self._rest_of_line().startswith("export"):
            self._drop(f"{_short(self._rest_of_line())!r}: code is not run")
        while self._at < len(self._text) and self._rest_of_line().strip():
            if imported := _IMPORTED_FILE.match(self._rest_of_line()):
                self._files[imported["name"]] = imported["file"]
            self._advance(len(self._rest_of_line()) + 1)
        return True

    def _copy_code_span(self) -> None:
        ticks = re.compile("`+").match(self._text, self._at)
        assert ticks is not None, "called at a back-tick"
        paragraph_end = self._text.find("\n\n", self._at)
        limit = paragraph_end if paragraph_end >= 0 else len(self._text)
        closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(self._text, ticks.end(), limit)
        self._copy((closing or ticks).end())

    def _expression(self) -> None:
        end = matching_brace(self._text, self._at, _LONGEST if self._unclosed < _MOST_UNCLOSED else _SHORT)
        if end is None:
            if not self._unclosed:
                self._drop("an opening brace that nothing closes: the text after it was kept")
            self._unclosed += 1
            self._advance(1)
            return
        inner = self._text[self._at + 1 : end - 1]
        value = literal(inner)
        rows = self._mapped(inner)
        if rows:
            self._put_alone(rows)
        elif value is not None:
            self._put(html.escape(value, quote=False).replace("\n", " "))
        elif not is_comment(inner):
            self._drop(f"the expression {{{_short(inner)}}}: code is not run")
        self._advance(end - self._at)

    def _mapped(self, code: str) -> str:
        """What `{rows.map((row) => <Quiz … />)}` shows, where the rows are questions."""
        mapped = _MAPPED.match(code)
        data = self._data.get(mapped["name"]) if mapped else None
        rows = components.rows_of(data.code) if data else ""
        if data and rows:
            self._shown.add(data.name)
        return rows

    def _with_data(self, element: Element) -> Element:
        """An element with the data of the page in place of the names of it."""
        named = {prop: self._data[name] for prop, code in element.codes.items() if (name := code.strip()) in self._data}
        self._shown.update(data.name for data in named.values())
        return replace(element, codes={**element.codes, **{prop: data.code for prop, data in named.items()}})

    def _angle(self) -> None:
        """A `<`: an HTML comment, a tag, or just itself."""
        if self._text.startswith("<!--", self._at):
            end = self._text.find("-->", self._at)
            self._advance((end + 3 if end >= 0 else len(self._text)) - self._at)
            return
        element = parse_element(self._text, self._at, self._files)
        if element is None:
            self._put("&lt;")
            self._advance(1)
            return
        if element.name in _CODE_TAGS and not element.closing and self._skip_code(element):
            return
        rest = self._line_from(element.end)
        bounded = self._blank or not rest.strip()
        tag = self._component(element) if element.is_component else _html_tag(element)
        if tag.startswith("<img"):
            alone = bounded
        elif element.is_component:
            alone = bool(tag) or bounded
        else:
            alone = element.name not in _INLINE_TAGS
        if alone:
            self._put_alone(tag)
        else:
            self._put(tag)
        self._advance(element.end - self._at)

    def _skip_code(self, element: Element) -> bool:
        """What stands in `<script>` is neither shown nor MDX."""
        end = self._text.find(f"</{element.name}>", element.end)
        if element.self_closing or end < 0:
            return False
        self._advance(end + len(element.name) + 3 - self._at)
        return True

    def _component(self, element: Element) -> str:
        """The tag that stands for a component's: a question makes it a flashcard, else only its children stay."""
        if element.closing:
            closings = []
            while any(name == element.name for name, _ in self._open):
                name, closing = self._open.pop()
                closings.append(closing)
                if name == element.name:
                    break
            return "".join(closings)
        opening, closing = self._around(element)
        if element.self_closing:
            return opening + closing
        self._open.append((element.name, closing))
        return opening

    def _around(self, element: Element) -> tuple[str, str]:
        """What stands before and after a component's children."""
        if element.name in _PICTURES and element.self_closing and element.props.get("src"):
            return _html_tag(replace(element, name="img")), ""
        found = components.around(self._with_data(element), alone=self._blank)
        if found.lost:
            self._drop(found.lost)
        elif not found.is_known:
            self._report_dropped(element)
        return found.opening, found.closing

    def _report_dropped(self, element: Element) -> None:
        props = sorted(name for name, value in element.props.items() if value != "" and name not in _SILENT_PROPS)
        if element.self_closing:
            self._drop(f"the component <{element.name}>: what it shows is not known")
        elif props:
            self._drop(f"{', '.join(props)} of <{element.name}>: its children were kept")


def _html_tag(element: Element) -> str:
    if element.closing:
        return f"</{element.name}>"
    attributes = "".join(
        f' {_HTML_NAMES.get(name, name)}="{html.escape(value)}"'
        for name, value in element.props.items()
        if value is not None and name != "style"
    ).replace("\n", " ")
    closing = f"</{element.name}>" if element.self_closing and element.name not in _VOID_TAGS else ""
    return f"<{element.name}{attributes}>{closing}"


def _short(code: str) -> str:
    code = " ".join(code.split())
    return code if len(code) <= 40 else code[:37] + "..."
