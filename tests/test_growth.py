"""A page of twice the size is twice the work to read, not four times: counted in calls of functions, on no clock."""

import sys

import pytest

from ankiexport import Source, read

SMALL = 60  # questions or rows


def html_of(count):
    menu = "".join(f'<li><a href="/{i}/">Lesson {i}</a></li>' for i in range(count))
    pair = "<p><b>{i}. What is {i}?</b></p>\n<details><summary>Show answer</summary><p>It is {i}.</p></details>\n"
    return f"<nav><ul>{menu}</ul></nav><main>{''.join(pair.format(i=i) for i in range(1, count + 1))}</main>"


def markdown_of(count):
    pair = "**{i}. What is {i}?**\n\n<details><summary>Show answer</summary>\n\nIt is {i}.\n\n</details>\n\n"
    return "".join(pair.format(i=i) for i in range(1, count + 1))


def text_of(count):
    asked = "{i}. What is the name of number {i}?\n\nShow answer\n\nIts name is {i}, as everybody knows.\n\n"
    return "Practice: Names\n\nSelf-check\n\n" + "".join(asked.format(i=i) for i in range(1, count + 1))


def rows_of(count):
    """A dump whose letters begin anew again and again, with a key that does so too."""
    asked = "".join(f"A. the first thing {i}\nB. the second thing {i}\n" for i in range(count))
    told = "".join(f"A: one {i}\nB: two {i}\n" for i in range(count))
    return f"Practice: Letters\nSay what each is.\n{asked}Show answer\n{told}"


def choices_of(count):
    ask = "{i}. Which of these is number {i}?\n\nA. the first\nB. the second\n\nAnswer: A\n\n"
    return "".join(ask.format(i=i) for i in range(1, count + 1))


PAGES = {
    "html": ("html", html_of),
    "markdown": ("markdown", markdown_of),
    "text": ("text", text_of),
    "rows of letters": ("text", rows_of),
    "choices": ("text", choices_of),
}


def calls_to_read(form, text):
    """How many functions are called to read a page, and how many items it has."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        (page,) = read(Source(name="page", text=text, format=form))
    finally:
        sys.setprofile(before)
    return count, len(page.items)


@pytest.mark.parametrize("name", PAGES)
def test_work_grows_as_the_page_does(name):
    form, page_of = PAGES[name]
    calls_to_read(form, page_of(2))  # what is made once
    small, items = calls_to_read(form, page_of(SMALL))
    large, more_items = calls_to_read(form, page_of(2 * SMALL))
    assert large < 2.3 * small
    assert items and more_items in (items, 2 * items)
