"""FAQs, glossaries and what a page's JSON-LD asks: which pairs there are, and where there are none."""

import json
import time

import pytest

from ankiexport.model import Item, Page, Source
from ankiexport.pipeline import read
from ankiexport.plain import plain


def page(text: str, form: str = "markdown", title: str | None = None) -> Page:
    (found,) = read(Source(name="page", text=text, format=form, title=title))  # type: ignore[arg-type]  # a literal
    return found


def pairs(text: str, form: str = "markdown") -> list[tuple[str, str]]:
    return [(plain_question(item), plain_answer(item)) for item in page(text, form).items]


def plain_question(item: Item) -> str:
    return plain(item.question)


def plain_answer(item: Item) -> str:
    return plain(item.answer)


FAQ = """# Kiln FAQ

- [How hot does it get?](#how-hot)
- [The lid sticks](#lid)

## Heat

### How hot does it get?

Up to 1200 degrees.

- less when it rains

[Back to top](#top)

### The lid sticks

Oil the hinge.

## Contact

Write to us.
"""


def test_headings_of_an_faq_are_questions_also_where_they_state() -> None:
    assert pairs(FAQ) == [
        ("How hot does it get?", "Up to 1200 degrees.\n- less when it rains"),
        ("The lid sticks", "Oil the hinge."),
    ]
    assert [item.section for item in page(FAQ).items] == ["Heat", "Heat"]
    assert {(item.kind, item.shape) for item in page(FAQ).items} == {("flashcard", "faq")}
    assert page(FAQ).items[0].location.line == 8


@pytest.mark.parametrize(
    "title",
    "FAQ|Häufige Fragen|Foire aux questions|Preguntas frecuentes|Частые вопросы|常见问题|Kiln Q&A|よくある質問"
    "|자주 묻는 질문|الأسئلة الشائعة|Interview Questions|Sıkça sorulan sorular".split("|"),
)
def test_the_title_says_it_in_many_languages(title: str) -> None:
    assert pairs(f"# {title}\n\n## Is it hot?\n\nVery.\n") == [("Is it hot?", "Very.")]


@pytest.mark.parametrize("title", ["How to write an FAQ", "FAQ plugin", "Kiln manual", "Practice questions"])
def test_a_title_that_says_no_such_thing_makes_none(title: str) -> None:
    assert pairs(f"# {title}\n\n## Is it hot?\n\nVery.\n\n## Why?\n\nCoal.\n") == []


def test_only_the_section_that_says_so_is_an_faq() -> None:
    text = "# Kiln\n\n## Why a kiln?\n\nPots.\n\n## FAQ\n\n### Is it hot?\n\nVery.\n\n## Licence\n\nFree.\n"
    assert pairs(text) == [("Is it hot?", "Very.")]


def test_numbers_and_labels_are_no_part_of_a_question_or_an_answer() -> None:
    text = "# FAQ\n\n## 1. Is it hot?\n\n**Answer:** Very.\n\n## Q2: Is it loud?\n\nNo.\n\n## In the box\n\nClay.\n"
    assert pairs(text) == [("Is it hot?", "Very."), ("Is it loud?", "No.")]


def test_a_question_without_an_answer_is_a_problem_with_its_line() -> None:
    found = page(
        "# FAQ\n\n## Is it hot?\n\nVery.\n\n## Is it loud?\n\n[to the top](#top)\n\n## Next?\n\n[to the top](#top)\n"
    )
    assert [item.location.line for item in found.items] == [3]
    assert [problem.location.line for problem in found.problems if "empty answer" in problem.message] == [7, 11]


def test_bold_lines_of_an_faq_are_questions() -> None:
    text = "# FAQ\n\n**Is it hot?**\n\nVery.\n\n**Note:** wear gloves.\n\n**Why is it loud?**<br>The fan.\n"
    assert pairs(text) == [("Is it hot?", "Very.\nNote: wear gloves."), ("Why is it loud?", "The fan.")]


def test_lines_terms_and_items_of_an_faq_are_questions() -> None:
    assert pairs("# FAQ\n\nIs it hot?\n\nVery.\n\nIs it loud?\n\nNo.\n") == [
        ("Is it hot?", "Very."),
        ("Is it loud?", "No."),
    ]
    assert pairs("# FAQ\n\nIs it hot?\n: Very.\n\nIs it loud?\n: No.\n") == [
        ("Is it hot?", "Very."),
        ("Is it loud?", "No."),
    ]
    text = "# FAQ\n\n1. **Is it hot?**\n\n   Very.\n2. **Is it loud?** No.\n"
    assert pairs(text) == [("Is it hot?", "Very."), ("Is it loud?", "No.")]
    assert pairs("# FAQ\n\n1. ### Is it hot\n\n   Very.\n2. ### Is it loud\n\n   No.\n")[1] == ("Is it loud", "No.")


def test_an_accordion_of_an_faq_names_its_questions() -> None:
    text = "# FAQ\n\n<details><summary>Changing the fuse</summary>\n\nPull it.\n\n</details>\n"
    assert pairs(text) == [("Changing the fuse", "Pull it.")]
    assert pairs(text.replace("# FAQ", "# Kiln")) == []
    assert pairs(text.replace("Changing the fuse", "Show the fuse box")) == []


def test_what_follows_the_questions_of_a_section_is_none() -> None:
    text = "# Kiln\n\n## FAQ\n\n### Is it hot?\n\nVery.\n\n### Our shop\n\nOpen.\n"
    assert pairs(text) == [("Is it hot?", "Very.")]
    assert pairs("# FAQ\n\n## Is it hot?\n\nVery.\n\n## 2 thoughts on kilns\n\nNice!\n") == [("Is it hot?", "Very.")]


def test_a_reveal_under_a_question_is_no_question() -> None:
    text = "# FAQ\n\nIs it hot?\n\n<details><summary>The thing</summary>\n\nVery.\n\n</details>\n"
    assert all(plain_question(item) != "The thing" for item in page(text).items)


def test_what_hides_its_answer_or_offers_a_choice_is_not_paired() -> None:
    hidden = "# FAQ\n\n## Is it hot?\n\nThink.\n\n<details><summary>Answer</summary>\n\nVery.\n\n</details>\n"
    assert all(item.shape != "faq" for item in page(hidden).items)
    assert pairs("# Interview questions\n\n## Which is hot?\n\n- A. ice\n- B. fire\n") == []
    assert pairs("# Interview questions\n\n## What do they ask?\n\n- Why?\n- How?\n") == []


ASKING = "".join(f"## {{number}}Is {name} hot?\n\n{name} is.\n\n" for name in ("ash", "coal", "clay", "glass", "ice"))


def test_a_page_of_numbered_questions_needs_no_title() -> None:
    numbered = "".join(f"## {n}. Is number {n} hot?\n\nYes.\n\n" for n in range(1, 6))
    assert len(pairs(f"# Kiln\n\n{numbered}")) == 5
    assert len(pairs(f"# Kiln\n\n{numbered}".replace("## 1.", "### 1."))) == 0


def test_an_article_with_headings_that_ask_gives_none() -> None:
    text = ASKING.replace("{number}", "")
    assert pairs(f"# Kiln\n\n{text}") == []
    assert pairs(f"# Kiln\n\nIn this article we look at heat.\n\n{ASKING}") == []
    listed = "# Kiln\n\n" + "".join(f"- [Is {n} hot?](#{n})\n" for n in ("ash", "coal", "clay", "glass", "ice"))
    assert len(pairs(f"{listed}\n{text}")) == 5
    assert pairs(f"{listed}\n{text}## Conclusion\n\nHot.\n") == []


def test_bold_questions_with_a_label_need_no_title() -> None:
    assert pairs("# Mail\n\n**Q: Is it hot?**\n\nVery.\n\n**Q: Is it loud?**\n\nNo.\n") == [
        ("Is it hot?", "Very."),
        ("Is it loud?", "No."),
    ]


def test_a_second_first_level_heading_ends_a_section() -> None:
    assert pairs("# FAQ\n\n## Is it hot?\n\nVery.\n\n# Sources\n\n- A book\n") == [("Is it hot?", "Very.")]


GLOSSARY = """# Pottery

## Glossary

### A

Ash
: What is left.
: Grey.

### C

- **Clay** – soft *earth*
- **Cone**: tells the heat

### See also

- **Books** – in the shop
"""


def test_a_glossary_gives_a_flashcard_for_each_term() -> None:
    assert pairs(GLOSSARY) == [("Ash", "What is left.\nGrey."), ("Clay", "soft earth"), ("Cone", "tells the heat")]
    assert {(item.kind, item.shape) for item in page(GLOSSARY).items} == {("flashcard", "definition")}
    assert pairs(GLOSSARY.replace("Glossary", "Materials")) == []


def test_small_headings_and_paragraphs_of_a_glossary_are_terms() -> None:
    text = "# Pottery\n\n## Glosario\n\n### Barro\n\nTierra.\n\nBlanda.\n\n### Horno\n\nArde.\n\n### Torno\n\nGira.\n"
    assert pairs(text) == [("Barro", "Tierra.\nBlanda."), ("Horno", "Arde."), ("Torno", "Gira.")]
    text = "<h1>Lexique</h1><p>Mots.</p><p><b>Four</b> : il chauffe.</p><p><b>Tour :</b> il tourne.</p><p>Fin.</p>"
    assert pairs(text, "html") == [("Four", "il chauffe."), ("Tour", "il tourne.")]


def test_a_table_with_the_right_head_defines_terms() -> None:
    table = "| Term | Definition |\n|---|---|\n| Ash | What is left |\n| Clay | Earth |\n"
    assert pairs(f"# Notes\n\n{table}") == [("Ash", "What is left"), ("Clay", "Earth")]
    assert pairs(f"# Notes\n\n{table.replace('Term', 'Option')}") == []


def test_a_page_that_is_one_long_definition_list_is_a_glossary() -> None:
    terms = "".join(
        f"Word {n}\n: means something quite different from all of the others, number {n}.\n\n" for n in range(8)
    )
    assert len(pairs(f"# Words\n\n{terms}")) == 8
    assert pairs("# Words\n\n" + terms[: terms.index("Word 7")]) == []
    assert pairs(f"# Words\n\n{terms}".replace("Word ", "`--word`")) == []


def test_lists_of_facts_options_and_questions_define_nothing() -> None:
    assert pairs("# Glossary\n\nAuthor\n: A. Potter\n\nDate\n: May\n\nClay\n: Earth.\n") == []
    assert pairs("# Terms and definitions\n\n- **--hot**: heats\n- **--cold**: cools\n") == []
    assert pairs("# Glossary\n\n- [ ] **Clay**\n- [ ] **Ash**\n") == []


def test_an_empty_definition_is_a_problem_and_takes_not_the_next_one() -> None:
    text = "<h1>Glossary</h1><dl><dt>Ash</dt><dd></dd><dt>Clay</dt><dd>Earth.</dd></dl>"
    assert pairs(text, "html") == [("Clay", "Earth.")]
    assert any("empty answer" in problem.message for problem in page(text, "html").problems)


def data(*questions: dict[str, object], kind: str = "FAQPage", body: str = "<p>Text.</p>") -> str:
    found = json.dumps({"@context": "https://schema.org", "@type": kind, "mainEntity": questions}, indent=1)
    script = f"<script type='application/ld+json'>\n{found}\n</script>"
    return f"<title>Kiln</title>\n{script}\n<main><h1>Kiln</h1>{body}</main>"


def asked(name: str, text: str, **more: object) -> dict[str, object]:
    return {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": text}, **more}


def test_the_data_of_a_page_gives_flashcards_with_their_line() -> None:
    text = data(asked("Is it hot?", "<p>Very &amp; <b>long</b>.</p>"), asked("Is it &lt; 9?", "&lt;p&gt;No.&lt;/p&gt;"))
    assert pairs(text, "html") == [("Is it hot?", "Very & long."), ("Is it < 9?", "No.")]
    first = page(text, "html").items[0]
    assert (first.kind, first.shape, first.section) == ("flashcard", "json-ld", None)
    assert text.split("\n")[first.location.line - 1].strip().startswith('"name": "Is it hot?"')


def test_an_answer_that_was_only_suggested_is_none() -> None:
    question = {"@type": "Question", "name": "Is it hot?", "suggestedAnswer": {"@type": "Answer", "text": "Maybe."}}
    assert pairs(data(question, kind="QAPage"), "html") == []


def test_a_quiz_keeps_its_options() -> None:
    wrong = [{"@type": "Answer", "position": 1, "text": "ice"}]
    right = {
        "@type": "Answer",
        "position": 0,
        "text": "fire",
        "answerExplanation": {"@type": "Comment", "text": "It burns."},
    }
    question = {"@type": "Question", "text": "Which is hot?", "suggestedAnswer": wrong, "acceptedAnswer": right}
    text = data(question, kind="Quiz").replace("mainEntity", "hasPart")
    assert pairs(text, "html") == [("Which is hot?\nA. fire\nB. ice", "fire\nIt burns.")]
    assert [(item.kind, item.shape) for item in page(text, "html").items] == [("self-check", "choice")]


def test_what_the_page_shows_comes_before_its_data() -> None:
    body = "<h2>FAQ</h2><h3>Is it hot?</h3><p>Very, and long.</p>"
    found = page(data(asked("Is it  hot ?", "Very"), body=body), "html")
    assert [(item.shape, plain_answer(item)) for item in found.items] == [("faq", "Very, and long.")]
    assert not [problem for problem in found.problems if "data" in problem.message]
    found = page(data(asked("Is it hot?", "Not at all."), body=body), "html")
    assert len(found.items) == 1
    assert [problem.severity for problem in found.problems if "data" in problem.message] == ["note"]
    shown = "<h2>Is it hot?</h2><p>It may be.</p>"
    assert [item.shape for item in page(data(asked("Is it hot?", "Very"), body=shown), "html").items] == ["json-ld"]


def test_data_that_is_nearly_json_is_read_and_else_a_problem() -> None:
    text = data(asked("Is it hot?", "See http://kiln.example // now"))
    loose = text.replace('"@type": "FAQPage",', '"@type": "FAQPage", // a page\n/* of\nours */').replace(
        "]\n}", "],\n}"
    )
    assert pairs(loose, "html") == [("Is it hot?", "See http://kiln.example // now")]
    found = page(text.replace('"mainEntity":', '"mainEntity"'), "html")
    assert found.items == ()
    assert [problem.location.line for problem in found.problems if "not JSON" in problem.message] == [6]


def test_ids_and_graphs_are_followed() -> None:
    answer = {"@id": "#a", "@type": "Answer", "text": "Very."}
    question = {"@id": "#q", "@type": ["Thing", "Question"], "name": "Is it hot?", "acceptedAnswer": {"@id": "#a"}}
    graph = {"@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": [{"@id": "#q"}]}, question, answer]}
    text = f"<script type='application/ld+json'>{json.dumps([graph])}</script><p>Text.</p>"
    assert pairs(text, "html") == [("Is it hot?", "Very.")]


def test_a_long_faq_takes_no_longer_than_its_length() -> None:
    def seconds(count: int) -> float:
        text = "# FAQ\n\n" + "".join(f"## Is {n} hot?\n\nYes, {n} is.\n\n" for n in range(count))
        start = time.perf_counter()
        assert len(page(text).items) == count
        return time.perf_counter() - start

    seconds(50)
    assert seconds(3000) < 25 * max(seconds(300), 0.02)
