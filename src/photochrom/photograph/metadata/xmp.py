"""XMP packets: whatever is in them stays as it is written, and properties can be set.

Source: XMP (ISO 16684-1 and its part 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import TypeAlias

from lxml import etree

from photochrom.photograph.metadata.letters import decoded

Element: TypeAlias = "etree._Element"

NAMESPACES = MappingProxyType(
    {
        "x": "adobe:ns:meta/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xml": "http://www.w3.org/XML/1998/namespace",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpNote": "http://ns.adobe.com/xmp/note/",
        "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        "photochrom": "https://github.com/photochrom/photochrom/ns/1.0/",
    }
)
"""The namespaces that are spoken of here, by the prefix that everybody gives them."""

LONGEST = 64 * 2**20
"""Packets longer than this are not read."""

# XML 1.0 has no place for these, not even escaped.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
_TAIL = b'\n<?xpacket end="r"?>'


_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def name(short: str) -> str:
    """The full name of a property: "dc:title" is "{http://purl.org/dc/elements/1.1/}title"."""
    prefix, local = short.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


_RDF, _DESCRIPTION, _LI, _ALT = map(name, ("rdf:RDF", "rdf:Description", "rdf:li", "rdf:Alt"))
_VALUE, _RESOURCE, _LANGUAGE = name("rdf:value"), name("rdf:resource"), name("xml:lang")


class Packet:
    """The properties of one packet; changed in place.

    Attributes:
        about: What the packet says that it is about; mostly nothing, which is the file itself.
    """

    def __init__(self, properties: Iterable[Element] = (), about: str = "") -> None:
        self._properties = list(properties)
        self.about = about

    @classmethod
    def parse(cls, packet: bytes) -> Packet | None:
        """Read a packet; None if it cannot be, or is none."""
        # No XMP packet declares entities; a file that does wants to exhaust the parser.
        if not packet or len(packet) > LONGEST or b"<!" in packet.replace(b"<!--", b""):
            return None
        root = _parsed(packet.lstrip(b" \r\n\t"))
        if root is None:
            return None
        nodes = [node for rdf in root.iter(_RDF) for node in rdf if isinstance(node.tag, str)]
        about = next((one for node in nodes if (one := node.get(name("rdf:about")))), "")
        return cls((one for node in nodes for one in _properties(node)), about)

    def __iter__(self) -> Iterator[Element]:
        return iter(self._properties)

    def __bool__(self) -> bool:
        return bool(self._properties)

    def copy(self) -> Packet:
        """The same properties in a packet of their own."""
        return Packet(self, self.about)

    def names(self) -> list[str]:
        """The full names of the properties, in their order."""
        return [str(one.tag) for one in self._properties]

    def texts(self, short: str) -> list[str]:
        """The items of a property, or its one value; of alternatives the default one."""
        full = name(short)
        for one in self._properties:
            if one.tag == full:
                return _texts(one)
        return []

    def remove(self, *full: str) -> None:
        """Drop properties by their full names."""
        self._properties = [one for one in self._properties if one.tag not in full]

    def keep(self, wanted: Callable[[Element], bool]) -> None:
        """Drop properties that are not wanted."""
        self._properties = [one for one in self._properties if wanted(one)]

    def overlay(self, other: Packet) -> None:
        """Put the properties of another packet in the place of those of the same names."""
        self.remove(*other.names())
        self._properties += [deepcopy(one) for one in other]

    def set(self, short: str, text: str) -> None:
        """Set a simple property."""
        self._put(short).text = printable(text)

    def set_default(self, short: str, text: str) -> None:
        """Set the default of alternatives in several languages; the other languages go.

        They would go on saying what is no longer meant.
        """
        item = _container(self._put(short), "rdf:Alt", [text])[0]
        item.set(_LANGUAGE, "x-default")

    def set_list(self, short: str, items: Sequence[str], kind: str = "rdf:Bag") -> None:
        """Set a property of several items: "rdf:Bag", or "rdf:Seq" where their order counts."""
        _container(self._put(short), kind, items)

    def add(self, element: Element) -> None:
        """Add a property that is there already as XML."""
        self._properties.append(element)

    def _put(self, short: str) -> Element:
        """A new, empty property where the old one was."""
        full = name(short)
        new = element(short)
        at = next((i for i, one in enumerate(self._properties) if one.tag == full), None)
        if at is None:
            self._properties.append(new)
        else:
            self._properties[at] = new
        return new

    def serialize(self) -> bytes:
        """The packet: the same bytes for the same properties; nothing when there are none."""
        if not self._properties:
            return b""
        return _HEAD + serialized(self._properties, self.about) + _TAIL


def element(short: str) -> Element:
    """An empty element."""
    prefix = short.split(":")[0]
    return etree.Element(name(short), nsmap={prefix: NAMESPACES[prefix]})


def serialized(properties: Iterable[Element], about: str = "") -> bytes:
    """Properties as an x:xmpmeta element without the wrapper of a packet."""
    nsmap = {prefix: NAMESPACES[prefix] for prefix in ("x", "rdf")}
    root = etree.Element(name("x:xmpmeta"), nsmap=nsmap)
    root.set(name("x:xmptk"), "photochrom")
    rdf = etree.SubElement(root, _RDF)
    description = etree.SubElement(rdf, _DESCRIPTION)
    description.set(name("rdf:about"), about)
    rdf.text = description.tail = rdf.tail = "\n"
    root.text = description.text = "\n"
    taken: dict[str, str] = dict(nsmap)
    for one in properties:
        copied = deepcopy(one)
        copied.tail = "\n"
        description.append(copied)
        for part in copied.iter(etree.Element):
            for prefix, uri in part.nsmap.items():
                if prefix and uri not in taken.values():
                    taken.setdefault(prefix, uri)
    etree.cleanup_namespaces(root, top_nsmap=taken)
    return bytes(etree.tostring(root, encoding="UTF-8"))


def _parsed(packet: bytes) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
    )
    try:
        return etree.fromstring(_in_utf8(packet), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _in_utf8(packet: bytes) -> bytes:
    """A packet in UTF-8, without a declaration that says something else.

    Packets are UTF-8, or UTF-16 in some files; some writers put Windows-1252 into them.
    """
    wide = next((one for mark, one in _WIDE.items() if packet.startswith(mark)), None)
    told = _DECLARED.match(packet)
    said = told[1].decode("ascii", "replace") if told and told[1] else None
    if wide is not None:
        text = packet[: len(packet) // 2 * 2].decode(wide, "replace")
    else:
        try:
            text = decoded(packet, said)
        except LookupError:  # An encoding that nobody knows.
            text = decoded(packet)
    return re.sub(r"^\s*<\?xml\s[^>]*\?>", "", text.strip("\ufeff\0 \r\n\t")).encode()


def _properties(node: Element) -> Iterator[Element]:
    """The properties of a top-level node, all of them as elements."""
    if node.tag != _DESCRIPTION:  # A typed node: its type is a property, too.
        typed = etree.Element(name("rdf:type"), nsmap={"rdf": NAMESPACES["rdf"]})
        typed.set(_RESOURCE, str(node.tag).replace("{", "").replace("}", ""))
        yield typed
    for key, value in node.attrib.items():
        space = etree.QName(key).namespace
        if space not in (None, NAMESPACES["rdf"], NAMESPACES["xml"]):
            prefix = next((one for one, uri in node.nsmap.items() if uri == space), None)
            one = etree.Element(key, nsmap={prefix: space} if prefix else None)
            one.text = value
            yield one
    for child in node:
        if isinstance(child.tag, str):
            yield child


def _texts(one: Element) -> list[str]:
    items = list(one.iter(_LI))
    if not items:
        inner = one.find(f".//{_VALUE}")
        text = one.text if inner is None else inner.text
        return [text or one.get(_RESOURCE) or ""]
    if one.find(_ALT) is not None:
        default = [item for item in items if item.get(_LANGUAGE) == "x-default"]
        items = (default or items)[:1]
    return [_item(item) for item in items]


def _item(item: Element) -> str:
    inner = item.find(f".//{_VALUE}")
    return (item.text if inner is None else inner.text) or ""


def _container(one: Element, kind: str, texts: Sequence[str]) -> list[Element]:
    holder = etree.SubElement(one, name(kind))
    items = []
    for text in texts:
        item = etree.SubElement(holder, _LI)
        item.text = printable(text)
        items.append(item)
    return items


def printable(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return _UNPRINTABLE.sub("", text)
