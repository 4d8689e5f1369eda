"""Short ways through text give what the long ones say: with any characters, and with those that nobody thinks of."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ankiexport import markup
from ankiexport.model import Html
from ankiexport.words import words_of

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ODD = st.sampled_from("a B-_1\t\n\r\x0b\x1c\x1f\x7f\x85\u00a0\u00ad\u0301\u200b\u2028\u3000\ud800\uffff“é語ก้")
TEXTS = st.text(st.one_of(_ODD, st.characters()))
_PIECES = ("<p>", "</p>", "<br>", '<img alt="">', '<a href="x>y">', "</a>", "&nbsp;", "&amp;", " ", "\n", "\u200b", "x")
FRAGMENTS = st.lists(st.sampled_from(_PIECES)).map("".join)


@given(TEXTS)
def test_only_control_characters_become_spaces(text):
    assert markup.without_controls(text) == _CONTROLS.sub(" ", text)


@given(TEXTS)
def test_each_run_of_white_space_becomes_one_space(text):
    assert markup.fold(text) == re.sub(r"\s+", " ", _CONTROLS.sub(" ", text)).strip()


@given(TEXTS)
def test_words_are_made_of_letters_marks_and_digits(text):
    kept = (c if c == "-" or unicodedata.category(c)[0] in "LMN" else " " for c in text.lower())
    words = [stripped for word in "".join(kept).split() if (stripped := word.strip("-"))]
    if text.lower().isascii():
        words = [part for word in words for part in re.split("--+", word)]
    assert words_of(text) == words


@given(FRAGMENTS)
def test_fragment_is_blank_where_nothing_is_left_without_its_tags_and_space(fragment):
    left = re.sub(r'<(?!img)(?:[^>"]|"[^"]*")*>|&nbsp;|[\s\u200b]', "", fragment)
    assert markup.is_blank(Html(fragment)) == (not left)


@given(FRAGMENTS.map(markup.clean), st.integers(0, 12))
def test_cutting_off_a_beginning_leaves_the_rest(fragment, length):
    whole = markup.fold(re.sub("<[^>]*>", " ", fragment).replace("&nbsp;", " ")).replace(" ", "")
    rest = markup.fold(re.sub("<[^>]*>", " ", markup.without_prefix(fragment, length)).replace("&nbsp;", " "))
    assert whole.endswith(rest.replace(" ", ""))
