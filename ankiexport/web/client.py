"""Addresses → what a server answers: politely, within limits, each answer once as long as it has not changed."""

import base64
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ankiexport import __version__
from ankiexport.errors import UsageError
from ankiexport.markup import fold
from ankiexport.web import addresses, headers
from ankiexport.web.answers import Answer, NotFetchedError, Sort, TryAgainError
from ankiexport.web.decoding import CutOffError, TooLargeError, limited, unzipped
from ankiexport.web.jobs import Clock, Job, Stopped
from ankiexport.web.manners import Manners
from ankiexport.web.robots import AGENT, Robots, parse_robots
from ankiexport.web.storage import http_cache

if TYPE_CHECKING:
    import httpx

Allows = Callable[[str], bool]

_HEADERS = {
    "User-Agent": f"{AGENT}/{__version__} (makes flashcards of practice pages)",
    "Accept-Encoding": "gzip",  # what `decoding` can decompress in small pieces
    "Cache-Control": "no-cache",  # what a cache has is asked for again: has it changed?
}
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_MOVED = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_PAGES = {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown", "text/mdx"}
_PAGES |= {"", "application/octet-stream", "application/xml", "text/xml", "application/gzip", "application/x-gzip"}
_SHOWN = 200  # signs of an address in a message
# "[Errno 111] Connection refused"
_NUMBER = re.compile(r"^\[.*?\] ")
_MEDIA = re.compile(r"(?:(?:image|audio|video)/.*|application/(?:octet-stream|ogg|mp4))?")


class Client:
    """Asks servers as a guest would. To be closed, best by `with`: what still runs then is left alone."""

    def __init__(self, manners: Manners | None = None, *, heeds_robots: bool = True) -> None:
        import httpx

        self._manners = manners or Manners()
        self._heeds_robots = heeds_robots
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._next: dict[str, float] = defaultdict(float)  # when each host may be asked again
        self._robots: dict[str, Robots] = {}
        self._robots_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._logins: dict[str, str] = {}
        self.notes: list[tuple[str, str]] = []  # origins, and what to tell of them
        options: dict[str, Any] = {"headers": _HEADERS, "timeout": self._manners.patience, "follow_redirects": False}
        try:
            self._cached = http_cache(options)
            self._uncached = httpx.Client(**options)
        except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
            reason = fold(str(error)).split("@")[-1]
            raise UsageError(
                f"the proxy or the certificates that the environment names are of no use: {reason}"
            ) from error

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stopped.set()
        self._cached.close()
        self._uncached.close()

    def log_in(self, address: str) -> None:
        """Takes the name and the password that an address carries, for that site alone."""
        given, url = addresses.login(address), addresses.normal(address)
        if given and url:
            encoded = base64.b64encode(":".join(given).encode("utf-8")).decode("ascii")
            self._logins[addresses.origin_of(url)] = f"Basic {encoded}"

    def ask(self, url: str, sort: Sort, allows: Allows = lambda url: True) -> "Job[Answer]":
        """Begins to ask for what is at a normal address; `allows` says to which others it may be redirected."""
        return Job(partial(self._ask, url, sort, allows), Clock(self._stopped), self._late())

    def fetch(self, url: str, sort: Sort, allows: Allows = lambda url: True) -> Answer:
        """What is at a normal address.

        Raises:
            NotFetchedError: it could not be had.
        """
        return self.ask(url, sort, allows).result()

    def robots(self, url: str) -> Robots:
        """What the site of an address asks of us."""
        return Job(partial(self._robots_of, url), Clock(self._stopped), self._late()).result()

    def _ask(self, url: str, sort: Sort, allows: Allows, clock: Clock) -> Answer:
        for attempt in range(self._manners.retries + 1):
            try:
                return self._follow(url, sort, allows, clock)
            except TryAgainError as failure:
                if attempt == self._manners.retries or self._stopped.is_set():
                    raise failure.error from failure
                clock.sleep(self._wait(attempt, failure))
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, attempt: int, failure: TryAgainError) -> float:
        """The seconds until the next attempt: as the server says, else longer each time."""
        if failure.after is None:
            return float(self._manners.back_off * 2**attempt * random.uniform(0.75, 1.25))
        if failure.after > self._manners.longest_wait:
            message = f"{failure.error}; it asks to wait {failure.after:.0f} seconds: try again then"
            raise NotFetchedError(message, failure.error.why) from failure
        return failure.after

    def _follow(self, url: str, sort: Sort, allows: Allows, clock: Clock) -> Answer:
        """The answer at the end of all redirects."""
        asked: list[str] = []
        while len(asked) <= self._manners.most_redirects:
            found = self._once(url, sort, clock)
            if isinstance(found, Answer):
                return replace(found, asked=tuple(asked))
            asked.append(url)
            target = addresses.normal(found, url)
            if target is None:
                shown = fold(found.split("@")[-1])[:_SHOWN]
                raise NotFetchedError(f"it could not be fetched: it is redirected to {shown}: no web address")
            if target != url and not allows(target):
                raise NotFetchedError(f"it is redirected to {target[:_SHOWN]}", "away")
            url = target
        raise NotFetchedError(f"more than {self._manners.most_redirects} redirects")

    def _once(self, url: str, sort: Sort, clock: Clock) -> Answer | str:
        """One request: an answer, or where it is redirected to."""
        import httpx

        if sort != "robots" and self._heeds_robots:
            robots = self._robots_of(url, clock)
            if reason := robots.why_not(url):
                raise NotFetchedError(reason, "offline" if robots.is_offline else "forbidden")
        self._wait_for_turn(url, clock)
        clock.allow(self._manners.longest_request)
        try:
            with self._request(url) as response:
                return self._read(response, url, sort, clock)
        except httpx.TimeoutException as error:
            message = f"the server has said nothing for {self._manners.patience:g} seconds"
            raise TryAgainError(NotFetchedError(message, "offline")) from error
        except httpx.TransportError as error:
            reason = _NUMBER.sub("", fold(str(error))) or type(error).__name__
            message = f"it could not be fetched: {reason}"
            raise TryAgainError(NotFetchedError(message, "offline")) from error
        except RuntimeError as error:  # another run has made room in the cache
            raise TryAgainError(NotFetchedError(f"it could not be fetched: {fold(str(error))}")) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NotFetchedError(f"it could not be fetched: {fold(str(error))}") from error

    @contextmanager
    def _request(self, url: str) -> "Iterator[httpx.Response]":
        login = self._logins.get(addresses.origin_of(url))
        if login:  # the cache would keep the password
            with self._uncached.stream("GET", url, headers={"Authorization": login}) as response:
                yield response
        else:
            with self._cached.stream("GET", url) as response:
                yield response

    def _read(self, response: "httpx.Response", url: str, sort: Sort, clock: Clock) -> Answer | str:
        status = response.status_code
        if status in _MOVED and "Location" in response.headers:
            return str(response.headers["Location"])
        if status != HTTPStatus.OK:
            raise self._failure(response)
        media_type, charset = headers.type_and_charset(response.headers.get("Content-Type", ""))
        if sort == "page" and media_type not in _PAGES:
            raise NotFetchedError(f"no page: {media_type}", "no page")
        if sort == "media" and not _MEDIA.fullmatch(media_type):
            raise NotFetchedError(f"no picture and no recording: {media_type}", "no page")
        return Answer(
            url=url,
            asked=(),
            content=self._body(response, sort, clock),
            media_type=media_type,
            charset=charset,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )

    def _failure(self, response: "httpx.Response") -> Exception:
        status = response.status_code
        said = fold(f"the server answers {status} {response.reason_phrase or headers.phrase(status)}")
        if status in _AGAIN:
            after = headers.seconds_to_wait(response.headers.get("Retry-After"))
            return TryAgainError(NotFetchedError(said), after)
        is_no = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        return NotFetchedError(said, "gone" if status in _GONE else "refused" if is_no else "other")

    def _body(self, response: "httpx.Response", sort: Sort, clock: Clock) -> bytes:
        most = self._most(sort)
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise NotFetchedError(f"it is packed in a way that nobody asked for: {fold(encoding)}")
        too_large = NotFetchedError(f"it is larger than {most / 1_000_000:g} MB")
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > most:
            raise too_large
        pieces = limited(self._in_time(response.iter_raw(), clock), most)
        is_packed = encoding not in ("identity", "")
        try:
            return b"".join(limited(unzipped(pieces), most) if is_packed else pieces)
        except TooLargeError:
            raise too_large from None
        except CutOffError:
            raise TryAgainError(NotFetchedError("it is cut off")) from None

    def _in_time(self, pieces: Iterator[bytes], clock: Clock) -> Iterator[bytes]:
        for piece in pieces:
            if clock.left < 0:
                raise self._late()
            if self._stopped.is_set():
                raise Stopped
            yield piece

    def _most(self, sort: Sort) -> int:
        manners = self._manners
        sizes = {"page": manners.largest_page, "robots": manners.largest_robots, "sitemap": manners.largest_sitemap}
        return sizes.get(sort, manners.largest_media)

    def _late(self) -> NotFetchedError:
        return NotFetchedError(f"it takes longer than {self._manners.longest_request:g} seconds", "offline")

    def _wait_for_turn(self, url: str, clock: Clock) -> None:
        """Until the pause after the last request to this host is over."""
        origin = addresses.origin_of(url)
        with self._lock:
            now = time.monotonic()
            turn = max(self._next[origin], now)
            self._next[origin] = turn + self._pause(origin)
        clock.sleep(turn - now)

    def _pause(self, origin: str) -> float:
        robots = self._robots.get(origin)
        return max(self._manners.pause, min(robots.delay, self._manners.longest_delay) if robots else 0)

    def _robots_of(self, url: str, clock: Clock) -> Robots:
        """What a site asks of us, which it is asked once."""
        origin = addresses.origin_of(url)
        if origin in self._robots:
            return self._robots[origin]
        lock = self._robots_locks[origin]
        if not lock.acquire(timeout=self._manners.longest_request + self._manners.longest_wait):
            raise self._late()
        try:
            if origin not in self._robots:
                self._robots[origin] = self._ask_robots(origin, clock)
                self._tell_of_delay(origin)
        finally:
            lock.release()
        return self._robots[origin]

    def _tell_of_delay(self, origin: str) -> None:
        delay, longest = self._robots[origin].delay, self._manners.longest_delay
        if delay > longest:
            message = f"it asks for {delay:g} seconds between two requests; they are {longest:g} apart"
            self.notes.append((f"{origin}/robots.txt", message))

    def _ask_robots(self, origin: str, clock: Clock) -> Robots:
        """RFC 9309: without a robots.txt everything is allowed; where the server fails, nothing."""
        try:
            answer = self._ask(f"{origin}/robots.txt", "robots", lambda url: True, clock)
        except NotFetchedError as error:
            if error.why in ("gone", "refused"):
                return Robots()
            if error.why == "offline":
                return Robots(refusal=str(error), is_offline=True)
            return Robots(refusal=f"its robots.txt cannot be had: {error}")
        return parse_robots(answer.content)
