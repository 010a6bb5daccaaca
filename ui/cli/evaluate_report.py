"""What `dateline eval` prints: tables of measures, and questions to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.cli.evaluate_answers import (
    described_verdict,
    print_curve,
    print_judged,
    print_writing_times,
    print_written,
)
from ui.cli.evaluate_table import NONE, is_narrow, make_table, print_table
from ui.text import counted, duration, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from rag.evaluate.compare import Comparison, Difference
    from rag.evaluate.measures import Group, Measure
    from rag.evaluate.report import EvalReport
    from rag.evaluate.results import JudgedPassage, QuestionResult

PASSAGES_SHOWN = 10
SIGNIFICANT = 0.05
NARROW_COLUMNS = 4
LABELS = {
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
    **{f"answer_in_context@{k}": f"in context@{k}" for k in (1, 4, 10, 20)},
    "answer_in_sentences": "in sentences",
    "token_f1": "token F1",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "judged_right": "judged right",
    "judged_supported": "judged supported",
    "abstained": "abstention, all",
    "abstained_answerable": "abstention, answerable",
    "abstained_unanswerable": "abstention, unanswerable",
    "leaked": "leaked later news",
    "written": "written by the model",
}
# Columns of a breakdown: as many as 80 characters hold. A narrow terminal is shown the first ones.
BROKEN_DOWN = {
    "hit@1": "hit@1",
    "hit@4": "hit@4",
    "hit@10": "hit@10",
    "mrr@10": "MRR@10",
    "answer_in_sentences": "sent.",
    "ndcg@10": "nDCG@10",
    "contains": "cont.",
}


def print_report(console: "Console", report: "EvalReport") -> None:
    """Print the measures with their intervals, the breakdown and the times of one configuration."""
    _print_head(console, report)
    table = make_table("measure", "value", "95% interval", "questions")
    for measure in report.measures:
        table.add_row(
            _label(measure.name),
            f"{measure.value:.3f}",
            _interval(measure.low, measure.high),
            f"{measure.questions:,}",
        )
    print_table(console, table)
    _print_meaning(console, report)
    print_written(console, [("", report)])
    print_judged(console, [("", report)])
    print_curve(console, report)
    _print_groups(console, report)
    _print_times(console, [("", report)])


def print_comparison(console: "Console", both: "Comparison") -> None:
    """Print the measures of two configurations beside each other, with what differs."""
    from rich.text import Text

    _print_head(console, both.this)
    console.print(f"this: {one_line(both.this_name)}; other: {one_line(both.other_name)}")
    bounds = [] if is_narrow(console) else ["95% interval"]
    table = make_table("measure", "this", "other", "differs by", *bounds, "p", "won", "lost")
    for found in both.differences:
        table.add_row(
            _label(found.name),
            f"{found.this:.3f}",
            f"{found.other:.3f}",
            Text(f"{found.difference:+.3f}", style="bold" if found.p < SIGNIFICANT else ""),
            *([_interval(found.low, found.high, signed=True)] if bounds else []),
            _chance(found),
            f"{found.wins:,}",
            f"{found.losses:,}",
        )
    print_table(console, table)
    reports = [("this: ", both.this), ("other: ", both.other)]
    print_written(console, reports)
    print_judged(console, reports)
    _print_times(console, reports)
    moved = counted(len(both.changes), "question")
    console.print(f"{moved} with the first hit at another rank (--show changes)")


def print_results(
    console: "Console", this: "EvalReport", other: "EvalReport | None", ids: Sequence[str]
) -> None:
    """Print each question of `ids` with the passages that were found, a hit with a star before it."""
    wanted = set(ids)
    for at, result in enumerate(this.results):
        if result.id not in wanted:
            continue
        console.print()
        console.print(f"{one_line(result.id)}: {one_line(result.question.text)}", style="bold")
        console.print(_about(result))
        _print_found(console, result, "this: " if other else "")
        if other:
            _print_found(console, other.results[at], "other: ")


def _print_head(console: "Console", report: "EvalReport") -> None:
    asked = [f"{report.answerable:,} answerable"]
    asked += [f"{report.judged:,} judged"] if report.judged else []
    built = f"built in {duration(report.build_seconds)}" if report.build_seconds else "from the cache"
    console.print(
        f"{one_line(report.dataset)}: {counted(report.articles, 'article')} in "
        f"{counted(report.chunks, 'chunk')}; {counted(report.questions, 'question')} ({', '.join(asked)})",
        style="bold",
    )
    console.print(f"index: {report.index} ({built})")
    for line in report.notes:
        console.print(f"note: {one_line(line)}")


def _print_meaning(console: "Console", report: "EvalReport") -> None:
    if report.value("answer_in_sentences") is not None:
        console.print(
            "in context@k: the answer stands in the first k passages; in sentences: in those chosen "
            f"from them within {report.evidence_tokens} tokens",
            style="dim",
        )


def _print_groups(console: "Console", report: "EvalReport") -> None:
    names = [name for name in BROKEN_DOWN if any(measure.name == name for measure in report.measures)]
    if not names or not report.groups:
        return
    if is_narrow(console):
        names = names[:NARROW_COLUMNS]
    table = make_table("by", "group", "n", *(BROKEN_DOWN[name] for name in names), left=2)
    shown = ""
    for group in report.groups:
        table.add_row(
            group.by if group.by != shown else "",
            group.name,
            f"{group.questions:,}",
            *(_value(group, name) for name in names),
        )
        shown = group.by
    console.print()
    print_table(console, table)


def _print_times(console: "Console", reports: Sequence[tuple[str, "EvalReport"]]) -> None:
    console.print()
    for label, report in reports:
        for name, stages in (("search", report.search_ms), ("answer", report.ask_ms)):
            whole = stages.get("search" if name == "search" else "total")
            if whole is None:
                continue
            parts = ", ".join(
                f"{stage} {spent.p50:.1f}/{spent.p95:.1f}"
                for stage, spent in stages.items()
                if spent is not whole
            )
            console.print(f"{label}{name} p50 {whole.p50:.1f} ms, p95 {whole.p95:.1f} ms ({parts})")
        print_writing_times(console, label, report.written)


def _print_found(console: "Console", result: "QuestionResult", label: str) -> None:
    console.print(f"{label}{f'first hit at {result.rank}' if result.rank else 'no hit'}")
    if result.reply:
        console.print(f"  answer: {one_line(result.reply.answer)}{described_verdict(result.reply.verdict)}")
    for passage in _worth_showing(result):
        console.print(_passage(passage))


def _worth_showing(result: "QuestionResult") -> list["JudgedPassage"]:
    """Return the first passages, and of those after them the first hit."""
    passages = result.looked.passages
    later = [passage for passage in passages[PASSAGES_SHOWN:] if passage.hit][:1]
    return [*passages[:PASSAGES_SHOWN], *(later if result.rank and result.rank > PASSAGES_SHOWN else [])]


def _about(result: "QuestionResult") -> str:
    asked = result.question
    parts = [f"gold: {one_line(asked.answer)}"] if asked.answer else []
    parts += [f"relevant: {counted(len(asked.relevant), 'article')}"] if asked.relevant else []
    parts += [f"as of {asked.as_of}"] if asked.as_of else []
    parts += [] if asked.answerable else ["not answerable"]
    sentences = result.scores.get("answer_in_sentences")
    parts += [f"{'in' if sentences else 'not in'} the chosen sentences"] if sentences is not None else []
    return "; ".join(parts)


def _passage(passage: "JudgedPassage") -> str:
    """Return a passage on one line; `*` is a hit, `+` an answer in an article that is not the question's."""
    shown = passage.citation
    mark = "*" if passage.hit else "+" if passage.answers else " "
    grade = f" [{passage.grade}]" if passage.grade is not None else ""
    origin = ", ".join(filter(None, (one_line(shown.source), shown.published or "undated")))
    return f" {mark}{passage.rank:>3}. {shown.score:.3f} {one_line(shown.title)} — {origin}{grade}"


def _label(name: str) -> str:
    return LABELS.get(name, name)


def _value(group: "Group", name: str) -> str:
    found: Measure | None = next((measure for measure in group.measures if measure.name == name), None)
    return f"{found.value:.3f}" if found else NONE


def _interval(low: float | None, high: float | None, *, signed: bool = False) -> str:
    if low is None or high is None:
        return NONE
    return f"{low:+.3f} to {high:+.3f}" if signed else f"{low:.3f} to {high:.3f}"


def _chance(found: "Difference") -> str:
    return "<.001" if found.p < 0.001 else f"{found.p:.3f}"
