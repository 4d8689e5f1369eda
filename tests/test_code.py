"""Code as highlighters draw it is the code that somebody wrote, in the language that they said."""

import pytest

import ankiexport
from ankiexport import Source, highlight
from ankiexport.markup import clean, code

CODE = 'def f(x):\n    if x < 1 and x:\n\n        return "<int>&amp;{{c1::x}}"'
LANGUAGE = "python"
ESCAPED = CODE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
LINES = ESCAPED.split("\n")


def spans(attribute: str, end: str = "", joint: str = "") -> str:
    return joint.join(f"<span {attribute}>{line}{end}</span>" for line in LINES)


def numbers(tag: str = "span") -> str:
    return "\n".join(f"<{tag}>{number}</{tag}>" for number in range(1, len(LINES) + 1))


SHAPES = {
    "a fence": f'<pre><code class="language-python">{ESCAPED}\n</code></pre>',
    "Shiki": f'<pre class="shiki" data-language="python"><code>{spans("class=line", joint=chr(10))}</code></pre>',
    "Shiki without line breaks": f'<pre class="shiki" data-lang="python"><code>{spans("class=line")}</code></pre>',
    "rehype-pretty-code": f'<figure data-rehype-pretty-code-figure=""><pre data-language="python"><code data-language='
    f'"python">{spans("data-line=", joint=chr(10))}</code></pre></figure>',
    "Expressive Code": '<figure class="frame is-terminal"><figcaption class="header">'
    '<span class="title">Terminal</span></figcaption><pre data-language="python"><code>'
    + "".join(f'<div class="ec-line"><div class="code">{line or chr(10)}</div></div>' for line in LINES)
    + '</code></pre><div class="copy"><button>Copy</button></div></figure>',
    "Prism with line numbers": f'<div class="code-toolbar"><pre class="line-numbers language-python"><code class='
    f'"language-python">{ESCAPED}<span aria-hidden="true" class="line-numbers-rows"><span></span></span></code></pre>'
    '<div class="toolbar"><div class="toolbar-item"><button>Copy</button></div></div></div>',
    "Docusaurus": '<div class="language-python codeBlockContainer_x"><pre class="prism-code"><code>'
    + spans("class=token-line", end="<br>")
    + '</code></pre><div class="buttonGroup_x"><button>Copy</button></div></div>',
    "highlight.js": f'<pre><code class="hljs language-python"><span class="hljs-keyword">{ESCAPED}</span></code></pre>',
    "Sphinx": f'<div class="highlight-python notranslate"><div class="highlight"><pre><span></span>{ESCAPED}\n</pre>'
    '<button class="copybtn o-tooltip--left">Copy</button></div></div>',
    "Pygments in a table": '<table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre>'
    f'{numbers()}</pre></div></td><td class="code"><div class="highlight language-python"><pre>{ESCAPED}\n</pre></div>'
    "</td></tr></table>",
    "Hugo's table": '<div class="highlight"><table class="lntable"><tr><td class="lntd"><pre class="chroma"><code>'
    + "".join(f'<span class="lnt">{number}\n</span>' for number in range(1, len(LINES) + 1))
    + f'</code></pre></td><td class="lntd"><pre class="chroma"><code class="language-python" data-lang="python">'
    f"{ESCAPED}</code></pre></td></tr></table></div>",
    "Rouge": '<div class="language-python highlighter-rouge"><div class="highlight"><pre class="highlight"><code>'
    f'<table class="rouge-table"><tbody><tr><td class="gutter gl"><pre class="lineno">{numbers("i")}</pre></td>'
    f'<td class="code"><pre>{ESCAPED}\n</pre></td></tr></tbody></table></code></pre></div></div>',
    "Pandoc": f'<div class="sourceCode"><pre class="sourceCode python"><code class="sourceCode python">{ESCAPED}</code>'
    "</pre></div>",
    "GitHub": f'<div class="highlight highlight-source-python"><pre>{ESCAPED}</pre>'
    '<div class="zeroclipboard-container">'
    "<clipboard-copy>Copy</clipboard-copy></div></div>",
    "a list of lines": f"<pre class='brush: python'><ol>{''.join(f'<li>{line}</li>' for line in LINES)}</ol></pre>",
}


def answer_of(body: str, page_format: str = "html") -> str:
    text = f"<p>1. Which code?</p>\n<details><summary>Show answer</summary>\n\n{body}\n\n</details>"
    (page,) = ankiexport.read(Source(name="p", text=text, format=page_format))
    (item,) = page.items
    return item.answer


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_code_is_plain_again_and_keeps_its_language(shape):
    assert answer_of(shape) == code(CODE, LANGUAGE)


@pytest.mark.parametrize("page_format", ["markdown", "mdx"])
@pytest.mark.parametrize("info", ["python", "Python {1,3} showLineNumbers", "{.python}"])
def test_fence_keeps_its_language(info, page_format):
    assert answer_of(f"```{info}\n{CODE}\n```", page_format) == code(CODE, LANGUAGE)


def test_title_of_a_fence_stands_above_it_but_for_a_terminal():
    assert answer_of(f"```python title='a.py'\n{CODE}\n```", "markdown") == f"<p>a.py</p>\n{code(CODE, LANGUAGE)}"
    assert answer_of("```sh title='Terminal'\nls\n```", "markdown") == code("ls", "sh")


@pytest.mark.parametrize("page_format", ["markdown", "mdx"])
def test_comment_in_code_is_no_heading_with_an_id(page_format):
    assert answer_of("```sh\n# see {#here}\n```", page_format) == code("# see {#here}", "sh")


def test_line_that_only_sets_off_the_next_is_no_code():
    text = "a = 1\n# highlight-next-line\nb = 2"
    assert answer_of(f"```\n{text}\n```", "mdx") == code("a = 1\nb = 2")


def test_lines_that_only_their_colour_shows_as_added_or_removed_have_their_signs():
    removed, added = "ec-line highlight del", "ec-line highlight ins"
    lines = f'<div class="{removed}"><div>a = 1</div></div><div class="{added}"><div>a = 2</div></div>'
    assert answer_of(f"<pre><code>{lines}</code></pre>") == code("-a = 1\n+a = 2")


@pytest.mark.parametrize("name", ["text", "plaintext", "none", ""])
def test_text_is_no_language(name):
    assert answer_of(f"```{name}\n{CODE}\n```", "markdown") == code(CODE)


def test_indentation_tabs_and_trailing_spaces_stay():
    text = "  one\n\ttwo  \n\n\n    three"
    assert answer_of(f"```\n{text}\n```", "markdown") == code(text)


def test_two_blocks_side_by_side_stay_two():
    cells = "".join(f"<td><pre>{text}</pre></td>" for text in ("before", "after"))
    assert answer_of(f"<table><tr>{cells}</tr></table>").count("<pre>") == 2


# Colours


def test_colours_change_nothing_but_the_looks():
    block = code(CODE, LANGUAGE)
    coloured = highlight.coloured(block)
    assert '<span class="k">def</span>' in coloured
    assert highlight.uncoloured(coloured) == block


@pytest.mark.parametrize("language", ["c++", "c#", "sh", "diff", "html"])
def test_any_language_keeps_the_text(language):
    block = code(CODE, language)
    coloured = highlight.coloured(block)
    assert "<span" in coloured
    assert highlight.uncoloured(coloured) == block


def test_quotes_are_the_same_to_a_content_hash_however_they_are_escaped():
    block = code('a = "x\'y"', LANGUAGE)
    other = block.replace('"x', "&quot;x").replace("'", "&#39;").replace('y"', "y&quot;")
    assert highlight.uncoloured(other) == highlight.uncoloured(highlight.coloured(block)) == block


@pytest.mark.parametrize("language", ["no-such-language", None])
def test_code_of_no_known_language_has_no_colours(language):
    block = code(CODE, language)
    assert highlight.coloured(block) == block


def test_language_that_would_be_markup_is_none():
    block = code(CODE, '"><img src=x onerror=alert(1)>')
    assert block == code(CODE)
    assert clean(block) == block
