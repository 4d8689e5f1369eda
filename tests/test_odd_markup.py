"""HTML that browsers forgive: characters that no tree takes, blank text, small print without its words, frames."""

import pytest

import ankiexport
from ankiexport.model import Source


def answer_of(html: str, page_format: str = "html") -> str:
    """The answer to the one question of a page."""
    text = f"<main><h1>Ropes</h1>\n<details><summary>What is it?</summary>{html}</details></main>"
    ((item,),) = (page.items for page in ankiexport.read(Source(name="ropes", text=text, format=page_format)))
    return item.answer


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a&#x1f;b", "a b"),
        ("a&#00000008;b", "a b"),
        ("a&#8 b", "a  b"),
        ("a&#xD800;b", "a b"),
        ("a&#13;b", "a\nb"),
        ("a&#x41;&#65;b&#38;c", "aAAb&amp;c"),
        ("a&#9999999999999999;b", "a\ufffdb"),
    ],
)
def test_character_named_by_its_number_is_read_if_a_note_can_hold_it(written, read):
    assert answer_of(written) == read


@pytest.mark.parametrize(
    "place", ["<button>x</button>{}", "<ol><li>{}</li></ol>", "<dl><dt>{}</dt><dd>x</dd></dl>", "{}"]
)
@pytest.mark.parametrize("named", ["&#1;", "&#xb;", "&#xFFFE;", "&#65535;", "&#0;"])
def test_odd_character_named_by_its_number_harms_no_page(place, named):
    assert "y" in answer_of(place.format(f"z{named} y"))


def test_odd_character_in_an_expression_harms_no_page():
    assert "z" in answer_of('<span>q</span>{"\\u0001z"}', "mdx")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<b>x</b>\t<i>y</i>", "<b>x</b> <i>y</i>"),
        ("<b>x</b>  \n  <i>y</i>", "<b>x</b>\n<i>y</i>"),
        ("<b>x</b>\u00a0<i>y</i>", "<b>x</b>&nbsp;<i>y</i>"),
        (
            "<ul><li>\n    <pre>a\n  <b>b</b>\n\n  <i>c</i></pre>\n    <p>d</p></li></ul>",
            "<ul><li>\n<pre><code>a\n  b\n\n  c</code></pre>\n<p>d</p></li></ul>",
        ),
    ],
)
def test_blank_text_is_one_character_but_in_code(written, read):
    assert answer_of(written) == read


@pytest.mark.parametrize("page_format", ["html", "mdx"])
def test_words_pronunciation_is_no_text(page_format):
    ruby = "<ruby>漢<rt><p>kan</p></rt></ruby>" if page_format == "html" else "\n\n<ruby>漢<rt>kan</rt></ruby>\n\n"
    page = f"<main>\n\n<details><summary>What is it?</summary>x {ruby} y</details>\n\n</main>"
    ((item,),) = (it.items for it in ankiexport.read(Source(name="ropes", text=page, format=page_format)))
    assert "漢" in item.answer
    assert "<p>kan</p>" not in item.answer


def test_words_beside_an_empty_item_are_kept():
    assert answer_of("<ul><li></li>It is 42.</ul><p>And so on.</p>") == "<p>It is 42.</p>\n<p>And so on.</p>"


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_list_of_nothing_but_pictures_is_kept(tag):
    answer = answer_of(f'<{tag}><li><img src="knot.png"></li></{tag}><p>So.</p>')
    assert answer.startswith(f"<{tag}><li><span")
    assert answer.count("knot.png</span>") == 1


def test_page_that_has_our_attributes_is_read():
    page = (
        '<html data-ankiexport-line="x"><body><em id="content">\n<p>What is it?</p><details><summary>Answer</summary>'
        "It is long enough.</details></em>"
    )
    ((item,),) = (it.items for it in ankiexport.read(Source(name="ropes", text=page, format="html")))
    assert item.location.line == 2


def test_small_print_is_read_where_it_is_no_words_pronunciation():
    assert "only" in answer_of("<p><rt>only</rt></p>")


def test_what_is_for_browsers_without_frames_is_no_content():
    assert answer_of("yes<noframes><p>no</p></noframes><noembed><p>no</p></noembed>") == "yes"


@pytest.mark.parametrize("tag", ["blockquote", "div", "details"])
def test_page_is_read_as_deep_as_its_parser_goes(tag):
    assert "bottom" in answer_of(f"<{tag}>" * 240 + "bottom" + f"</{tag}>" * 240)
