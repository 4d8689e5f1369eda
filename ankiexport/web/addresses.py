"""What people, links and sitemaps write as an address → one form of it; which addresses are below another."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from ankiexport.errors import UsageError

if TYPE_CHECKING:
    from mimetypes import MimeTypes

_PORTS = {"http": 80, "https": 443}
_SHOWABLE = "!$%&'()*+,/:;=@~-._[]"  # stays as it is in a path, and in a query with "?"
_WHITE_SPACE = re.compile(r"[\t\n\r]")  # browsers take these out of addresses
# "%7e", "%2F"
_ENCODED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# What a link may lead to that is no page, by the type that the name of a file has
_NO_PAGE = re.compile(r"(?:image|audio|video|font)/|text/(?:css|csv|javascript)|application/(?!xhtml|xml|octet-stream)")
_LONGEST = 4000  # signs: no server takes longer ones
# How "127.1" and "0x7f.0.0.1" end, which systems read as 127.0.0.1
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_WEB = re.compile(r"https?://", re.I)


def is_web(path: str) -> bool:
    """Is this the address of a page on the web, and no path?"""
    return _WEB.match(path) is not None


def normal(address: str, base: str | None = None) -> str | None:
    """One form of an address, without fragment and password; None of what is on no web server."""
    if len(address) > _LONGEST:
        return None
    try:
        address.encode("utf-8")  # what holds half a character would be asked for as another address
        text = _WHITE_SPACE.sub("", address).strip(" ")
        parts = urlsplit(urljoin(base, text) if base else text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    query = quote(_levelled(parts.query), safe=_SHOWABLE + "?")
    return urlunsplit((scheme, netloc, _path(parts.path), query, ""))


def _path(path: str) -> str:
    """A path without `.` and `..`, as browsers send it."""
    levelled = quote(_levelled(path), safe=_SHOWABLE) or "/"
    if "/." not in levelled:
        return levelled
    is_folder = levelled.endswith(("/", "/.", "/.."))
    short = "/" + normpath(levelled).lstrip("/")
    return short + "/" if is_folder and short != "/" else short


def _levelled(text: str) -> str:
    """With each sign written in one way: letters as they are, what must be encoded with capitals; a stray % encoded."""

    def level(match: re.Match[str]) -> str:
        sign = chr(int(match[1], 16))
        return sign if _UNRESERVED.fullmatch(sign) else f"%{match[1].upper()}"

    return re.sub(r"%(?![0-9a-fA-F]{2})", "%25", _ENCODED.sub(level, text))


def login(address: str) -> tuple[str, str] | None:
    """The name and the password that an address carries."""
    parts = urlsplit(address)
    return (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None


def start(address: str) -> str:
    """One form of an address that a user gives. Raises UsageError where it is none."""
    found = normal(address)
    if found is None:
        raise UsageError(f"{address.split('@')[-1]}: this is no web address: it begins with http:// or https://")
    return found


def host_of(address: str) -> str:
    """The host, with its port where that is another than usual."""
    return urlsplit(address).netloc


def origin_of(address: str) -> str:
    """`https://example.org` of `https://example.org/a/b`"""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def base_of(address: str) -> str:
    """The path of the folder that is below an address: `/a/` of `/a/`, `/a/index.html` and `/a`."""
    path = urlsplit(address).path
    folder, _, name = path.rpartition("/")
    return f"{folder}/" if not name or "." in name else f"{path}/"


def is_below(address: str, above: str) -> bool:
    """Is a page on the same host, in the folder of the other one or below it?"""
    return host_of(address) == host_of(above) and urlsplit(address).path.startswith(base_of(above))


def matches(address: str, globs: Iterable[str]) -> bool:
    """Does the whole address, or its path, match one of these globs?"""
    path = urlsplit(address).path
    return any(fnmatchcase(text, glob) for glob in globs for text in (address, path))


def type_of_no_page(address: str) -> str | None:
    """The type of what is plainly no page, by its name: `application/pdf`. None of what may be one."""
    told, _ = _types().guess_type(urlsplit(address).path)
    return told if told and _NO_PAGE.match(told) else None


@cache
def _types() -> "MimeTypes":
    """What Python knows, and nothing of the machine."""
    from mimetypes import MimeTypes

    return MimeTypes()


def is_private(address: str) -> bool:
    """Does an address name a machine of the reader's own network, which no page of another should make us ask?"""
    import ipaddress

    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        is_own = host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host
        return is_own or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
