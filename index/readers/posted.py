"""Articles that a program hands over as records, without a file around them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from index.article import Article, Skipped
from index.config import ReadingConfig
from index.readers.draft import Place
from index.readers.input import HeldContent, Hints, Input
from index.readers.kinds import reader_of
from index.readers.records import draft_of_record, read_record

POSTED = "posted"
"""The outlet of an article that names neither an outlet nor a web address."""

POSTED_URI = "urn:dateline:posted"
DIGEST_BYTES = 16


def read_posted(record: Mapping[str, object], reading: ReadingConfig) -> Iterator[Article | Skipped]:
    """Yield the article of one record, whose fields are known by the names that JSON files have them under.

    It is known by its address, else by its id, else by its title and text; where its text is a whole
    web page, the page is read.
    """
    place = _place("", reading)
    draft = draft_of_record(record, place)
    found = read_record(record, _place(_digest(draft.title, draft.text), reading))
    if not isinstance(found, Input):
        yield found
        return
    page = replace(found, hints=replace(found.hints, outlet=found.hints.outlet or POSTED))
    yield from (one for one in reader_of(page).read(page) if isinstance(one, Article | Skipped))


def _place(fragment: str, reading: ReadingConfig) -> Place:
    posted = Input(
        name=POSTED,
        uri=POSTED_URI,
        path=PurePosixPath(f"{POSTED}.json"),
        content=HeldContent(b""),
        limits=reading,
        hints=Hints(outlet=POSTED),
    )
    return Place(input=posted, origin=f"{POSTED_URI}#{fragment}", fragment=fragment)


def _digest(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
