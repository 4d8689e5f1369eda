"""Packages imported into real Anki, with its own importer: what a learner gets."""

import json

import pytest
from packages import query

from ankiexport import build, notetype, read, write

ONE = """# Practice: Bends & hitches

## Self-check

**1.** Which knot joins `two` ropes?

<details><summary>Show answer</summary>

A **reef knot** holds if a < b.

</details>

## Exercise

Name the knot that each of these needs.

A. A loop that must not slip.

B. A rope around a post.

<details><summary>Show answer</summary>

A. A bowline.

B. A clove hitch.

Both can be untied under load.

</details>
"""
TWO = """# Practice: Words

<details class="flashcard"><summary>What is a bight?</summary>

The slack part of a rope.

</details>

<details class="flashcard"><summary>What is the working end?</summary>

The end that you hold.

</details>
"""
TOML = """[course]
name = "Knots"
id = "knots"
author = "A. Sailor"
licence = "CC BY-SA 4.0"
url = "https://knots.example/"

[[page]]
file = "words.md"
tags = ["rope words"]

[[page]]
file = "bends.md"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "bends.md").write_text(ONE, "utf-8")
    (folder / "words.md").write_text(TWO, "utf-8")
    (folder / "ankiexport.toml").write_text(TOML, "utf-8")
    return folder


@pytest.fixture
def package(folder, tmp_path):
    path = tmp_path / "knots.apkg"
    write(build(read(folder)), path)
    return path


@pytest.fixture
def imported(package, import_into_anki):
    collection, log = import_into_anki(package)
    assert (len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)) == (5, 0, 0, 0)
    return collection


def notes(collection, search=""):
    return [collection.get_note(found) for found in collection.find_notes(search)]


def test_course_is_a_parent_deck_with_a_numbered_deck_per_lesson(imported):
    names = {deck.name for deck in imported.decks.all_names_and_ids()} - {"Default"}
    assert names == {"Knots", "Knots::01 Words", "Knots::02 Bends & hitches"}
    assert len(imported.find_cards('"deck:Knots::01 Words"')) == 2
    assert len(imported.find_cards('"deck:Knots::02 Bends & hitches"')) == 3


def test_loose_pages_get_decks_without_numbers(folder, tmp_path, import_into_anki):
    (folder / "ankiexport.toml").unlink()
    write(build(read(folder), course="Loose"), tmp_path / "loose.apkg")
    collection, _ = import_into_anki(tmp_path / "loose.apkg")
    names = {deck.name for deck in collection.decks.all_names_and_ids()} - {"Default"}
    assert names == {"Loose", "Loose::Bends & hitches", "Loose::Words"}


def test_fields_stand_under_their_names(imported):
    (note,) = notes(imported, "Question:*slip*")
    fields = dict(note.items())
    assert list(fields) == list(notetype.FIELDS)
    assert fields["Question"] == "A loop that must not slip."
    assert fields["Answer"] == "A bowline."
    assert fields["Context"] == "Name the knot that each of these needs."
    assert fields["Explanation"] == "Both can be untied under load."
    assert fields["Cue"] == "Bends &amp; hitches · Exercise · A"
    assert fields["Id"] == note.guid
    assert fields["Origin"] == "knots/bends-hitches/exercise/A"
    assert {fields[name] for name in ("Hint", "Reverse", "Typed", "Spare1", "Spare2", "Spare3", "Spare4")} == {""}


def test_source_field_holds_no_path_of_this_machine(imported, tmp_path):
    assert {dict(note.items())["Source"] for note in notes(imported)} == {""}
    assert not any(str(tmp_path) in field for note in notes(imported) for field in note.fields)


def test_source_field_holds_the_address_of_the_page(folder, tmp_path, import_into_anki):
    head = '<head><link rel="canonical" href="https://knots.example/words?a=1&amp;b=2"></head>'
    reveal = "<details><summary>Answer</summary>So.</details>"
    html = f"<!DOCTYPE html><html>{head}<main><h1>Ways</h1><p>1. Up?</p>{reveal}</main></html>"
    (folder / "ways.html").write_text(html, "utf-8")
    write(build(read(folder / "ways.html")), tmp_path / "ways.apkg")
    collection, _ = import_into_anki(tmp_path / "ways.apkg")
    (note,) = notes(collection)
    assert note["Source"] == "https://knots.example/words?a=1&amp;b=2"


def test_tags_say_course_lesson_kind_and_shape(imported):
    (note,) = notes(imported, "Question:*bight*")
    assert {"course::knots", "lesson::words", "kind::flashcard", "rope_words"} <= set(note.tags)
    assert any(tag.startswith("shape::") for tag in note.tags)
    assert all(" " not in tag for note in notes(imported) for tag in note.tags)


def test_guids_are_those_of_the_listing(imported, folder):
    assert {note.guid for note in notes(imported)} == {note.guid for note in build(read(folder)).notes}


def test_new_cards_are_due_in_the_order_of_the_pages(imported):
    cards = sorted((imported.get_card(card) for card in imported.find_cards("")), key=lambda card: card.due)
    questions = [card.note()["Question"] for card in cards]
    assert questions == [
        "What is a bight?",
        "What is the working end?",
        "Which knot joins <code>two</code> ropes?",
        "A loop that must not slip.",
        "A rope around a post.",
    ]
    assert len({card.due for card in cards}) == len(cards)


def test_deck_says_title_author_licence_and_address(imported):
    deck = imported.decks.by_name("Knots::02 Bends & hitches")
    assert deck["desc"] == ("Bends &amp; hitches (Knots)<br>A. Sailor<br>CC BY-SA 4.0<br>https://knots.example/")


def test_deck_without_a_toml_has_no_description_that_would_overwrite_the_learners(folder, tmp_path, import_into_anki):
    (folder / "ankiexport.toml").unlink()
    write(build(read(folder), course="Loose"), tmp_path / "loose.apkg")
    collection, _ = import_into_anki(tmp_path / "loose.apkg")
    assert collection.decks.by_name("Loose::Words")["desc"] == ""


def test_importing_twice_brings_nothing_new(imported, package, import_into_anki):
    _, log = import_into_anki(package)
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 0, 5)
    assert imported.note_count() == 5


def test_other_forms_of_the_pages_bring_nothing_new(imported, folder, tmp_path, import_into_anki):
    (folder / "words.md").rename(folder / "words.mdx")
    (folder / "ankiexport.toml").write_text(TOML.replace("words.md", "words.mdx"), "utf-8")
    write(build(read(folder)), tmp_path / "again.apkg")
    _, log = import_into_anki(tmp_path / "again.apkg")
    assert (len(log.new), len(log.conflicting)) == (0, 0)


def test_question_that_is_added_is_the_only_new_note(imported, folder, tmp_path, import_into_anki):
    added = "**2.** Which knot is new?\n\n<details><summary>Show answer</summary>\n\nThis.\n\n</details>\n\n## Exercise"
    (folder / "bends.md").write_text(ONE.replace("## Exercise", added), "utf-8")
    write(build(read(folder)), tmp_path / "more.apkg")
    _, log = import_into_anki(tmp_path / "more.apkg")
    assert (len(log.new), len(log.conflicting)) == (1, 0)


def test_card_shows_the_question_first_and_then_the_answer(imported):
    (card,) = (imported.get_card(card) for card in imported.find_cards("Question:*slip*"))
    question, answer = card.question(), card.answer()
    for shown in ("A loop that must not slip.", "Name the knot that each of these needs.", "Bends &amp; hitches"):
        assert shown in question
    assert "A bowline." not in question
    assert "Both can be untied" not in question
    for shown in ("A loop that must not slip.", "A bowline.", "Both can be untied under load."):
        assert shown in answer
    assert "{{" not in question + answer


def test_signs_of_html_come_out_as_the_page_shows_them(imported):
    (card,) = (imported.get_card(card) for card in imported.find_cards("Question:*joins*"))
    assert "<code>two</code>" in card.question()
    assert "A <strong>reef knot</strong> holds if a &lt; b." in card.answer()


def test_only_one_card_is_made_of_a_note_without_a_reverse(imported):
    assert imported.card_count() == imported.note_count() == 5
    assert {imported.get_card(card).ord for card in imported.find_cards("")} == {0}


def test_filled_reverse_makes_a_second_card_that_asks_for_the_question(imported):
    (note,) = notes(imported, "Question:*bight*")
    note["Reverse"] = "1"
    imported.update_note(note)
    front, back = sorted(note.cards(), key=lambda card: card.ord)
    assert (front.template()["name"], back.template()["name"]) == ("Card", "Reverse")
    assert "The slack part of a rope." in back.question()
    assert "What is a bight?" not in back.question()
    assert "What is a bight?" in back.answer()


def test_filled_typed_field_asks_for_typing(imported):
    (note,) = notes(imported, "Question:*bight*")
    assert "[[type:" not in note.cards()[0].question()
    note["Typed"] = "slack"
    imported.update_note(note)
    assert "[[type:Typed]]" in note.cards()[0].question()


def test_filled_hint_is_shown_on_a_click(imported):
    (note,) = notes(imported, "Question:*bight*")
    note["Hint"] = "It is slack."
    imported.update_note(note)
    assert "It is slack." in note.cards()[0].question()


def test_note_type_has_the_frozen_names_and_its_own_mod_time(imported, package):
    kept = imported.models.by_name(notetype.NAME)
    assert [field["name"] for field in kept["flds"]] == list(notetype.FIELDS)
    assert [template["name"] for template in kept["tmpls"]] == list(notetype.TEMPLATES)
    assert [field["id"] for field in kept["flds"]] == list(notetype.FIELDS.values())
    assert [template["id"] for template in kept["tmpls"]] == list(notetype.TEMPLATES.values())
    assert kept["css"].strip() == notetype.css().strip()
    packed = json.loads(query(package, "SELECT models FROM col")[0][0])
    assert packed[str(notetype.ID)]["mod"] == notetype.MODIFIED


def test_notes_carry_the_time_of_their_export(package):
    assert query(package, "SELECT DISTINCT mod FROM notes") == [(1700000000,)]


def test_notes_and_cards_have_ids_of_their_own(package):
    assert query(package, "SELECT count(DISTINCT id) FROM notes") == [(5,)]
    assert query(package, "SELECT count(DISTINCT id) FROM cards") == [(5,)]


def test_no_field_holds_a_sign_that_would_split_it(package):
    for (fields,) in query(package, "SELECT flds FROM notes"):
        assert len(fields.split("\x1f")) == len(notetype.FIELDS)
        assert "\x00" not in fields


def test_page_full_of_control_characters_still_imports(tmp_path, import_into_anki):
    page = tmp_path / "odd.md"
    page.write_text(
        "# O\x1fdd\n\n**1.** Wh\x1fy?\n\n<details><summary>Answer</summary>\n\nS\x01o.\n\n</details>\n", "utf-8"
    )
    write(build(read(page), course="Odd"), tmp_path / "odd.apkg")
    collection, log = import_into_anki(tmp_path / "odd.apkg")
    assert len(log.new) == 1
    (note,) = notes(collection)
    assert (note["Question"], note["Answer"]) == ("Wh y?", "S o.")
