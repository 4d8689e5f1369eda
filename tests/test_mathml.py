"""MathML → TeX: what Anki's MathJax shows is what a browser showed."""

import json
import os
import subprocess
import sys
import xml.sax.saxutils
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankiexport.mathml import tex_of
from ankiexport.tex import usable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
FORMULAS = tomllib.loads((HERE / "formulas.toml").read_text("utf-8"))["formula"]
FRACTION = "<mfrac><mi>a</mi><mi>b</mi></mfrac>"


def formula(inside, attributes=""):
    return lxml.html.fragment_fromstring(f"<div><math {attributes}>{inside}</math></div>")[0]


def annotated(tex, encoding="application/x-tex", shown=FRACTION):
    note = f'<annotation encoding="{encoding}">{xml.sax.saxutils.escape(tex)}</annotation>'
    return formula(f"<semantics><mrow>{shown}</mrow>{note}</semantics>")


@pytest.mark.parametrize("told", FORMULAS, ids=lambda told: told["name"])
def test_what_a_formula_shows_is_converted(told):
    assert tex_of(formula(told["mathml"])) == told["tex"]


@pytest.mark.parametrize("prefix", ["m", "mml"])
def test_tags_may_have_a_namespace(prefix):
    inside = FRACTION.replace("</", f"</{prefix}:").replace("<m", f"<{prefix}:m")
    whole = f'<{prefix}:math xmlns:{prefix}="http://www.w3.org/1998/Math/MathML">{inside}</{prefix}:math>'
    assert tex_of(lxml.etree.fromstring(whole)) == r"\frac{a}{b}"
    assert tex_of(lxml.html.fragment_fromstring(f"<div>{whole}</div>")[0]) == r"\frac{a}{b}"


# What the page itself says


@pytest.mark.parametrize("encoding", ["application/x-tex", "TeX", "application/x-latex", "LaTeX"])
def test_annotation_counts_before_what_is_shown(encoding):
    assert tex_of(annotated(r"\tfrac ab", encoding)) == r"\tfrac ab"


def test_annotation_in_another_language_does_not_count():
    assert tex_of(annotated("a over b", "StarMath 5.0")) == r"\frac{a}{b}"


def test_annotation_of_a_part_is_not_taken_for_the_whole():
    part = '<semantics><mi>a</mi><annotation encoding="TeX">\\alpha</annotation></semantics>'
    assert tex_of(formula(f"{part}<mo>+</mo><mi>b</mi>")) == "a + b"


@pytest.mark.parametrize(
    ("alttext", "expected"),
    [
        (r"{\displaystyle x_{1}}", "x_{1}"),
        (r"{\textstyle x}", "x"),
        (r"\displaystyle x^{2}", "x^{2}"),
        (r"{\displaystyle {\frac {a}{b_{1}}}}", r"{\frac {a}{b_{1}}}"),
        (r"{a}+{b}", "{a}+{b}"),
        ("a+b", "a+b"),
        ("a over b", r"\frac{a}{b}"),
        ("sum", r"\frac{a}{b}"),
        (r"\frac{a", r"\frac{a}{b}"),
    ],
)
def test_alttext_counts_where_it_is_tex(alttext, expected):
    assert tex_of(formula(FRACTION, f'alttext="{alttext}"')) == expected


@pytest.mark.parametrize(
    "written",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\require{html}",
        r"\unicode{x41}",
        r"\style{color: red}{x}",
        r"\def\frac{x}",
        r"\newcommand{\x}{y}",
        r"\text{\(x\)}",
        r"x \) y",
        r"x \] y",
        "x }{ y",
        "{x",
        "x \\",
        "x % y",
        "{" * 300 + "}" * 300,
    ],
)
def test_annotation_that_would_leave_the_formula_is_passed_over(written):
    assert usable(written) is None
    assert tex_of(annotated(written)) == r"\frac{a}{b}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a%\n  b", "ab"),
        (r"50\%", r"50\%"),
        (r"\{x\}", r"\{x\}"),
        (r"\begin{cases} a \\] \end{cases}", r"\begin{cases} a \\ ] \end{cases}"),
        (r"x \label{eq:1} y", "x  y"),
        (r"\hrefs", r"\hrefs"),
        ("  ", None),
        (r"{\displaystyle }", None),
        (None, None),
    ],
)
def test_tex_of_a_page_is_made_fit_for_a_card(written, expected):
    assert usable(written) == expected


# What cannot be told


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<mrow></mrow>",
        "<apply><plus/><ci>a</ci><ci>b</ci></apply>",
        "<mfrac><mi>a</mi></mfrac>",
        "<msup><mi>a</mi><mi>b</mi><mi>c</mi></msup>",
        "<mmultiscripts><mi>a</mi><mi>b</mi></mmultiscripts>",
        "<mmultiscripts></mmultiscripts>",
        "<menclose notation='spiral'><mi>a</mi></menclose>",
        "<mstack><mn>1</mn></mstack>",
        "<mrow>" * 240 + "<mi>x</mi>" + "</mrow>" * 240,
    ],
    ids=lambda inside: inside[:40],
)
def test_formula_that_cannot_be_told_in_tex_is_none(inside):
    assert tex_of(formula(inside)) is None


@pytest.mark.parametrize("tag", ["mrow", "msqrt"])
def test_deep_nesting_is_told_and_breaks_nothing(tag):
    math = inmost = lxml.etree.Element("math")
    for _ in range(5_000):
        inmost = lxml.etree.SubElement(inmost, tag)
    lxml.etree.SubElement(inmost, "mi").text = "x"
    assert tex_of(math) is None


def test_words_that_look_like_commands_are_words():
    found = tex_of(formula(r"<mtext>\href{javascript:x}{y}\)</mtext><mi>\require</mi><mo>\unicode</mo><mn>\]</mn>"))
    assert found is not None
    assert not any(command in found for command in (r"\href", r"\require", r"\unicode", r"\)", r"\]"))


# Any formula

SIGNS = st.text("ab1{}\\%$#&_^~()[]|'′<>\"=+,. é∑∫→α\u2061\u00a0𝔸²", max_size=4) | st.text(max_size=3)
TOKENS = st.builds(
    lambda tag, text: f"<{tag}>{xml.sax.saxutils.escape(text)}</{tag}>",
    st.sampled_from("mi mn mo mtext ms".split()),
    SIGNS.map(lambda text: "".join(sign for sign in text if sign.isprintable())),
)
COUNTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
ROWS = "mrow msqrt mstyle mphantom mfenced menclose mtd".split()


def nested(inner):
    exact = st.sampled_from(sorted(COUNTS)).flatmap(
        lambda tag: st.lists(inner, min_size=COUNTS[tag], max_size=COUNTS[tag]).map(
            lambda parts: f"<{tag}>{''.join(parts)}</{tag}>"
        )
    )
    rows = st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(ROWS), st.lists(inner, max_size=4)
    )
    cells = st.lists(inner, min_size=1, max_size=3).map(lambda cells: "".join(f"<mtd>{cell}</mtd>" for cell in cells))
    tables = st.builds(
        lambda rows, sides: f'<mtable columnalign="{sides}">{"".join(f"<mtr>{row}</mtr>" for row in rows)}</mtable>',
        st.lists(cells, min_size=1, max_size=3),
        st.sampled_from(["", "left", "left left", "right left", "x"]),
    )
    return exact | rows | tables


TREES = st.lists(st.recursive(TOKENS, nested, max_leaves=12), min_size=1, max_size=4).map("".join)


def assert_stays_in_the_formula(found):
    assert r"\)" not in found
    assert r"\]" not in found
    assert usable(found) == found


@given(TREES)
def test_any_formula_stays_a_formula(inside):
    found = tex_of(formula(inside))
    if found is None:
        assert not lxml.html.fragment_fromstring(f"<div>{inside}</div>").text_content().isalnum()
    else:
        assert_stays_in_the_formula(found)


@given(st.text("ab{}\\%()[] \n", max_size=12))
def test_any_tex_of_a_page_stays_a_formula(written):
    found = usable(written)
    if found is not None:
        assert_stays_in_the_formula(found)


# Anki's MathJax


@pytest.mark.desktop
def test_anki_typesets_every_formula():
    pytest.importorskip("aqt", reason="Anki's desktop app is not here: pip install 'aqt[qt6]'")
    hostile = r"<mtext>50% {_^~#$&amp;\</mtext><mi>\href</mi><mo>{</mo><mo>^</mo><mn>1,5 %</mn><mo>'</mo>"
    made = [tex_of(formula(inside)) for inside in (*(told["mathml"] for told in FORMULAS), hostile)]
    settings = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    typeset = subprocess.run(
        [sys.executable, HERE / "typeset.py"],
        input=json.dumps(made),
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **settings, "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"},
    )
    shown = dict(zip(made, json.loads(typeset.stdout), strict=True))
    assert len(shown) > len(FORMULAS) / 2
    # A command that MathJax does not know is shown in red.
    assert [tex for tex, mathml in shown.items() if "merror" in mathml or 'mathcolor="red"' in mathml] == []


# On a page


@pytest.mark.parametrize(
    ("page_format", "page"),
    [
        ("html", "<main><p><b>1.</b> What is {}?</p><details><summary>Answer</summary><p>It.</p></details></main>"),
        ("markdown", "**1.** What is {}?\n\n<details><summary>Answer</summary>\n\nIt.\n\n</details>\n"),
    ],
)
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"<math>{FRACTION}</math>", r"\(\frac{a}{b}\)"),
        (f'<math display="block">{FRACTION}</math>', r"\[\frac{a}{b}\]"),
        (
            '<mjx-container class="MathJax"><mjx-math aria-hidden="true"><mjx-mi>a</mjx-mi></mjx-math>'
            f"<mjx-assistive-mml><math>{FRACTION}</math></mjx-assistive-mml></mjx-container>",
            r"\(\frac{a}{b}\)",
        ),
    ],
)
def test_formula_of_a_page_is_anki_s_on_the_card(read_text, page_format, page, written, shown):
    (item,) = read_text(page.format(written), page_format).items
    assert item.question == f"What is {shown}?"
