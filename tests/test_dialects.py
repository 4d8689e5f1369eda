"""Dialects of Markdown and MDX: what is asked and answered in containers, directives, tags and components."""

import pytest

import ankiexport
from ankiexport.model import Source
from ankiexport.plain import plain
from ankiexport.readers.literals import NoLiteralError, read_literal
from ankiexport.readers.markdown import read_markdown, read_mdx


def read(text, form="markdown"):
    (page,) = ankiexport.read(Source(name="p", text=text, format=form))
    return page


def pairs(text, form="markdown"):
    return [(plain(item.question), plain(item.answer)) for item in read(text, form).items]


ASKED = [("Why is the sky blue?", "Air scatters blue light.")]
CONTAINERS = {
    "Workbench": """
::::::::::::: challenge

## Colours

Why is the sky blue?

:::::: solution

## Solution

Air scatters blue light.

::::::
::::::::::::::::::::
""",
    "more and fewer colons, trailing ones": """
::: challenge :::
Why is the sky blue?
:::::: solution ------
Air scatters blue light.
:::
::::::::
""",
    "Quarto": """
::: {.callout-important}
## Question 1

Why is the sky blue?
:::

::: {.callout-tip collapse="true"}
## Solution

Air scatters blue light.
:::
""",
    "Quarto, named by its id": """
::: {#exr-sky}
Why is the sky blue?
:::

::: {.solution}
Air scatters blue light.
:::
""",
    "bookdown": """
```{exercise, label="sky", name="Colours"}
Why is the sky blue?
```

```{solution, echo=TRUE}
Air scatters blue light.
```
""",
    "Docusaurus": """
:::question[Question 1]
Why is the sky blue?
:::

:::tip[Answer]
Air scatters blue light.
:::
""",
    "VitePress": """
Why is the sky blue?

::: details Answer {open}
Air scatters blue light.
:::
""",
    "MyST, the solution at the end of the page": """
```{exercise} Colours
:label: sky

Why is the sky blue?
```

```{exercise}
:label: open

Find a red sky.
```

````{solution} sky
:label: sky-solution
:class: dropdown

Air scatters blue light.
````
""",
    "MyST, gated": """
```{exercise-start}
:label: sky
```
Why is the sky blue?
```{exercise-end}
```

```{solution-start} sky
:class: dropdown
```
Air scatters blue light.
```{solution-end}
```
""",
    "MyST, admonitions": """
::::{admonition} Question 1
:class: question

Why is the sky blue?

:::{admonition} Answer
---
class: dropdown
---
Air scatters blue light.
:::
::::
""",
    "kramdown": """
> ## Colours
>
> Why is the sky blue?
>
> > ## Solution
> > Air scatters blue light.
> {: .solution}
{: .challenge}
""",
    "kramdown, below a paragraph": """
Why is the sky blue?

Air scatters blue light.
{: .answer #one}
""",
    "Jekyll": """
Why is the sky blue?

{% details Show the answer %}
Air scatters blue light.
{% enddetails %}
""",
    "GitBook": """
{% hint style="warning" %}
**Question 4:** Why is the sky blue?
{% endhint %}

{% hint style="success" %}
**Answer:** Air scatters blue light.
{% endhint %}
""",
    "GitBook, tabs": """
{% tabs %}
{% tab title="Question" %}
Why is the sky blue?
{% endtab %}
{% tab title="Answer" %}
Air scatters blue light.
{% endtab %}
{% endtabs %}
""",
    "Hugo": """
Why is the sky blue?

{{%expand "Solution" %}}Air scatters blue light.{{% /expand%}}
""",
    "Hugo, named argument": """
{{< details title="Why is the sky blue?" open=false >}}
Air scatters blue light.
{{< /details >}}
""",
    "Hugo, named containers": """
{{< question >}}
Why is the sky blue?
{{< /question >}}
{{< answer >}}
Air scatters blue light.
{{< /answer >}}
""",
    "MkDocs": """
!!! question "Exercise 1"

    Why is the sky blue?

    ??? success "Answer"

        Air scatters blue light.
""",
    "MkDocs, tabs": """
!!! question "Exercise 1"

    === "Task"

        Why is the sky blue?

    === "Solution"

        Air scatters blue light.
""",
    "Material for MkDocs, blocks": """
/// question | Exercise 1
Why is the sky blue?
///

/// details | Answer
    type: success
Air scatters blue light.
///
""",
    "Obsidian": """
> [!question] Why is the sky blue?
> > [!success]- Answer
> > Air scatters blue light.
""",
    "Obsidian, one after the other": """
> [!QUESTION]
> Why is the sky blue?

> [!success]- Answer
> Air scatters blue light.
^sky
""",
    "Obsidian, folded": """
> [!faq]- Why is the sky blue?
> Air scatters blue light.
""",
    "R Markdown, hidden": """
Why is the sky blue?

`r hide("Solution")`

Air scatters blue light.

`r unhide()`
""",
    "Python-Markdown in HTML": """
<div class="question" markdown="1">
Why is the sky blue?
</div>
<div class="answer" markdown="1">
Air scatters blue light.
</div>
""",
}


@pytest.mark.parametrize("text", CONTAINERS.values(), ids=CONTAINERS)
def test_dialect_tells_the_question_and_its_answer(text):
    assert pairs(f"# Sky\n{text}") == ASKED


COMPONENTS = {
    "question and answer": "<Question>\nWhy is the sky blue?\n</Question>\n<Answer>Air scatters blue light.</Answer>",
    "answer in the question": "<Question>Why is the sky blue?\n<Answer>Air scatters blue light.</Answer></Question>",
    "accordion": '<Accordion title="Why is the sky blue?">\n  Air scatters blue light.\n</Accordion>',
    "accordion of parts": (
        "<Accordion><AccordionItem><AccordionTrigger>Why is the sky blue?</AccordionTrigger>"
        "<AccordionContent>Air scatters blue light.</AccordionContent></AccordionItem></Accordion>"
    ),
    "toggle": 'Why is the sky blue?\n\n<Toggle label="Solution">\n\nAir scatters blue light.\n\n</Toggle>',
    "attributes": '<FAQ q="Why is the sky blue?" a="Air scatters blue light." />',
    "rows": '<Cards items={[{question: "Why is the sky blue?", answer: `Air scatters blue light.`}]} />',
    "challenges": (
        "## Recap\n\nMuch was said.\n\n<Challenges>\n\n#### Colours {/*colours*/}\n\nWhy is the sky blue?\n\n"
        "<Hint>\n\nWhat does air do?\n\n</Hint>\n\n"
        "<Solution>\n\nAir scatters blue light.\n\n</Solution>\n\n</Challenges>"
    ),
    "tabs": (
        '<Tabs><TabItem value="q" label="Question">\n\nWhy is the sky blue?\n\n</TabItem>'
        '<TabItem value="a" label="Answer">\n\nAir scatters blue light.\n\n</TabItem></Tabs>'
    ),
}


@pytest.mark.parametrize("text", COMPONENTS.values(), ids=COMPONENTS)
def test_component_tells_the_question_and_its_answer(text):
    assert pairs(f"# Sky\n\n{text}\n", "mdx") == ASKED


NOTHING = {
    "exercise without a solution": "::: exercise\nProve it.\n:::\n\nText goes on.\n",
    "notes": "::: tip\nDrink water.\n:::\n\n> [!tip] Practice\n> Sing it.\n",
    "open directive": "```{exercise}\n:label: one\nProve it.\n```\n",
    "hint alone": '::: question\nWhy?\n:::\n\n{{% expand "Hint" %}}Think.{{% /expand %}}\n',
    "code": '````\n::: solution\nNo.\n:::\n```{solution}\n```\n````\n\n`{{% expand "Answer" %}}`\n',
    "comment": "{% comment %}\n::: solution\nNo.\n:::\n{% endcomment %}\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_item_without_an_answer(text):
    assert pairs(f"# Sky\n\nWhy is it blue?\n\n{text}") == []


def test_lines_are_those_of_the_file_also_where_a_solution_was_moved():
    page = read(CONTAINERS["MyST, the solution at the end of the page"])
    assert [item.location.line for item in page.items] == [5]


def test_options_of_a_directive_are_no_text():
    text = "```{exercise}\n:label: a\n:class: dropdown\n\nWhy?\n```\n\n```{toggle}\nSo.\n```\n"
    assert pairs(text) == [("Why?", "So.")]


def test_code_keeps_what_looks_like_a_container():
    text = "Why?\n\n::: solution\n```md\n::: note\n{: .x}\n{{< ref a >}}\n:::\n```\n:::\n"
    assert pairs(text) == [("Why?", "::: note\n{: .x}\n{{< ref a >}}\n:::")]


def test_chunk_is_code_without_its_options_and_hidden_chunks_are_left_out():
    text = "```{r, echo=FALSE}\nno\n```\n\nWhy?\n\n::: solution\n```{r}\n#| eval: false\nmean(x)\n```\n:::\n"
    assert pairs(text) == [("Why?", "mean(x)")]


def test_containers_in_a_list_belong_to_their_item():
    text = '1. Why?\n\n   ::: {.callout-tip collapse="true"}\n   ## Solution\n\n   So.\n   :::\n\n'
    text += "2. How?\n\n   ::: solution\n   Thus.\n   :::\n"
    assert pairs(text) == [("Why?", "So."), ("How?", "Thus.")]


def test_content_of_an_unknown_container_stays():
    assert pairs("## A\n\n::: wide\nWhy?\n:::\n\n<details><summary>Answer</summary>So.</details>\n") == [
        ("Why?", "So.")
    ]


def test_container_that_nothing_closes_is_a_problem():
    problems = read("# A\n\n::: note\nText.\n").problems
    assert [problem.location.line for problem in problems if "nothing closes" in problem.message] == [3]


def test_included_file_in_an_answer_is_a_problem():
    text = "# A\n\nWhy?\n\n{% solution %}\nSo.\n{% include more.md %}\n{% endsolution %}\n{% include footer.md %}\n"
    (problem,) = read(text).problems
    assert (problem.location.line, problem.severity) == (7, "warning")


def test_blank_of_webexercises_is_shown_with_its_answer():
    text = 'Some text.\n\nThe colour of the sky is `r fitb(c("blue", "azure"))` by day.\n'
    assert pairs(text) == [("The colour of the sky is _____ by day.", "blue")]


def test_blanks_in_items_of_a_list_are_answered_one_by_one():
    text = "1. Snow is `r fitb('white')`.\n2. Two and `r fitb(1)` are `r fitb(3)`.\n"
    assert pairs(text) == [("Snow is _____.", "white"), ("Two and _____ are _____.", "1. 1\n2. 3")]


def test_code_of_webexercises_that_only_r_knows_stays():
    assert pairs("It is `r fitb(mean(x))`.\n\nIt is `r mcq(opts)`.\n") == []


OPTIONS = {
    "children": (
        "<MultipleChoice>\nSnow is\n<Option>green</Option>\n<Option correct>white</Option>\n</MultipleChoice>",
        "mdx",
    ),
}


@pytest.mark.parametrize(("text", "form"), OPTIONS.values(), ids=OPTIONS)
def test_options_are_a_list_that_marks_the_right_one(text, form):
    reader = read_mdx if form == "mdx" else read_markdown
    document = reader(Source(name="p", text=f"# Snow\n\n{text}\n", format=form))
    before, options = [block for block in document.blocks if block.tag in ("paragraph", "list")]
    assert plain(before.html).startswith("Snow is")
    assert [item.text for item in options.children] == ["☐ green", "☑ white"]


DATA = {
    "index": '<Quiz question="Snow is" options={["green", \'white\',]} answer={1} />',
    "text": '<Quiz question="Snow is" options={["green", "white"]} answer="white" />',
    "letter": '<Quiz question="Snow is" options={["green", "white"]} correct="B" />',
    "objects": '<Quiz question="Snow is" options={[{text: "green"}, {text: "white", correct: true}]} />',
}


@pytest.mark.parametrize("text", DATA.values(), ids=DATA)
def test_data_of_a_component_says_which_option_is_right(text):
    assert pairs(f"# Snow\n\n{text}\n", "mdx") == [("Snow is\n- green\n- white", "white")]


def test_reason_in_the_data_of_a_component_belongs_to_the_answer():
    row = '{question: "Snow is", options: ["green", "white"], correct: 1, explanation: "It scatters all light."}'
    asked = "Snow is\n- green\n- white"
    assert pairs(f"# Snow\n\n<Quiz questions={{[{row}]}} />\n", "mdx") == [(asked, "white\nIt scatters all light.")]


def test_several_right_options_in_data_are_a_list():
    row = '<Quiz question="Snow is" options={["cold", "green", "white"]} answer={[0, 2]} />'
    assert pairs(f"# Snow\n\n{row}\n", "mdx") == [("Snow is\n- cold\n- green\n- white", "- cold\n- white")]


def test_options_that_are_no_literal_are_a_problem():
    page = read('# A\n\n<Quiz question="Why?" options={makeOptions()} answer={1} />\n', "mdx")
    assert page.items == ()
    assert [problem.location.line for problem in page.problems if "<Quiz>" in problem.message] == [3]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("[1, 'a', \"b\", `c`,]", (1, "a", "b", "c")),
        ("{a: true, 'b': null, // no\n c: [-1.5]}", {"a": True, "b": None, "c": (-1.5,)}),
    ],
)
def test_literal_is_read_as_data(code, value):
    assert read_literal(code) == value


@pytest.mark.parametrize("code", ["f()", "[a]", "`${a}`", "[1", "{a}", "[...b]", "1 + 1", "[" * 50, ""])
def test_code_is_no_literal(code):
    with pytest.raises(NoLiteralError):
        read_literal(code)


@pytest.mark.parametrize("page_format", ["markdown", "mdx"])
def test_attribute_list_is_left_out_and_a_formula_stays(read_text, page_format):
    answer = r"**Yes**{: .hot} ![a](b.png){width=3} $\sum_{i=1}^{n} x_{:,i}$ and $$\sqrt[3]{a=1}_{.5}$$"
    text = f"1. What is it?\n\n<details><summary>Show answer</summary>\n\n{answer}\n\n</details>\n"
    if page_format == "mdx":
        text = text.replace("{: .hot}", "").replace("{width=3}", "")
    (item,) = read_text(text, page_format).items
    assert r"\(\sum_{i=1}^{n} x_{:,i}\)" in item.answer and r"\[\sqrt[3]{a=1}_{.5}\]" in item.answer
    assert "hot" not in item.answer and "width" not in item.answer


def test_subscript_of_a_formula_with_two_backslashes_stays(read_text):
    text = "1. What is it?\n\n<details><summary>Show answer</summary>\n\n\\\\(a_{i=1} x_{:,i}\\\\)\n\n</details>\n"
    (item,) = read_text(text).items
    assert item.answer == r"\(a_{i=1} x_{:,i}\)"


@pytest.mark.parametrize("tex", ["f'(x)", "P(A|B)", "|x|", "n!", "a*b*c", "a - b", "x"])
def test_short_formula_between_brackets_is_one(read_text, tex):
    (item,) = read_text(f"**Q:** What is it?\n\n**A:** It is \\({tex}\\) there, a*b and c*d\n").items
    assert item.answer.startswith(rf"It is \({tex}\) there")


@pytest.mark.parametrize("text", ["see there", "or more", "e.g.", "if (so)", "and/or"])
def test_words_between_escaped_brackets_stay_words(read_text, text):
    (item,) = read_text(f"**Q:** What is it?\n\n**A:** File\\({text}\\) is it\n").items
    assert item.answer == f"File({text}) is it"
