"""The last step before a field: what a fragment may still do, and what it may not."""

import re

import pytest

from ankiexport.card_html import for_card
from ankiexport.markup import clean, code
from ankiexport.model import Html
from ankiexport.plain import plain

NAME = "ankiexport-0123456789abcdef01234567"


@pytest.mark.parametrize(
    "formula",
    [r"\(x\)", r"\[\frac{a}{b}\]", r"\(a &lt; b\)", "\\[a \\\\\nb\\]", r"\(\text{if } x\)", r"\({n \choose k}\)"],
)
def test_formula_stays(formula):
    assert for_card(Html(f"<p>It is {formula}.</p>")) == f"<p>It is {formula}.</p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"\(x^{y^{z}}\)", r"\(x^{y^{z} }\)"),
        (r"\(\frac{{a}}{b}\)", r"\(\frac{{a} }{b}\)"),
        (r"\[a<br>b\]", "\\[a\nb\\]"),
        (r"\<wbr>(x\)", r"\(x\)"),
    ],
)
def test_formula_is_in_one_piece(written, shown):
    assert for_card(Html(written)) == shown


@pytest.mark.parametrize(
    "formula",
    [
        r"\(\href{javascript:alert(1)}{x}\)",
        r"\[\style{background:url(https://example.org)}{x}\]",
        r"\(\require{html}\)",
        r"\(\hr<wbr>ef{javascript:x}{y}\)",
        r"\(\let\a\href\)",
        r'\(a<br lang="en">\href{b}{x}\)',
        r'\(\hr<wbr dir="ltr">ef{b}{x}\)',
        f'<audio src="{NAME}.mp3" title="\\(\\href{{b}}{{x}}\\)"></audio>',
        r"\({ \)",
        r"\(" + "x" * 6_000 + r"\)",
        r"\\(\href{a}{b}\)",
    ],
)
def test_formula_that_would_do_more_is_shown_as_code(formula):
    field = for_card(Html(formula))
    assert "<code>" in field
    assert "\\(" not in re.sub("<code>.*?</code>", "", field, flags=re.S)


@pytest.mark.parametrize(
    "text",
    [
        r"Escape it as \( or as \].",
        r"<p>\(</p><p>one paragraph</p><p>\)</p>",
        r"<code>\(\href{a}{b}\)</code> and <pre><code>\[\require{x}\]</code></pre>",
        r'<abbr title="\(\href{&quot;}{b}\)">a</abbr>',
    ],
)
def test_what_is_no_formula_is_left_alone(text):
    assert for_card(Html(text)) == text


@pytest.mark.parametrize(
    "text", ["[sound:x.mp3]", "[anki:tts lang=en_US]x[/anki:tts]", "[latex]x[/latex]", "[$]x[/$]", "[[type:Answer]]"]
)
def test_markup_of_anki_is_text_and_in_code_too(text):
    for written in (text, code(text), code(text, "html"), code(text, "python"), f'<abbr title="{text}">a</abbr>'):
        field = for_card(clean(written))
        assert not any(f"[{sign}" in field for sign in ("sound:", "anki:", "/anki:", "latex]", "/latex", "$]", "/$]"))
        assert "[[type:" not in field
        assert plain(field) == plain(Html(written))


def test_own_recording_is_played_and_no_other():
    own = Html(f'<audio src="{NAME}.mp3" title="A &gt; &quot;bell&quot;"></audio>')
    assert for_card(own) == f"A &gt; &quot;bell&quot; [sound:{NAME}.mp3]"
    for other in ("a.mp3", "https://example.org/a.mp3", f"https://example.org/{NAME}.mp3", f"{NAME}.mp3#x"):
        assert "sound" not in for_card(Html(f'<audio src="{other}"></audio>'))


@pytest.mark.parametrize(
    "source", ["a.png", "https://example.org/a.png", "//example.org/a.png", "data:image/png,x", "../x"]
)
def test_picture_that_is_not_in_the_package_has_no_source(source):
    assert for_card(Html(f'<img src="{source}" alt="a">')) == '<img alt="a">'
    assert for_card(Html(f'<img src="{NAME}.png" alt="a">')) == f'<img src="{NAME}.png" alt="a">'


def test_links_open_outside_and_lead_nowhere_else():
    opened = '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">a</a>'
    assert for_card(Html('<a href="https://example.org/" rel="author" target="_top">a</a>')) == opened
    for target in ("javascript:x()", "data:text/html,x", "page.html", "#x", "//example.org", "JaVaScRiPt:x"):
        assert for_card(Html(f'<a href="{target}">a <b>b</b></a>')) == "a <b>b</b>"


@pytest.mark.parametrize(
    "text",
    [
        "Where?",
        "<p>It is <code>a &lt; b</code>.</p>\n<p>So <strong>no</strong>&nbsp;&amp; <em>never</em><br>again.</p>",
        "<strong>a</strong>",
        "&lt;p&gt; is 1 \u2013 \u201ctwo\u201d",
        "<p></p>",
    ],
)
def test_plain_paragraphs_are_left_alone(text):
    assert for_card(Html(text)) == clean(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>a", "<b>a</b>"),
        ("<b>a</i>", "<b>a</b>"),
        ("<p>a<p>b</p></p>", "<p>a</p><p>b</p><p></p>"),
        ("<p>a</p></div>", "<p>a</p>"),
        ("<b>a</b> ", "<b>a</b>"),
        (" <b>a</b>", "<b>a</b>"),
        ("<b>a > b</b>", "<b>a &gt; b</b>"),
        ("<b>a\u00a0b</b>", "<b>a&nbsp;b</b>"),
        ("<b>a\rb</b>", "<b>a\nb</b>"),
        ('<b onclick="x()">a</b>', "<b>a</b>"),
        ("<b>a</b><script>x()</script>", "<b>a</b>"),
        ("a &copy; b", "a \u00a9 b"),
        ("a & b", "a &amp; b"),
    ],
)
def test_what_is_nearly_a_plain_paragraph_is_cleaned(written, shown):
    assert for_card(Html(written)) == shown


@pytest.mark.parametrize(
    "fragment",
    [
        "It  is\n<code>a &lt; b</code> <em> or </em> not.",
        "one<br>two<br><br>three<br>",
        '<a href="https://example.org/?a=1&amp;b=2">a</a> &amp; <abbr title="etc">b</abbr>',
        "<strong> 1.&nbsp;</strong> x<sup>2</sup>",
        '<span class="missing" title="picture: a map">\U0001f5bc</span> is <b>a map</b>',
        '<img alt="a < b"> and <abbr title="x > y">more</abbr>',
        '<abbr title="x > y">more</abbr> <a href="https://example.org/?a>b">to <b>it</b></a>',
        "<b></b>",
    ],
)
def test_text_is_the_same_in_a_paragraph_or_bare(fragment):
    assert plain(Html(fragment)) == plain(Html(f"<p>{fragment}</p>"))
