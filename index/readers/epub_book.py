"""The plan of an EPUB: what it says of itself, its chapters in reading order, its table of contents."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.cleaning import one_line
from index.errors import ReadError
from index.readers.packages import Package, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
PAGE_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/html+xml"})
_FONT_OBFUSCATION = re.compile(r"http://www\.idpf\.org/2008/embedding|http://ns\.adobe\.com/pdf/enc#RC")
_MAX_ENTRIES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the table of contents, and the one above it."""

    label: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What an EPUB is made of: paths of chapters in reading order, entries by path, properties by name."""

    chapters: tuple[str, ...]
    contents: Mapping[str, Entry] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """Return the first value of a property (`title`, `creator`, `date` …), or ""."""
        return next(iter(self.told.get(name, ())), "")


def read_book(package: Package, max_chapters: int) -> Book:
    """Return the plan of a book.

    Raises:
        ReadError: it is damaged or protected, or has more than `max_chapters`.
    """
    path = _package_path(package)
    tree = package.tree(path)
    items = {
        item.get("id", ""): (
            _resolved(path, item.get("href", "")),
            item.get("media-type", ""),
            item.get("properties", ""),
        )
        for item in _named(tree, "item")
    }
    spine = [items[ref] for itemref in _named(tree, "itemref") if (ref := itemref.get("idref", "")) in items]
    if len(spine) > max_chapters:
        raise ReadError(f"has {len(spine):,} chapters: raise `reading.max_pages` ({max_chapters:,})")
    navigation = {path for path, _, properties in items.values() if "nav" in properties.split()}
    chapters = tuple(
        dict.fromkeys(path for path, kind, _ in spine if kind in PAGE_TYPES and path not in navigation)
    )
    _refuse_protected(package, chapters)
    contents: dict[str, Entry] = {}
    for place, kind, _ in items.values():
        if kind == "application/x-dtbncx+xml" or place in navigation:
            for target, entry in _entries(package, place):
                contents.setdefault(target, entry)
    return Book(chapters=chapters, contents=contents, told=_told(tree))


def _package_path(package: Package) -> str:
    root = next(_named(package.tree(CONTAINER), "rootfile"), None)
    path = unquote(root.get("full-path", "")) if root is not None else ""
    if path not in package.names:
        raise ReadError(f"is not whole: {CONTAINER} names no package that is there")
    return path


def _refuse_protected(package: Package, chapters: tuple[str, ...]) -> None:
    """Raise ReadError where chapters are encrypted; fonts alone often are, which harms nobody."""
    if ENCRYPTION not in package.names:
        return
    for data in _named(package.tree(ENCRYPTION), "EncryptedData"):
        method = next(_named(data, "EncryptionMethod"), None)
        algorithm = method.get("Algorithm", "") if method is not None else ""
        places = [unquote(one.get("URI", "")) for one in _named(data, "CipherReference")]
        if not _FONT_OBFUSCATION.match(algorithm) and set(places) & set(chapters):
            raise ReadError("is protected (DRM): only the program that it was bought for can open it")


def _told(tree: "_Element") -> dict[str, tuple[str, ...]]:
    """Return the Dublin Core properties, and those that calibre adds."""
    told: dict[str, tuple[str, ...]] = {}
    for metadata in _named(tree, "metadata"):
        for element in metadata.iterchildren():
            name, value = local_name(element.tag), one_line("".join(element.itertext()))
            if name == "meta":
                name = element.get("name") or element.get("property") or ""
                value = element.get("content") or value
            event = next((val for key, val in element.attrib.items() if local_name(key) == "event"), "")
            if value and name and event not in ("creation", "modification", "conversion"):
                told[str(name)] = (*told.get(str(name), ()), str(value))
    return told


def _entries(package: Package, path: str) -> Iterator[tuple[str, Entry]]:
    """Yield the table of contents in a navigation document or an NCX; nothing where it is damaged."""
    try:
        tree = package.tree(path)
    except ReadError:
        return
    for number, element in enumerate(tree.iter()):
        if number > _MAX_ENTRIES:
            return
        name = local_name(element.tag)
        target = element.get("src" if name == "content" else "href") if name in ("content", "a") else None
        if target:
            point = element.getparent()
            label = _label(point) if name == "content" else one_line("".join(element.itertext()))
            if point is not None and label:
                yield _resolved(path, target), Entry(label=label, section=_section(point))


def _section(point: "_Element") -> str:
    """Return the label of the entry above an entry."""
    for above in point.iterancestors():
        if local_name(above.tag) in ("navPoint", "li"):
            return _label(above)
    return ""


def _label(point: "_Element | None") -> str:
    """Return the label of an entry: of an NCX, or of a list item in a navigation document."""
    for child in point.iterchildren() if point is not None else ():
        if local_name(child.tag) in ("navLabel", "a", "span"):
            return one_line("".join(child.itertext()))
    return ""


def _named(tree: "_Element", name: str) -> Iterator["_Element"]:
    return (element for element in tree.iter() if local_name(element.tag) == name)


def _resolved(base: str, target: str) -> str:
    """Return the path of a part that another part refers to, without the place within it."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base
