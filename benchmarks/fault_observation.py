"""Everything that an index answers, question by question, so that two states of it can be compared."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fault_news import FIRST_DAY, OUTLETS, MarkedEmbedder
from fault_process import Tell, describe

from index.archive import Archive
from index.errors import ArchiveError
from index.filters import Filter
from index.snapshot import Snapshot

REFUSED, RAW = "refused ", "raw "
SCORE_DIGITS = 4
LIVE = "live"
_FILTERS = {
    "all": Filter(),
    "as of": Filter(as_of=date(2025, 7, 1)),
    "early": Filter(until=date.fromordinal(FIRST_DAY.toordinal() + 20), undated=True),
    "outlet": Filter(sources=(OUTLETS[0],)),
}
_QUERIES = ("harbour report", "n3 edition e1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to ask for: versions, and the ids of articles that are or were there.

    `apart` are ids of articles that both states need not agree on.
    """

    versions: tuple[str, ...]
    article_ids: tuple[str, ...]
    apart: frozenset[str] = frozenset()


def observe(tell: Tell, root: Path, known: Known, *, versions: bool = True) -> dict[str, str]:
    """Return the answer (a digest), or the error, of each question that an index can be asked."""
    seen: dict[str, str] = {}

    def ask(name: str, question: Callable[[], Any]) -> Any:
        tell(name)
        try:
            answer = question()
        except ArchiveError as error:
            seen[name] = f"{REFUSED}{type(error).__name__}: {error}"
        except Exception as error:  # noqa: BLE001 - whatever comes is what is to be seen
            said = describe(error)
            # "No such article" is an answer; only what says that the index is damaged refuses one.
            seen[name] = (
                f"says {said['error']}" if said["refused"] else f"{RAW}{said['error']} ({said['place']})"
            )
        else:
            seen[name] = _digest(answer)
            return answer
        return None

    archive = Archive(root)
    _ask_archive(archive, known, ask)
    for version in [None, *(known.versions if versions else ())]:
        name = version or LIVE
        opened: list[Snapshot] = []

        def open_it(version: str | None = version, opened: list[Snapshot] = opened) -> int:
            opened.append(archive.open(version, embedder=MarkedEmbedder().info))
            return opened[0].chunk_count

        ask(f"{name}: open", open_it)
        for snapshot in opened:
            with snapshot:
                _ask_snapshot(name, snapshot, ask)
    return seen


Ask = Callable[[str, Callable[[], Any]], Any]


def _ask_archive(archive: Archive, known: Known, ask: Ask) -> None:
    ask("list", lambda: [one.to_dict() for one in archive.list_articles() if one.id not in known.apart])
    ask("info", lambda: _without(archive.info().to_dict(), "path", "size_bytes", "version", "created"))
    for article_id in known.article_ids:
        ask(f"article {article_id}", lambda article_id=article_id: _article(archive, article_id))
    for article_id in known.article_ids[:3]:
        ask(f"find {article_id}", lambda article_id=article_id: archive.find(article_id).record.to_dict())


def _article(archive: Archive, article_id: str) -> dict[str, Any]:
    stored = archive.article(article_id)
    return stored.to_dict() | {"raw": stored.raw}


def _ask_snapshot(name: str, snapshot: Snapshot, ask: Ask) -> None:
    """Ask one version with every query under every filter, by words and by vectors."""
    embedder = MarkedEmbedder()
    size = snapshot.chunk_count + 10
    for label, where in _FILTERS.items() if name == LIVE else [("all", _FILTERS["all"])]:
        for query in _QUERIES:
            vector = embedder.embed_query(query)

            def dense(vector: Any = vector, where: Filter = where) -> Any:
                hits = snapshot.search_dense(vector, size, where)
                rows = [hit.row for hit in hits]
                texts = _shown(snapshot, rows, where)
                scored = zip([round(hit.score, SCORE_DIGITS) for hit in hits], texts, strict=True)
                return sorted(scored), _rounded(snapshot, sorted(rows))

            def lexical(query: str = query, where: Filter = where) -> Any:
                hits = snapshot.search_lexical(query, size, where)
                return sorted(_shown(snapshot, [hit.row for hit in hits], where))

            ask(f"{name}: dense {query!r} {label}", dense)
            ask(f"{name}: lexical {query!r} {label}", lexical)
        ask(
            f"{name}: bounds {label}",
            lambda where=where: (
                snapshot.newest_published(where),
                snapshot.oldest_published(where),
                asdict(snapshot.left_out(where)),
            ),
        )


def _shown(snapshot: Snapshot, rows: Sequence[int], where: Filter) -> list[str]:
    """Return passages as a reader sees them, with what stands beside them."""
    return [
        repr(
            (
                replace(passage, row=0, cluster=0, revision_id=0),
                snapshot.also_in(passage, where),
                snapshot.corrections(passage, where),
            )
        )
        for passage in snapshot.passages(rows)
    ]


def _rounded(snapshot: Snapshot, rows: Sequence[int]) -> list[float]:
    return [round(float(total), 3) for total in snapshot.vectors(rows).sum(axis=1)] if rows else []


def _without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _digest(answer: Any) -> str:
    text = json.dumps(answer, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def silent(right: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return the questions that are answered otherwise than before, without an error that says so."""
    return [
        name
        for name, answer in found.items()
        if answer != right.get(name) and not answer.startswith((REFUSED, RAW))
    ]


def refused(found: Mapping[str, str]) -> list[str]:
    """Return the questions that the project refused to answer."""
    return [name for name, answer in found.items() if answer.startswith(REFUSED)]


def raw(found: Mapping[str, str]) -> list[str]:
    """Return what was raised that is no error of the project."""
    return [f"{name}: {answer}" for name, answer in found.items() if answer.startswith(RAW)]
