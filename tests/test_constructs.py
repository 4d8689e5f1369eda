"""Everything that a page may hold arrives on the cards: the same from HTML, as generators write it, and Markdown."""

import re

import pytest
from browser import Browser
from construct_cards import FOLDER, GOLDEN, course_of, fields_of, take_pictures

from ankiexport import highlight, notetype, write

FORMS = ("html", "md")


def all_fields(form):
    _, course = course_of(form)
    (deck,) = course.decks
    return [notetype.fields(course.id, deck, note.guid, note.item) for note in deck.notes]


@pytest.mark.parametrize("form", FORMS)
def test_cards_are_the_golden_ones(form):
    assert fields_of(form) == GOLDEN.read_text("utf-8")


def test_both_forms_give_the_same_notes():
    assert all_fields("html") == all_fields("md")


@pytest.mark.parametrize("form", FORMS)
def test_only_what_is_not_there_is_a_problem(form):
    page, _ = course_of(form)
    messages = [problem.message for problem in page.problems]
    assert messages == [
        "picture 'media/lost.png' is not in the deck: there is no such file; --download-media looks for it on the web",
        "picture 'https://example.org/moon.png' is not in the deck:"
        " it is on the web; --download-media takes it into the deck",
    ]
    text = (FOLDER / f"page.{form}").read_text("utf-8").split("\n")
    assert [
        "lost.png" in text[page.problems[0].location.line - 1],
        "moon.png" in text[page.problems[1].location.line - 1],
    ]


@pytest.mark.parametrize("form", FORMS)
def test_package_holds_each_file_that_a_card_names_and_no_other(form):
    _, course = course_of(form)
    shown = " ".join(value for fields in all_fields(form) for value in fields.values())
    assert set(re.findall(r"ankiexport-[0-9a-f]+\.\w+", shown)) == set(course.media)
    assert sorted(name.rpartition(".")[2] for name in course.media) == ["gif", "png", "svg", "svg", "wav", "webm"]
    assert (
        course.media[next(name for name in course.media if name.endswith("png"))]
        == (FOLDER / "media/sunset.png").read_bytes()
    )


def test_code_is_marked_for_colours_and_without_them_it_is_what_the_page_says():
    answer = all_fields("md")[2]["Answer"]
    assert '<span class="k">return</span>' in answer
    assert "&lt;vector&gt;" in answer and "{{field}}" in answer and "&amp;amp;" in answer
    assert "<span" not in highlight.uncoloured(answer)


@pytest.mark.desktop
def test_cards_look_like_their_pictures(tmp_path):
    with Browser() as browser:
        for form in FORMS:
            (tmp_path / form).mkdir()
            for name, picture in take_pictures(browser, form, tmp_path / form).items():
                assert browser.difference(picture, FOLDER / f"{name}.png") < 0.02
        assert browser.difference(tmp_path / "html" / "day.png", tmp_path / "md" / "day.png") == 0
        assert browser.difference(FOLDER / "day.png", FOLDER / "night.png") > 0.5


@pytest.mark.parametrize("form", FORMS)
def test_real_anki_finds_nothing_missing(form, tmp_path, import_into_anki):
    _, course = course_of(form)
    write(course, tmp_path / "deck.apkg")
    collection, log = import_into_anki(tmp_path / "deck.apkg")
    assert len(log.new) == len(course.notes) == 12
    found = collection.media.check()
    assert not found.missing
    assert not found.unused
