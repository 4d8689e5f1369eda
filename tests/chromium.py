"""The browser: Qt's Chromium in a process of its own. Jobs come in on stdin as JSON, replies go out, a line each.

What a page does is seen from four sides: hooks in the page (`in_browser/spy.js`), a Content Security Policy that
reports every script and stops none, an interceptor that blocks and tells every request, and the page's own navigation.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import _aqt
from PyQt6.QtCore import QEventLoop, QSize, Qt, QTimer, QUrl
from PyQt6.QtGui import QImage
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineScript, QWebEngineUrlRequestInterceptor
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

SCRIPTS = Path(__file__).with_name("in_browser")
ANKI_WEB = Path(next(iter(_aqt.__path__)), "data", "web")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
LONGEST = 30_000  # milliseconds that one page may take
SETTLE = 30  # milliseconds after the last event for requests that are on their way
PAINT = 500  # milliseconds until a page of a new size is painted
SHORTEST = 100  # pixels: what a page is high before it is known
AFAR = 8  # pixels of a picture that are seen as one
HEIGHT = "document.fonts.ready.then(() => 0), document.documentElement.scrollHeight"
LINKS = ("http", "https", "mailto")


class Server(ThreadingHTTPServer):
    """Gives out what Anki's own server does: the page, Anki's scripts and the collection's media."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {"/favicon.ico": ""}
        self.media = None
        self.address = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def find(self, path):
        """The bytes and the type of what stands at a path, or None."""
        if path in self.pages:
            return self.pages[path].encode("utf-8", "surrogatepass"), "text/html; charset=utf-8"
        folder, name = self.media, path.lstrip("/")
        if path.startswith("/_anki/"):
            folder, name = ANKI_WEB, path.removeprefix("/_anki/")
        file = folder / unquote(name) if folder and name and ".." not in name else None
        if file is None or not file.is_file():
            return None
        return file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.server.find(urlsplit(self.path).path)
        self.send_response(200 if found else 404)
        if found:
            self.send_header("Content-Type", found[1])
            policy = f"script-src {self.server.address}/_anki/ 'report-sample'"
            self.send_header("Content-Security-Policy-Report-Only", policy)
        self.end_headers()
        self.wfile.write(found[0] if found else b"")

    def log_message(self, *_):
        """Says nothing: stderr is Chromium's."""


class Interceptor(QWebEngineUrlRequestInterceptor):
    """Lets through what the server has, blocks and tells everything else."""

    def __init__(self, server, tell):
        super().__init__()
        self._server = server
        self._tell = tell

    def interceptRequest(self, request):  # noqa: N802  # the name is Qt's
        url = request.requestUrl()
        ours = url.toString().startswith(self._server.address + "/") and self._server.find(url.path())
        if not ours:
            request.block(True)
            self._tell("request", url.toString()[:300], page=request.firstPartyUrl().path())


class Window(QWebEnginePage):
    """A window that stays empty, and is none of a page's business unless a link would open it."""

    def __init__(self, profile, tell):
        super().__init__(profile)
        self._tell = tell

    def acceptNavigationRequest(self, url, kind, is_main_frame):  # noqa: N802  # the name is Qt's
        if url.scheme() not in LINKS:
            self._tell("window", f"{kind.name} {url.toString()[:200]}")
        return False


class Page(QWebEnginePage):
    """A page that goes nowhere and tells what it tried."""

    def __init__(self, profile, tell, finish):
        super().__init__(profile)
        self._tell = tell
        self._finish = finish
        self._window = None
        self.loadFinished.connect(lambda _: finish("load"))
        self.renderProcessTerminated.connect(lambda *_: self._tell("crash", "the renderer ended"))

    def javaScriptConsoleMessage(self, level, message, line, source):  # noqa: N802  # the name is Qt's
        if message.startswith("spy:"):
            said = json.loads(message.removeprefix("spy:"))
            if said["kind"] == "done":
                self._finish("done")
            else:
                self._tell(said["kind"], said["what"], card=said["card"])

    def acceptNavigationRequest(self, url, kind, is_main_frame):  # noqa: N802  # the name is Qt's
        if kind == QWebEnginePage.NavigationType.NavigationTypeTyped and is_main_frame:
            return True
        is_link = kind == QWebEnginePage.NavigationType.NavigationTypeLinkClicked and url.scheme() in LINKS
        if not is_link and not url.toString().startswith(("about:blank", "about:srcdoc")):
            self._tell("navigation", f"{kind.name} {url.toString()[:200]}")
        return not is_main_frame

    def createWindow(self, kind):  # noqa: N802  # the name is Qt's
        """A link that opens outside wants a window of its own; it tells where to."""
        self._window = Window(self.profile(), self._tell)
        return self._window

    def javaScriptAlert(self, origin, text):  # noqa: N802  # the name is Qt's
        self._tell("script", f"alert({text})")

    def javaScriptConfirm(self, origin, text):  # noqa: N802  # the name is Qt's
        self._tell("script", f"confirm({text})")
        return False

    def javaScriptPrompt(self, origin, text, default):  # noqa: N802  # the name is Qt's
        self._tell("script", f"prompt({text})")
        return False, ""


class Browser:
    def __init__(self):
        self._server = Server()
        self._seen = []
        self._path = ""
        self._number = 0
        self._profile = QWebEngineProfile()
        self._profile.scripts().insert(_early_script((SCRIPTS / "spy.js").read_text("utf-8")))
        self._interceptor = Interceptor(self._server, self._tell)
        self._profile.setUrlRequestInterceptor(self._interceptor)
        self._loop = QEventLoop()
        self._awaited = ""
        self._page = Page(self._profile, self._tell, self._finish)
        self._view = QWebEngineView()
        self._view.setPage(self._page)
        self._view.resize(900, 700)
        self._view.show()
        self._provoke = (SCRIPTS / "provoke.js").read_text("utf-8").rstrip()
        self._contrast = (SCRIPTS / "contrast.js").read_text("utf-8")

    def _tell(self, kind, what, card=None, page=None):
        """A request that comes late belongs to a page before this one; all else is of this page."""
        self._seen.append({"kind": kind, "what": what, "card": card, "page": page or self._path})

    def _load(self, html, media):
        self._number += 1
        self._server.pages.pop(self._path, None)
        self._path = f"/page/{self._number}"
        self._server.pages[self._path] = html
        self._server.media = Path(media) if media else None
        url = QUrl(self._server.address + self._path)
        self._wait("load", lambda: self._page.load(url))

    def _wait(self, event, start):
        """Runs the event loop from `start` until an event."""
        self._awaited = event
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._tell("crash", f"no {event} after {LONGEST} ms"))
        timer.timeout.connect(self._loop.quit)
        timer.start(LONGEST)
        start()
        self._loop.exec()

    def _finish(self, event):
        if event == self._awaited:
            self._loop.quit()

    def _run(self, script):
        """Runs a script that tells "done" at its end."""
        self._wait("done", lambda: self._page.runJavaScript(script))

    def _settle(self, milliseconds=SETTLE):
        QTimer.singleShot(milliseconds, self._loop.quit)
        self._loop.exec()

    def watch(self, html, count, media=None, show=None):
        """Loads a page, shows cards in it by a script if there is one, provokes them; gives what was seen."""
        self._seen = []
        self._load(html, media)
        if show:
            self._run(show)
        self._run(f"{self._provoke}({count})")
        self._settle()
        return [seen for seen in self._seen if seen["page"] == self._path]

    def measure(self, html, media=None):
        """Loads a page; gives each text that is seen in it with its contrast."""
        self._load(html, media)
        found = []
        self._wait("texts", lambda: self._page.runJavaScript(self._contrast, self._keep(found)))
        return json.loads(found[0])

    def picture(self, html, path, width, media=None):
        """Loads a page and saves a picture of all of it, as wide as this."""
        self._view.resize(width, SHORTEST)
        self._load(html, media)
        heights = []
        self._wait("texts", lambda: self._page.runJavaScript(HEIGHT, self._keep(heights)))
        self._view.resize(width, int(heights[0]))
        self._settle(PAINT)
        saved = self._view.grab().save(path)
        self._view.resize(900, 700)
        return {"saved": saved}

    def difference(self, one, other):
        """How unlike two pictures of one size are, seen from afar: from 0 to 1; 1 if their sizes differ."""
        pictures = [QImage(path).convertToFormat(QImage.Format.Format_Grayscale8) for path in (one, other)]
        width, height = pictures[0].width(), pictures[0].height()
        if pictures[0].isNull() or pictures[1].width() != width or abs(pictures[1].height() - height) > AFAR * 4:
            return {"difference": 1}
        keep = Qt.AspectRatioMode.IgnoreAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        size = QSize(width // AFAR, height // AFAR)
        small = [picture.scaled(size, keep, smooth) for picture in pictures]
        points = [(x, y) for x in range(size.width()) for y in range(size.height())]
        apart = sum(abs(small[0].pixelColor(x, y).red() - small[1].pixelColor(x, y).red()) for x, y in points)
        return {"difference": apart / 255 / len(points)}

    def _keep(self, found):
        def keep(value):
            found.append(value)
            self._finish("texts")

        return keep


def _early_script(code):
    script = QWebEngineScript()
    script.setSourceCode(code)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    script.setRunsOnSubFrames(True)
    return script


def main():
    app = QApplication(["browser"])
    browser = Browser()
    for line in sys.stdin:
        job = json.loads(line)
        reply = getattr(browser, job.pop("do"))(**job)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    del browser, app


if __name__ == "__main__":
    main()
