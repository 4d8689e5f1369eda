"""Markdown pages of several families: what asks without a mark, what answers nothing, questions with code in them."""

import pytest

from ankiexport.model import Page, Source
from ankiexport.pipeline import read


def _page(text: str, name: str = "page.md") -> Page:
    (page,) = read(Source(name=name, text=text, format="markdown"))
    return page


def _pairs(text: str, name: str = "page.md") -> list[tuple[str, str]]:
    return [(item.question, item.answer) for item in _page(text, name).items]


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        ("Perguntas e Respostas", "O que é um índice", "Quais são os tipos de chave"),
        ("Fragen und Antworten", "Erklären Sie den Begriff Index", "Welche Schlüssel gibt es"),
        ("Questions et réponses", "Décrivez le rôle d'un index", "Quelles sont les clés possibles"),
        ("よくある質問", "索引の役割を説明せよ", "鍵の種類を三つ挙げよ"),
    ],
)
def test_headings_ask_without_a_mark(title: str, first: str, second: str) -> None:
    pairs = _pairs(f"# {title}\n\n### {first}\n\nOne thing.\n\n### {second}\n\nAnother thing.\n")
    assert [answer for _, answer in pairs] == ["One thing.", "Another thing."]


def test_a_summary_keeps_the_code_that_it_asks_about() -> None:
    page = (
        "# Logs\n\n"
        "<details>\n<summary>This is logged. What is wrong?\n\n"
        "```\nport 80 taken\n```\n</summary>\n\n"
        "Two run.\n</details>\n"
    )
    ((question, answer),) = _pairs(page)
    assert "port 80 taken" in question
    assert answer == "Two run."


def test_a_summary_with_code_that_asks_nothing_is_no_question() -> None:
    page = "# Logs\n\n<details>\n<summary>The full log\n\n```\nport 80 taken\n```\n</summary>\n\nTwo run.\n</details>\n"
    assert _pairs(page) == []


@pytest.mark.parametrize("answer", ["TODO", "{# à venir #}", "Coming soon", "Lösung folgt.", "待补充"])
def test_an_answer_that_is_still_to_be_written_is_none(answer: str) -> None:
    page = f"# Sums\n\n1. What is two and two?\n\n<details>\n<summary>Answer</summary>\n\n{answer}\n</details>\n"
    found = _page(page)
    assert found.items == ()
    assert [problem.code for problem in found.problems] == ["no-answer", "no-item"]


def test_commands_for_each_system_are_no_questions_of_an_faq() -> None:
    fence = "```bash\nget {}\n```"
    parts = "".join(
        f"<details>\n<summary>{head}</summary>\n\n{body}\n</details>\n\n"
        for head, body in (
            ("Is it free?", "Yes."),
            ("Payments", "By card."),
            ("Linux", fence.format("a")),
            ("macOS", fence.format("b")),
        )
    )
    assert [question for question, _ in _pairs(f"# FAQ\n\n{parts}")] == ["Is it free?", "Payments"]


def test_a_numbered_question_in_an_faq_keeps_its_code_and_its_hidden_answer() -> None:
    quiz = (
        "## 自测\n\n1. 第一个问题是什么？\n\n::: details 查看答案\n第一。\n:::\n\n"
        "2. 这条命令做什么？\n\n```sh\nrun it\n```\n\n"
        "::: details 查看答案\n第二。\n:::\n"
    )
    pairs = _pairs(f"# 常见问题\n\n## 谁维护？\n\n大家。\n\n{quiz}")
    assert [answer for _, answer in pairs] == ["大家。", "第一。", "第二。"]
    assert "run it" in pairs[2][0]


def test_a_widget_alone_answers_the_paragraph_above_it() -> None:
    page = '# Means\n\n## Spread\n\nWhich one is robust?\n\n`r longmcq(c("range", answer = "median"))`\n\nMore text.\n'
    ((question, answer),) = _pairs(page, "page.Rmd")
    assert "Which one is robust?" in question
    assert "median" in answer


def test_a_widget_in_a_container_leaves_its_first_line_alone() -> None:
    page = '# Means\n\n::: {.try}\nThe middle is the `r fitb("median")`\n\nIt is unique. `r torf(FALSE)`\n:::\n'
    assert [answer for _, answer in _pairs(page, "page.Rmd")] == ["median", "FALSE"]


def test_phrases_of_a_vocabulary_are_words_of_it() -> None:
    page = "# Lesson\n\n## Vocabulary\n\n### Phrases\n\n| Satz | Meaning |\n|---|---|\n| Wie geht's? | How are you? |\n"
    assert [question for question, _ in _pairs(page)] == ["Wie geht's?"]


def test_a_folded_question_may_hold_a_tip_beside_its_answer() -> None:
    page = "# Cells\n\n> [!question]- 浸透の仕組みを説明せよ\n> 水が動く。\n>\n> > [!tip] 覚え方\n> > 坂。\n"
    ((question, answer),) = _pairs(page)
    assert question == "浸透の仕組みを説明せよ"
    assert "水が動く" in answer


def test_a_folded_quiz_asks_for_the_ticked_option() -> None:
    page = '# Loops\n\n??? question "QCM"\n    Que vaut le produit ?\n\n    - [ ] deux\n    - [x] trois\n'
    ((question, answer),) = _pairs(page)
    assert "Que vaut" in question
    assert "trois" in answer


def test_a_folded_checklist_is_no_quiz() -> None:
    assert _pairs('# Loops\n\n??? question "Ready?"\n    Before you go on\n\n    - [ ] read\n    - [x] run\n') == []


def test_a_glossary_has_terms_under_a_lone_sign() -> None:
    page = (
        "# Glossary\n\n## # {#signs}\n\n### 50 Hz line {#fifty}\n\n"
        "A line fed with mains.\n\n## A {#a}\n\n### axle {#axle}\n\n"
        "What wheels turn on.\n"
    )
    assert [question for question, _ in _pairs(page)] == ["50 Hz line", "axle"]
