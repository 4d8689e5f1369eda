"""Pages as an author writes them."""

from collections.abc import Iterable


def self_checks(pairs: Iterable[tuple[str, str]]) -> str:
    """Numbered questions in Markdown, each with its answer behind a reveal."""
    return "\n".join(
        f"**{number}.** {question}\n\n<details><summary>Show answer</summary>\n\n{answer}\n\n</details>\n"
        for number, (question, answer) in enumerate(pairs, 1)
    )
