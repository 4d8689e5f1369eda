"""Code blocks in colour: Pygments marks what each piece of code is, the card's CSS says how it looks."""

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from ankiexport.model import Html

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

# A code block of clean HTML whose language is known
_BLOCK = re.compile(r'(<pre><code class="language-([^"]+)">)(.*?)(</code></pre>)', re.S)
_SPAN = re.compile(r"</?span[^>]*>")
_LONGEST = 20_000  # characters; more is no card


def coloured(fragment: Html) -> Html:
    """Clean HTML whose code blocks are marked by Pygments' short class names."""
    return Html(_BLOCK.sub(_mark, fragment)) if '<pre><code class="' in fragment else fragment


def uncoloured(fragment: Html) -> Html:
    """The same without the marks, which may differ from one version of Pygments to the next."""
    if '<pre><code class="' not in fragment:
        return fragment
    return Html(_BLOCK.sub(_unmark, fragment))


def _unmark(match: re.Match[str]) -> str:
    """A block as text that is escaped in one way, whoever escaped it before."""
    text = html.unescape(_SPAN.sub("", match[3]))
    return f"{match[1]}{html.escape(text, quote=False)}{match[4]}"


def _mark(match: re.Match[str]) -> str:
    lexer = _lexer(match[2])
    text = html.unescape(match[3])
    if lexer is None or len(text) > _LONGEST:
        return match[0]
    from pygments import highlight

    marked = str(highlight(text, lexer, _formatter())).removesuffix("\n")
    if html.unescape(_SPAN.sub("", marked)) != text:
        return match[0]  # a lexer that does not keep the text
    return f"{match[1]}{marked}{match[4]}"


@cache
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@cache
def _formatter() -> "HtmlFormatter[str]":
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)
