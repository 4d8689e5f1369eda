"""Call-outs, footnotes and reveals, as site generators write them."""

import pytest

import ankiexport
from ankiexport import Source
from ankiexport.card_html import for_card
from ankiexport.markup import plain


def item_of(body: str, page_format: str = "html") -> ankiexport.Item:
    """The one item of a page with this answer."""
    text = f"<p>1. What is it?</p>\n<details><summary>Show answer</summary>\n\n{body}\n\n</details>"
    (page,) = ankiexport.read(Source(name="p", text=text, format=page_format))
    assert not page.problems
    (item,) = page.items
    return item


CALLOUT = '<blockquote class="callout"><p><strong>Note</strong></p>\n<p>Mind this.</p></blockquote>'
CALLOUTS = {
    "Sphinx": '<div class="admonition note"><p class="admonition-title">Note</p><p>Mind this.</p></div>',
    "Docusaurus": '<div class="theme-admonition alert"><div class="heading_x"><svg width="9"></svg>Note</div>'
    "<div><p>Mind this.</p></div></div>",
    "Starlight": '<aside aria-label="Note" class="starlight-aside"><p class="title" aria-hidden="true">Note</p><div>'
    "<p>Mind this.</p></div></aside>",
    "GitHub": '<div class="markdown-alert"><p class="markdown-alert-title">Note</p><p>Mind this.</p></div>',
    "VuePress": '<div class="custom-block tip"><p class="custom-block-title">Note</p><p>Mind this.</p></div>',
}


@pytest.mark.parametrize("shape", CALLOUTS.values(), ids=CALLOUTS)
def test_call_out_is_a_quote_with_its_title(shape):
    assert item_of(f"<p>It.</p>{shape}").answer == f"<p>It.</p>\n{CALLOUT}"


@pytest.mark.parametrize(
    ("shape", "page_format"),
    [
        ("> [!NOTE]\n> Mind this.", "markdown"),
        (":::note\nMind this.\n:::", "markdown"),
        (":::tip[Note]\nMind this.\n:::", "mdx"),
        ('!!! tip "Note"\n    Mind this.', "markdown"),
        ("<Note>\nMind this.\n</Note>", "mdx"),
        ("<Aside type='note'>\nMind this.\n</Aside>", "mdx"),
        ("<Callout title='Note'>\nMind this.\n</Callout>", "mdx"),
    ],
)
def test_call_out_of_markdown(shape, page_format):
    assert item_of(f"It.\n\n{shape}", page_format).answer == f"<p>It.</p>\n{CALLOUT}"


def test_call_out_in_a_list_stays_in_it():
    answer = item_of("- One\n\n  :::note\n  Mind *this*.\n  :::\n\n- Two", "markdown").answer
    assert answer.startswith("<ul>") and answer.endswith("</ul>")
    assert answer.count("<li>") == 2
    assert '<blockquote class="callout"><p><strong>Note</strong></p>' in answer
    assert "<pre>" not in answer


def test_box_that_holds_a_question_is_no_call_out():
    text = (
        '<div class="admonition exercise"><p class="admonition-title">Exercise 1</p><p>Prove it.</p></div>'
        '<div class="admonition solution dropdown"><p class="admonition-title">Solution</p><p>So it is.</p></div>'
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format="html"))
    (item,) = page.items
    assert (plain(item.question), item.answer) == ("Exercise 1\nProve it.", "So it is.")


def test_collapsible_admonition_of_markdown_is_a_reveal():
    text = '1. What is it?\n\n??? success "Show answer"\n    It is *it*.\n\nAnd so on.\n'
    (page,) = ankiexport.read(Source(name="p", text=text, format="markdown"))
    assert [item.answer for item in page.items] == ["It is <em>it</em>."]


def test_code_that_a_notebook_folds_away_is_no_answer():
    cell = '<details class="admonition hide"><summary><p>Show code cell source</p></summary><pre>x = 1</pre></details>'
    (page,) = ankiexport.read(Source(name="p", text=f"<p>Here is a plot.</p>{cell}", format="html"))
    assert not page.items


# Footnotes

NOTES = {
    "GitHub": (
        '<sup><a href="#user-content-fn-1" data-footnote-ref>1</a></sup>',
        '<section data-footnotes class="footnotes"><h2>Footnotes</h2><ol><li id="user-content-fn-1"><p>A note. '
        '<a href="#r" data-footnote-backref>↩</a></p></li></ol></section>',
    ),
    "Python-Markdown": (
        '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>',
        '<div class="footnote"><hr><ol><li id="fn:1"><p>A note.&#160;'
        '<a class="footnote-backref" href="#r">↩</a></p></li></ol></div>',
    ),
    "Pandoc": (
        '<a href="#fn1" class="footnote-ref" role="doc-noteref"><sup>1</sup></a>',
        '<section class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>A note.'
        '<a href="#r" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>',
    ),
    "Sphinx": (
        '<a class="footnote-reference brackets" href="#id2"><span>[</span>1<span>]</span></a>',
        '<aside class="footnote-list"><aside class="footnote brackets" id="id2" role="doc-footnote">'
        '<span class="label"><span class="fn-bracket">[</span><a role="doc-backlink" href="#r">1</a>]</span>'
        "<p>A note.</p></aside></aside>",
    ),
}


@pytest.mark.parametrize(("mark", "notes"), NOTES.values(), ids=NOTES)
def test_footnote_comes_to_the_text_that_speaks_of_it(mark, notes):
    text = (
        f"<p>1. What is it?</p><details><summary>Show answer</summary><p>It.{mark}</p></details>"
        f"<p>2. And that?</p><details><summary>Show answer</summary><p>That.</p></details>{notes}"
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format="html"))
    first, second = page.items
    assert for_card(first.answer) == '<p>It.<sup>1</sup></p>\n<div class="footnotes"><p><sup>1</sup> A note.</p></div>'
    assert second.answer == "That."
    assert not page.problems


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("One.\n\n    Two.", "<p><sup>1</sup> One.</p>\n<p>Two.</p>"),
        ("`x` & y", "<p><sup>1</sup> <code>x</code> &amp; y</p>"),
        ("One.[^b]\n\n[^b]: Another.", "<p><sup>1</sup> One.<sup>2</sup></p><p><sup>2</sup> Another.</p>"),
    ],
)
def test_footnote_of_any_shape(note, shown):
    text = f"1. What is it?\n\n<details><summary>Show answer</summary>\n\n- It.[^a]\n\n</details>\n\n[^a]: {note}\n"
    (page,) = ankiexport.read(Source(name="p", text=text, format="markdown"))
    field = for_card(page.items[0].answer)
    assert field.startswith("<ul>")
    assert field.endswith(f'<div class="footnotes">{shown}</div>')


def test_link_to_a_place_on_the_page_is_no_footnote():
    text = (
        '<p>1. Which row?</p><details><summary>Show answer</summary><p>Row <a href="#row2">2</a>.</p></details>'
        '<ol><li id="row1">a</li><li id="row2">b</li></ol>'
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format="html", url="https://example.org/p"))
    assert page.items[0].answer == 'Row <a href="https://example.org/p#row2">2</a>.'


@pytest.mark.parametrize("page_format", ["mdx"])
def test_component_in_a_sentence_leaves_it_whole(page_format):
    text = (
        "**1. What is <Image src='a.png' alt='this' /> here?**\n\n<details><summary>Show answer</summary>It.</details>"
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format=page_format))
    assert plain(page.items[0].question) == "What is this here?"
