"""Cards that are rendered here against those that real Anki renders, and formulas against what they were."""

import re

import lxml.html
import pytest
from hostile_pages import read_hostile
from payloads import PAYLOADS

import ankiexport
from ankiexport.browser_html import for_browser, typeset
from ankiexport.rendering import cards_of

ASKED = """# Practice: Asked

**Q:** What has an *address*?

**A:** A house

**Q:** Does it \\(a < b\\)?

**A:** - 1 & more
"""


def all_cards(course):
    return [
        (note.guid, card.template, card.front, card.back)
        for deck in course.decks
        for note in deck.notes
        for card in cards_of(course.id, deck, note)
    ]


@pytest.fixture
def anki_cards(import_into_anki, tmp_path):
    """The sides of every card of a course as real Anki renders them."""

    def anki_cards(course):
        ankiexport.write(course, tmp_path / "deck.apkg")
        collection, _ = import_into_anki(tmp_path / "deck.apkg")
        cards = [collection.get_card(number) for number in collection.find_cards("")]
        return [
            (card.note()["Id"], card.template()["name"], shown.question_text, shown.answer_text)
            for card in cards
            for shown in [card.render_output()]
        ]

    return anki_cards


def folded(html):
    """What a browser makes of it; white space between elements and the numbers of recordings aside."""
    html = re.sub(r"\[(?:sound:[^]]*|anki:play:[qa]:\d+)\]", "[sound]", html)
    text = lxml.html.tostring(lxml.html.fromstring(f"<div>{html}</div>"), encoding="unicode")
    return re.sub(r">\s+|\s+<", lambda gap: gap[0].strip(), text)


def assert_same(ours, theirs):
    assert len(ours) == len(theirs) > 0
    by_name = {(guid, template): (front, front + back) for guid, template, front, back in ours}
    for guid, template, front, answer in theirs:
        for mine, its in zip(by_name[guid, template], (front, answer), strict=True):
            assert folded(mine) == folded(its)


def test_cards_of_the_source_course_are_anki_s(anki_cards, root):
    course = ankiexport.build(ankiexport.read(root / "source"))
    assert_same(all_cards(course), anki_cards(course))


def test_typed_and_reverse_cards_are_anki_s(anki_cards, tmp_path):
    (tmp_path / "asked.md").write_text(ASKED, "utf-8")
    toml = '[course]\nname = "A"\nurl = "https://a.example/?b=1&c"\ntyped = true\nreverse = true\n'
    (tmp_path / "ankiexport.toml").write_text(toml, "utf-8")
    course = ankiexport.build(ankiexport.read(tmp_path / "asked.md"))
    cards = all_cards(course)
    assert {template for _, template, _, _ in cards} == {"Card", "Reverse"}
    assert any("[[type:Typed]]" in front for _, _, front, _ in cards)
    assert_same(cards, anki_cards(course))


def test_cards_of_hostile_pages_are_anki_s(anki_cards):
    course = ankiexport.build(read_hostile(PAYLOADS[::9]).pages, course="Hostile")
    assert_same(all_cards(course), anki_cards(course))


@pytest.mark.parametrize("url", ['https://a.example/"onmouseover="x', "https://a.example/<i>", "https://a.example/a b"])
def test_address_of_a_page_stays_in_its_attribute(url, anki_cards):
    source = ankiexport.Source(name="a.md", text=ASKED, format="markdown", url=url)
    course = ankiexport.build(ankiexport.read(source), course="A")
    for *_, answer in anki_cards(course):
        (link,) = lxml.html.fromstring(f"<div>{answer}</div>").xpath("//a")
        assert set(link.attrib) == {"href"} and not re.search(r'["<>\s]', link.get("href"))


# Formulas


@pytest.mark.parametrize(
    ("tex", "drawn"),
    [
        (r"\(\frac{a}{b}\)", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\[x &lt; 1\]", "<mo>&lt;</mo>"),
        (r"\(\substack{a \\ b}\)", "<mtable"),
        (r"\[\begin{split} a &amp;= b \\ c &amp;= d \end{split}\]", "<mtable"),
        ("\\(a<br>b\\)", "<mi>a</mi><mi>b</mi>"),
    ],
)
def test_formula_is_drawn(tex, drawn):
    assert drawn in typeset(f"so {tex} is")


@pytest.mark.parametrize("tex", [r"\(\ce{H2O}\)", r"\(\unknown{x}\)", r"\(\frac{a\)", r"\[a &lt; \nothing\]"])
def test_formula_that_cannot_be_drawn_is_shown_as_it_was_written(tex):
    assert typeset(f"so {tex} is") == f'so <code class="tex">{tex}</code> is'


@pytest.mark.parametrize("text", [r"<code>\(a\)</code>", r"<pre>\[a\]</pre>", r"\(a", r"a\)", r"\(a<p>b\)</p>"])
def test_what_is_no_formula_stays(text):
    assert typeset(text) == text


def test_a_formula_s_text_ends_no_element():
    assert "<script>" not in typeset(r"\(\text{&lt;script&gt;alert(1)&lt;/script&gt;}\)")
    assert "<img" not in typeset(r"\(\text{&lt;img src=x onerror=alert(1)&gt;}\)")


@pytest.mark.parametrize("bracket", ["(", "[", r"\{", r"\langle ", r"\lfloor ", "([", "⟨"])
def test_brackets_that_nothing_closes_take_no_time(bracket):
    tex = rf"\({(bracket + 'x') * 60}\)"
    assert typeset(tex) == f'<code class="tex">{tex}</code>'


def test_intervals_and_nested_brackets_are_drawn():
    assert "<math" in typeset(rf"\({'[0, 1) ' * 60}\)")
    assert "<math" in typeset(rf"\({'(' * 60}x{')' * 60}\)")


def test_a_recording_within_a_formula_is_text():
    shown = for_browser(r"so \(\text{&#91;sound:ankiexport-aa.mp3]}\)", lambda name: f'src="{name}"')
    assert "<audio" not in shown and "<math" in shown


# Pictures and recordings


def test_pictures_and_recordings_are_shown_from_where_they_are():
    side = '<img alt="a" src="ankiexport-0a.png">[sound:ankiexport-0b.mp3][sound:ankiexport-0c.mp4] [sound:mine.mp3]'
    shown = for_browser(side, lambda name: f'src="there/{name}"')
    assert '<img alt="a" src="there/ankiexport-0a.png">' in shown
    assert '<audio controls preload="none" src="there/ankiexport-0b.mp3">' in shown
    assert '<video controls preload="none" src="there/ankiexport-0c.mp4">' in shown
    assert "[sound:mine.mp3]" in shown
