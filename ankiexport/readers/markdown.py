"""Markdown and MDX → HTML with line numbers, which the HTML reader then walks."""

import re
from collections.abc import Sequence
from functools import cache
from html import escape

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from ankiexport.markup import LINE
from ankiexport.model import Document, Location, Problem, Source
from ankiexport.readers import (
    attribute_lists,
    card_files,
    card_lines,
    dialects,
    directives,
    html,
    mdx,
    shortcodes,
    webex,
)
from ankiexport.readers.containers import Leveller
from ankiexport.readers.content import find_content, number_lines
from ankiexport.readers.lines import NumberedLine, fenced_lines, without_needless_blanks
from ankiexport.readers.markdown_formulas import formulas_plugin

_DEEPEST = 100  # lists and quotes in one another; deeper ones would be left out
_FENCE = re.compile(r"---[ \t]*$")
# ```js title="a.js": what a site shows above the block, but for a terminal
_FENCE_TITLE = re.compile(r"\btitle=([\"'])(.+?)\1")
_SHELLS = frozenset("bash console fish nu powershell ps1 sh shell shellscript zsh".split())
# A line that only says which of the next to set off: "// highlight-next-line"
_HIGHLIGHTS = re.compile(r"^[ \t]*(?://|#|/\*|<!--|\{/\*)\s*highlight-(?:next-line|start|end)\b.*\n?", re.M)
# "## A heading {#its-id}"
_HEADING_ID = re.compile(r"(^\s{0,3}#{1,6}\s.*?)\s*\{[#.:][^{}]*\}\s*$")
# "## #", the heading of what begins with no letter, which Markdown would take for an empty one
_LONE_SIGN = re.compile(r"^(\s{0,3}#{1,6}\s+)#\s*$")
# A line of front matter: "title: Practice", "sidebar:"
_SETTING = re.compile(r"[a-z][\w-]*:(?:\s|$)")
_TITLE = re.compile(r"title:\s*(.*\S)")
# In the order in which they are asked what a line is.
_DIALECTS = (
    directives.read_directive,
    dialects.read_colons,
    dialects.read_slashes,
    dialects.read_tabs,
    dialects.read_tags,
    dialects.read_silent,
    shortcodes.read_tag,
    webex.read_hidden,
)


def read_markdown(source: Source) -> Document:
    """Reads CommonMark with tables, strikethrough, footnotes, definition lists, front matter and raw HTML."""
    front, lines, problems = _front_matter(source)
    lines = card_lines.level(card_files.level(lines), front.get("tags", ""))
    return _document(source, front, lines, problems, mdx_rules=False)


def read_mdx(source: Source) -> Document:
    """Reads MDX: Markdown with imports, expressions and components. Nothing in it is ever executed."""
    front, lines, problems = _front_matter(source)
    levelled = mdx.level(lines, source.name)
    return _document(source, front, levelled.lines, (*problems, *levelled.problems), mdx_rules=True)


def _document(
    source: Source,
    front: dict[str, object],
    lines: Sequence[NumberedLine],
    problems: Sequence[Problem],
    mdx_rules: bool,
) -> Document:
    leveller = Leveller(lines=shortcodes.split(webex.level(lines)), dialects=_DIALECTS, name=source.name)
    lines = _without_heading_ids(without_needless_blanks(attribute_lists.level(leveller.run())))
    problems = (*problems, *leveller.problems)
    parser = _parser(mdx_rules)
    tokens = parser.parse("\n".join(line.text for line in lines))
    for token in tokens:
        if token.map:
            token.meta[LINE] = lines[min(token.map[0], len(lines) - 1)].number
    rendered = parser.renderer.render(tokens, parser.options, {})
    content = find_content(
        f"<main>{rendered}</main>", source.name, source.url, numbered=True, selectors=source.selectors
    )
    document = html.document_of(content, source)
    title = front.get("title")
    return Document(
        title=title if isinstance(title, str) and title else document.title,
        blocks=document.blocks,
        url=document.url,
        problems=(*problems, *document.problems),
        footnotes=document.footnotes,
    )


@cache
def _parser(mdx_rules: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)
    parser.use(admon_plugin).use(formulas_plugin).use(attribute_lists.attribute_lists_plugin)
    if mdx_rules:
        parser.disable(["code", "autolink"])
    return parser


class _Renderer(RendererHTML):
    """Writes the line of each block in the source beside it."""

    def renderToken(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: N802  # the name is markdown-it's
        token = tokens[idx]
        if token.nesting == 1 and LINE in token.meta:
            token.attrSet(LINE, str(token.meta[LINE]))
        return super().renderToken(tokens, idx, options, env)

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return number_lines(tokens[idx].content, int(tokens[idx].meta.get(LINE, 1)))

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        token.content = _HIGHLIGHTS.sub("", token.content)
        block = self._numbered(super().fence(tokens, idx, options, env), token)
        title = _FENCE_TITLE.search(token.info)
        language = (token.info.split() or [""])[0]
        return f"<p>{escape(title[2])}</p>\n{block}" if title and language not in _SHELLS else block

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self._numbered(super().code_block(tokens, idx, options, env), tokens[idx])

    def _numbered(self, rendered: str, token: Token) -> str:
        return rendered.replace("<pre", f'<pre {LINE}="{token.meta.get(LINE, 1)}"', 1)


def _front_matter(source: Source) -> tuple[dict[str, object], list[NumberedLine], tuple[Problem, ...]]:
    """What stands between the two `---` at the top, and the lines after it."""
    lines = [NumberedLine(number, text) for number, text in enumerate(source.text.split("\n"), 1)]
    if not _FENCE.match(lines[0].text):
        return {}, lines, ()
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.match(line.text)), None)
    if end is None:
        return {}, lines, ()
    inside, rest = [line.text for line in lines[1:end]], lines[end + 1 :]
    if not any(map(_SETTING.match, inside)):
        return {}, lines, ()  # two rules with text between them
    try:
        front = yaml.load("\n".join(inside), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        location = Location(source=source.name, line=2 + (mark.line if mark else 0))
        message = f"the front matter is not YAML: {getattr(error, 'problem', None) or error}"
        titles = [match[1].strip("\"' ") for match in map(_TITLE.match, inside) if match]
        found = {"title": titles[0]} if titles else {}
        return found, rest, (Problem(location=location, severity="warning", message=message),)
    return front if isinstance(front, dict) else {}, rest, ()


def _without_heading_ids(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """`## A heading {#its-id}` without its id; a line of code that begins with `#` is none."""
    fenced = fenced_lines([line.text for line in lines])
    return [
        line if is_code else line._replace(text=_LONE_SIGN.sub(r"\1\\#", _HEADING_ID.sub(r"\1", line.text)))
        for line, is_code in zip(lines, fenced, strict=True)
    ]
