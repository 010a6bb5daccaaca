"""An answer and its sources as lines of a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.plain import seen, visible
from ui.text import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from index.records import LeftOut
    from rag.answer import Answer, Citation, Claim, CorrectionNote

EXCERPT_CHARACTERS = 320
_CONTEXT_CHARACTERS = 60
_INDENT = 5


def print_sources(console: "Console", answer: "Answer", *, passages: bool = True) -> None:
    """Print the numbered sources of an answer, or the nearest ones of an abstention.

    Before them comes what the answer's text does not say: what was searched for, where that is not what was
    asked, how old its news are, and what was left out.
    """
    from rich.text import Text

    if answer.read_as:
        console.print(Text(f"\nSearched for “{visible(answer.read_as)}”", style="dim"))
    if answer.freshness.note:
        console.print(Text(f"\n{visible(answer.freshness.note)}"))
    print_unsupported(console, answer.claims)
    if answer.citations:
        title = "Nearest in the archive" if answer.abstained else "Sources"
        console.print(f"\n{title}", style="bold")
        print_citations(console, answer.citations, passages=passages)
    freshness = " ".join(filter(None, (describe_freshness(answer), describe_left_out(answer.left_out))))
    if freshness:
        console.print(f"\n{freshness}", style="dim")


def print_unsupported(console: "Console", claims: "Sequence[Claim]") -> None:
    """Print the claims that no passage supports: struck through, or in brackets where that cannot be."""
    from rich.text import Text

    left_out = [claim for claim in claims if not claim.supported]
    if left_out:
        console.print("\nLeft out: no passage supports it", style="bold")
    for claim in left_out:
        said, reason = visible(claim.text), visible(claim.reason or "")
        if console.is_terminal and not console.is_dumb_terminal:
            console.print(Text.assemble((said, "strike"), (f" {reason}" if reason else "", "dim")))
        else:
            console.print(Text(f"[unsupported: {said}{f' ({reason})' if reason else ''}]"))


def print_citations(console: "Console", citations: "Sequence[Citation]", *, passages: bool = True) -> None:
    """Print each citation: number, title, outlet, date, the words that support, and the address."""
    from rich.table import Table
    from rich.text import Text

    for citation in citations:
        number, lines = f"{citation.n:>3}.", _lines(citation, passages=passages)
        if console.is_terminal:
            table = Table.grid(padding=(0, 1))
            table.add_row(number, Text("\n").join(lines))
            console.print(table)
        else:
            console.print(Text(f"{number} ") + Text(f"\n{' ' * _INDENT}").join(lines))


def _lines(citation: "Citation", *, passages: bool) -> "list[Text]":
    from rich.text import Text

    head = Text.assemble((visible(citation.title) or "(no title)", "bold"), f" — {describe_origin(citation)}")
    lines = [head]
    if passages:
        lines.append(excerpt(citation))
    if citation.url:
        lines.append(Text(visible(citation.url), style="dim"))
    lines += [Text(describe_correction(correction), style="bold") for correction in citation.corrections]
    lines += [
        Text(f"also: {visible(copy.title)} — {visible(copy.source)}, {copy.published or 'undated'}")
        for copy in citation.also_in
    ]
    return lines


def describe_origin(citation: "Citation") -> str:
    """Return outlet and date, as `cnn.com, 2026-03-01`."""
    return ", ".join(part for part in (visible(citation.source), citation.published or "undated") if part)


def describe_correction(correction: "CorrectionNote") -> str:
    """Return what was corrected, and where that is said."""
    where = ", ".join(filter(None, (visible(correction.source), correction.published)))
    return f"{correction.kind} ({where}): {visible(correction.text)}"


def describe_left_out(left_out: "LeftOut") -> str:
    """Return what a question could not see for want of a date, in one line; empty where there is nothing."""
    parts = []
    if left_out.undated:
        parts.append(
            f"{counted(left_out.undated, 'article')} of unknown date (--include-undated has them seen)"
        )
    if left_out.updated_later:
        parts.append(f"{counted(left_out.updated_later, 'article')} known only as updated later")
    return f"Left out: {'; '.join(parts)}." if parts else ""


def describe_freshness(answer: "Answer") -> str:
    """Return how recent the evidence is beside the archive, in one line; empty where nothing is known."""
    cited, newest = answer.freshness.newest_cited, answer.freshness.newest_article
    parts = [f"Newest article cited: {cited}"] if cited and not answer.abstained else []
    parts += [f"newest in the archive: {newest}"] if newest else []
    parts += [f"asked as of {answer.as_of}"] if answer.as_of else []
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}." if line else ""


def excerpt(citation: "Citation") -> "Text":
    """Return the part of the passage around the supporting words, with these words in bold."""
    from rich.text import Text

    passage = citation.passage
    spans = sorted(citation.highlights)
    start, end = _window(passage, spans)
    text = Text("… " if start else "")
    position = start
    for first, last in spans:
        first, last = max(first, position), min(last, end)
        if first >= last:
            continue
        text.append(_flat(passage[position:first]))
        text.append(_flat(passage[first:last]), style="bold underline")
        position = last
    text.append(_flat(passage[position:end]))
    text.append(" …" if end < len(passage) else "")
    return text


def _window(passage: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the span of the passage to show, moved outward to the edges of words."""
    if len(passage) <= EXCERPT_CHARACTERS:
        return 0, len(passage)
    start = max(0, spans[0][0] - _CONTEXT_CHARACTERS) if spans else 0
    furthest = max((last for _, last in spans), default=0) + _CONTEXT_CHARACTERS
    end = min(len(passage), max(furthest, start + EXCERPT_CHARACTERS // 2), start + 2 * EXCERPT_CHARACTERS)
    while start and not passage[start - 1].isspace():
        start -= 1
    while end < len(passage) and not passage[end].isspace():
        end += 1
    return start, end


def _flat(text: str) -> str:
    return seen(text.replace("\n", " ").replace("\t", " "))
