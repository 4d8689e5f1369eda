"""Drawings (SVG): one that stands in a page as a file of its own, and none with anything in it that runs or loads."""

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

NAMESPACE = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"

DRAWN = frozenset("circle ellipse foreignobject image line path polygon polyline rect text".split())
"""The elements of which something is seen, as a parser of HTML spells them."""

# Elements that run something, load something, or change a link after it was looked at, in any namespace
_ACTIVE = (
    lxml.etree.Entity,
    lxml.etree.ProcessingInstruction,
    *(
        f"{{*}}{name}"
        for name in (
            "animate audio embed foreignObject handler iframe link listener meta object script set video"
        ).split()
    ),
)
_LOADED = re.compile(
    r"@import[^;]*;?|url\((?!\s{0,9}[\"']?(?:#|data:image/(?:png|jpeg|gif|webp)))[^)]{0,2000}\)?", re.I
)
_OWN_LINK = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp);", re.I)

# XML tells cases apart, HTML does not: how SVG spells what a parser of HTML writes in lower case.
_SPELLINGS = {
    name.lower(): name
    for name in (
        # elements
        "animateMotion animateTransform clipPath feBlend feColorMatrix feComponentTransfer feComposite"
        " feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB"
        " feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight"
        " feSpecularLighting feSpotLight feTile feTurbulence foreignObject linearGradient radialGradient textPath"
        # attributes
        " attributeName baseFrequency calcMode clipPathUnits diffuseConstant edgeMode filterUnits gradientTransform"
        " gradientUnits kernelMatrix kernelUnitLength lengthAdjust limitingConeAngle markerHeight markerUnits"
        " markerWidth maskContentUnits maskUnits numOctaves pathLength patternContentUnits patternTransform"
        " patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits refX refY"
        " repeatCount repeatDur specularConstant specularExponent spreadMethod startOffset stdDeviation surfaceScale"
        " systemLanguage tableValues targetX targetY textLength viewBox xChannelSelector yChannelSelector"
    ).split()
}


def standalone(drawing: lxml.html.HtmlElement) -> bytes:
    """A drawing in a page as an SVG file of its own."""
    root = lxml.etree.Element(f"{{{NAMESPACE}}}svg", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # lxml-stubs know no default namespace
    _copy(drawing, root)
    _make_inert(root)
    return lxml.etree.tostring(root, encoding="utf-8")


def inert(content: bytes) -> bytes | None:
    """An SVG file without what runs or loads; as it is where it has none of that, None where it is no SVG."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = lxml.etree.fromstring(content, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None
    if lxml.etree.QName(root).localname != "svg":
        return None
    return lxml.etree.tostring(root, encoding="utf-8") if _make_inert(root) else content


def _copy(source: lxml.html.HtmlElement, target: lxml.etree._Element) -> None:
    """Copies what a parser of HTML made of a drawing, in the spelling of XML."""
    for name, value in source.items():
        if name == "xlink:href":
            target.set("href", value)
        elif ":" not in name and not name.startswith("xmlns") and re.fullmatch(r"[A-Za-z_][\w.-]*", name):
            target.set(_SPELLINGS.get(name, name), value)
    target.text = source.text
    for child in source:
        if not isinstance(child.tag, str) or not re.fullmatch(r"[A-Za-z][\w.-]*", child.tag):
            continue
        _copy(child, copied := lxml.etree.SubElement(target, f"{{{NAMESPACE}}}{_SPELLINGS.get(child.tag, child.tag)}"))
        copied.tail = child.tail


def _make_inert(root: lxml.etree._Element) -> bool:
    """Takes out what runs or loads; was there anything?"""
    found = root.getprevious() is not None or bool(root.getroottree().docinfo.internalDTD)  # a style sheet, a DTD
    for box in list(root.iter(f"{{{NAMESPACE}}}foreignObject")):
        _make_text(box)
        found = True
    found = any(True for _ in root.iter(*_ACTIVE)) or found
    lxml.etree.strip_elements(root, *_ACTIVE, with_tail=False)
    for element in root.iter(lxml.etree.Element):
        for attribute in list(_unsafe_attributes(element)):
            del element.attrib[attribute]
            found = True
        if element.text and element.tag.endswith("style") and _LOADED.search(element.text):
            element.text, found = _LOADED.sub("", element.text), True
    return found


def _make_text(place: lxml.etree._Element) -> None:
    """A box of HTML in a drawing, a label most often, as text in the middle of the box."""
    words = " ".join("".join(str(text) for text in place.itertext()).split())
    middle = {at: _number(place, at) + _number(place, side) / 2 for at, side in (("x", "width"), ("y", "height"))}
    tail = place.tail
    place.clear()
    place.tag, place.text, place.tail = f"{{{NAMESPACE}}}text", words, tail
    for at, value in middle.items():
        place.set(at, f"{value:g}")
    place.set("text-anchor", "middle")
    place.set("dominant-baseline", "central")


def _number(element: lxml.etree._Element, name: str) -> float:
    match = re.match(r"-?\d+(?:\.\d+)?", element.get(name, ""))
    return float(match[0]) if match else 0


def _unsafe_attributes(element: lxml.etree._Element) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        name = lxml.etree.QName(attribute).localname.lower()
        text = str(value).strip()
        if (
            name.startswith("on")
            or (name in ("href", "src") and not _OWN_LINK.match(text))
            or (name not in ("href", "src") and _LOADED.search(text))
        ):
            yield str(attribute)
