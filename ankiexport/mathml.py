"""MathML as browsers show it → TeX that Anki's MathJax typesets the same."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import lxml.etree

from ankiexport import tex
from ankiexport.mathml_rows import FENCES, NULL, STACK, Piece, Role, row_of

_DEEPEST = 200  # elements in elements; a formula of a page has a dozen
_TEX_ENCODINGS = frozenset(("application/x-tex", "application/x-latex", "application/tex", "tex", "latex"))
_INTEGRAL = re.compile(r"\\(?:i{1,3}|o)int")
_LIMITS = re.compile(
    r"\\(?:sum|prod|coprod|big(?:cup|cap|oplus|otimes|vee|wedge)|lim|limsup|liminf|max|min|sup|inf|gcd|det|Pr)"
)
_OPERATOR_NAME = re.compile(r"\\(?:mathrm|operatorname)(?=\{[^{}]*\}$)")
# What takes a script without braces: "x", "12", "\alpha", "\}", "\mathbb{R}"
_SIMPLE = re.compile(r"[^\\{}\s]|\d+|\\[A-Za-z]+|\\[^A-Za-z\s]|\\(?!text)[a-z]+\{[^{}]*\}")
_ACCENTS: Mapping[str, tuple[str, str]] = {  # over one letter, over more
    **dict.fromkeys(("^", "ˆ", "\u0302"), ("hat", "widehat")),
    **dict.fromkeys(("~", "˜", "∼", "\u0303"), ("tilde", "widetilde")),
    **dict.fromkeys(("¯", "‾", "_", "―", "−", "-", "\u0304", "\u0305"), ("bar", "overline")),
    **dict.fromkeys(("→", "\u20d7"), ("vec", "overrightarrow")),
    **dict.fromkeys(("←", "\u20d6"), ("overleftarrow", "overleftarrow")),
    **dict.fromkeys((".", "˙", "\u0307"), ("dot", "dot")),
    **dict.fromkeys(("..", "¨", "\u0308"), ("ddot", "ddot")),
    **dict.fromkeys(("...", "\u20db"), ("dddot", "dddot")),
    **dict.fromkeys(("ˇ", "\u030c"), ("check", "check")),
    **dict.fromkeys(("˘", "\u0306"), ("breve", "breve")),
    **dict.fromkeys(("´", "\u0301"), ("acute", "acute")),
    **dict.fromkeys(("`", "\u0300"), ("grave", "grave")),
    **dict.fromkeys(("˚", "\u030a"), ("mathring", "mathring")),
    "⏞": ("overbrace", "overbrace"),
}
_UNDER_ACCENTS: Mapping[str, str] = {
    **dict.fromkeys(("_", "¯", "‾", "―", "−", "-", "\u0331", "\u0332"), "underline"),
    "⏟": "underbrace",
    "→": "underrightarrow",
    "←": "underleftarrow",
}
_LONG_ARROWS = {r"\to": "xrightarrow", r"\longrightarrow": "xrightarrow", r"\leftarrow": "xleftarrow"}
_ENCLOSURES = {
    "box": r"\boxed",
    "updiagonalstrike": r"\cancel",
    "downdiagonalstrike": r"\bcancel",
    "top": r"\overline",
    "bottom": r"\underline",
    "radical": r"\sqrt",
    **{
        name: rf"\enclose{{{name}}}"
        for name in "longdiv actuarial circle roundedbox left right verticalstrike horizontalstrike madruwb".split()
    },
}
_NAMED_SPACES = {"veryverythin": 0.06, "verythin": 0.11, "thin": 0.17, "medium": 0.22, "thick": 0.28, "verythick": 0.33}
_SPACES = ((0.0, ""), (0.19, r"\,"), (0.25, r"\:"), (0.6, r"\;"), (1.5, r"\quad"))

_EMS = {"em": 1.0, "ex": 0.5, "px": 1 / 16, "pt": 1 / 12, "mu": 1 / 18}
_SIDES: Mapping[str, Role] = {"OPEN": "open", "prefix": "open", "CLOSE": "close", "postfix": "close"}
_UNSEEN = frozenset(("annotation", "annotation-xml", "malignmark", "maligngroup"))


class _NotUnderstoodError(Exception):
    """A formula of which something would be lost."""


def tex_of(math: lxml.etree._Element) -> str | None:
    """The TeX of a `<math>`: its annotation, else its `alttext`, else made from what it shows.

    Returns:
        TeX without delimiters, which cannot leave the formula; None where there is nothing to show,
        or what is there cannot be told in TeX.
    """
    alttext = math.get("alttext")
    written = tex.usable(_annotation(math)) or tex.usable(alttext if alttext and is_tex(alttext) else None)
    if written:
        return written
    try:
        return tex.usable(_Converter().convert(math).tex)
    except _NotUnderstoodError:
        return None


def _annotation(math: lxml.etree._Element) -> str | None:
    """The TeX that annotates the whole formula."""
    whole = _core(math)
    if _name(whole) != "semantics":
        return None
    notes = (note for note in _children(whole) if _name(note) == "annotation")
    return next((_text(note) for note in notes if note.get("encoding", "").lower() in _TEX_ENCODINGS), None)


def is_tex(alttext: str) -> bool:
    """Not words, as "x squared"."""
    return bool(re.search(r"[\\^_{]", alttext)) or not re.search(r"[^\W\d_]{2}", alttext)


def _name(element: lxml.etree._Element) -> str:
    """Without its namespace: `{…}mi`, `m:mi` → `mi`."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _children(element: lxml.etree._Element) -> list[lxml.etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _text(element: lxml.etree._Element) -> str:
    """All text in it, comments aside."""
    return str(element.xpath("string()"))


def _folded(element: lxml.etree._Element) -> str:
    """The text of a token; a no-break space in it stays."""
    return re.sub(r"[ \t\r\n]+", " ", _text(element)).strip(" ")


def _core(element: lxml.etree._Element) -> lxml.etree._Element:
    """What rows of a single element hold in the end."""
    while _name(element) in ("math", "mrow", "mstyle", "mpadded"):
        children = _children(element)
        if len(children) != 1:
            break
        element = children[0]
    return element


class _Converter:
    """Converts the elements of a formula from the last to the first, so that what is in an element is there already."""

    def __init__(self) -> None:
        self._pieces: dict[lxml.etree._Element, Piece] = {}

    def convert(self, math: lxml.etree._Element) -> Piece:
        elements = []
        depths = {math: 0}
        for element in math.iter(lxml.etree.Element):
            elements.append(element)
            parent = element.getparent()
            if element is not math and parent is not None:
                depths[element] = depths[parent] + 1
            if depths[element] > _DEEPEST:
                raise _NotUnderstoodError
        for element in reversed(elements):
            convert = _ELEMENTS.get(_name(element))
            if convert:
                found = convert(self, element)
                self._pieces[element] = Piece(tex=found) if isinstance(found, str) else found
        return self._of(math)

    def _of(self, element: lxml.etree._Element) -> Piece:
        if element not in self._pieces:
            raise _NotUnderstoodError
        return self._pieces[element]

    def _parts(self, element: lxml.etree._Element, count: int) -> list[Piece]:
        """The children of an element that must have so many."""
        children = _children(element)
        if len(children) != count:
            raise _NotUnderstoodError
        return [self._of(child) for child in children]

    def row(self, element: lxml.etree._Element) -> Piece:
        """What stands side by side; text that no token holds is text."""
        pieces = [Piece(tex=tex.of_text((element.text or "").strip()))]
        for child in element:
            if isinstance(child.tag, str) and _name(child) not in _UNSEEN:
                pieces.append(self._of(child))
            pieces.append(Piece(tex=tex.of_text((child.tail or "").strip())))
        return row_of([piece for piece in pieces if piece.tex or piece.role])

    def styled(self, element: lxml.etree._Element) -> Piece:
        row = self.row(element)
        variant = element.get("mathvariant")
        return Piece(tex=tex.in_variant(row.tex, variant)) if variant else row

    def semantics(self, element: lxml.etree._Element) -> Piece:
        children = _children(element)
        return self._of(children[0]) if children else Piece(tex="")

    def action(self, element: lxml.etree._Element) -> Piece:
        children = _children(element)
        selected = element.get("selection", "1")
        place = int(selected) if re.fullmatch(r"\d{1,3}", selected) else 1
        return self._of(children[min(max(place, 1), len(children)) - 1]) if children else Piece(tex="")

    def identifier(self, element: lxml.etree._Element) -> Piece:
        following = element.getnext()
        applied = following is not None and _text(following).strip() == "\u2061"
        variant = element.get("mathvariant")
        if variant == "script" and "cal" in element.get("data-mjx-variant", ""):
            variant = "calligraphic"
        return _named(tex.of_name(_folded(element), variant, applied=applied))

    def number(self, element: lxml.etree._Element) -> str:
        return tex.in_variant(tex.of_number(_folded(element)), element.get("mathvariant"))

    def operator(self, element: lxml.etree._Element) -> Piece:
        text = _folded(element)
        stretchy = {"true": True, "false": False}.get(element.get("stretchy", ""))
        if not text and element.get("fence") == "true":
            return Piece(tex="", role="null", delimiter=NULL)
        if text in FENCES and element.get("data-mjx-texclass") not in ("ORD", "REL") and element.get("form") != "infix":
            role, sign = FENCES[text]
            if role == "either":
                role = _SIDES.get(element.get("data-mjx-texclass") or element.get("form") or "", role)
            return Piece(tex=sign, role=role, delimiter=sign, stretchy=stretchy)
        if len(text) > 1 and text.replace(" ", "").isalpha():
            return Piece(tex=r"\bmod") if text == "mod" else _named(tex.of_name(text, applied=True))
        if text == "...":
            return Piece(tex=r"\ldots")
        return _named(tex.in_variant(tex.of_signs(text), element.get("mathvariant")))

    def text(self, element: lxml.etree._Element) -> str:
        """Words; a space at either end is meant, though browsers leave it out."""
        return tex.of_text(re.sub(r"[ \t\r\n]+", " ", _text(element))) if _text(element).strip(" \t\r\n") else ""

    def string(self, element: lxml.etree._Element) -> str:
        return tex.of_text(element.get("lquote", '"') + _folded(element) + element.get("rquote", '"'))

    def space(self, element: lxml.etree._Element) -> str:
        """The space of TeX that comes next to it."""
        width = element.get("width", "0")
        named = re.fullmatch(r"(negative)?(\w+)mathspace", width)
        size = re.fullmatch(r"([-+]?[0-9.]{1,9})(em|ex|px|pt|mu)?", width)
        ems = 0.3
        if named and named[2] in _NAMED_SPACES:
            ems = -_NAMED_SPACES[named[2]] if named[1] else _NAMED_SPACES[named[2]]
        elif size and size[1].count(".") <= 1 and size[1].strip("+-."):
            ems = float(size[1]) * _EMS[size[2] or "em"]
        return r"\!" if ems < 0 else next((sign for most, sign in _SPACES if ems <= most), r"\qquad")

    def fraction(self, element: lxml.etree._Element) -> Piece:
        above, below = self._parts(element, 2)
        if element.get("bevelled") == "true":
            return Piece(tex=rf"{_based(above)} / {_based(below)}")
        if re.fullmatch(r"0+(\.0*)?[a-z%]*", element.get("linethickness", "")):
            return Piece(tex=rf"{STACK}{{{above.tex}}}{{{below.tex}}}", role="stack")
        return Piece(tex=rf"\frac{{{above.tex}}}{{{below.tex}}}")

    def square_root(self, element: lxml.etree._Element) -> str:
        return rf"\sqrt{{{self.row(element).tex}}}"

    def root(self, element: lxml.etree._Element) -> str:
        inner, index = self._parts(element, 2)
        return rf"\sqrt[{_based(index)}]{{{inner.tex}}}"

    def scripts(self, element: lxml.etree._Element) -> Piece:
        """`msub`, `msup` and `msubsup`; the last has both."""
        name = _name(element)
        base, *scripts = self._parts(element, 3 if name == "msubsup" else 2)
        below = scripts[0].tex if name != "msup" else ""
        above = scripts[-1].tex if name != "msub" else ""
        scripted = _based(base) + _scripts(below, above)
        return replace(base, tex=scripted) if scripted.startswith(base.delimiter or " ") else Piece(tex=scripted)

    def multiscripts(self, element: lxml.etree._Element) -> str:
        """A base with pairs of scripts behind it and, after `mprescripts`, before it."""
        children = _children(element)
        names = [_name(child) for child in children]
        if not children or names.count("mprescripts") > 1:
            raise _NotUnderstoodError
        middle = names.index("mprescripts") if "mprescripts" in names else len(names)
        behind = [self._of(child).tex for child in children[1:middle]]
        before = [self._of(child).tex for child in children[middle + 1 :]]
        if len(behind) % 2 or len(before) % 2:
            raise _NotUnderstoodError
        left = ["{}" + _scripts(*pair) for pair in zip(before[::2], before[1::2], strict=True)]
        right = [_scripts(*pair) for pair in zip(behind[::2], behind[1::2], strict=True)]
        return " ".join(left) + " " * bool(left) + _based(self._of(children[0])) + "{}".join(right)

    def under(self, element: lxml.etree._Element) -> Piece:
        base, under = self._parts(element, 2)
        sign = _folded(_core(_children(element)[1]))
        if base.role != "limits" and sign in _UNDER_ACCENTS:
            command = _UNDER_ACCENTS[sign]
            return Piece(tex=rf"\{command}{{{base.tex}}}", role="limits" if command == "underbrace" else "")
        return Piece(tex=_with_limits(base, under.tex, ""))

    def over(self, element: lxml.etree._Element) -> Piece:
        base, over = self._parts(element, 2)
        sign = _folded(_core(_children(element)[1]))
        if base.role != "limits" and sign in _ACCENTS and base.tex not in _LONG_ARROWS:
            command = _ACCENTS[sign][not _is_letter(base.tex)]
            return Piece(tex=rf"\{command}{{{base.tex}}}", role="limits" if command == "overbrace" else "")
        return Piece(tex=_with_limits(base, "", over.tex))

    def under_and_over(self, element: lxml.etree._Element) -> str:
        base, under, over = self._parts(element, 3)
        return _with_limits(base, under.tex, over.tex)

    def enclosure(self, element: lxml.etree._Element) -> str:
        inner = self.row(element).tex
        names = dict.fromkeys(element.get("notation", "longdiv").split())
        if {"updiagonalstrike", "downdiagonalstrike"} <= names.keys():
            inner = rf"\xcancel{{{inner}}}"
            names = {name: None for name in names if not name.endswith("diagonalstrike")}
        for name in names:
            if name not in _ENCLOSURES:
                raise _NotUnderstoodError
            inner = rf"{_ENCLOSURES[name]}{{{inner}}}"
        return inner

    def phantom(self, element: lxml.etree._Element) -> str:
        return rf"\phantom{{{self.row(element).tex}}}"

    def fenced(self, element: lxml.etree._Element) -> Piece:
        """`mfenced`, the old way to write fences and what separates the parts between them."""
        left, right = element.get("open", "("), element.get("close", ")")
        separators = re.sub(r"\s", "", element.get("separators", ","))
        pieces = [_fence(left, "open")]
        for place, child in enumerate(_children(element)):
            if place and separators:
                pieces.append(Piece(tex=tex.of_signs(separators[min(place, len(separators)) - 1])))
            pieces.append(self._of(child))
        return row_of([*pieces, _fence(right, "close")])

    def table(self, element: lxml.etree._Element) -> Piece:
        rows = [self._cells(row) for row in _children(element)]
        body = r" \\ ".join(" & ".join(_guarded(cell) for cell in row) for row in rows)
        count = max(map(len, rows), default=0)
        if not body.strip():
            return Piece(tex="")
        sides = _sides(element, count)
        drawn = [line in ("solid", "dashed") for line in element.get("columnlines", "").split()]
        if any(drawn):
            gaps = [drawn[min(place, len(drawn) - 1)] for place in range(count - 1)]
            columns = "".join(side + "|" * gap for side, gap in zip(sides, [*gaps, False], strict=True))
            return Piece(tex=rf"\begin{{array}}{{{columns}}} {body} \end{{array}}", role="table", body=body)
        begin, end = "{matrix}", "{matrix}"
        if count > 1 and sides == ("rl" * count)[:count]:
            begin, end = "{aligned}", "{aligned}"
        elif set(sides) != {"c"}:
            begin, end = f"{{array}}{{{sides}}}", "{array}"
        return Piece(tex=rf"\begin{begin} {body} \end{end}", role="table", body=body, sides=sides)

    def _cells(self, row: lxml.etree._Element) -> list[str]:
        """The cells of a row; the number of an equation follows it."""
        cells = [self._of(cell).tex for cell in _children(row)] if _name(row) in ("mtr", "mlabeledtr") else [""]
        if _name(row) == "mlabeledtr" and len(cells) > 1:
            label, *cells = cells
            cells[-1] = rf"{cells[-1]} \qquad {label}"
        return cells


_ELEMENTS: Mapping[str, Callable[[_Converter, lxml.etree._Element], Piece | str]] = {
    **dict.fromkeys(("math", "mrow", "mpadded", "merror", "mtd"), _Converter.row),
    **dict.fromkeys(("msub", "msup", "msubsup"), _Converter.scripts),
    **dict.fromkeys(
        ("none", "mprescripts", "mtr", "mlabeledtr"), lambda *_: ""
    ),  # they mean something in their parents
    "mstyle": _Converter.styled,
    "semantics": _Converter.semantics,
    "maction": _Converter.action,
    "mi": _Converter.identifier,
    "mn": _Converter.number,
    "mo": _Converter.operator,
    "mtext": _Converter.text,
    "ms": _Converter.string,
    "mspace": _Converter.space,
    "mfrac": _Converter.fraction,
    "msqrt": _Converter.square_root,
    "mroot": _Converter.root,
    "mmultiscripts": _Converter.multiscripts,
    "munder": _Converter.under,
    "mover": _Converter.over,
    "munderover": _Converter.under_and_over,
    "menclose": _Converter.enclosure,
    "mphantom": _Converter.phantom,
    "mfenced": _Converter.fenced,
    "mtable": _Converter.table,
}


def _named(found: str) -> Piece:
    """An operator or function; some take their limits below and above."""
    return Piece(tex=found, role="limits" if _LIMITS.fullmatch(found) else "")


def _based(piece: Piece) -> str:
    """In braces, where a script or a root would otherwise take a part of it only."""
    return piece.tex if _SIMPLE.fullmatch(piece.tex) else f"{{{piece.tex}}}"


def _scripts(below: str, above: str) -> str:
    under = f"_{{{below}}}" if below else ""
    if above.startswith("{}'") and not above[2:].strip("'"):
        return under + above[2:]
    return under + (f"^{{{above}}}" if above else "")


def _with_limits(base: Piece, below: str, above: str) -> str:
    if base.role == "limits" or _OPERATOR_NAME.match(base.tex):
        return _OPERATOR_NAME.sub(r"\\operatorname*", base.tex) + _scripts(below, above)
    if _INTEGRAL.fullmatch(base.tex):
        return rf"{base.tex}\limits" + _scripts(below, above)
    if base.tex in _LONG_ARROWS:
        return rf"\{_LONG_ARROWS[base.tex]}" + (f"[{{{below}}}]" if below else "") + f"{{{above}}}"
    inner = rf"\underset{{{below}}}{{{base.tex}}}" if below else base.tex
    return rf"\overset{{{above}}}{{{inner}}}" if above else inner


def _is_letter(found: str) -> bool:
    """A letter, or a command that makes one."""
    return bool(re.fullmatch(r"[A-Za-z0-9]|\\[A-Za-z]+|\\[a-z]+\{[A-Za-z]\}", found))


def _fence(text: str, role: Role) -> Piece:
    """A fence of `mfenced`, which knows its side."""
    if not text.strip():
        return Piece(tex="", role="null", delimiter=NULL)
    if text.strip() not in FENCES:
        return Piece(tex=tex.of_signs(text))
    sign = FENCES[text.strip()][1]
    return Piece(tex=sign, role=role, delimiter=sign)


def _guarded(cell: str) -> str:
    """What begins a cell must not be taken for an argument of the line break before it."""
    return "{}" + cell if cell.startswith(("[", "*")) else cell


def _sides(table: lxml.etree._Element, count: int) -> str:
    """The side to which each column is set, as `lcr`."""
    said = table.get("columnalign", "").split()
    if not said:
        first = next(iter(_children(table)), None)
        cells = _children(first) if first is not None else []
        aligned = (re.search(r"text-align:\s*(\w+)", cell.get("style", "")) for cell in cells)
        said = [
            cell.get("columnalign") or (found[1] if found else "c") for cell, found in zip(cells, aligned, strict=True)
        ]
    letters = [side[0] if side[0] in "lcr" else "c" for side in said] or ["c"]
    return "".join(letters[min(place, len(letters) - 1)] for place in range(count))
