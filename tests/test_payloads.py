"""Hostile pages, from a string to a card in a real browser: nothing on a card runs, and nothing loads."""

import json
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest
from browser import Browser, sides_of
from hostile_pages import contents_of, read_hostile
from payloads import FORMULAS, LOUD, PAYLOADS

import ankiexport

pytestmark = pytest.mark.desktop

CLASS = re.compile(r"[\w+#.-]{1,40}", re.A)
PICTURE = re.compile(r"ankiexport-[0-9a-f]+\.(?:png|jpg|gif|webp|avif|svg)")
LINK = re.compile(r"(?:https?://|mailto:)[^\x00-\x20\"'<>`\\]+", re.I)
NUMBER = re.compile(r"-?\d{1,6}")
ANYTHING = re.compile(r".*", re.S)
ATTRIBUTES = {
    "*": {"dir": ANYTHING, "lang": ANYTHING, "class": CLASS},
    "a": {"href": LINK, "target": re.compile("_blank"), "rel": re.compile("noopener noreferrer")},
    "abbr": {"title": ANYTHING},
    "img": {"src": PICTURE, "alt": ANYTHING, "title": ANYTHING, "width": NUMBER, "height": NUMBER},
    "span": {"title": ANYTHING},
    "ol": {"start": ANYTHING, "type": ANYTHING, "reversed": ANYTHING},
    "li": {"value": ANYTHING},
    "td": {"align": ANYTHING, "colspan": ANYTHING, "rowspan": ANYTHING},
    "th": {"align": ANYTHING, "colspan": ANYTHING, "rowspan": ANYTHING},
}
TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i"
    " img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead tr u ul"
    " var wbr".split()
)
# What Anki takes for its own in a field or on a card; `{{…}}` is text there
ANKI = re.compile(r"\[/?sound:|\[/?anki:|\[/?latex\]|\[/?\$\$?\]|\[\[type:|\x1f", re.I)
TOLD = 25  # failures


@pytest.fixture(scope="module")
def browser():
    with Browser() as browser:
        yield browser


@pytest.fixture(scope="module", params=["ours", "shared"])
def imported(request, tmp_path_factory):
    """A collection of real Anki with a deck of every payload in every place of every format."""
    pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    from ankiexport.verify import Collection

    payloads = list(PAYLOADS)
    if request.param == "shared":
        payloads = json.loads((request.getfixturevalue("real_pages") / "payloads.json").read_text("utf-8"))
    hostile = read_hostile(payloads)
    package = tmp_path_factory.mktemp("hostile") / "hostile.apkg"
    ankiexport.write(ankiexport.build(hostile.pages, course="Hostile"), package)
    assert hostile.items > 0.9 * hostile.written
    with Collection() as collection:
        assert collection.import_package(package).new == hostile.items
        print(f"{len(payloads)} payloads, {hostile.written} pages, {hostile.items} notes", end="; ")
        yield collection.anki


def assert_none(findings):
    """`findings` are pairs of what is wrong and where."""
    counts = Counter(what for what, _ in findings)
    examples = "\n".join(f"{what}\n    {str(where)[:600]}" for what, where in findings[:TOLD])
    assert not findings, f"{len(findings)} findings\n{counts.most_common(40)}\n{examples}"


def sightings(htmls, css, media, reviewer):
    with Browser() as browser:
        seen = browser.watch(htmls, css, media=media, reviewer=reviewer, most=60)
    return [(f"{sighting.kind}: {sighting.what}", htmls[sighting.card]) for sighting in seen]


def test_every_payload_is_seen_where_nothing_is_cleaned(browser):
    loud = list(LOUD.values())
    loaded = browser.watch(loud, together=1)
    reviewed = browser.watch(loud, together=1, reviewer=True)
    typeset = browser.watch(list(FORMULAS.values()), together=1, reviewer=True)
    assert [name for i, name in enumerate(LOUD) if not any(seen.card == i for seen in loaded)] == []
    assert [name for i, name in enumerate(FORMULAS) if not any(seen.card == i for seen in typeset)] == []
    kinds = {seen.kind for seen in loaded}
    assert kinds >= {"script", "request", "navigation", "handler", "element", "link", "escape"}
    for seen in (loaded, reviewed):
        assert len({sighting.card for sighting in seen if sighting.kind == "script"}) >= 35
        assert len({sighting.card for sighting in seen if sighting.kind == "request"}) >= 20


def test_payload_among_harmless_cards_is_found(browser):
    cards = ["<p>harmless</p>"] * 70
    cards[30] = LOUD["frame with a page"]
    cards[50] = "<p>ends its place</p></div></div><p>"
    seen = browser.watch(cards)
    assert {(sighting.kind, sighting.card) for sighting in seen} >= {("script", 30), ("escape", 50)}
    assert {sighting.card for sighting in seen} == {30, 50}


def test_harmless_cards_give_no_sighting(browser):
    cards = ['<p>a <a href="https://a.example/">link</a> and <b>bold</b></p>', r"<p>\(\frac{a}{b}\)</p>"] * 30
    assert browser.watch(cards) == []
    assert browser.watch(cards, reviewer=True) == []


def test_nothing_on_a_hostile_card_runs_or_loads(imported):
    sides = sides_of(imported)
    (css,) = {side.css for side in sides}
    htmls = list(dict.fromkeys(side.html for side in sides)) + contents_of(imported).descriptions
    with ThreadPoolExecutor() as both:
        media = Path(imported.media.dir())
        loaded = both.submit(sightings, htmls, css, media=media, reviewer=False)
        reviewed = both.submit(sightings, htmls, css, media=media, reviewer=True)
    print(
        f"{len(sides)} sides of cards, {len(htmls)} of them unlike: as pages {len(loaded.result())} sightings", end=", "
    )
    print(f"in Anki's reviewer {len(reviewed.result())} (60 are enough)")
    assert_none([*loaded.result(), *reviewed.result(), *(("sounds", side.html) for side in sides if side.sounds)])


def test_fields_hold_known_elements_only(imported):
    findings = []
    for fields in contents_of(imported).fields:
        for html in fields.values():
            findings.extend((what, html) for what in _unknown(html))
    assert_none(findings)


def _unknown(html):
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iterdescendants():
        if element.tag not in TAGS:
            yield f"element <{element.tag}>"
            continue
        known = ATTRIBUTES["*"] | ATTRIBUTES.get(element.tag, {})
        for name, value in element.attrib.items():
            values = value.split() if name == "class" else [value]
            if name not in known or not all(known[name].fullmatch(one) for one in values):
                yield f"attribute of <{element.tag}>: {name}={value[:80]!r}"


def test_fields_hold_nothing_that_anki_takes_for_its_own(imported):
    findings = []
    for fields in contents_of(imported).fields:
        findings.extend((f"in a field: {found[0]}", html) for html in fields.values() if (found := ANKI.search(html)))
    assert_none(findings)


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)" width="9"'
    ' height="9"><script>alert(2)</script><image xlink:href="http://127.0.0.1:9/a.png"/><style>@import'
    ' "http://127.0.0.1:9/b.css";</style><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml"'
    ' src="http://127.0.0.1:9/c"/></foreignObject><a href="javascript:alert(3)"><rect width="9" height="9"/></a></svg>'
)
NAMES = (
    "plain.svg",
    "x' onerror='alert(1).svg",
    'x" onerror="alert(2).svg',
    "[sound:x.mp3].svg",
    "[[type:Answer]].svg",
    "&lt;script&gt;alert(4)&lt;&#47;script&gt;.svg",
    "javascript:alert(5).svg",
    r"\(\href{javascript:alert(6)}{x}\).svg",
    "{{Answer}}.svg",
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names of files")
def test_drawings_and_names_of_files_run_and_load_nothing(tmp_path, browser, import_into_anki):
    folder = tmp_path / "pages"
    folder.mkdir()
    questions = []
    for number, name in enumerate(NAMES, 1):
        (folder / name).write_text(DRAWING, "utf-8")
        picture = f'<img src="{escape(quote(name))}" alt="{escape(name)}">'
        reveal = f"<details><summary>Show answer</summary><p>{picture} So.</p></details>"
        questions.append(f"<p>{number}. What is {picture}?</p>{reveal}")
    (folder / "page.html").write_text(f"<h1>Pictures</h1>{''.join(questions)}", "utf-8")
    ankiexport.write(ankiexport.build(ankiexport.read(folder)), tmp_path / "pictures.apkg")
    collection, log = import_into_anki(tmp_path / "pictures.apkg")
    assert len(log.new) == len(NAMES)
    sides = sides_of(collection)
    media = Path(collection.media.dir())
    seen = [
        sighting
        for reviewer in (False, True)
        for sighting in browser.watch([side.html for side in sides], sides[0].css, media=media, reviewer=reviewer)
    ]
    assert seen == []
    assert not any(side.sounds or "[[type:" in side.html for side in sides)
