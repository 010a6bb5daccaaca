"""An index with a past: versions, removals, revisions, copies and corrections."""

import dataclasses
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fault_news import CHUNKING, OUTLETS, MarkedEmbedder, article
from fault_observation import Known

from index.archive import Archive
from index.article import Article, Skipped
from index.build import BuildMode, build, remove
from index.catalogue import CATALOGUE_NAME

SENTENCES = 6
FIRST, ADDED, REMOVED = 24, 6, (2, 5, 11, 23)
NEW_NUMBER = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An index on disk and what went into it: `texts` that it may show, `gone` articles by id."""

    root: Path
    known: Known
    texts: frozenset[str]
    gone: frozenset[str]

    def copy(self, to: Path) -> "Past":
        """Return the same index in another folder, which must not exist."""
        shutil.copytree(self.root, to, symlinks=True)
        return dataclasses.replace(self, root=to)


def make_past(root: Path) -> Past:
    """Build the index at `root` in four versions; one is pinned."""
    first = [_long(number) for number in range(FIRST)]
    changed = [_changed(first[number]) for number in (1, 4, 7)]
    copies = [_copy(first[3], OUTLETS[1]), _copy(first[6], OUTLETS[2]), _excerpt(first[9])]
    note = dataclasses.replace(
        _long(NEW_NUMBER - 1),
        title="Corrections",
        text=f"In a report published {first[8].published}, “{first[8].title} of the quay”, the paper "
        "misstated the depth of the harbour. It is nine fathoms.",
    )
    added = [_long(number) for number in range(FIRST, FIRST + ADDED)]
    removed = [first[number] for number in REMOVED]
    _write(root, first, BuildMode.REPLACE)
    _write(root, [*added, *changed, *copies, note], BuildMode.ADD)
    Archive(root).pin("000002", pinned=True)
    remove(root, [removed[0].id, removed[1].url, removed[2].origin, removed[3].id])
    _write(root, [_long(FIRST + ADDED)], BuildMode.ADD)
    shown = [*first, *changed, *copies, note, *added, _long(FIRST + ADDED)]
    gone = frozenset(one.id for one in removed)
    return Past(
        root=root,
        known=Known(
            versions=tuple(one.version for one in Archive(root).versions()),
            article_ids=tuple(dict.fromkeys(one.id for one in shown)),
            apart=frozenset({_long(NEW_NUMBER).id}),
        ),
        texts=frozenset(one.text for one in shown if one.id not in gone),
        gone=gone,
    )


def unfinished_log(past: Past, folder: Path) -> Past:
    """Return a copy whose newest version is only in SQLite's log, as a killed writer leaves it."""
    aside = past.copy(folder / "aside")
    database = f"{(aside.root / CATALOGUE_NAME).as_uri()}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as reader:  # holds the log back
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM versions").fetchone()
        _write(aside.root, [_long(NEW_NUMBER + 1)], BuildMode.ADD)
        left = aside.copy(folder / "with-log")
    shutil.rmtree(aside.root)
    versions = tuple(one.version for one in Archive(left.root).versions())
    known = dataclasses.replace(past.known, versions=versions)
    return dataclasses.replace(left, known=known, texts=past.texts | {_long(NEW_NUMBER + 1).text})


def add(root: Path) -> None:
    """Add an article that the index has not."""
    _write(root, [_long(NEW_NUMBER)], BuildMode.ADD)


def _write(root: Path, articles: list[Article], mode: BuildMode) -> None:
    given: list[Article | Skipped] = [*articles]
    build(root, given, embedder=MarkedEmbedder(), chunking=CHUNKING, mode=mode)


def _long(number: int) -> Article:
    one = article(number, sentences=SENTENCES)
    note = " Correction: an earlier version of this report misstated the day." if number % 6 == 0 else ""
    return dataclasses.replace(
        one, text=one.text + note, raw=f"{one.title}\n\n{one.text}{note}\n\nShare this"
    )


def _changed(one: Article) -> Article:
    return dataclasses.replace(
        one, text=one.text.replace("edition e0", "edition e1"), updated="2025-03-10", raw=""
    )


def _copy(one: Article, outlet: str) -> Article:
    address = f"https://{outlet}/copy-of-{one.title.split()[-1]}"
    return dataclasses.replace(one, key=address, url=address, source=outlet, origin="")


def _excerpt(one: Article) -> Article:
    text = one.text.rsplit(". ", 1)[0] + "."
    address = f"https://{OUTLETS[1]}/excerpt-of-{one.title.split()[-1]}"
    return dataclasses.replace(one, key=address, url=address, source=OUTLETS[1], text=text, origin="")
