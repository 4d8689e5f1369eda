"""The licence that a page states for itself, in the ways that generators write it."""

import pytest

from ankiexport.web.links import licence_of, parse_page

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("stated", "licence"),
    [
        (f'<link rel="license" href="{BY}">', BY),
        (f'<p>See <a rel="noopener license" href="{BY}">the licence</a></p>', BY),
        ("<a rel=license>CC  BY\n4.0</a>", "CC BY 4.0"),
        ('<meta name="DC.rights" content="CC BY-SA 4.0">', "CC BY-SA 4.0"),
        ('<meta name="license" content="MIT">', "MIT"),
        (f'<script type="application/ld+json">{{"@type": "Course", "license": "{BY}"}}</script>', BY),
        (f'<script type="application/ld+json">[{{"@graph": [{{"license": {{"@id": "{BY}"}}}}]}}]</script>', BY),
        ('<script type="application/ld+json">{"license": {"name": "CC0"}}</script>', "CC0"),
        ('<script type="application/ld+json">{"license": 1}</script>', None),
        ('<script type="application/ld+json">{not json</script>', None),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', None),
        ('<meta name="license">', None),
        ('<a href="/licence">Licence</a>', None),
        (f'<meta name="license" content="{"x" * 999}">', "x" * 200),
    ],
)
def test_licence_that_a_page_states(stated, licence):
    page = parse_page(f"<!doctype html><title>A</title>{stated}<p>A page</p>")
    assert page is not None
    assert licence_of(page) == licence


@pytest.mark.parametrize("text", ["", " ", "<!-- -->", "\x00", "<?xml?>"])
def test_page_with_nothing_in_it_states_nothing(text):
    page = parse_page(text)
    assert page is None or licence_of(page) is None
