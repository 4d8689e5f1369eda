"""Question banks as text dumps, answers that only name an option, and statements that are true or false."""

import time

import pytest

import ankiexport
from ankiexport import Source
from ankiexport.plain import plain


def read(page: str, form: str = "text") -> ankiexport.Page:
    (one,) = ankiexport.read(Source(name="bank", text=page, format=form))  # type: ignore[arg-type]  # a literal
    return one


def pairs(page: ankiexport.Page) -> list[tuple[str, str]]:
    return [(plain(item.question), plain(item.answer)) for item in page.items]


SITE = """Home  Quizzes  Forum

Gates :: Section 1

7.
Which gate opens first?
A.
North
B.
South
Answer: Option B
Explanation:
No answer description is available. Let's discuss.
View Answer Discuss in Forum Workspace Report

8.
Consider the following statements:
1. The lock is new.
2. The lock is old.
Which of the above is correct?
A.
1 only
B.
2 only
Answer: Option A
Explanation:

It was bought today.

View Answer Discuss in Forum Workspace Report

9.
Who has the key?
A.
The smith
B.
The baker
View Answer Discuss in Forum Workspace Report

Page 3 of 5
"""


def test_labels_and_options_on_lines_of_their_own() -> None:
    page = read(SITE)
    statements = "Consider the following statements:\n1. The lock is new.\n2. The lock is old.\nWhich of the above"
    assert pairs(page) == [
        ("Which gate opens first?\nA. North\nB. South", "B. South"),
        (f"{statements} is correct?\nA. 1 only\nB. 2 only", "A. 1 only\nIt was bought today."),
    ]
    assert [(one.location.line, one.message) for one in page.problems] == [
        (32, "no answer follows this question: no item")
    ]


BANKS = {
    "numbers as options": (
        "Вопрос 1\n\nБез изображения\n\nКто идёт первым?\n\n1. Кот.\n2. Пёс.\n\nПоказать ответ\nПравильный ответ: 2\n"
        "Комментарий: он старше.\n\nВопрос 2\n\nКуда?\n\n1. Домой.\n2. В лес.\n\nПравильный ответ: 1\n\nПоделиться\n",
        [
            ("Кто идёт первым?\n1. Кот.\n2. Пёс.", "2. Пёс.\nКомментарий: он старше."),
            ("Куда?\n1. Домой.\n2. В лес.", "1. Домой."),
        ],
    ),
    "a vignette, and remarks on each option": (
        "Item 1 of 2   QID: 77\n\nA ship has two masts. It is old.\n\nWhat is it called?\n\n  (A) A ketch\n"
        "  (B) A raft\n\nAnswer: (A) A ketch\n\nExplanation: It has two masts.\n(A) is right.\n(B) has none.\n\n___\n\n"
        "Item 2 of 2   QID: 78\n\nHow long is it?\n\n  (A) Long\n  (B) Short\n\nAnswer: (B)\n\n_____________\nEND\n",
        [
            (
                "A ship has two masts. It is old.\nWhat is it called?\n(A) A ketch\n(B) A raft",
                "(A) A ketch\nExplanation: It has two masts.\nA. is right.\nB. has none.",
            ),
            ("How long is it?\n(A) Long\n(B) Short", "(B) Short"),
        ],
    ),
    "kana": (
        "問1 早いのはどれか。\n\nア　風\nイ　雲\n\n正解：ア\n解説：風は速い。\n\n"
        "問2 遅いのはどれか。\n\nア　亀\nイ　馬\n\n正解：ア\n",
        [
            ("早いのはどれか。\nア. 風\nイ. 雲", "ア. 風\n解説：風は速い。"),
            ("遅いのはどれか。\nア. 亀\nイ. 馬", "ア. 亀"),
        ],
    ),
    "options on one line": (
        "第1题 哪个最大？\n①鼠 ②象 ③猫\n答案：②\n\n第2题 哪个最小？\nA．鼠  B．象\n【答案】A\n",
        [("哪个最大？\n①鼠\n②象\n③猫", "②象"), ("哪个最小？\nA．鼠\nB．象", "A．鼠")],
    ),
    "no numbers": (
        "Who sings?\nA. The bird\nB. The stone\nAnswer: A\nExplanation: It has a voice.\n\nWho falls?\nA. The bird\n"
        "B. The stone\nAns: (b)\n",
        [
            ("Who sings?\nA. The bird\nB. The stone", "A. The bird\nExplanation: It has a voice."),
            ("Who falls?\nA. The bird\nB. The stone", "B. The stone"),
        ],
    ),
}


@pytest.mark.parametrize("name", BANKS)
def test_bank(name: str) -> None:
    text, wanted = BANKS[name]
    assert pairs(read(text)) == wanted


def test_what_is_not_understood_is_a_problem() -> None:
    text = "\n".join(
        f"NEW QUESTION {at}\nWhat is number {at}?\n\n[A] One\n[B] Two\n\nAnswer: {key}\n"
        for at, key in enumerate("ABD", 1)
    )
    page = read(text)
    assert len(page.items) == 2
    assert [one.message for one in page.problems] == ["the answer is none of the options: no item"]


def test_a_list_with_letters_is_no_bank() -> None:
    assert not read("Notes\n\nA. First we go.\nB. Then we stay.\n\nThe answer is near.\n").items


def test_a_long_bank_is_read_in_time() -> None:
    text = "".join(
        f"{at}. What is {at}?\nA. This\nB. That\nAnswer: B\nExplanation: So it is.\n\n" for at in range(1, 2000)
    )
    began = time.monotonic()
    assert len(read(text).items) == 1999
    assert time.monotonic() - began < 60


HIDDEN = '1. Who sings?\n\n    - A: the bird\n    - B: the stone\n\n    ??? question "Show answer"\n\n        {}\n'


def test_an_answer_that_only_names_an_option_says_it() -> None:
    assert pairs(read(HIDDEN.format("The correct answer is **A**."), "markdown"))[0][1].endswith("the bird")
    assert pairs(read(HIDDEN.format("Answer: A, for it can."), "markdown"))[0][1] == "Answer: A, for it can."


def test_a_statement_is_true_or_false() -> None:
    text = "True or False: the gate is red.\n\n- [x] True\n- [ ] False\n"
    assert [answer for _, answer in pairs(read(text, "markdown"))] == ["True"]
    assert not read("The update is automatic.\n\n- [x] Linux\n- [ ] Windows\n", "markdown").items
