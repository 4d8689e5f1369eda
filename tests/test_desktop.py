"""The cards in Anki's desktop app: one run of docs/pictures/take.py studies them all, in both modes and sizes."""

import importlib.util
import json
import os
import struct
import subprocess
import sys

import pytest

PATIENCE = 170  # seconds, after which the run is ended
CODE, PART_A, PART_B, ORDER, FORMULAS, WORD, TYPED, SIGNS, SCRIPTS, REVERSE = range(1, 11)
HOW = "pip install 'ankiexport[desktop]', and the libraries that docs/cards.md names"

pytestmark = pytest.mark.desktop


@pytest.fixture(scope="module")
def desktop_app():
    """Skips where the app or a library of the system that it needs is not here."""
    if importlib.util.find_spec("aqt") is None:
        pytest.skip(f"Anki's desktop app is not here: {HOW}")
    tried = subprocess.run([sys.executable, "-c", "import aqt.qt"], capture_output=True, text=True)
    if "cannot open shared object file" in tried.stderr:
        pytest.skip(f"{tried.stderr.splitlines()[-1]}: {HOW}")
    assert tried.returncode == 0, tried.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def run(desktop_app, folder, root, tmp_path_factory):
    """What was seen, and what the run left in the folder for temporary files."""
    temporary = tmp_path_factory.mktemp("t")
    command = [sys.executable, root / "docs/pictures/take.py", folder]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "views.json").read_text("utf-8")), list(temporary.iterdir())


@pytest.fixture(scope="module")
def views(run):
    return run[0]["views"]


@pytest.fixture
def seen(views):
    """What was seen of a side of a card, in each mode and size, or in one size."""

    def seen(card, side, size=None):
        return [
            view["seen"]
            for view in views
            if (view["card"], view["side"]) == (card, side) and size in (None, view["size"])
        ]

    return seen


def test_every_note_is_imported_and_every_card_studied_in_both_modes_and_sizes(run, views):
    assert (run[0]["notes"], run[0]["cards"]) == (9, 10)
    found = {(view["card"], view["side"], view["mode"], view["size"]) for view in views}
    assert len(found) == len(views) == 10 * 2 * 2 * 2
    assert {view["seen"]["state"] for view in views} == {"review"}


def test_nothing_is_left_in_the_folder_for_temporary_files(run):
    assert run[1] == []


def test_front_asks_and_back_answers(views):
    for view in views:
        assert view["seen"]["question"]
        assert bool(view["seen"]["answer"]) == (view["side"] == "back")
        assert view["seen"]["rules"] == (view["side"] == "back")


@pytest.mark.parametrize(
    ("card", "cue", "question", "answer"),
    [
        (CODE, "Pitch in numbers · Self-check", "above A4?", "return 440.0 * 2**octaves"),
        (PART_A, "Pitch in numbers · Name the interval · A", "One sounds at 880 Hz", "An octave: "),
        (PART_B, "Pitch in numbers · Name the interval · B", "One sounds at 330 Hz", "A fifth: "),
        (WORD, "Pitch in numbers · Words", "octave", "The interval between a tone"),
        (REVERSE, "⇄ Pitch in numbers · Words", "The interval between a tone", "octave"),
    ],
)
def test_each_kind_of_card_shows_where_it_is_from_its_question_and_its_answer(seen, card, cue, question, answer):
    assert {view["cue"] for view in seen(card, "front")} == {cue}
    assert all(question in view["question"] and answer not in view["question"] for view in seen(card, "front"))
    assert all(question in view["question"] and answer in view["answer"] for view in seen(card, "back"))


def test_night_mode_is_told_by_the_classes_that_the_css_knows(views):
    for view in views:
        assert {"nightMode", "night_mode"}.isdisjoint(view["seen"]["classes"]) == (view["mode"] == "light")


def test_no_card_is_wider_than_its_window(views):
    widest = {"desktop": 900, "phone": 420}
    for view in views:
        assert view["seen"]["page_width"] <= view["seen"]["room"] <= widest[view["size"]], view


def test_what_is_too_wide_for_a_phone_scrolls(seen):
    assert all(set(view["scrolling"]) == {"pre", "table", "mjx-container"} for view in seen(SIGNS, "back", "phone"))


def test_nothing_has_to_be_opened(views):
    assert {view["seen"]["reveals"] for view in views} == {0}


def test_formulas_are_set(seen):
    assert [view["formulas"] for view in seen(FORMULAS, "back")] == [2] * 4
    assert not any("\\" in view["answer"] for view in seen(FORMULAS, "back"))


def test_pictures_are_loaded(seen):
    assert [view["pictures"] for view in seen(FORMULAS, "back")] == [[560]] * 4


def test_sound_has_a_button(seen):
    assert [view["sounds"] for view in seen(WORD, "back")] == [1] * 4


def test_code_has_as_many_lines_as_it_is_written_in(seen):
    blocks = [block for card in (CODE, SIGNS) for view in seen(card, "back") for block in view["code_lines"]]
    assert [written for written, _ in blocks] == [5] * 4 + [5, 1] * 4
    for written, shown in blocks:
        assert shown == pytest.approx(written, abs=0.1)


def test_subscripts_do_not_push_the_lines_apart(seen):
    paragraphs = [lines for view in seen(SIGNS, "back") for lines in view["sub_and_sup_lines"]]
    assert len(paragraphs) >= 4
    for lines in paragraphs:
        assert lines == pytest.approx(round(lines), abs=0.1)


def test_paragraphs_run_the_way_their_letters_do(seen):
    for view in seen(SCRIPTS, "back"):
        from_the_right = "\n".join(view["from_the_right"])
        assert "ما الفرق" in from_the_right and "التردد 440" in from_the_right
        assert "in English" not in from_the_right and "An English paragraph" not in from_the_right


def test_typed_answer_is_asked_for_once_and_compared_once(seen, views):
    assert [view["typing"] for view in seen(TYPED, "front")] == [["input"]] * 4
    assert [view["typing"] for view in seen(TYPED, "back")] == [["code"]] * 4
    assert all(view["compared"] for view in seen(TYPED, "back"))
    assert {view["card"] for view in views if view["seen"]["typing"]} == {TYPED}


def test_pictures_of_the_run_are_whole_and_not_blank(folder, views):
    for view in views:
        name = f"{view['card']}-{view['template'].lower()}-{view['side']}-{view['mode']}-{view['size']}.png"
        width, height = struct.unpack(">II", (folder / name).read_bytes()[16:24])
        assert width == {"desktop": 900, "phone": 420}[view["size"]]
        assert height > 500
        assert view["colours"] > 16, name


def test_pictures_of_the_docs_are_small_and_shown_somewhere(root):
    pictures = list((root / "docs/pictures").glob("*.png"))
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) < 600_000
    pages = "".join(page.read_text("utf-8") for page in (root / "README.md", root / "docs/cards.md"))
    assert [picture.name for picture in pictures if f"pictures/{picture.name}" not in pages] == []
