"""The table of shapes: how reveals, boxes and pairs of all sorts of site generators are recognised, a row each."""

from dataclasses import dataclass
from typing import Literal

from ankiexport.model import Kind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A row of the table: the elements that match `css` are reveals, of a role or not, or boxes.

    `title` is what stands on one: a selector below the element, the first match counts; where `body` is given it
    must match there, too. A pair has `question` and
    `answer` instead, both below the element.
    """

    name: str
    css: str
    role: Role | Literal["box", "reveal", "pair"]
    title: str = ""
    body: str = ""
    question: str = ""
    answer: str = ""
    kind: Kind | None = None


TITLES = (
    ".admonition-title, .callout-title, .callout-title-container, .boxtitle, .box-title, .exercise-title,"
    " [data-ankiexport-role=title], .box-legend, p.title, .title"
)
_HEADINGS = "h1, h2, h3, h4, h5, h6"

SHAPES: tuple[Shape, ...] = (
    # What is beside the matter
    Shape(name="notes", css="aside.notes, .speaker-notes, .instructor-note, div.instructor", role="aside"),
    # A question and its answer that say what they are
    Shape(
        name="microdata",
        css='[itemtype$="schema.org/Question"]',
        role="pair",
        question='[itemprop="name"], [itemprop="text"]',
        answer='[itemprop="acceptedAnswer"]',
        kind="flashcard",
    ),
    Shape(
        name="faq",
        css=".schema-faq-section, .faq-item, .faq-entry, .faq__item, .rank-math-list-item, .rank-math-faq-item"
        ", .qa-item",
        role="pair",
        question='[class*="question"], dt, summary, h2, h3, h4, h5',
        answer='[class*="answer"], dd, [class*="content"], [class*="body"]',
        kind="flashcard",
    ),
    Shape(
        name="Q and A",
        css=".qlist.qanda li",
        role="pair",
        question="p:first-child",
        answer="p:first-child ~ *",
        kind="flashcard",
    ),
    # Hints before answers: "solution-like hint"
    Shape(
        name="hint",
        css="details.hint, div.hint, blockquote.hint, div.hints, section.hint, .admonition.hint.dropdown",
        role="hint",
        title=f"{TITLES}, {_HEADINGS}",
    ),
    # Answers by their class
    Shape(
        name="solution",
        css="div.solution, section.solution, aside.solution, blockquote.solution, article.solution, details.solution"
        ", div.solutions, div.answer, section.answer, aside.answer, blockquote.answer, details.answer, div.answers"
        ", div.webex-solution, div.rmdsolution, div.rmdanswer, [data-type=solution], div.loesung, div.antwort"
        ", div.reponse, div.respuesta, div.resposta, blockquote.resposta, div.soluzione, div.risposta, div.spoiler"
        ", div.model-answer, div.sample-answer, div.correct-answer, p.answer, p.solution",
        role="answer",
        title=f"{TITLES}, {_HEADINGS}, button, [data-type=solution-title], summary",
    ),
    # Folded call-outs, which may be anything
    Shape(
        name="admonition",
        css=".admonition.dropdown, .admonition.toggle, .admonition.is-collapsible",
        role="reveal",
        title=".admonition-title, [class*=title]",
    ),
    Shape(name="toggle", css="div.toggle:not(.admonition)", role="answer", title=".toggle-title, .title"),
    Shape(
        name="collapsible",
        css=".mw-collapsible:not(table):not(.navbox)",
        role="reveal",
        title=".mw-collapsible-toggle, .mw-collapsible > *:first-child:not(.mw-collapsible-content):not(p)",
    ),
    Shape(
        name="collapsible",
        css=".NavFrame, [class*=spoiler], [class*=toggle], [class*=accordion], [class*=collapsible], [class*=expand]"
        ", [class*=faq], [class*=fold], [class*=reveal], [class*=disclosure]",
        role="reveal",
        title=".NavHead, [class*=-title], [class*=_title], [class*=-head], [class*=_head], [class*=-trigger]"
        ", [class*=-button], [class*=_button], [class*=-question], [class*=_question], [class*=-label]"
        ", [class*=-summary]",
        body=".NavContent, [class*=-content], [class*=_content], [class*=-body], [class*=_body], [class*=-panel]"
        ", [class*=-answer], [class*=_answer], [class*=-inner], [class*=-text]",
    ),
    # Questions by their class
    Shape(
        name="exercise",
        css="div.challenge, blockquote.challenge, section.challenge, div.exercise, section.exercise, article.exercise"
        ", blockquote.exercise, article.exercise-like, article.project-like, article.example-like, aside.exercise"
        ", div.question, section.question, article.question, blockquote.question, div.problem, section.problem"
        ", article.problem, div.task, div.activity, div.checkpoint, div.rmdquestion, div.rmdexercise"
        ', [data-type="exercise"], [data-type="injected-exercise"], div.quiz-question, li.question'
        ", div.box-exercise, div.puzzle, div.practice, div.aufgabe, div.uebung, div.frage, div.exercice, div.ejercicio"
        ", div.pregunta, div.exercicio, div.pergunta, div.qa, div.quiz-item, li.quiz-item, div.qna"
        ", div.textbox--exercises",
        role="box",
        title=f"{TITLES}, {_HEADINGS}, [data-type=title], .textbox__title, span.exercise",
    ),
)

NAMED_EXERCISE = Shape(name="exercise", css=".callout", role="box", title=TITLES)
NAMED_SOLUTION = Shape(name="solution", css=".callout", role="answer", title=TITLES)
