"""What holds for any text at all: reading never crashes, no item has an empty side, and every line is in the file."""

import json
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankiexport import AnkiExportError, Page, Source, build, read
from ankiexport.identity import normalise
from ankiexport.plain import plain
from ankiexport.writers.json import listing

FORMATS = ("text", "html", "markdown", "mdx")

# Pieces that readers and finders look for, in the orders that no author would write.
PIECES = {
    "text": [
        "1. ",
        "Q. ",
        "A. ",
        "A: ",
        "B) ",
        "\n\n",
        "\n",
        "Show answer\n\n",
        "Solution\n",
        "  • ",
        "    ",
        "Why?",
        "Task 2: ",
        "#",
        "Hint\n",
    ],
    "html": [
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<summary>Answer</summary>",
        "<p>",
        "</p>",
        "1. ",
        "Why?",
        "<ol><li>",
        "</ol>",
        "<ul>",
        "<table><tr><td>",
        "</table>",
        "<pre><code>",
        "</pre>",
        "<h2>",
        "</h2>",
        "<!--",
        "-->",
        "&amp",
        "&#0;",
        "<br>",
        "A. ",
        "<script>",
        "</script>",
        "<template>",
        "<svg>",
        "<math>",
        "<![CDATA[",
        "]]>",
        "<main>",
        "<body>",
        "<html>",
        '<a href="',
        '">',
        "\n",
        "&#xD800;",
        "<dl><dt>",
    ],
    "markdown": [
        "1. ",
        "**1.** ",
        "Why?\n\n",
        "<details>",
        "</details>\n",
        "<summary>Answer</summary>\n\n",
        "A. ",
        "B. ",
        "- ",
        "    ",
        "```\n",
        "`",
        "$",
        "$$",
        "\n\n",
        "> ",
        "# ",
        "| a | b |\n|---|---|\n",
        "---\n",
        "[^1]",
        "[^1]: ",
        "term\n: ",
        ":::note\n",
        ":::\n",
        "![](",
        "[a](",
        ")",
        "\\",
        "<!--",
        "-->",
        "&lt;",
        "\t",
    ],
}
PIECES["mdx"] = [
    *PIECES["markdown"],
    "{",
    "}",
    "{/*",
    "*/}",
    '{"\\u{110000}"}',
    '{"\\uD800"}',
    "{`",
    "${",
    "`}",
    "import a from 'b'\n",
    "export const a = 1\n",
    "<Card>",
    "</Card>",
    "<Flashcard question=",
    '"a"',
    " answer=",
    "{a}",
    "/>",
    "<>",
    "</>",
    "<A.B ",
    "{...c}",
    "<Tabs>\n",
    "  <",
    "=>",
    "<!",
    "'",
]
# As they come out of a file: `source.py` has taken the control characters out. See below for pages in memory.
characters = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\x7f\x85")
PAGES = {
    name: st.lists(st.one_of(st.sampled_from(pieces), st.text(characters, max_size=6)), max_size=25).map("".join)
    for name, pieces in PIECES.items()
}


def read_page(text: str, page_format: str) -> Page | None:
    try:
        (page,) = read(Source(name="page", text=text, format=page_format))  # type: ignore[arg-type]
    except AnkiExportError as error:
        assert str(error).strip() and "\n" not in str(error)
        return None
    return page


def assert_sound(page: Page, text: str) -> None:
    count = text.count("\n") + 1
    for item in page.items:
        assert plain(item.question).strip() and plain(item.answer).strip()
        assert 1 <= item.location.line <= count
        assert item.fingerprint_text.strip()
    for problem in page.problems:
        assert 1 <= problem.location.line <= count
        assert problem.message.strip() and "\n" not in problem.message
    course = build([page], course="Any")
    assert len({note.guid for note in course.notes}) == len(course.notes) == len(page.items)
    json.dumps(listing(course), ensure_ascii=False).encode("utf-8")
    for note in course.notes:
        for html in (note.item.question, note.item.answer, note.item.context, note.item.explanation):
            assert not html or not any(sign in html for sign in ("\x00", "\x1f"))


@pytest.mark.parametrize("page_format", FORMATS)
@given(data=st.data())
def test_any_page_is_read_soundly(page_format, data):
    text = data.draw(PAGES[page_format])
    page = read_page(text, page_format)
    if page:
        assert_sound(page, text)


@pytest.mark.parametrize("page_format", FORMATS)
@given(text=st.text(characters, max_size=200))
@example(text="")
@example(text="\ufeff")
@example(text="\n\n\n")
def test_any_text_is_read_soundly_as_any_format(page_format, text):
    page = read_page(text, page_format)
    if page:
        assert_sound(page, text)


words = st.text("abcdefghij ABC 0123456789 .,;:!?'\"()-–—“”’…<>&$*_#|[]{}\\/=+~^%@äß漢", min_size=1, max_size=40)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=6))
def test_question_and_answer_of_escaped_html_come_out_as_they_went_in(pairs):
    tidy = [(f"x {' '.join(question.split())} x", f"x {' '.join(answer.split())} x") for question, answer in pairs]
    body = "".join(
        f"<details class=flashcard><summary>{escape(question)}</summary><p>{escape(answer)}</p></details>"
        for question, answer in tidy
    )
    page = read_page(f"<main>{body}</main>", "html")
    assert page is not None
    found = [(plain(item.question), plain(item.answer)) for item in page.items]
    assert set(found) <= set(tidy)
    # Pairs that differ in typography only are one item.
    assert {tuple(map(normalise, pair)) for pair in found} == {tuple(map(normalise, pair)) for pair in tidy}


@pytest.mark.parametrize("page_format", FORMATS)
@settings(max_examples=25)
@given(data=st.data())
def test_reading_twice_gives_the_same_page(page_format, data):
    text = data.draw(PAGES[page_format])
    assert read_page(text, page_format) == read_page(text, page_format)


@pytest.mark.parametrize("page_format", FORMATS)
@pytest.mark.parametrize(
    "sign",
    [
        "<",
        "{",
        "[",
        "(",
        "`",
        "*",
        "_",
        "$",
        "> ",
        "- ",
        "1. ",
        "\n",
        "|",
        "&",
        "</",
        "<a ",
        "{`",
        "\\",
        "<!--",
        "**1.** a\n\n",
    ],
)
def test_page_of_one_sign_again_and_again_is_read(page_format, sign):
    text = sign * 2000
    page = read_page(text, page_format)
    if page:
        assert_sound(page, text)


CONTROL = "**1.** Why{0}?\n\n<details>\n<summary>Answer</summary>\n\nSo{0}.\n\n</details>\n"
CONTROL_HTML = "<main><p>1. Why{0}?</p><details><summary>Answer</summary><p>So{0}.</p></details></main>"


# Not only the bytes of a file may hold control characters: a page may spell one, or come from memory.
@pytest.mark.parametrize(
    ("page_format", "text"),
    [
        pytest.param("html", CONTROL_HTML.format("&#x1f;"), id="a reference in HTML"),
        pytest.param("mdx", CONTROL.format('{"\\x1f"}'), id="an escape in MDX"),
        pytest.param("markdown", CONTROL.format("\x1f"), id="a page in memory"),
    ],
)
def test_sign_that_splits_fields_is_in_no_field(page_format, text):
    page = read_page(text, page_format)
    assert page is not None and len(page.items) == 1
    assert_sound(page, text)


def test_page_in_memory_with_control_characters_is_read():
    text = "${\x1b${"
    page = read_page(text, "mdx")
    assert page is not None


def test_emoji_that_mdx_spells_as_two_halves_is_one_character():
    page = read_page(CONTROL.format('{"\\ud83d\\ude00"}'), "mdx")
    assert page is not None
    assert page.items[0].question == "Why😀?"


@pytest.mark.parametrize("page_format", ["html", "markdown"])
def test_numbers_of_a_list_number_its_questions(page_format):
    """`1. Why?` in Markdown, and `<ol><li>` in HTML: the plainest way to write a numbered question."""
    reveal = "<details><summary>Answer</summary>\n\nSo.\n\n</details>"
    text = {
        "markdown": f"1. Why?\n\n{reveal}\n\n2. Where?\n\n{reveal}\n",
        "html": f"<main><ol><li>Why?</li></ol>{reveal}<ol start=2><li>Where?</li></ol>{reveal}</main>",
    }[page_format]
    page = read_page(text, page_format)
    assert page is not None
    assert [(item.kind, plain(item.question)) for item in page.items] == [
        ("self-check", "Why?"),
        ("self-check", "Where?"),
    ]


def test_items_of_a_loose_list_stand_on_the_line_of_their_number():
    assert plain("<ol><li><p>Why?</p></li><li><p>Where?</p></li></ol>") == "1. Why?\n2. Where?"  # type: ignore[arg-type]


def test_picture_in_a_list_is_told_on_its_own_line():
    page = read_page("1. ![](up.png)", "markdown")
    assert page is not None
    assert {problem.location.line for problem in page.problems} == {1}
