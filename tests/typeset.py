"""TeX in, what Anki's own MathJax makes of it out: a list as JSON on stdin, a list of MathML as JSON on stdout."""

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from PyQt6.QtWidgets import QApplication

PAGE = """<!doctype html><meta charset="utf-8"><script>{settings}</script><script src="{mathjax}"></script><script>
MathJax.startup.promise.then(() => {{
  window.made = JSON.stringify({formulas}.map((tex) => MathJax.tex2mml(tex)));
}});
</script>"""


def page_of(formulas):
    assets = Path(next(iter(importlib.util.find_spec("_aqt").submodule_search_locations)), "data", "web", "js")
    folder = (assets / "vendor" / "mathjax").as_uri()
    settings = (assets / "mathjax.js").read_text("utf-8").replace("/_anki/js/vendor/mathjax", folder)
    script = json.dumps(formulas).replace("<", "\\u003c")
    return PAGE.format(settings=settings, mathjax=f"{folder}/tex-chtml-full.js", formulas=script)


def main():
    app = QApplication(sys.argv)
    page = QWebEnginePage()
    page.settings().setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, True)

    def look():
        page.runJavaScript("window.made", take)

    def take(made):
        if not made:
            QTimer.singleShot(100, look)
            return
        print(made, flush=True)
        os._exit(0)  # Qt's browser is slow to end, and not needed any more

    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder, "page.html")
        html.write_text(page_of(json.load(sys.stdin)), "utf-8")
        page.loadFinished.connect(look)
        page.load(QUrl.fromLocalFile(str(html)))
        app.exec()


if __name__ == "__main__":
    main()
