"""The preview in a real browser: what it shows, how it looks and prints, and that nothing leaves the page."""

import pytest
from astronomy import PLANETS
from hostile_pages import read_hostile
from payloads import PAYLOADS
from tabs import tab_of

import ankiexport

# What is there


def test_numbers_are_on_top(opened):
    assert opened.texts(".pv-title h1") == ["Astronomy <b> & more"]
    assert opened.texts(".pv-title p") == [
        "6 notes · 8 cards · 2 lessons · 1 media file (101 Bytes) · ⚑ 1 problem",
        "",
    ]


def test_lessons_are_a_tree_with_counts(opened):
    assert opened.texts("nav a") == ["Astronomy <b> & more ⚑ 1 6", "Stars ⚑ 1 4", "Planets 2"]


def test_tracks_are_branches(tab, preview, tmp_path):
    entries = ""
    for name, track in (("a", "One"), ("b", "Two"), ("c", "One")):
        (tmp_path / f"{name}.md").write_text(PLANETS.replace("Planets", name.upper()), "utf-8")
        entries += f'[[page]]\nfile = "{name}.md"\ndeck = "{track}::{{title}}"\n'
    (tmp_path / "ankiexport.toml").write_text(f'[course]\nname = "All"\n\n{entries}', "utf-8")
    tab.open(preview(tmp_path / "a.md", tmp_path / "b.md", tmp_path / "c.md"))
    assert tab.texts("nav a") == ["All 6", "One 4", "A 2", "C 2", "Two 2", "B 2"]
    tab.page.click("nav a:has-text('One')")
    tab.page.wait_for_selector("nav a:has-text('One')[aria-current=true]")
    assert tab.texts("section:not([hidden]) h2") == ["A", "C"]
    tab.page.click("nav li li a:has-text('A')")
    tab.page.wait_for_selector("section:nth-of-type(2)", state="hidden")
    assert tab.texts("section:not([hidden]) h2") == ["A"]


def test_problem_stands_where_its_line_is(opened):
    (problem,) = opened.texts("#lesson-0 .pv-problem")
    assert problem.startswith("line 35: warning no answer follows")
    around = opened.page.eval_on_selector(
        ".pv-problem", "it => [it.previousElementSibling.innerText, it.nextElementSibling]"
    )
    assert "line 26" in around[0] and around[1] is None


def test_page_without_a_note_is_told(tab, preview, pages):
    (pages / "3-empty.md").write_text("# Nothing\n\nOnly words.\n", "utf-8")
    tab.open(preview(pages))
    assert tab.texts("#lesson-2 .pv-problem") == ["line 1: note no question with an answer on this page"]


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


def test_paper_is_light_and_unmarked(opened):
    opened.page.click("#night")
    opened.press("ArrowDown")
    opened.page.emulate_media(media="print")
    style = "it => [getComputedStyle(it).color, getComputedStyle(it).backgroundColor]"
    assert opened.page.eval_on_selector(".pv-current .card", style) == ["rgb(34, 38, 43)", "rgb(255, 255, 255)"]
    edges = "it => [getComputedStyle(it).borderTopWidth, getComputedStyle(it).boxShadow]"
    assert opened.page.eval_on_selector(".pv-current", edges) == ["0px", "none"]


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


def test_only_cards_that_are_near_are_there(tab, tmp_path):
    text = "# Many\n\n" + "".join(f"**Q:** What is number {i}?\n\n**A:** It is {i}.\n\n" for i in range(1500))
    course = ankiexport.build(ankiexport.read(ankiexport.Source(name="many.md", text=text, format="markdown")), "Many")
    ankiexport.write(course, tmp_path / "many.html")
    tab.open(tmp_path / "many.html")
    assert 5 < tab.page.locator(".card").count() < 60
    tab.page.fill("#search", "number 1499")
    tab.page.wait_for_selector("article[id]:not([hidden]) .card:has-text('number 1499')")


def test_browser_that_cannot_unpack_the_cards_says_so(chromium, preview, pages):
    with tab_of(chromium) as tab:
        tab.page.add_init_script("delete window.DecompressionStream")
        tab.page.goto(preview(pages).as_uri())
        tab.page.wait_for_selector("text=The cards cannot be shown")
