"""The preview in a real browser: what a person sees, clicks and types, and that nothing leaves the page."""

import json
import re
from pathlib import Path

import pytest
from hostile_pages import read_hostile
from payloads import PAYLOADS
from tabs import Tab, tab_of
from written import self_checks

import ankiexport

STARS = """# Practice: Stars

1. What makes a star shine?

<details><summary>Show answer</summary>

Fusion of **hydrogen**: $E = mc^2$.

</details>

2. How far is the next one, in \\(\\frac{1}{2}\\) parsecs?

<details><summary>Show answer</summary>

Two and a half.

![A star](star.svg)

</details>

## Exercise

Name what these are made of.

- A. The Sun
- B. A comet

<details><summary>Show answers</summary>

- A. Plasma
- B. Ice

</details>

3. What is a nova?
"""
PLANETS = """# Practice: Planets

**Q:** Which planet has rings?

**A:** Saturn

**Q:** Which is the red one?

**A:** Mars
"""
TOML = """
[course]
name = "Astronomy <b> & more"
id = "sky"
typed = ["flashcard"]
reverse = ["flashcard"]
"""
STAR = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><circle cx="30" cy="20" r="15"/></svg>'


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "sky"
    folder.mkdir()
    (folder / "1-stars.md").write_text(STARS, "utf-8")
    (folder / "2-planets.md").write_text(PLANETS, "utf-8")
    (folder / "star.svg").write_text(STAR, "utf-8")
    (folder / "ankiexport.toml").write_text(TOML, "utf-8")
    return folder


@pytest.fixture
def preview(run):
    """Writes the preview of pages by the command, into the working folder."""

    def preview(*paths, status=0):
        result = run("preview", *paths)
        assert result.exit_code == status, result.output
        return Path("preview.html").resolve()

    return preview


@pytest.fixture
def tab(chromium):
    """A tab; whatever a test did in it, the console stayed empty and no request left."""
    with tab_of(chromium) as tab:
        yield tab
        assert tab.told == [] and tab.left == []


@pytest.fixture
def opened(tab, preview, pages):
    return tab.open(preview(pages))


def texts(tab: Tab, selector: str) -> list[str]:
    tab.settle()
    return [re.sub(r"\s+", " ", text).strip() for text in tab.page.locator(selector).all_inner_texts()]


# What is there


def test_numbers_are_on_top(opened):
    assert texts(opened, ".pv-title h1") == ["Astronomy <b> & more"]
    assert texts(opened, ".pv-title p") == ["6 notes · 8 cards · 2 lessons · 1 media file (101 Bytes) · 1 problem"]


def test_lessons_are_a_tree_with_counts(opened):
    assert texts(opened, "nav a") == ["Astronomy <b> & more ⚑ 1 6", "Stars ⚑ 1 4", "Planets 2"]


def test_tracks_are_branches(tab, preview, tmp_path):
    entries = ""
    for name, track in (("a", "One"), ("b", "Two"), ("c", "One")):
        (tmp_path / f"{name}.md").write_text(PLANETS.replace("Planets", name.upper()), "utf-8")
        entries += f'[[page]]\nfile = "{name}.md"\ndeck = "{track}::{{title}}"\n'
    (tmp_path / "ankiexport.toml").write_text(f'[course]\nname = "All"\n\n{entries}', "utf-8")
    tab.open(preview(tmp_path / "a.md", tmp_path / "b.md", tmp_path / "c.md"))
    assert texts(tab, "nav a") == ["All 6", "One 4", "A 2", "C 2", "Two 2", "B 2"]
    tab.page.click("nav a:has-text('One')")
    tab.page.wait_for_selector("nav a:has-text('One')[aria-current=true]")
    assert texts(tab, "section:not([hidden]) h2") == ["A", "C"]
    tab.page.click("nav li li a:has-text('A')")
    tab.page.wait_for_selector("section:nth-of-type(2)", state="hidden")
    assert texts(tab, "section:not([hidden]) h2") == ["A"]


def test_problem_stands_where_its_line_is(opened):
    (problem,) = texts(opened, "#lesson-0 .pv-problem")
    assert problem.startswith("line 35: warning no answer follows")
    around = opened.page.eval_on_selector(
        ".pv-problem", "it => [it.previousElementSibling.innerText, it.nextElementSibling]"
    )
    assert "line 26" in around[0] and around[1] is None


def test_page_without_a_note_is_told(tab, preview, pages):
    (pages / "3-empty.md").write_text("# Nothing\n\nOnly words.\n", "utf-8")
    tab.open(preview(pages))
    assert texts(tab, "#lesson-2 .pv-problem") == ["line 1: note no question with an answer on this page"]


def test_nothing_of_the_machine_is_told(preview, pages):
    assert str(pages) not in preview(pages).read_text("utf-8")


def test_formulas_are_drawn(opened):
    opened.page.click("#answers")
    heights = opened.page.eval_on_selector_all("mfrac", "them => them.map(it => it.getBoundingClientRect().height)")
    line = opened.page.eval_on_selector("article h3", "it => it.getBoundingClientRect().height")
    assert len(heights) == 1 and heights[0] > line
    assert "\\(" not in opened.page.inner_text("main")
    assert opened.page.locator("msup").all_text_contents() == ["c2"]


def test_picture_is_shown(opened):
    opened.page.click("#answers")
    opened.page.locator("img").scroll_into_view_if_needed()
    opened.page.wait_for_selector("img[src^='blob:']")
    width = opened.page.eval_on_selector("img", "async (it) => { await it.decode(); return it.naturalWidth; }")
    assert width == 60


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
    assert len(opened.shown()) == 1 and texts(opened, "section:not([hidden]) h2") == ["Stars"]
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
    assert texts(opened, "#kind option") == ["All kinds", "self-check (2)", "exercise (2)", "flashcard (2)"]


def test_lesson_is_chosen_by_a_link_that_can_be_kept(tab, preview, pages):
    path = preview(pages)
    tab.open(path)
    tab.page.click("nav a:has-text('Planets')")
    assert tab.page.url.endswith("#lesson-1") and tab.count() == "2 of 6 notes"
    tab.page.go_back()
    tab.page.wait_for_selector("text=6 notes")
    tab.open(path, "#lesson-1")
    assert texts(tab, "section:not([hidden]) h2") == ["Planets"]


def test_what_changed_since_the_lock_is_marked_and_chosen(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    (pages / "1-stars.md").write_text(STARS.replace("makes a star shine", "lets a star shine so"), "utf-8")
    (pages / "2-planets.md").write_text(PLANETS.partition("**Q:** Which is")[0], "utf-8")
    lock = (pages / "ankiexport.lock").read_bytes()
    tab.open(preview(pages))
    assert texts(tab, "#change option") == ["All notes", "reworded (1)", "removed (1)", "unchanged (4)"]
    tab.page.select_option("#change", "reworded")
    assert "was: What makes a star shine?" in texts(tab, "article:not([hidden])")[0]
    tab.page.select_option("#change", "removed")
    assert tab.shown() == [] and texts(tab, "article:not([hidden])") == [
        "no longer on the page removed Which is the red one?"
    ]
    assert (pages / "ankiexport.lock").read_bytes() == lock


def test_page_that_is_gone_is_told(tab, run, preview, pages):
    assert run("build", pages).exit_code == 0
    (pages / "2-planets.md").unlink()
    tab.open(preview(pages))
    assert texts(tab, "#others article p") == ["Which planet has rings?", "Which is the red one?"]


def test_without_a_lock_nothing_is_called_new(opened):
    assert opened.page.locator("#change").count() == 0 and opened.page.locator(".pv-change").count() == 0


# Looks


def colour(tab, selector):
    return tab.page.eval_on_selector(selector, "it => getComputedStyle(it).backgroundColor")


def test_night_is_anki_s_night(opened):
    assert colour(opened, ".card") == "rgb(255, 255, 255)"
    opened.page.click("#night")
    assert colour(opened, ".card") == "rgb(30, 34, 39)"


def test_night_of_the_system_is_followed(chromium, preview, pages):
    with tab_of(chromium, color_scheme="dark") as tab:
        tab.open(preview(pages))
        assert colour(tab, ".card") == "rgb(30, 34, 39)"


def test_phone_is_as_wide_as_one(opened):
    opened.page.click("#phone")
    assert opened.page.locator(".card").first.bounding_box()["width"] <= 390


@pytest.mark.parametrize("width", [320, 420, 800, 1600])
def test_nothing_is_wider_than_the_window(chromium, preview, root, width):
    with tab_of(chromium, viewport={"width": width, "height": 800}) as tab:
        tab.open(preview(root / "docs" / "pictures" / "course"))
        tab.page.click("#answers")
        tab.go_to_each()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_lessons_fold_up_in_a_narrow_window(chromium, preview, pages):
    with tab_of(chromium, viewport={"width": 400, "height": 800}) as tab:
        tab.open(preview(pages))
        assert not tab.page.locator("nav a").first.is_visible()
        tab.page.click("nav summary")
        assert tab.page.locator("nav a").first.is_visible()


@pytest.mark.parametrize("looks", [[], ["#night"], ["#phone"], ["#night", "#phone"], ["#keys"]])
def test_axe_finds_nothing_serious(tab, preview, root, looks):
    opened = tab.open(preview(root / "docs" / "pictures" / "course"))
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not here: pip install 'ankiexport[test]'"
    )
    for button in ("#answers", *looks):
        opened.page.click(button)
    opened.go_to_each()
    opened.page.wait_for_timeout(300)  # a colour that changes is measured when it is there
    found = axe.Axe().run(opened.page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []


# Paper


@pytest.fixture
def printed(tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not here: pip install 'ankiexport[test]'")

    def printed(tab):
        path = tmp_path / "printed.pdf"
        tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")  # which a person's browser sends
        tab.page.pdf(path=path, prefer_css_page_size=True)
        return [page.extract_text() for page in pypdf.PdfReader(path).pages]

    return printed


def test_each_card_that_is_shown_is_printed_on_a_page(opened, printed):
    opened.page.select_option("#kind", "flashcard")
    first, second = printed(opened)
    assert "Which planet has rings?" in first and "Saturn" in first
    assert "Which is the red one?" in second and "Mars" in second


def test_nothing_is_wider_than_paper(chromium, preview, root):
    with tab_of(chromium, viewport={"width": 640, "height": 900}) as tab:  # as wide as A4 between its margins
        tab.open(preview(root / "docs" / "pictures" / "course"))
        tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.page.emulate_media(media="print")
        assert tab.page.evaluate("document.documentElement.scrollWidth") == 640


def test_button_prints_what_is_shown(opened):
    opened.page.evaluate("window.print = () => { window.printed = shown.map((article) => article.textContent) }")
    opened.page.fill("#search", "comet")
    opened.page.wait_for_selector("text=Print 1")
    opened.page.click("#print")
    opened.page.wait_for_function("window.printed")
    (text,) = opened.page.evaluate("window.printed")
    assert "A comet" in text and "Ice" in text


# Faithful and safe


def test_hostile_pages_do_nothing(tab, tmp_path):
    course = ankiexport.build(read_hostile(PAYLOADS[::5]).pages, course="Hostile")
    assert len(course.notes) > 500
    ankiexport.write(course, tmp_path / "hostile.html")
    tab.open(tmp_path / "hostile.html")
    tab.page.click("#answers")
    tab.page.evaluate("notes.forEach(fill)")
    assert tab.page.locator(".pv-back:not([hidden])").count() >= len(course.notes)


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", '"><img src=x onerror=alert(1)>', "\u2028\ud800\x00"]
)
def test_names_and_texts_stay_text(tab, tmp_path, text):
    page = ankiexport.read(
        ankiexport.Source(name=f"{text}.md", text=PLANETS, format="markdown", title=text, url=f"https://x/{text}")
    )
    course = ankiexport.build(page, course=f"Course {text}")
    ankiexport.write(course, tmp_path / "preview.html")
    tab.open(tmp_path / "preview.html")
    tab.page.click("#answers")
    assert len(tab.turned()) == 2


# The command


def test_preview_writes_one_file_and_no_lock(run, pages):
    before = sorted(pages.iterdir())
    result = run("preview", pages)
    assert result.exit_code == 0 and result.output.endswith("preview.html: 6 notes in 2 decks\n")
    assert sorted(pages.iterdir()) == before and [path.name for path in Path().iterdir()] == ["preview.html"]


def test_same_pages_give_the_same_bytes(run, pages):
    run("preview", pages, "-o", "one.html")
    run("preview", pages, "-o", "other.html")
    assert Path("one.html").read_bytes() == Path("other.html").read_bytes()


def test_preview_beside_the_pages_is_no_page(run, pages):
    run("preview", pages, "-o", pages / "preview.html")
    listed = json.loads(run("list", pages, "--json").stdout)
    assert [page["key"] for page in listed["pages"]] == ["stars", "planets"]
    result = run("list", pages / "preview.html")
    assert result.exit_code == 4 and "ankiexport wrote this preview itself" in result.output


@pytest.mark.parametrize("verb", ["preview", "build"])
def test_page_is_never_overwritten(run, tmp_path, verb):
    page = tmp_path / "page.html"
    page.write_text("<h1>Q</h1><details><summary>What is it?</summary>A page.</details>", "utf-8")
    before = page.read_bytes()
    result = run(verb, page, "-o", page)
    assert result.exit_code == 2 and "this is one of the pages" in result.output
    assert page.read_bytes() == before


def test_preview_is_html_or_pdf(run, pages):
    result = run("preview", pages, "-o", "deck.apkg")
    assert result.exit_code == 2 and "a preview is an .html or a .pdf" in result.output
    assert not Path("deck.apkg").exists()


def test_nothing_found_writes_nothing(run, tmp_path):
    (tmp_path / "empty.md").write_text("# Nothing\n", "utf-8")
    Path("preview.html").write_text("mine", "utf-8")
    assert run("preview", tmp_path / "empty.md").exit_code == 3
    assert Path("preview.html").read_text("utf-8") == "mine"


def test_open_shows_the_file(run, pages, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path))
    assert run("preview", pages, "--open").exit_code == 0
    assert opened == ["preview.html"]


def test_only_cards_that_are_near_are_there(tab, tmp_path):
    text = "# Many\n\n" + "".join(f"**Q:** What is number {i}?\n\n**A:** It is {i}.\n\n" for i in range(1500))
    course = ankiexport.build(ankiexport.read(ankiexport.Source(name="many.md", text=text, format="markdown")), "Many")
    ankiexport.write(course, tmp_path / "many.html")
    tab.open(tmp_path / "many.html")
    assert 5 < tab.page.locator(".card").count() < 60
    tab.page.fill("#search", "number 1499")
    tab.page.wait_for_selector("article[id]:not([hidden]) .card:has-text('number 1499')")
