"""What `dateline eval` prints of answers: citations, leaks, and when to abstain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.cli.evaluate_table import figure, make_table, print_table
from ui.text import counted, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from rag.evaluate.judging import Verdict
    from rag.evaluate.report import EvalReport, Written


def print_written(console: "Console", reports: Sequence[tuple[str, "EvalReport"]]) -> None:
    """Print what the answers hold all together, and whatever of it is of later than its question."""
    for label, report in reports:
        if written := report.written:
            console.print(
                f"{label}{counted(written.answered, 'answer')}; citations with the names and numbers: "
                f"{written.citations.good:,} of {written.citations.total:,}; sentences with a citation: "
                f"{written.sentences.good:,} of {written.sentences.total:,}; leaks: {written.leaks:,}"
            )
    for label, report in reports:
        for result in report.results:
            for leak in result.reply.leaks if result.reply else ():
                console.print(f"{label}leak in {one_line(result.id)}: {one_line(leak)}", style="bold")


def print_judged(console: "Console", reports: Sequence[tuple[str, "EvalReport"]]) -> None:
    """Print what the judge said all together, and how much it left unjudged, with the first reason."""
    for label, report in reports:
        if (judge := report.judge) is None:
            continue
        answers = _told(judge.answers, "answer", judge.answers_right, "right", judge.answers_unjudged)
        claims = _told(judge.claims, "claim", judge.claims_supported, "supported", judge.claims_unjudged)
        console.print(f"{label}judge {one_line(judge.model)}: {answers}; {claims}")
        if judge.failure:
            console.print(f"{label}first left unjudged since {one_line(judge.failure)}", style="bold")


def described_verdict(verdict: "Verdict | None") -> str:
    """Return what the judge said of an answer, as the end of its line."""
    if verdict is None or not (verdict.right_asked or verdict.claims):
        return ""
    said = {True: "right", False: "wrong", None: "unjudged"}[verdict.right]
    claims = verdict.claims
    told = _told(len(claims), "claim", claims.count(True), "supported", claims.count(None))
    return f" (judge: {f'{said}; ' if verdict.right_asked else ''}{told})"


def _told(total: int, noun: str, good: int, what: str, unjudged: int) -> str:
    """Return how many were found good, and how many were not judged."""
    left = f", {unjudged:,} unjudged" if unjudged else ""
    return f"{good:,} of {counted(total, noun)} {what}{left}"


def print_curve(console: "Console", report: "EvalReport") -> None:
    """Print every other point of the risk–coverage curve, and the one of the configuration's threshold."""
    curve = report.risk_coverage
    if curve is None:
        return
    table = make_table("abstention score from", "coverage", "risk", "wrong", "refused", "missed", left=0)
    for at, point in enumerate(curve.points):
        if at % 2 == 0 or point.threshold == curve.threshold:
            figures = (
                point.coverage,
                point.risk,
                point.wrong,
                point.abstained_unanswerable,
                point.abstained_answerable,
            )
            mark = "*" if point.threshold == curve.threshold else " "
            table.add_row(f"{mark}{point.threshold:.2f}", *map(figure, figures))
    console.print()
    print_table(console, table)
    console.print(
        "risk: of the questions answered, those that cannot be; wrong: with those answered wrongly; "
        "refused: of those that cannot be, missed: of those that can; "
        f"area {curve.area:.3f} (best {curve.least:.3f}, by chance {curve.chance:.3f}); * as configured",
        style="dim",
    )


def print_writing_times(console: "Console", label: str, written: "Written | None") -> None:
    """Print within how long the first word and the end of an answer came."""
    if written and written.first_word_s and written.end_s:
        first, end = written.first_word_s, written.end_s
        console.print(
            f"{label}first word p50 {first.p50:.2f} s, p95 {first.p95:.2f} s; "
            f"end p50 {end.p50:.2f} s, p95 {end.p95:.2f} s, of answered questions"
        )
