"""MathML → TeX."""

import lxml.html


def tex_of(math: lxml.html.HtmlElement) -> str | None:
    source = math.find('.//annotation[@encoding="application/x-tex"]')
    return source.text if source is not None else None
