"""The preview in a real browser: what a person clicks, presses, types, searches and chooses."""

import pytest
from astronomy import PLANETS, STARS
from written import self_checks

# Clicks and keys


def test_a_click_turns_a_card_and_another_turns_it_back(opened):
    first, second = opened.shown()[:2]
    opened.page.click(f"#{first} .ax-question")
    assert opened.turned() == [first] and "Fusion of hydrogen" in opened.page.inner_text(f"#{first}")
    opened.page.click(f'[id="{second}"] button')
    assert opened.turned() == [first, second]
    opened.page.click(f'[id="{first}"] .ax-answer')
    assert opened.turned() == [second]


def test_a_link_in_a_card_does_not_turn_it(tab, preview, tmp_path):
    page = tmp_path / "links.md"
    page.write_text("# Links\n\n**Q:** What is [this](https://a.example)?\n\n**A:** Nothing\n", "utf-8")
    tab.open(preview(page))
    tab.page.evaluate("addEventListener('click', (event) => event.preventDefault())")  # or it would open
    tab.page.click("article a")
    assert tab.turned() == []


def test_keys_move_and_turn(opened):
    notes = opened.shown()
    opened.press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert opened.current() == notes[1]
    opened.press("Space")
    assert opened.turned() == [notes[1]]
    opened.press("Space")
    assert opened.turned() == []
    opened.press("End")
    assert opened.current() == notes[-1]
    opened.press("Home")
    assert opened.current() == notes[0]


def test_everything_can_be_reached_by_tab(opened):
    seen = []
    for _ in range(14):
        opened.press("Tab")
        seen.append(opened.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert seen[0] == "Skip to the cards"
    assert {"search", "kind", "answers", "night", "phone", "print", "keys", "Show answer"} <= set(seen)


def test_skip_link_goes_to_the_cards(opened):
    opened.press("Tab", "Enter", "Tab")
    assert opened.current() == opened.shown()[0]
    opened.press("Enter")
    assert opened.turned() == opened.shown()[:1]


def test_focus_is_seen(opened):
    opened.press("ArrowDown")
    outline = opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_long_card_is_scrolled_before_the_next(tab, preview, tmp_path):
    page = tmp_path / "long.md"
    lines = "\n\n".join(f"Line {number} of it." for number in range(80))
    page.write_text(f"# Long\n\n{self_checks([('What is it?', lines), ('And then?', 'No more.')])}", "utf-8")
    tab.open(preview(page))
    tab.press("ArrowDown", "Space", "ArrowDown")
    assert tab.current() == tab.shown()[0]
    tab.press(*["ArrowDown"] * 20)
    assert tab.current() == tab.shown()[1]


def test_all_answers_at_once(opened):
    opened.page.click("#answers")
    opened.go_to_each()
    assert opened.turned() == opened.shown()
    opened.page.click("#answers")
    assert opened.turned() == []


def test_all_answers_join_one_that_was_typed(opened):
    opened.page.click("nav a:has-text('Planets')")
    opened.page.click("input#typeans >> nth=0")
    opened.press("Enter")
    opened.page.click("#answers")
    assert opened.turned() == opened.shown()
    assert opened.page.locator("code#typeans").count() == 2


def test_a_reverse_card_stands_below_the_other(opened):
    saturn = opened.page.locator("article", has_text="Saturn").first
    assert saturn.locator(".card").count() == 2


def test_help_tells_the_keys(opened):
    opened.press("?")
    assert opened.page.locator("#help").is_visible()
    opened.press("Escape")
    assert not opened.page.locator("#help").is_visible()


# What is typed


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ("Saturn", [("typeGood", "Saturn")]),
        (
            "Satrun",
            [
                ("typeGood", "Sat"),
                ("typeBad", "ru"),
                ("typeGood", "n"),
                ("typeGood", "Sat"),
                ("typeMissed", "ur"),
                ("typeGood", "n"),
            ],
        ),
        ("", []),
    ],
)
def test_typed_answer_is_compared(opened, typed, marks):
    opened.page.click("nav a:has-text('Planets')")
    opened.page.click("input#typeans >> nth=0")
    opened.page.keyboard.type(typed)
    opened.press("Enter")
    found = opened.page.eval_on_selector_all(
        "code#typeans span", "them => them.map(it => [it.className, it.innerText])"
    )
    assert [tuple(mark) for mark in found] == marks
    assert "Saturn" in opened.page.inner_text("code#typeans")


# Search and choices


def test_search_finds_words_of_question_and_answer(opened):
    opened.press("/")
    opened.page.keyboard.type("HYDROGEN star")
    opened.page.wait_for_selector("text=1 of 6 notes")
    assert len(opened.shown()) == 1 and opened.texts("section:not([hidden]) h2") == ["Stars"]
    opened.press("Escape")
    assert opened.count() == "6 notes" and len(opened.shown()) == 6


def test_search_that_finds_nothing_says_so(opened):
    opened.page.fill("#search", "zebra")
    opened.page.wait_for_selector("text=No note is like that")
    assert opened.shown() == [] and opened.page.locator("#print").is_disabled()


def test_search_folds_case_and_accents_and_knows_signs(tab, preview, tmp_path):
    page = tmp_path / "signs.md"
    page.write_text("# Signs\n\n**Q:** What is `a < b` & c?\n\n**A:** Zoë\n", "utf-8")
    tab.open(preview(page))
    for words in ("zoe", "a < b", "& C"):
        tab.page.fill("#search", words)
        tab.page.wait_for_timeout(200)
        assert len(tab.shown()) == 1, words
    tab.page.fill("#search", "code")
    tab.page.wait_for_selector("text=No note")


def test_kind_is_chosen(opened):
    opened.page.select_option("#kind", "exercise")
    assert opened.count() == "2 of 6 notes" and len(opened.shown()) == 2
    assert opened.texts("#kind option") == ["All kinds", "self-check (2)", "exercise (2)", "flashcard (2)"]


def test_lesson_is_chosen_by_a_link_that_can_be_kept(tab, preview, pages):
    path = preview(pages)
    tab.open(path)
    tab.page.click("nav a:has-text('Planets')")
    assert tab.page.url.endswith("#lesson-1") and tab.count() == "2 of 6 notes"
    tab.page.go_back()
    tab.page.wait_for_selector("text=6 notes")
    tab.open(path, "#lesson-1")
    assert tab.texts("section:not([hidden]) h2") == ["Planets"]


def test_what_changed_since_the_lock_is_marked_and_chosen(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    (pages / "1-stars.md").write_text(STARS.replace("makes a star shine", "lets a star shine so"), "utf-8")
    (pages / "2-planets.md").write_text(PLANETS.partition("**Q:** Which is")[0], "utf-8")
    lock = (pages / "ankiexport.lock").read_bytes()
    tab.open(preview(pages))
    assert tab.texts("#change option") == ["All notes", "reworded (1)", "removed (1)", "unchanged (4)"]
    tab.page.select_option("#change", "reworded")
    assert "was: What makes a star shine?" in tab.texts("article:not([hidden])")[0]
    tab.page.select_option("#change", "removed")
    assert tab.shown() == [] and tab.texts("article:not([hidden])") == [
        "no longer on the page removed Which is the red one?"
    ]
    assert (pages / "ankiexport.lock").read_bytes() == lock


def test_page_that_is_gone_is_told(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    (pages / "2-planets.md").unlink()
    tab.open(preview(pages))
    assert tab.texts("#others article p") == ["Which planet has rings?", "Which is the red one?"]


def test_without_a_lock_nothing_is_called_new(opened):
    assert opened.page.locator("#change").count() == 0 and opened.page.locator(".pv-change").count() == 0
