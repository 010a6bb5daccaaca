"""One stored article as lines of a terminal."""

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ui.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from index.records import Publication, StoredArticle

_WIDTH = 10


def print_article(console: "Console", article: "StoredArticle", *, raw: bool) -> None:
    """Print what is known of an article, then its text, or its raw text with what was removed."""
    console.print(one_line(article.record.title) or "(no title)", style="bold")
    for name, value in _facts(article):
        console.print(f"{name:<{_WIDTH}}  {one_line(value)}")
    console.print()
    if raw:
        for mark, line in removed_lines(article.raw, article.text):
            console.print(f"{mark} {printable(line)}".rstrip(), style="dim" if mark == "-" else None)
    else:
        console.print(printable(article.text))


def removed_lines(raw: str, text: str) -> "Iterator[tuple[str, str]]":
    """Yield the lines of a raw text, marked "-" where the cleaned text does not have them.

    Lines that only the cleaned text has (joined or mended ones) are marked "+".
    """
    before = [" ".join(line.split()) for line in raw.splitlines() if line.strip()]
    after = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ((" ", line) for line in before[start:end])
            continue
        yield from (("-", line) for line in before[start:end])
        yield from (("+", line) for line in after[first:last])


def _facts(article: "StoredArticle") -> "Iterator[tuple[str, str]]":
    record = article.record
    yield "id", record.id
    yield "address", record.url
    yield "outlet", ", ".join(record.sources)
    if article.authors:
        yield "authors", ", ".join(article.authors)
    if record.section:
        yield "section", record.section
    yield "language", record.language
    confidence = f", confidence {record.published_confidence:.2f}" if record.published else ""
    yield "published", f"{record.published or 'unknown'} (from {record.published_from}{confidence})"
    if record.updated:
        yield "updated", record.updated
    yield "ingested", record.ingested
    yield "read from", article.origin
    yield "chunks", str(record.chunks)
    if len(article.revisions) > 1:
        yield "revisions", ", ".join(f"{number} from {day or 'unknown'}" for number, day in article.revisions)
    for name, publications in (("same text", article.copies), ("near-copy", article.near_copies)):
        for publication in publications:
            yield name, _brief(publication)
    for notice in article.notices:
        yield "notice", notice


def _brief(publication: "Publication") -> str:
    return (
        f"{publication.title} — {publication.source}, {publication.published or 'undated'}, {publication.url}"
    )
