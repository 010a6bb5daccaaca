"""When something took place, as far as the titles of an archive's articles tell surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from index.filters import Filter
from index.passage import Hit, Passage
from rag.periods import Period
from rag.terms import content_stems

FOUND_CHUNKS = 60
"""How many chunks are looked at for titles."""

SAME_STORY_DAYS = 45
"""An article that follows another within so many days goes on with its story."""

LEAST_SHARED = 2
"""At least so many words of the event, or of the question where it has fewer, stand in a title."""


class TitleSearch(Protocol):
    """The part of `index.snapshot.Snapshot` that is needed."""

    def search_lexical(self, text: str, top_k: int, where: Filter) -> list[Hit]:
        """Return the chunks that match the words best within the filter."""
        ...

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of rows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A day on which a title told of an event, and how many words of the event and the question it has."""

    day: date
    own: int
    shared: int


class ArchiveEventDates:
    """Dates events by the titles of a snapshot: an `EventDates`."""

    def __init__(self, snapshot: TitleSearch) -> None:
        self.snapshot = snapshot

    def days_of(self, event: str, about: str, where: Filter) -> Period | None:
        """Return the first and last day of the story whose titles tell of an event; None where it is unsure.

        A title tells of it with most words of the event, at least `LEAST_SHARED`; an event of one word
        ("the election") needs one of the rest of the question as well. Titles within `SAME_STORY_DAYS` of
        each other are one story, which begins with the first title that has most words of the event. It is
        sure if the best title is of the story that has most of them.
        """
        wanted, besides = set(content_stems(event)), set(content_stems(about))
        if not wanted or len(wanted | besides) < LEAST_SHARED:
            return None
        stories = _stories(self._told(f"{event} {about}", wanted, besides, where))
        if not stories:
            return None
        best = max(stories, key=lambda story: (max(told.shared for told in story), len(story)))
        others = [story for story in stories if story is not best]
        if any(len(story) >= len(best) for story in others):
            return None
        closest = max(told.own for told in best)
        return Period(start=next(told.day for told in best if told.own == closest), end=best[-1].day)

    def _told(self, query: str, wanted: set[str], besides: set[str], where: Filter) -> list[_Told]:
        """Return the dated titles that tell of an event, each article once, oldest first."""
        hits = self.snapshot.search_lexical(query, FOUND_CHUNKS, where)
        least = max(min(LEAST_SHARED, len(wanted)), (2 * len(wanted) + 2) // 3)
        told: dict[str, _Told] = {}
        for passage in self.snapshot.passages([hit.row for hit in hits]):
            if passage.published is None or passage.article_id in told:
                continue
            title = set(content_stems(passage.title))
            own, further = len(wanted & title), len((besides - wanted) & title)
            day = date.fromisoformat(passage.published)
            if own < least or own + further < LEAST_SHARED or (where.until and day > where.until):
                continue
            told[passage.article_id] = _Told(day=day, own=own, shared=own + further)
        return sorted(told.values(), key=lambda one: one.day)


def _stories(told: Sequence[_Told]) -> list[list[_Told]]:
    """Return the articles, oldest first, parted where a story pauses for long."""
    stories: list[list[_Told]] = []
    for one in told:
        if stories and (one.day - stories[-1][-1].day).days <= SAME_STORY_DAYS:
            stories[-1].append(one)
        else:
            stories.append([one])
    return stories
