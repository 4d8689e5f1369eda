"""Pictures and recordings of items → files in the package, named after their bytes; words where there is none."""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ankiexport import identity, markup
from ankiexport.errors import SourceError
from ankiexport.manifest import load_manifest
from ankiexport.markup import LINE, MEDIA, MISSING, PACKAGED
from ankiexport.model import Html, Item, Location, Page, Problem, Source, change_texts
from ankiexport.source import LARGEST_FILE, too_large
from ankiexport.web import addresses

Download = Callable[[str], bytes]
"""Gets what is at a web address, or raises SourceError."""

_Sort = Literal["picture", "recording", "video"]
_SORTS: Mapping[str, _Sort] = {"img": "picture", "audio": "recording", "video": "video"}
_ELEMENT = re.compile(r'<(?P<tag>img|audio|video)(?P<attributes>(?: [\w-]+="[^"]*")*)>(?:</(?:audio|video)>)?')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
# The first bytes of the files that Anki shows and plays: suffix, sort, offset, bytes
_SIGNATURES: Sequence[tuple[str, _Sort, int, bytes]] = (
    ("png", "picture", 0, b"\x89PNG\r\n\x1a\n"),
    ("jpg", "picture", 0, b"\xff\xd8\xff"),
    ("gif", "picture", 0, b"GIF8"),
    ("webp", "picture", 8, b"WEBP"),
    ("avif", "picture", 4, b"ftypavif"),
    ("bmp", "picture", 0, b"BM"),
    ("ico", "picture", 0, b"\x00\x00\x01\x00"),
    ("wav", "recording", 8, b"WAVE"),
    ("flac", "recording", 0, b"fLaC"),
    ("m4a", "recording", 4, b"ftypM4A"),
    ("mp3", "recording", 0, b"ID3"),
    ("ogg", "recording", 0, b"OggS"),
    ("webm", "video", 0, b"\x1a\x45\xdf\xa3"),
    ("mp4", "video", 4, b"ftyp"),
    ("avi", "video", 8, b"AVI "),
)
_MPEG_AUDIO = re.compile(rb"\xff[\xe2-\xe7\xf2-\xff]")
_DATA = re.compile(r"data:(?P<type>[^,;]*)(?P<base64>(?:;[^,;]*)*?;base64)?[^,]*,(?P<content>.*)", re.S | re.I)
_SHOWN = 60  # characters of an address in a message


class _Missing(Exception):  # noqa: N818  # it never leaves this module
    """Why a picture or a recording cannot be in the deck; `url` is where it can be looked at."""

    def __init__(self, why: str, url: str | None = None) -> None:
        super().__init__(why)
        self.url = url


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Items whose pictures and recordings are files by their name, and what could not be found."""

    items: tuple[Item, ...]
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def pack(items: Sequence[Item], source: Source, url: str | None, download: Download | None) -> Packed:
    """Finds what the items show and play.

    Args:
        url: The page's address, if it is known.
        download: Takes what is on the web into the deck; without it, a link stands there.
    """
    packer = _Packer(source, url, download)
    packed = tuple(change_texts(item, packer.pack) for item in items)
    return Packed(items=packed, files=packer.files, problems=tuple(dict.fromkeys(packer.problems)))


def used_by(items: Iterable[Item], pages: Iterable[Page]) -> dict[str, bytes]:
    """The files of pages that these items show and play: one of an item that is left out goes with it."""
    files = {name: content for page in pages for name, content in page.media.items()}
    texts = (text for item in items for text in (item.question, item.answer, item.context, item.explanation) if text)
    names = {name for text in texts for name in PACKAGED.findall(text)} if files else set()
    return {name: content for name, content in files.items() if name in names}


class _Packer:
    """The pictures and recordings of one page; each is looked for once."""

    def __init__(self, source: Source, url: str | None, download: Download | None) -> None:
        self._source = source
        self._url = url
        self._download = download
        self._known: dict[tuple[str, _Sort], str | _Missing] = {}
        self.files: dict[str, bytes] = {}
        self.problems: list[Problem] = []

    def pack(self, fragment: Html) -> Html:
        return Html(_ELEMENT.sub(self._replace, fragment)) if MEDIA in fragment else fragment

    def _replace(self, match: re.Match[str]) -> str:
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match["attributes"])}
        sort = _SORTS[match["tag"]]
        addresses = attributes.get(MEDIA, "").split("\n")
        found = self._find(addresses, sort)
        if isinstance(found, _Missing):
            return self._words(found, addresses[0], attributes, sort)
        kept = {name: attributes[name] for name in ("alt", "title", "width", "height") if name in attributes}
        named = {"src": found, **kept, MEDIA: found if addresses[0][:5].lower() == "data:" else addresses[0]}
        written = "".join(f' {name}="{html.escape(value)}"' for name, value in named.items())
        closing = "" if match["tag"] == "img" else f"</{match['tag']}>"
        return f"<{match['tag']}{written}>{closing}"

    def _find(self, addresses: Sequence[str], sort: _Sort) -> str | _Missing:
        """The name of the file at the first address that has one, or why none has."""
        missing = []
        for address in addresses:
            if (address, sort) not in self._known:
                self._known[address, sort] = self._take(address, sort)
            found = self._known[address, sort]
            if isinstance(found, str):
                return found
            missing.append(found)
        return next((reason for reason in missing if reason.url), missing[0])

    def _take(self, address: str, sort: _Sort) -> str | _Missing:
        try:
            content = self._content(address)
            if len(content) > LARGEST_FILE:
                raise _Missing(too_large())
            content, suffix = _known(content, sort)
        except _Missing as missing:
            return missing
        name = f"ankiexport-{identity.file_hash(content)}.{suffix}"
        self.files[name] = content
        return name

    def _content(self, address: str) -> bytes:
        if not address:
            raise _Missing("the page names no file")
        if address[:5].lower() == "data:":
            return _data(address)
        try:
            parts = urlsplit(address)
        except ValueError:
            raise _Missing("its address cannot be read") from None
        if parts.scheme or parts.netloc:
            return self._from_web(address)
        if self._source.path and parts.path:
            try:
                return self._from_file(self._source.path, unquote(parts.path))
            except _Missing as missing:
                if not self._url:
                    raise
                missing.url = markup.absolute(address, self._url)
                if not self._download and self._saved(missing.url) is None:
                    raise _Missing(f"{missing}; --download-media looks for it on the web", missing.url) from None
        return self._from_web(address)

    def _from_file(self, page: Path, address: str) -> bytes:
        """Reads a file beside the page, or anywhere in the folder that was given."""
        given = self._source.folder if self._source.whole_folder else None
        top = (given or page.parent).resolve()
        try:
            path = (top / address.lstrip("/") if address.startswith("/") else page.parent / address).resolve()
            if not path.is_relative_to(top):
                outside = "the folder given" if given else "the page's folder"
                raise _Missing(f"it is outside {outside}; give the folder that holds both")
            if not path.is_file():
                raise _Missing("there is no such file")
            return _content_of(path)
        except OSError as error:
            raise _Missing(f"it cannot be read: {error.strerror or error}") from error
        except (ValueError, RuntimeError):  # a NUL in the name; links in a circle
            raise _Missing("there is no such file") from None

    def _from_web(self, address: str) -> bytes:
        url = markup.absolute(address, self._url)
        if url is None or urlsplit(url).scheme not in ("http", "https"):
            raise _Missing("it is neither a file beside the page nor on the web")
        saved = self._saved(url)
        if saved:
            return _content_of(saved)
        if self._download is None:
            raise _Missing("it is on the web; --download-media takes it into the deck", url)
        try:
            return self._download(url)
        except SourceError as error:
            raise _Missing(str(error), url) from error

    def _saved(self, url: str | None) -> Path | None:
        """The file in which something on the web was saved when its page was fetched."""
        manifest = load_manifest(self._source.saved_in) if self._source.saved_in else None
        address = addresses.normal(url) if url else None
        file = manifest.file_of(address) if manifest and address else None
        return file if file and file.is_file() else None

    def _words(self, missing: _Missing, address: str, attributes: Mapping[str, str], sort: _Sort) -> str:
        """What a card says in the place of what it cannot show."""
        alternative = attributes.get("alt") or attributes.get("title")
        line = int(attributes[LINE]) if attributes.get(LINE, "").isdecimal() else 1
        shown = address if len(address) <= _SHOWN else f"{address[: _SHOWN - 3]}..."
        message = f"{sort} {shown!r} is not in the deck: {missing}"
        location = Location(source=self._source.name, line=line)
        self.problems.append(Problem(location=location, severity="warning", message=message))
        address = "data:" if address[:5].lower() == "data:" else address
        name = "" if address == "data:" else unquote(address.split("?")[0].rstrip("/").rpartition("/")[2])
        said = markup.escape(f"{alternative or name}")
        if missing.url:
            said = Html(f'<a href="{html.escape(missing.url)}">{said or markup.escape(missing.url)}</a>')
        title = f' title="{html.escape(alternative)}"' if alternative else ""
        known_as = f'{title} {MEDIA}="{html.escape(address)}"'
        return f'<span class="{MISSING}"{known_as}>{sort.capitalize()} missing{": " if said else ""}{said}</span>'


def _content_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _Missing(too_large())
        return path.read_bytes()
    except OSError as error:
        raise _Missing(f"it cannot be read: {error.strerror or error}") from error


def _data(address: str) -> bytes:
    match = _DATA.fullmatch(address)
    if not match:
        raise _Missing("its data: address is cut off")
    content = unquote_to_bytes(match["content"])
    if not match["base64"]:
        return content
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4), validate=True)
    except binascii.Error:
        raise _Missing("its data: address is not base64") from None


def _known(content: bytes, sort: _Sort) -> tuple[bytes, str]:
    """A file as it may be packed, and its suffix by what its own bytes say; what the page calls it may be wrong."""
    for suffix, kind, offset, signature in _SIGNATURES:
        if content.startswith(signature, offset):
            return content, _fitting(suffix, kind, sort)
    if _MPEG_AUDIO.match(content):
        return content, _fitting("mp3", "recording", sort)
    if sort == "picture":
        from ankiexport import svg  # with lxml, which known pages need for nothing else

        if drawing := svg.inert(content):
            return drawing, "svg"
    raise _Missing("it is empty" if not content else f"it is no {sort} that Anki knows")


def _fitting(suffix: str, kind: _Sort, sort: _Sort) -> str:
    """Audio may stand in a video's container, and the other way round; a picture is a picture."""
    if (kind == "picture") != (sort == "picture"):
        raise _Missing(f"it is no {sort} that Anki knows")
    return suffix
