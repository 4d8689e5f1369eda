"""Call-outs, footnotes and reveals, as site generators write them."""

import pytest

import ankiexport
from ankiexport import Source
from ankiexport.card_html import for_card
from ankiexport.plain import plain


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
    assert (item.section, item.question, item.answer) == ("Exercise 1", "Prove it.", "So it is.")


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


# Tabs, boxes to tick, frames


def test_what_stands_behind_tabs_is_headed_by_their_names():
    tabs = (
        '<div><ul role="tablist"><li role="tab">Java</li><li role="tab">Python</li></ul>'
        '<div><div role="tabpanel"><p>One.</p></div><div role="tabpanel" hidden><p>Two.</p></div></div></div>'
    )
    named = "<p><strong>Java</strong></p>\n<p>One.</p>\n<p><strong>Python</strong></p>\n<p>Two.</p>"
    assert item_of(tabs).answer == named
    mdx = "<Tabs>\n<TabItem label='Java'>\nOne.\n</TabItem>\n<TabItem label='Python'>\nTwo.\n</TabItem>\n</Tabs>"
    assert item_of(mdx, "mdx").answer == named


@pytest.mark.parametrize(
    ("written", "page_format"),
    [
        (
            '<ul><li><input type="checkbox" checked disabled> Paris</li><li><input type="checkbox"> Rome</li></ul>',
            "html",
        ),
        ("- [x] Paris\n- [ ] Rome", "markdown"),
    ],
)
def test_ticks_stay(written, page_format):
    assert plain(item_of(written, page_format).answer) == "- ☑ Paris\n- ☐ Rome"


def test_frame_is_a_link():
    frame = '<p>Watch:</p><iframe src="https://example.org/embed/x" title="A proof"></iframe>'
    assert item_of(frame).answer == '<p>Watch:</p>\n<p><a href="https://example.org/embed/x">A proof</a></p>'


@pytest.mark.parametrize(
    "reveal",
    [
        ":::details Show answer\nIt.\n:::",
        "> [!success]- Show answer\n> It.",
        '??? note "Show answer"\n    It.',
    ],
)
def test_reveals_of_markdown(reveal):
    (page,) = ankiexport.read(Source(name="p", text=f"**1. What is it?**\n\n{reveal}\n", format="markdown"))
    assert [item.answer for item in page.items] == ["It."]


def test_list_of_one_under_a_question_is_part_of_it():
    text = (
        "<p><b>2. What does this print?</b></p><pre>d</pre><ol><li>Keys are strings.</li></ol>"
        "<details><summary>Show answer</summary><p>It.</p></details>"
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format="html"))
    assert [plain(item.question) for item in page.items] == ["What does this print?\nd\n1. Keys are strings."]


def test_footnote_that_is_spoken_of_twice_comes_both_times():
    text = "1. What is it?[^1]\n\n<details><summary>Show answer</summary>\n\nIt.[^1]\n\n</details>\n\n[^1]: A note.\n"
    (page,) = ankiexport.read(Source(name="p", text=text, format="markdown"))
    (item,) = page.items
    for side in (item.question, item.answer):
        assert for_card(side).endswith('<sup>1</sup></p>\n<div class="footnotes"><p><sup>1</sup> A note.</p></div>')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Set $PATH. export A=$B", "Set $PATH. export A=$B"),
        ("$HOME=$PWD and $a/$b", "$HOME=$PWD and $a/$b"),
        (r"See \[1\] and arr\[i\]", "See [1] and arr[i]"),
        ("It costs $5 or $6", "It costs $5 or $6"),
        ("$x=1$ and $n$", r"\(x=1\) and \(n\)"),
        (r"$\alpha$ and $$y^2$$", r"\(\alpha\) and \[y^2\]"),
    ],
)
def test_what_merely_stands_between_dollars_is_text(text, shown):
    assert plain(item_of(text, "markdown").answer) == shown


def test_tag_in_an_attribute_is_none():
    answer = item_of('<div>\n<abbr title="x <i> y">Q</abbr> and so on\n</div>', "markdown").answer
    assert answer.replace("&lt;", "<").replace("&gt;", ">") == '<abbr title="x <i> y">Q</abbr> and so on'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"<p>\begin{align} a &amp;= b \end{align}</p>", r"\[\begin{align} a &= b \end{align}\]"),
        (r"<p>It costs \$6.</p>", "It costs $6."),
        ("<pre><span># $not$ math</span></pre>", "# $not$ math"),
        ("<p>So $x^2$.</p>", r"So \(x^2\)."),
    ],
)
def test_page_that_a_script_typesets(body, shown):
    script = "<script>MathJax = {tex: {inlineMath: [['$', '$']]}}</script>"
    reveal = f"<details><summary>Show answer</summary>{body}</details>"
    (page,) = ankiexport.read(Source(name="p", text=f"{script}<main><p>1. What?</p>{reveal}</main>", format="html"))
    assert plain(page.items[0].answer) == shown


def test_solution_to_an_exercise_with_a_name_only_shows():
    text = (
        '<div class="admonition exercise"><p class="admonition-title">Exercise 1 (Coin)</p><p>Toss it.</p></div>'
        '<div class="admonition solution dropdown"><p class="admonition-title">Solution to Exercise 1 (Coin)</p>'
        "<p>Heads.</p></div>"
    )
    (page,) = ankiexport.read(Source(name="p", text=text, format="html"))
    assert [item.answer for item in page.items] == ["Heads."]
