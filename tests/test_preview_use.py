"""The preview in a real browser: what a person clicks, presses, types, searches and chooses."""

import json

import lxml.html
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


def test_a_reverse_card_tells_no_answer_before_its_time(opened):
    note = opened.page.locator("article", has_text="rings").first
    assert note.locator(".card").count() == 2 and "Saturn" not in note.inner_text()
    note.locator("button").click()
    assert note.locator(".card:visible").count() == 2


def test_a_card_turns_though_a_word_of_another_is_selected(opened):
    first, second = opened.shown()[:2]
    opened.page.dblclick(f'[id="{first}"] .ax-question', position={"x": 20, "y": 10})
    opened.page.evaluate("document.querySelectorAll('.pv-back').forEach(it => (it.hidden = true))")
    opened.page.click(f'[id="{second}"] button')
    assert second in opened.turned()


def test_skip_link_keeps_the_lesson(opened):
    opened.page.click("nav a:has-text('Planets')")
    opened.page.focus(".pv-skip")
    opened.press("Enter")
    assert opened.texts("section:not([hidden]) h2") == ["Planets"]


def test_a_recording_keeps_its_keys(tab, preview, tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"ID3" + bytes(500))
    page = "# Heard\n\n**Q:** What <audio src='a.mp3'></audio>?\n\n**A:** A tone\n\n**Q:** And?\n\n**A:** No\n"
    (tmp_path / "heard.md").write_text(page, "utf-8")
    tab.open(preview(tmp_path / "heard.md"))
    tab.page.focus("audio")
    tab.press("ArrowRight", "Space")
    assert tab.page.evaluate("document.activeElement.localName") == "audio" and tab.turned() == []


def test_help_tells_the_keys(opened):
    opened.press("?")
    assert opened.page.locator("#help").is_visible()
    opened.press("Escape")
    assert not opened.page.locator("#help").is_visible()


# What is typed


TYPED = (
    ("Saturn", "Saturn"),
    ("Saturn", "Satrun"),
    ("Saturn", ""),
    ("Saturn", " saturn "),
    ("-5", "5"),
    ("kangaroo", "kangroo"),
    ("two words", "twowords"),
    ("abc", "xbcd"),
    ("abcabc", "bcab"),
    ("aab", "baa"),
    ("café", "cafe\u0301"),
    ("a<b", "a>b"),
    ("привет", "превет"),
    ("x", "another one"),
)


def test_typed_answer_is_compared_as_anki_does(opened, collection):
    """A script's marks against those of the real one: what stands before the arrow, and after it."""
    for expected, typed in TYPED:
        ours = opened.page.evaluate(
            """([typed, expected]) => {
              const line = document.createElement("code");
              line.append(...comparisonOf(typed.normalize("NFC"), expected.normalize("NFC")));
              return line.innerHTML;
            }""",
            [typed, expected],
        )
        theirs = lxml.html.fromstring(collection.compare_answer(expected, typed))
        assert marks_of(lxml.html.fromstring(f"<code>{ours}</code>")) == marks_of(theirs), (expected, typed)


def marks_of(line):
    return [(part.tag, part.get("class"), part.text) for part in line] or line.text


def test_typed_answer_can_be_typed_again(opened):
    opened.page.click("nav a:has-text('Planets')")
    opened.page.click("input#typeans >> nth=0")
    opened.page.keyboard.type("Satrun")
    opened.press("Enter")
    assert "Saturn" in opened.page.inner_text("code#typeans")
    opened.press("Space")
    assert opened.page.locator("code#typeans").count() == 0
    assert opened.page.input_value("input#typeans >> nth=0") == "Satrun"


# Search and choices


def test_search_finds_words_of_question_and_answer(opened):
    opened.press("/")
    opened.page.keyboard.type("HYDROGEN star")
    opened.page.wait_for_selector("text=1 of 6 notes")
    assert len(opened.shown()) == 1 and opened.texts("section:not([hidden]) h2") == ["Stars"]
    opened.press("Escape")
    assert opened.count() == "" and len(opened.shown()) == 6


def test_search_that_finds_nothing_says_so(opened):
    opened.page.fill("#search", "zebra")
    opened.page.wait_for_selector("text=0 of 6 notes")
    assert opened.shown() == [] and opened.page.locator("#print").is_disabled()


SIGNS = """# Signs

**Q:** What is `a < b` & c?

**A:** Zoë, Weststraße

**Q:** How cold is it?

**A:** -77
"""


@pytest.mark.parametrize(
    ("words", "count"), [("zoe", 1), ("STRASSE", 1), ("a < b", 1), ("& C", 1), ("-77", 1), ("answer", 0), ("code", 0)]
)
def test_search_finds_text_whatever_its_form(tab, preview, tmp_path, words, count):
    page = tmp_path / "signs.md"
    page.write_text(SIGNS, "utf-8")
    tab.open(preview(page))
    tab.page.fill("#search", words)
    tab.page.wait_for_selector(f"text={count} of 2 notes")
    assert len(tab.shown()) == count


def test_search_says_what_is_in_other_lessons(opened):
    opened.page.click("nav a:has-text('Planets')")
    opened.page.fill("#search", "hydrogen")
    opened.page.wait_for_selector("text=0 of 6 notes · 1 in other lessons")
    opened.press("Escape")
    assert opened.count() == "" and not opened.page.url.endswith("lesson-1")


@pytest.mark.parametrize("key", ["Enter", "ArrowDown"])
def test_from_the_search_to_what_it_found(opened, key):
    opened.press("End", "/")
    opened.page.keyboard.type("parsecs")
    opened.press(key)
    assert [opened.current()] == opened.shown()
    opened.press("Space")
    assert opened.turned() == opened.shown()


def test_after_a_search_tab_reaches_what_it_found(opened):
    opened.press("End", "/")
    opened.page.keyboard.type("parsecs")
    opened.page.wait_for_selector("text=1 of 6 notes")
    assert opened.page.locator("article:not([hidden]) > button[tabindex='0']").count() == 1


def test_what_is_found_is_seen_from_its_beginning(tab, preview, root):
    tab.open(preview(root / "source"))
    tab.press("End", "/")
    tab.page.keyboard.type("model")
    tab.page.wait_for_selector("text=/of 50 notes/")
    assert tab.page.evaluate("scrollY") == 0


def test_space_turns_no_card_that_is_not_shown(opened):
    first = opened.shown()[0]
    opened.press("ArrowDown")
    opened.page.select_option("#kind", "flashcard")
    opened.page.evaluate("document.activeElement.blur()")
    opened.press("Space")
    opened.page.select_option("#kind", "")
    assert first not in opened.turned()


def test_problems_are_chosen_as_a_kind(opened):
    opened.page.select_option("#kind", "problem")
    assert opened.shown() == [] and opened.count() == "Shown: 0 of 6 notes · 1 problem"
    assert opened.page.locator(".pv-problem:visible").count() == 1


def test_kind_is_chosen(opened):
    opened.page.select_option("#kind", "exercise")
    assert opened.count() == "Shown: 2 of 6 notes" and len(opened.shown()) == 2
    assert opened.texts("#kind option") == [
        "All kinds",
        "self-check (2)",
        "exercise (2)",
        "flashcard (2)",
        "problem (1)",
    ]


def test_lesson_is_chosen_by_a_link_that_can_be_kept(tab, preview, pages):
    path = preview(pages)
    tab.open(path)
    tab.page.click("nav a:has-text('Planets')")
    assert tab.page.url.endswith("#lesson-1") and tab.count() == "Shown: 2 of 6 notes"
    tab.page.go_back()
    tab.page.wait_for_selector("#shown:empty", state="attached")
    tab.open(path, "#lesson-1")
    assert tab.texts("section:not([hidden]) h2") == ["Planets"]


def test_what_changed_since_the_lock_is_marked_and_chosen(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    gone = json.loads(run("list", pages, "--json").stdout)["pages"][1]["items"][1]["guid"]
    (pages / "1-stars.md").write_text(STARS.replace("makes a star shine", "lets a star shine so"), "utf-8")
    (pages / "2-planets.md").write_text(PLANETS.partition("**Q:** Which is")[0], "utf-8")
    lock = (pages / "ankiexport.lock").read_bytes()
    tab.open(preview(pages))
    assert tab.texts("#change option") == ["All notes", "reworded (1)", "removed (1)", "unchanged (4)"]
    tab.page.select_option("#change", "reworded")
    assert "was: What makes a star shine?" in tab.texts("article:not([hidden])")[0]
    tab.page.select_option("#change", "removed")
    assert tab.shown() == [] and tab.texts("article:not([hidden])") == [
        f"no longer on the page; in Anki it is Id:{gone} removed Which is the red one?"
    ]
    assert (pages / "ankiexport.lock").read_bytes() == lock


def test_page_that_is_gone_is_told(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    (pages / "2-planets.md").unlink()
    tab.open(preview(pages))
    assert tab.texts("#others article p") == ["Which planet has rings?", "Which is the red one?"]


def test_without_a_lock_nothing_is_called_new(opened):
    assert opened.page.locator("#change").count() == 0 and opened.page.locator(".pv-change").count() == 0
