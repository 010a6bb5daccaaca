"""What an answer shows that is of later than the day on which the question was asked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.records import ArticleRecord
from rag.answer import Answer, Citation

_QUOTED = re.compile(r"“([^“”]+)”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """The first day on which an article under each title appeared: ISO, "" where that is unknown."""

    first_days: Mapping[str, str]

    @classmethod
    def of(cls, articles: Iterable[ArticleRecord]) -> "Titles":
        """Return the titles of an index's articles."""
        days: dict[str, str] = {}
        for article in articles:
            title, day = " ".join(article.title.split()), article.published or ""
            days[title] = min(days.get(title, day), day)
        return cls(first_days=days)

    def later_than(self, day: str, text: str) -> list[str]:
        """Return what `text` quotes that is the title of none but later articles."""
        quoted = (" ".join(title.split()) for title in _QUOTED.findall(text))
        return [title for title in quoted if self.first_days.get(title, "")[:10] > day]


def leaks_of(answer: Answer, passages: Sequence[Citation], titles: Titles) -> list[str]:
    """Return what an answer shows that was published after its as-of day, a line each.

    Looked at are the passages that were retrieved for it and those that it cites, with their copies and
    corrections; the titles that its text and its follow-ups quote; and the archive's newest day.
    """
    day = answer.as_of
    found = [
        f"{kind} {name} of {published}"
        for passage in (*passages, *answer.citations)
        for kind, name, published in _dated(passage)
        if published and published[:10] > day
    ]
    for kind, texts in (("the answer", (answer.answer,)), ("a follow-up", answer.follow_ups)):
        found += [f"{kind} quotes {title!r}" for text in texts for title in titles.later_than(day, text)]
    known = (answer.freshness.newest_cited, answer.freshness.newest_article)
    found += [f"the newest day {newest}" for newest in known if newest and newest[:10] > day]
    return list(dict.fromkeys(found))


def _dated(passage: Citation) -> Iterable[tuple[str, str, str | None]]:
    yield "passage", passage.chunk_id, passage.published
    for copy in passage.also_in:
        yield "copy", copy.article_id, copy.published
    for correction in passage.corrections:
        yield "correction", correction.article_id, correction.published
