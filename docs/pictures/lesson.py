"""The course that is pictured: a lesson on pitch, and one that has every sign a field may hold."""

from dataclasses import replace

from ankiexport import Course, Html, Item, Location, Page, Source, build
from ankiexport.model import Kind

LESSON = "Pitch in numbers"
SIGNS = "Signs and scripts"

_CODE = """<pre><code class="language-python"><span class="n">A4</span> <span class="o">=</span> \
<span class="mf">440.0</span>  <span class="c1"># hertz</span>

<span class="k">def</span> <span class="nf">frequency</span><span class="p">(</span><span class="n">semitones</span>\
<span class="p">:</span> <span class="nb">int</span><span class="p">)</span> <span class="o">-&gt;</span> \
<span class="nb">float</span><span class="p">:</span>
    <span class="sd">&quot;&quot;&quot;So many semitones above A4.&quot;&quot;&quot;</span>
    <span class="k">return</span> <span class="n">A4</span> <span class="o">*</span> <span class="mi">2</span> \
<span class="o">**</span> <span class="p">(</span><span class="n">semitones</span> <span class="o">/</span> \
<span class="mi">12</span><span class="p">)</span></code></pre>"""
_INTERVALS = """<table><thead><tr><th>Interval</th><th align="right">Semitones</th><th align="right">Ratio</th></tr>\
</thead><tbody><tr><td>Fourth</td><td align="right">5</td><td align="right">4 : 3</td></tr>\
<tr><td>Fifth</td><td align="right">7</td><td align="right">3 : 2</td></tr>\
<tr><td>Octave</td><td align="right">12</td><td align="right">2 : 1</td></tr></tbody></table>"""
_TIP = """<blockquote class="callout"><p><strong>Tip</strong></p>
<p>Negative numbers work too: <code>frequency(-12)</code> is the A below, 220 Hz.</p></blockquote>"""
_WAVE = '<figure><img src="{}" alt="Two waves" width="560" height="150"><figcaption>{}</figcaption></figure>'
_WIDE_FORMULA = r"""\[f(t) = a_1 \sin(2\pi \cdot 440\,t) + a_2 \sin(2\pi \cdot 880\,t) + a_3 \sin(2\pi \cdot 1320\,t)
+ a_4 \sin(2\pi \cdot 1760\,t) + a_5 \sin(2\pi \cdot 2200\,t)\]"""
_WIDE_TABLE = """<table><caption>One table, wider than a phone</caption><thead><tr><th>Instrument</th><th>Lowest</th>\
<th>Highest</th><th>Transposition</th><th>Clef</th><th>Family</th></tr></thead><tbody><tr><td>Contrabassoon</td>\
<td>B♭<sub>0</sub></td><td>C<sub>5</sub></td><td colspan="2">sounds an octave lower</td><td rowspan="2">Woodwind</td>\
</tr><tr><td>Piccolo</td><td>D<sub>4</sub></td><td>C<sub>7</sub></td><td>an octave higher</td><td>Treble</td></tr>\
</tbody></table>"""
_INLINE = """<p>Press <kbd>Ctrl</kbd>+<kbd>S</kbd>, read <samp>saved</samp>, set <var>x</var> = A<sub>4</sub><sup>2</sup>,
<mark>mind the <code>mark</code></mark>, <del>old</del> <ins>new</ins>, <s>wrong</s>, <q>quoted</q>,
<abbr title="hertz">Hz</abbr>, <small>small print</small>, <ruby>音<rp>(</rp><rt>おん</rt><rp>)</rp></ruby> and 🎹 🎻.
A line long enough to go on shows whether H<sub>2</sub>O, x<sup>n+1</sup> and <code>inline code</code> keep the lines
of a paragraph evenly apart, as they should.</p>"""
_BLOCKS = """<ol start="3" type="a"><li>third<ul><li>nested<ul><li>deeper</li></ul></li></ul></li><li>fourth</li></ol>
<dl><dt>Timbre</dt><dd>The colour of a tone.</dd><dt>Partial</dt><dd>One of the sine waves in it.</dd></dl>
<blockquote><p>A quotation of somebody who said this in one sentence that needs more than one line on a phone.</p>\
</blockquote>
<h3>A heading</h3>
<p>https://music.example/a/very/long/address/without/any/space/that/must/not/push/the/page/wide?and=so&amp;on=forever \
and Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.</p>
<hr>"""
_DIFF = """<pre><code class="language-diff"><span class="gh">--- tuning.txt</span>
<span class="gd">-A4 = 435</span>
<span class="gi">+A4 = 440</span>
 <span class="w"> </span><span class="kc">True</span> <span class="s2">&quot;concert <span class="si">{pitch}</span>&quot;</span> \
<span class="nt">&lt;note&gt;</span> <span class="err">$</span> <span class="cp">#!</span>
line = "one line that is far too long for a phone, and must be scrolled rather than wrapped or cut off"</code></pre>"""
_FOOTNOTES = """<p><span class="missing">Picture missing: a tuning fork</span></p>
<div class="footnotes"><p><sup>1</sup> So says <a href="https://music.example/" target="_blank">the book</a>.</p>\
<p><sup>2</sup> And so does the other one.</p></div>"""

WAVES = "ankiexport-waves.svg"
_WAVES_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="560" height="150" viewBox="0 0 560 150" fill="none"
stroke="black" stroke-width="2"><path d="M0 75H560" stroke-width="1" stroke-dasharray="3 5"/>
<path d="M0 75c47-93 93-93 140 0s93 93 140 0 93-93 140 0 93 93 140 0"/>
<path d="M0 75c23-60 47-60 70 0s47 60 70 0 47-60 70 0 47 60 70 0 47-60 70 0 47 60 70 0 47-60 70 0 47 60 70 0"
stroke-dasharray="7 4"/></svg>"""


def pictured_course() -> Course:
    """The course with its media, which no page has to be read for."""
    return replace(build([_lesson(), _signs()], course="Music"), media={WAVES: _WAVES_SVG})


def _lesson() -> Page:
    return _page(
        LESSON,
        _item(
            "self-check",
            "How does a program find the pitch of a piano key that is <code>n</code> semitones above A<sub>4</sub>?",
            f"<p>Each semitone multiplies the frequency by the same number, and twelve of them double it.</p>{_CODE}{_TIP}",
            section="Self-check",
        ),
        _item(
            "exercise",
            "Two strings sound at 330 Hz and at 220 Hz.",
            "A <strong>fifth</strong>: 330 : 220 = 3 : 2.",
            section="Name the interval",
            label="B",
            context=f"<p>Which interval do the two strings make? The ratio of their frequencies tells it.</p>{_INTERVALS}",
            explanation="Only the ratio counts: 660 Hz over 440 Hz is the same interval, an octave higher up.",
        ),
        _item(
            "exercise",
            "<p>Put these in order, the lowest first.</p>"
            "<ol type='A'><li>A<sub>5</sub></li><li>the mains hum of 50 Hz</li><li>A<sub>4</sub></li></ol>",
            "<ol><li>the hum, 50 Hz</li><li>A<sub>4</sub>, 440 Hz</li><li>A<sub>5</sub>, 880 Hz</li></ol>",
            section="Low to high",
        ),
        _item(
            "flashcard",
            "How do the frequencies of two neighbouring keys of a piano relate?",
            r"<p>Each is \(\sqrt[12]{2} \approx 1.0595\) times the one below, so that twelve steps make an octave:</p>"
            r"\[f_n = 440\,\mathrm{Hz} \cdot 2^{n/12}, \qquad \frac{f_{n+12}}{f_n} = 2\]"
            + _WAVE.format(WAVES, "A tone and, dashed, its octave: two waves for one."),
        ),
        _item("flashcard", "octave", "The interval between a tone and one of twice its frequency."),
        _item("flashcard", "Which interval has the ratio 3 : 2?", "The <strong>fifth</strong>."),
    )


def _signs() -> Page:
    return _page(
        SIGNS,
        _item(
            "self-check",
            f"<p>What may stand in a question?</p>{_INLINE}{_DIFF}",
            f"{_INLINE}{_BLOCKS}{_WIDE_TABLE}{_TIP}{_FOOTNOTES}",
            section="Everything at once",
            explanation=f"<p>A wide formula scrolls:</p>{_WIDE_FORMULA}{_INTERVALS}",
        ),
        _item(
            "flashcard",
            "<p>ما الفرق بين النغمة و<code>f(x)</code> والتردد؟</p><p>And in English: what is it?</p>",
            "<p>التردد 440 هرتز هو عدد الاهتزازات في الثانية.</p><ul><li>أولا</li><li>ثانيا: MIDI</li></ul>"
            "<blockquote><p>قال المعلم هذا.</p></blockquote><table><tr><th>نغمة</th><th>تردد</th></tr>"
            "<tr><td>لا</td><td>440</td></tr></table><p>An English paragraph among them.</p>" + _CODE,
            context="<p>השאלה בעברית, עם <b>English</b> בתוכה.</p>",
        ),
    )


def _page(title: str, *items: Item) -> Page:
    key = title.lower().replace(" ", "-")
    source = Source(name=f"{key}.md", text="", format="markdown")
    return Page(key=key, title=title, source=source, items=items, url=f"https://music.example/{key}")


def _item(
    kind: Kind,
    question: str,
    answer: str,
    *,
    section: str | None = None,
    label: str | None = None,
    context: str | None = None,
    explanation: str | None = None,
) -> Item:
    return Item(
        kind=kind,
        shape="any",
        question=Html(question),
        answer=Html(answer),
        fingerprint_text=question,
        location=Location(source="lesson", line=1),
        section=section,
        label=label,
        context=Html(context) if context else None,
        explanation=Html(explanation) if explanation else None,
    )
