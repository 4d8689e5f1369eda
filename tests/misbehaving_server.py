"""A site on loopback that does whatever a test wants, and remembers what it was asked."""

import gzip
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answering = Callable[[BaseHTTPRequestHandler], None]


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client may hang up whenever it wants."""


class Site:
    """`pages` maps paths, with their queries, to text, to bytes, or to a function that answers by itself.

    Text and bytes are sent as HTML with an ETag, and with 304 to whoever has them.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | bytes | Answering] = {}
        self.types: dict[str, str] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name is http.server's
                with site._lock:
                    site.asked.append(self.path)
                    site.times.append(time.monotonic())
                    site.headers.append({name.lower(): value for name, value in self.headers.items()})
                    site._at_once += 1
                    site.most_at_once = max(site.most_at_once, site._at_once)
                try:
                    site._answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True
                finally:
                    with site._lock:
                        site._at_once -= 1

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """What was asked until now."""
        self.asked.clear()
        self.headers.clear()
        self.times.clear()

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.asked)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        page = self.pages.get(handler.path)
        if callable(page):
            page(handler)
        elif page is None:
            send(handler, b"Not here", status=404)
        else:
            content = page.encode("utf-8") if isinstance(page, str) else page
            tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            if handler.headers.get("If-None-Match") == tag:
                send(handler, b"", status=304, **{"ETag": tag})
            else:
                media_type = self.types.get(handler.path, "text/html; charset=utf-8")
                send(handler, content, **{"ETag": tag, "Content-Type": media_type})


def send(handler: BaseHTTPRequestHandler, content: bytes, *, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if status != 304:
        handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def failing(*statuses: int, page: str, **headers: str) -> Answering:
    """Answers with these statuses, one after the other, then with the page."""
    left = list(statuses)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if left:
            send(handler, b"Later", status=left.pop(0), **headers)
        else:
            send(handler, page.encode("utf-8"), Content_Type="text/html; charset=utf-8")

    return answer


def sending(content: bytes, status: int = 200, **headers: str) -> Answering:
    return lambda handler: send(handler, content, status=status, **headers)


def redirecting(target: str, status: int = 302) -> Answering:
    return sending(b"", status=status, Location=target)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>The first half of a")
    handler.close_connection = True


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing for longer than anybody has patience."""
    time.sleep(3)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    """Sends a header without an end, so slowly that no byte is ever late."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Sends a page so slowly that no byte is ever late."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def bomb(megabytes: int, layers: int = 1) -> Answering:
    """A small answer that unpacks to a large one."""
    packed = b"<p>" + b"A" * (megabytes * 1_000_000)
    for _ in range(layers):
        packed = gzip.compress(packed, 6)
    return sending(packed, Content_Type="text/html", Content_Encoding=", ".join(["gzip"] * layers))


def large(megabytes: int, *, tells: bool) -> Answering:
    """A large page, whose size it may tell before."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        if tells:
            handler.send_header("Content-Length", str(megabytes * 1_000_000))
        else:
            handler.close_connection = True
        handler.end_headers()
        for _ in range(megabytes):
            handler.wfile.write(b"A" * 1_000_000)

    return answer


def practice(title: str, *questions: str, links: str = "") -> str:
    """A page with self-checks."""
    checks = "".join(
        f"<p><strong>{number}. {question}</strong></p>\n"
        f"<details><summary>Show answer</summary><p>The answer to {question}</p></details>\n"
        for number, question in enumerate(questions, 1)
    )
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><main><h1>{title}</h1>{checks}{links}</main></body></html>"


def linking(*targets: str) -> str:
    return "".join(f'<p><a href="{target}">{target}</a></p>\n' for target in targets)


def sitemap(*addresses: str) -> str:
    entries = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def sitemap_index(*addresses: str) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
