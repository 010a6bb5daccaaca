"""Saved pages read by trafilatura alone and by this project's reader: what text each keeps, and which dates.

The pages of tests/data/pages are the project's own, each with the text that a person would keep
(NAME.txt) and what is known of it (pages.json). A third or more of them, whole sites at a time, is
held out: the reader's rules were chosen by the others alone.

Text is compared by tokens: words in lower case, single characters in Chinese and Japanese. Precision
and recall count the longest common subsequence, so that text in the wrong order counts as lost; both
are means over pages. A date is right where it is the right day, and where a page has none, if none is
told (a file's own time, marked as such, is none). Writes bench-results/pages.json, or --json FILE.
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import fmean

from index.article import Article, DateOrigin
from index.readers import read_sources
from index.readers.addresses import outlet_of

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "data" / "pages"
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a reader gave for a page."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    outlet: str = ""
    section: str = ""
    language: str = ""
    published: str | None = None
    origin: str = ""
    updated: str | None = None


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a reading compares with what a person would keep, for one page or as means over several."""

    precision: float
    recall: float
    f1: float
    date: float
    origin: float
    updated: float
    title: float
    authors: float
    outlet: float
    section: float
    language: float


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, and each Chinese or Japanese character by itself."""
    return _TOKEN.findall(text.lower())


def common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest common subsequence (bit-parallel, Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, token in enumerate(first):
        places[token] = places.get(token, 0) | 1 << place
    whole = (1 << len(first)) - 1
    row = whole
    for token in second:
        matched = row & places.get(token, 0)
        row = ((row + matched) | (row - matched)) & whole
    return len(first) - row.bit_count()


def score(reading: Reading, page: dict[str, object], kept: str) -> Score:
    """Compare a reading with what is expected of its page."""
    expected, found = tokens(kept), tokens(reading.text)
    shared = common(expected, found)
    precision, recall = shared / len(found) if found else 0.0, shared / len(expected)
    hosts = {str(page["outlet"]).casefold(), outlet_of(str(page["url"]))}
    return Score(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if shared else 0.0,
        date=_day(reading.published) == _day(page["published"]),
        origin=reading.origin == page["published_from"],
        updated=_day(reading.updated) == _day(page["updated"]),
        title=" ".join(reading.title.split()) == page["title"],
        authors=[name.casefold() for name in reading.authors] == [str(n).casefold() for n in page["authors"]],  # type: ignore[attr-defined]
        outlet=reading.outlet.casefold() in hosts or not page["outlet"],
        section=reading.section.casefold() == str(page["section"]).casefold(),
        language=reading.language == page["language"],
    )


def _day(value: object) -> str | None:
    return str(value)[:10] if value else None


def by_trafilatura(*, precision: bool) -> Callable[[Path], Reading]:
    """Return a reading by trafilatura with its defaults, or with `favor_precision`."""
    from trafilatura import extract, extract_metadata

    def read(path: Path) -> Reading:
        data = path.read_bytes()
        document = extract_metadata(data)
        return Reading(
            text=extract(data, favor_precision=precision) or "",
            title=document.title or "",
            authors=tuple(filter(None, (document.author or "").split("; "))),
            outlet=outlet_of(document.url or "") or document.sitename or "",
            section=next(iter(document.categories or ()), ""),
            language=document.language or "",
            published=document.date,
        )

    return read


def by_dateline(path: Path) -> Reading:
    """Return a reading by this project."""
    (article,) = read_sources([str(path)])
    if not isinstance(article, Article):
        return Reading()
    told = article.published_from is not DateOrigin.FILE
    return Reading(
        text=article.text,
        title=article.title,
        authors=article.authors,
        outlet=article.source,
        section=article.section,
        language=article.language,
        published=article.published if told else None,
        origin=article.published_from if told else DateOrigin.UNKNOWN,
        updated=article.updated,
    )


def mean(scores: Sequence[Score]) -> Score:
    """Return the mean of each measure over pages."""
    rows = [asdict(one) for one in scores]
    return Score(**{name: fmean(row[name] for row in rows) for name in rows[0]})


def told(reader: str, scores: Score) -> dict[str, float]:
    """Return the measures of what a reader tells: trafilatura gives no provenance, update or language."""
    untold = ("origin", "updated", "language") if reader.startswith("trafilatura") else ()
    return {name: value for name, value in asdict(scores).items() if name not in untold}


def table(title: str, rows: dict[str, Score]) -> None:
    """Print a table of scores in percent."""
    measures = [field.name for field in fields(Score)]
    print(f"\n{title:<34}" + "".join(f"{name:>10}" for name in measures))
    for reader, one in rows.items():
        shown = {name: f"{100 * value:.1f}" for name, value in told(reader, one).items()}
        print(f"{reader:<34}" + "".join(f"{shown.get(name, '-'):>10}" for name in measures))


def main() -> None:
    """Read every page with each reader, print the tables and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "pages.json")
    parser.add_argument("--pages", action="store_true", help="print each page too, held-out ones excepted")
    arguments = parser.parse_args()
    pages = json.loads((PAGES / "pages.json").read_text(encoding="utf-8"))
    readers = {
        "trafilatura": by_trafilatura(precision=False),
        "trafilatura favor_precision": by_trafilatura(precision=True),
        "dateline": by_dateline,
    }
    scores = {
        name: {
            page["name"]: score(
                read(PAGES / f"{page['name']}.html"),
                page,
                (PAGES / f"{page['name']}.txt").read_text(encoding="utf-8"),
            )
            for page in pages
        }
        for name, read in readers.items()
    }
    groups = {"all pages": [page["name"] for page in pages]}
    groups["pages that rules were chosen by"] = [page["name"] for page in pages if not page["held_out"]]
    groups["held-out pages"] = [page["name"] for page in pages if page["held_out"]]
    for page in pages:
        groups.setdefault(f"group: {page['group']}", []).append(page["name"])
    if arguments.pages:
        shown = {page["name"]: scores["dateline"][page["name"]] for page in pages if not page["held_out"]}
        table("page", shown)
    result = {}
    for group, names in groups.items():
        rows = {reader: mean([scores[reader][name] for name in names]) for reader in readers}
        table(f"{group} ({len(names)})", rows)
        result[group] = {"pages": len(names)} | {
            reader: {key: round(value, 4) for key, value in asdict(row).items()}
            for reader, row in rows.items()
        }
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
