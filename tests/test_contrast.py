"""Every text on a card is told from what is behind it, by day and by night, wherever Anki runs (WCAG 2, level AA)."""

import pytest
from browser import DESKTOP, DESKTOP_SHEETS, NIGHT, Browser
from pygments.token import STANDARD_TYPES

from ankiexport import notetype

pytestmark = pytest.mark.desktop

# What each app sets: the classes of <body> and of <html>, and its own style sheets
APPS = {
    "desktop by day": (DESKTOP, "", DESKTOP_SHEETS),
    "desktop by night": (NIGHT, "night-mode", DESKTOP_SHEETS),
    "AnkiDroid by day": ("card card1", "mobile android linux chrome js", ()),
    "AnkiDroid by night": ("card card1 night_mode nightMode ankidroid_dark_mode", "mobile android linux chrome js", ()),
    "AnkiMobile by day": ("card card1", "mobile iphone", ()),
    "AnkiMobile by night": ("card card1 nightMode", "mobile iphone nightMode", ()),
}
CONTENT = """
<p>A paragraph with <a href="#a">a link</a>, <strong>strong</strong>, <em>emphasis</em>, <b>b</b>,
<i>i</i>, <code>code</code>, <a href="#a"><code>linked code</code></a>, <kbd>Ctrl</kbd>, <samp>samp</samp>,
<var>var</var>, <mark>mark <code>code</code> <a href="#a">link</a></mark>,
<ins>ins</ins>, <del>del</del>, <s>s</s>, <u>u</u>, <small>small</small>, <q>q</q>, <cite>cite</cite>,
<dfn>dfn</dfn>, <abbr title="t">abbr</abbr>,
<sub>sub</sub>, <sup>sup</sup>, <ruby>ruby<rp>(</rp><rt>rt</rt><rp>)</rp></ruby>,
<span class="missing">a picture that is missing</span></p>
<h3>heading</h3><h4>heading</h4>
<ul><li>item <ul><li>inner <code>code</code></li></ul></li></ul><ol><li>first</li></ol>
<table><caption>caption</caption><thead><tr><th>head</th><th><code>code</code></th></tr></thead>
<tbody><tr><td>cell</td><td><a href="#a">link</a></td></tr><tr><td>even</td><td><code>c</code></td></tr>
</tbody><tfoot><tr><td>foot</td></tr></tfoot></table>
<blockquote><p>quote <a href="#a">link</a> <code>code</code></p></blockquote>
<blockquote class="callout"><p><strong>Note</strong></p><p>callout
<a href="#a">link</a> <code>code</code></p></blockquote>
<dl><dt>term</dt><dd>definition</dd></dl>
<figure><figcaption>caption of a figure <a href="#a">link</a></figcaption></figure>
<div class="footnotes"><ol><li>footnote <a href="#a">link</a> <code>code</code></li></ol></div>
<pre>plain lines</pre><pre><code>lines of code</code></pre>
"""
TYPED = (
    '<code id="typeans"><span class="typeGood">good</span><span class="typeBad">bad</span>'
    '<span class="typeMissed">missed</span><br><span id="typearrow">&darr;</span><br>'
    '<span class="typeMissed">missed</span></code>'
)


def highlighted():
    """A block of code with every class that Pygments gives to a token."""
    spans = (f'<span class="{name}">token {name}</span>\n' for name in STANDARD_TYPES.values() if name)
    return f'<pre><code class="language-python">{"".join(spans)}</code></pre>'


@pytest.fixture(scope="module")
def browser():
    with Browser() as browser:
        yield browser


@pytest.fixture
def card(collection):
    """The answer of a note with something of everything in every field, as real Anki makes it."""
    from anki.models import NotetypeDict

    kind: NotetypeDict = collection.models.new("ankiexport")
    for name in notetype.FIELDS:
        collection.models.add_field(kind, collection.models.new_field(name))
    template = collection.models.new_template("Card")
    template["qfmt"], template["afmt"] = notetype.template("Card")
    collection.models.add_template(kind, template)
    kind["css"] = notetype.css()
    collection.models.add(kind)
    note = collection.new_note(kind)
    everything = CONTENT + highlighted()
    for field in ("Question", "Answer", "Context", "Explanation"):
        note[field] = everything
    note["Cue"], note["Hint"], note["Typed"] = "Lesson · Section · A", "a hint", "expected"
    note["Source"] = "https://a.example/"
    collection.add_note(note, 1)
    return note.cards()[0].render_output()


@pytest.mark.parametrize("app", APPS)
def test_every_text_of_a_card_is_readable(card, browser, app):
    shown = card.answer_text.replace("[[type:Typed]]", TYPED).replace("display: none", "")  # a hint that is asked for
    assert TYPED in shown
    texts = browser.measure([shown], card.css, *APPS[app])
    assert len(texts) > 400
    assert {text.text for text in texts} >= {"Open the page", "missed", "token k", "Hint", "a hint"}
    too_faint = sorted(
        {
            f"{text.ratio:.2f} {text.colour} on {text.background}: {text.path.removeprefix('div > div > ')}"
            for text in texts
            if text.ratio < text.enough
        }
    )
    assert not too_faint, "\n".join(too_faint)


@pytest.mark.parametrize(
    ("style", "ratio"),
    [
        ("color:#000", 21),
        ("color:#767676", 4.54),
        ("color:rgba(0,0,0,.5)", 3.98),
        ("color:#fff;background:#000", 21),
        ("color:#000;opacity:.5", 3.98),
        ("color:#777;background:rgba(0,0,0,.5)", 1.13),
    ],
)
def test_contrast_is_as_wcag_reckons(browser, style, ratio):
    (text,) = browser.measure([f'<p style="{style}">text</p>'], ".card{background:#fff}", "card")
    assert text.ratio == pytest.approx(ratio, abs=0.05)
