"""Lines of a question and of its answer → the lines of a reveal that says what it answers."""

from collections.abc import Sequence

from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.model import Kind
from ankiexport.readers.lines import NumberedLine


def reveal_lines(
    question: Sequence[NumberedLine], answer: Sequence[NumberedLine], kind: Kind, shape: str
) -> list[NumberedLine]:
    """Both sides go on being Markdown."""
    first, last = question[0].number, answer[-1].number if answer else question[-1].number
    between = answer[0].number if answer else question[-1].number
    return [
        NumberedLine(first, ""),
        NumberedLine(first, f'<details {ROLE}="answer" {KIND}="{kind}" {SHAPE}="{shape}"><summary>Answer</summary>'),
        NumberedLine(first, f'<div {ROLE}="asked">'),
        NumberedLine(first, ""),
        *question,
        NumberedLine(between, ""),
        NumberedLine(between, "</div>"),
        NumberedLine(between, ""),
        *answer,
        NumberedLine(last, ""),
        NumberedLine(last, "</details>"),
        NumberedLine(last, ""),
    ]
