"""Reveals, boxes and fields of HTML where pages are not as tidy as the manual's examples."""

import pytest

from ankiexport import Source, read
from ankiexport.plain import plain


def page_of(html):
    (page,) = read([Source(name="page", text=f"<main><h1>T</h1>{html}</main>", format="html")])
    return page


def pairs_of(html):
    return [(plain(item.question), plain(item.answer)) for item in page_of(html).items]


def radio(number):
    return (
        f"<form><p>{number}. What is {number}?</p><label><input type=radio name=q value=correct> right {number}</label>"
        f"<label><input type=radio name=q> wrong {number}</label></form>"
    )


def test_radio_buttons_of_two_forms_are_two_questions():
    assert pairs_of(radio(1) + radio(2)) == [
        ("What is 1?\n- right 1\n- wrong 1", "right 1"),
        ("What is 2?\n- right 2\n- wrong 2", "right 2"),
    ]


def test_of_two_elements_with_one_id_a_control_shows_the_first():
    piece = (
        "<p>{0}. What is {0}?</p><button onclick=\"show('a')\">Show answer</button><div id=a hidden>It is {0}.</div>"
    )
    assert pairs_of(piece.format(1) + piece.format(2))[0] == ("What is 1?", "It is 1.")


def test_control_shows_its_target_and_not_its_neighbour():
    html = (
        '<p>1. What is a?</p><button data-bs-toggle="collapse" data-bs-target="#b">Show answer</button>'
        '<p>2. What is c?</p><button data-bs-toggle="collapse" data-bs-target="#d">Show answer</button>'
        '<div class="collapse" id="d">It is d.</div><div class="collapse" id="b">It is b.</div>'
    )
    assert pairs_of(html) == [("What is a?", "It is b."), ("What is c?", "It is d.")]


@pytest.mark.parametrize(
    ("said", "answer"), [("1.10", "1.10"), ("true", "true"), ('["7", "seven"]', "7, or seven"), ("[1.50]", "1.50")]
)
def test_what_belongs_into_a_field_stays_as_it_is_written(said, answer):
    assert pairs_of(f"<p>1. It is <input data-answer='{said}'>.</p>") == [("It is _____.", answer)]


def test_numbers_of_a_key_count_as_browsers_count():
    html = (
        "<h2>Questions</h2><ol><li>What is a?</li><li>What is b?</li><li>What is c?</li></ol>"
        "<h2>Answers</h2><ol><li value=3>three</li><li value=1>one</li><li>two</li></ol>"
    )
    assert ("What is c?", "three") in pairs_of(html)
    assert set(pairs_of(html)) <= {("What is a?", "one"), ("What is b?", "two"), ("What is c?", "three")}


def test_data_that_closes_more_than_it_opens_is_read():
    data = '{"@type":"Question","name":"What is it?","acceptedAnswer":{"text":"<p>one</p></div></div><p>two</p>"}}'
    assert pairs_of(f'<script type="application/ld+json">{data}</script>') == [("What is it?", "one\ntwo")]


def test_answer_of_links_alone_is_no_menu_under_a_question():
    html = '<details><summary>Where is it told?</summary><p><a href="https://a.b">Here</a> <a href="https://c.d">there</a></p></details>'
    assert pairs_of(html) == [("Where is it told?", "Here there")]


def test_exercise_without_a_solution_is_told():
    page = page_of('<div class="challenge"><h3>Try it</h3><p>Do it.</p></div>')
    assert [problem.message for problem in page.problems if problem.code == "no-answer"] == [
        "no answer follows this question: Try it"
    ]


def test_fold_that_a_box_to_tick_opens_is_a_reveal():
    html = (
        '<p>1. What is it?</p><div class="book-expand"><label><div class="book-expand-head"><span>Answer</span></div>'
        '<input type="checkbox" class="hidden"><div class="book-expand-content"><p>A leaf.</p></div></label></div>'
    )
    assert pairs_of(html) == [("What is it?", "A leaf.")]
