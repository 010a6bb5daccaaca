"""The dated course of a story as lines of a terminal."""

from typing import TYPE_CHECKING

from rag.plain import visible
from ui.cli.render import describe_left_out, print_citations
from ui.text import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rag.answer import Citation
    from rag.chronology import Timeline, TimelineEvent


def print_timeline(console: "Console", timeline: "Timeline") -> None:
    """Print the events, one line each, oldest first, then their numbered sources; or why there are none."""
    from rich.text import Text

    if timeline.note:
        console.print(Text(timeline.note))
    for event in timeline.events:
        console.print(_line(event, timeline.citations))
    if timeline.citations:
        console.print("\nSources", style="bold")
        print_citations(console, timeline.citations, passages=False)
    console.print(f"\n{describe_reach(timeline)}", style="dim")


def describe_date(event: "TimelineEvent") -> str:
    """Return the event's day, with `reported` where that is its article's, and what it looks ahead to."""
    day = event.date if event.date_from == "text" else f"reported {event.date}"
    return f"{day}, announced for {event.announced_for}" if event.announced_for else day


def describe_outlets(event: "TimelineEvent", citations: "tuple[Citation, ...]") -> str:
    """Return the outlet of an event, or how many carry it and how many of these are independent."""
    from rag.outlets import outlet_names

    carriers = outlet_names([citation for citation in citations if citation.n in event.citations])
    if len(carriers) < 2:
        return visible("".join(carriers))
    said = counted(len(carriers), "outlet")
    return said if event.outlets == len(carriers) else f"{said}, {event.outlets} independent"


def describe_reach(timeline: "Timeline") -> str:
    """Return how far the archive reaches and what could not be seen, in one line."""
    newest = timeline.freshness.newest_article
    parts = [f"Newest in the archive: {newest};"] if newest else []
    left_out = describe_left_out(timeline.left_out)
    return " ".join([*parts, f"asked as of {timeline.as_of}.", *([left_out] if left_out else [])])


def _line(event: "TimelineEvent", citations: "tuple[Citation, ...]") -> "Text":
    from rich.text import Text

    marks = "".join(f"[{number}]" for number in event.citations)
    return Text.assemble(
        (f"{describe_date(event)}  ", "bold"),
        visible(event.text),
        f" {marks}",
        (f" ({describe_outlets(event, citations)})", "dim"),
    )
