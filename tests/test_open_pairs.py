"""Pairs that stand openly in many markups: by classes, labels, linked keys, microdata; and pages that have none."""

import pytest

from ankiexport.model import Source
from ankiexport.pipeline import read
from ankiexport.plain import plain


def pairs(text: str) -> list[tuple[str, str]]:
    form = "html" if text.startswith("<") else "markdown"
    (page,) = read(Source(name="page", text=text, format=form))  # type: ignore[arg-type]  # a literal
    return [(plain(item.question), plain(item.answer)) for item in page.items]


FOUND = {
    "paragraphs by class": (
        "<h1>Hilfe</h1><p class='question'>Was kostet es?</p><p class='answer'>Nichts.</p>"
        "<p class='question'>Wer hilft?</p><p class='answer'>Wir.</p><h2>Mehr</h2><p>Schreib uns.</p>",
        [("Was kostet es?", "Nichts."), ("Wer hilft?", "Wir.")],
    ),
    "rows by class": (
        "<h1>Doc</h1><table><tr class='question'><td>1.</td><td>What is a row?</td></tr><tr class='answer'><td></td>"
        "<td>A record.</td></tr><tr class='question'><td>2.</td><td>What is a key?</td></tr><tr "
        "class='answer'><td></td>"
        "<td>A name.</td></tr></table><p>End.</p>",
        [("What is a row?", "A record."), ("What is a key?", "A name.")],
    ),
    "labels of several blocks": (
        "**Frage 1:** Was ist ein Wehr?\n\nNenne eine Art.\n\n**Antwort:** Eine Stauanlage.\n\n- fest\n\n"
        "**Frage 2:** Was ist ein Priel?\n\n**Antwort:** Ein Wasserlauf.\n\n## Anhang\n\nEnde.\n",
        [("Was ist ein Wehr?\nNenne eine Art.", "Eine Stauanlage.\n- fest"), ("Was ist ein Priel?", "Ein Wasserlauf.")],
    ),
    "labels in a list": (
        "- **Q:** What pulls the sea?\n  **A:** The moon.\n- **Q:** How often?\n  **A:**\n\nWrite to us.\n",
        [("What pulls the sea?", "The moon.")],
    ),
    "a question that nothing answers ends the answer above": (
        "<p><b>Q1</b>: What is a mole?</p><p><b>A</b>: A wall.</p><p>It breaks waves.</p><p><b>Q2</b>: Draw "
        "one.</p><p>Next</p>",
        [("What is a mole?", "A wall.\nIt breaks waves.")],
    ),
    "headings with numbers": (
        "# Quiz\n\n## Question 1\n\nName a river.\n\n### Answer\n\nThe Elbe.\n\n## Question 2: Name a lake.\n\n"
        "### Answer\n\nComo.\n",
        [("Name a river.", "The Elbe."), ("Name a lake.", "Como.")],
    ),
    "terms that share a definition": (
        "<h1>Glossary</h1><dl><dt>weir</dt><dt>barrage</dt><dd>A low dam.</dd><dt>ford</dt><dd>A crossing.</dd></dl>",
        [("weir\nbarrage", "A low dam."), ("ford", "A crossing.")],
    ),
    "terms with a link to themselves, under the contents": (
        "<h2>Mill FAQ</h2><h3>Table of Contents</h3><h4>Past</h4><ul><li><a href='#a'>How old is it?</a></li></ul>"
        "<h4>Past</h4><dl><dt id='a'>How old is it? <span>(<a href='#a'>#a</a>)</span></dt><dd>Two "
        "centuries.</dd></dl>",
        [("How old is it?", "Two centuries.")],
    ),
    "a term on a line of its own": (
        "# Glosario\n\n**Presa**\nUn muro.\n\n**Vado**\nUn paso.\n\n**Nota:** es todo.\n",
        [("Presa", "Un muro."), ("Vado", "Un paso.")],
    ),
    "a vocabulary": (
        "# Unit 3: Vocabulary\n\n| French | English |\n|---|---|\n| le pain | bread |\n| le lait | milk |\n",
        [("le pain", "bread"), ("le lait", "milk")],
    ),
    "requests among the headings of an interview list": (
        "# Git interview questions\n\n* [Explain rebase](#a)\n* [What is a tag?](#b)\n* [What is a head?](#c)\n"
        "* [Who wrote it?](#d)\n"
        "* [Why is it fast?](#e)\n\n## Explain rebase\n\nA replay.\n\n###### References\n\n- a book\n\n## What "
        "is a tag?\n\nA name.\n\n"
        "## What is a head?\n\nTODO\n\n## Who wrote it?\n\nA Finn.\n\n## Why is it fast?\n\nIt is small.\n",
        [
            ("Explain rebase", "A replay."),
            ("What is a tag?", "A name."),
            ("Who wrote it?", "A Finn."),
            ("Why is it fast?", "It is small."),
        ],
    ),
    "a key of letters that lead back": (
        "<h1>Review</h1><div data-type='exercise' id='e1'><div><a class='n' href='#s1'>1</a><span>. "
        "</span><p>What flows?</p>"
        "<ol type='a'><li>sand</li><li>water</li></ol></div></div><h2>Answer Key</h2><div data-type='solution' "
        "id='s1'>"
        "<a class='n' href='#e1'>1</a><span>. </span><div><p>B</p></div></div>",
        [("What flows?\na. sand\nb. water", "b. water")],
    ),
    "the accepted answer": (
        "<html itemscope itemtype='https://schema.org/QAPage'><body><div itemprop='mainEntity' itemscope"
        " itemtype='https://schema.org/Question'><h1 itemprop='name'>Why no rows?</h1><div id='mainbar' role='main'>"
        "<div itemprop='text'><p>My query is empty.</p></div><div itemprop='acceptedAnswer' itemscope"
        " itemtype='https://schema.org/Answer'><b>19</b><div itemprop='text'><p>There is a null.</p></div></div>"
        "<div class='answer' itemprop='suggestedAnswer' itemscope itemtype='https://schema.org/Answer'>"
        "<div itemprop='text'><p>Or ask again.</p></div></div></div></div></body></html>",
        [("Why no rows?\nMy query is empty.", "There is a null.")],
    ),
    "a verdict for each option": (
        "<ol><li><h4>Question</h4><p>Is it kept?</p><ol "
        "type='a'><li>Yes</li><li>No</li></ol><h4>Solution</h4><p>Look up p.</p>"
        "<ol type='a'><li>False</li><li>True</li></ol></li></ol>",
        [("Is it kept?\na. Yes\nb. No", "Look up p.\na. False\nb. True")],
    ),
    "a key table with reasons": (
        "# Prova\n\n1. Qual é o rio?\n   - A) Elba\n   - B) Tejo\n2. Qual é o lago?\n   - A) Como\n   - B) "
        "Lisboa\n\n## Gabarito\n\n"
        "| Questão | Resposta | Comentário |\n|---|---|---|\n| 1 | B | É um rio. |\n| 2 | A | Fica em Itália. |\n",
        [
            ("Qual é o rio?\n- A) Elba\n- B) Tejo", "B) Tejo\nÉ um rio."),
            ("Qual é o lago?\n- A) Como\n- B) Lisboa", "A) Como\nFica em Itália."),
        ],
    ),
}

NONE = {
    "terms of service": "# Terms of service\n\n## Definitions\n\n**User** – anybody here.\n\n**Service** – all "
    "of this.\n",
    "staff": "<h1>Staff</h1><dl>"
    + "".join(
        f"<dt>{name}</dt><dd>Has been here since the mill was built.</dd>"
        for name in "Ann Bob Cid Dan Eve Fay Gus Hal".split()
    )
    + "</dl>",
    "comments": "<h1>A walk</h1><p>It was long.</p><section id='comments'><div class='question'><p>Where did "
    "you park?</p></div>"
    "<div class='answer'><p>By the church.</p></div></section>",
    "a poll": "<h1>Poll</h1><div class='question'>Which season?</div><div class='answer'>Spring</div><div "
    "class='answer'>Autumn</div>"
    "<div class='question'>Which meal?</div><div class='answer'>Lunch</div><div class='answer'>Dinner</div>",
    "folded for others": "# tern\n\n## Install\n\n<details><summary>Using yarn?</summary>\n\nyarn add tern\n\n"
    "</details>\n",
    "languages of a site": "# Settings\n\n| English | German |\n|---|---|\n| help page | Hilfe |\n",
    "speakers": "**Ann:** How are you?\n\n**Mayor:** Well.\n\n**Ann:** And the bridge?\n\n**Mayor:** It will be "
    "built.\n",
    "options after a label": "Q: Which is a river?\n\nThink.\n\nA: Elbe\n\nB: Alps\n",
}


@pytest.mark.parametrize("name", FOUND)
def test_pairs_are_found(name: str) -> None:
    text, expected = FOUND[name]
    assert pairs(text) == expected


@pytest.mark.parametrize("name", NONE)
def test_a_page_without_pairs_has_none(name: str) -> None:
    assert pairs(NONE[name]) == []
