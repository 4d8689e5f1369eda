"""Formulas in Markdown, by rules of markdown-it: `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]`, `\\begin{align}…`"""

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ankiexport.readers.formulas import tex

# What only a formula would have in it; in "\[optional\]" and "\(see there\)" the brackets are just escaped.
_TEX_SIGN = re.compile(r"[\\^_{}=<>+]|\d\s*[a-z]\b")
_SURE_SIGN = re.compile(r"[\\^_{}]")  # "HOME=" between the dollars of "$HOME=$PWD" is none
# Between dollars: no words but names of one or two letters, "2n", "f(x)", "a - b"
_SHORT_NAMES = re.compile(r"(?:\d+(?:\.\d+)?|[A-Za-z]{1,2}(?![A-Za-z])|[-+*/(),.!|'&:=<> ])+(?<=[\w)|'!.])")
_SIGN = re.compile(r"[-+*(|!']")
_WORD = re.compile(r"[A-Za-z]{2}")
_ENVIRONMENT = re.compile(
    r"\\begin\{(?P<name>(?:align|alignat|aligned|cases|eqnarray|equation|flalign|gather|gathered|multline|[bpvBV]?matrix)"
    r"\*?)\}"
)
_INLINE = re.compile(r"\\\((?P<inline>(?:[^\\]|\\(?!\)).)+?)\\\)|\\\[(?P<display>(?:[^\\]|\\(?!\]).)+?)\\\]", re.S)
_LONGEST = 2_000  # characters of a formula in a line
_MOST_LINES = 200  # of a formula on lines of its own


def _is_short(source: str) -> bool:
    """Single letters with a sign between or behind them: "f'(x)", "P(A|B)", "n!"; "if (so)" is words."""
    source = source.strip()
    return bool(_SHORT_NAMES.fullmatch(source) and _SIGN.search(source) and not _WORD.search(source))


def formulas_plugin(markdown: MarkdownIt) -> None:
    """Renders formulas between Anki's own delimiters."""
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_blank_lines=False, double_inline=True)
    for name in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
        markdown.add_render_rule(name, _between_dollars)
    markdown.block.ruler.before("fence", "formula_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})
    markdown.inline.ruler.before("escape", "formula_inline", _inline)
    markdown.add_render_rule("formula", lambda _self, tokens, index, _options, _env: tokens[index].content)


def _between_dollars(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    """What merely stands between two single dollar signs is text."""
    token = tokens[index]
    source = token.content.strip()
    if token.type == "math_inline":
        is_formula = _SURE_SIGN.search(source) or _SHORT_NAMES.fullmatch(source)
        return escape(tex(source, display=False) if is_formula else f"${source}$", quote=False)
    shown = escape(tex(source, display=True), quote=False)
    return shown if token.type == "math_inline_double" else f"<p>{shown}</p>\n"


def _inline(state: StateInline, silent: bool) -> bool:
    """`\\(…\\)`, or `\\[…\\]` within a paragraph."""
    if not state.src.startswith(("\\(", "\\["), state.pos):
        return False
    match = _INLINE.match(state.src, state.pos, min(state.posMax, state.pos + _LONGEST))
    source = match["inline"] or match["display"] if match else ""
    if not match or state.src.startswith("(", match.end()):
        return False  # or the text of a link
    if not (_TEX_SIGN.search(source) or _is_short(source) or (match["inline"] and len(source.strip()) == 1)):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = escape(tex(source, display=match["inline"] is None), quote=False)
    state.pos = match.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`\\[` or `\\begin{…}` at the start of a line, to the line that ends with its other half."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    environment = _ENVIRONMENT.match(first)
    closing = f"\\end{{{environment['name']}}}" if environment else "\\]"
    if not environment and not first.startswith("\\["):
        return False
    last = next((line for line in range(start, min(end, start + _MOST_LINES)) if _ends(state, line, closing)), None)
    if last is None:
        return False
    content = state.getLines(start, last + 1, state.blkIndent, False).strip()
    inner = content if environment else content[2:-2]
    if not environment and (not _TEX_SIGN.search(inner) or "\\]" in inner):
        return False
    if not silent:
        token = state.push("formula", "p", 0)
        token.block = True
        token.map = [start, last + 1]
        token.content = f"<p>{escape(tex(inner, display=True), quote=False)}</p>\n"
    state.line = last + 1
    return True


def _ends(state: StateBlock, line: int, closing: str) -> bool:
    return state.src[state.bMarks[line] : state.eMarks[line]].rstrip().endswith(closing)
