"""Whether a follow-up finds what the full question would: dialogues over the sample articles.

    python benchmarks/bench_conversation.py [--all] [--show] [--json FILE]

Each dialogue of `tests/data/dialogues.jsonl` is held with the engine, quoting, so that the answers of its
history are real. Its last turn is then searched with in three ways: alone, joined to the latest question
that stands by itself (how it was once done), and made to stand by itself by the rules. Prints by kind of
follow-up the share of dialogues whose first article is that of the full question (first), that have at
least 3 of its first 4 articles (same), and that have both. Half-way figures are of the dialogues that the
rules were written with, those with a `group` by themselves; --all adds a table of those held out. --show
prints the dialogues that fail.
Of the questions of `tests/data/standalone.jsonl`, which have a subject of their own, it counts those that
the rules change after an unrelated turn: none should be.
Writes bench-results/conversation.json, or --json FILE.
"""

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.adapters.minilm import MiniLMEmbedder
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.readers import read_sources
from rag.answer import Answer
from rag.config import Settings
from rag.conversation import stand_alone
from rag.engine import Engine
from rag.plan import make_plan
from rag.question import Message, Question
from rag.terms import content_stems, names

ROOT = Path(__file__).parent.parent
DIALOGUES = ROOT / "tests" / "data" / "dialogues.jsonl"
STANDALONE = ROOT / "tests" / "data" / "standalone.jsonl"
AS_OF = "2026-10-15"
FIRST, LEAST = 4, 3
WAYS = ("alone", "joined", "rules")
MEASURES = ("first", "same", "both", "said")

_OPENED = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|why|who else|where else|what else)\b", re.IGNORECASE
)
_REFERRING = frozenset(
    """he him his she her hers they them their theirs it its this that these those there then both former
    latter one ones same else instead""".split()
)


def once_joined(text: str, earlier: Sequence[str]) -> str:
    """Return a follow-up after the latest question that stands by itself, as was done before the rules."""

    def leans(asked: str) -> bool:
        if _OPENED.match(asked):
            return True
        if names(asked):
            return False
        return len(content_stems(asked)) <= 2 or bool(_REFERRING & set(re.findall(r"[a-z']+", asked.lower())))

    if not leans(text):
        return text
    return f"{next((asked for asked in reversed(earlier) if not leans(asked)), earlier[0])} {text}"


def held(engine: Engine, turns: Iterable[str]) -> list[Message]:
    """Return the history that the engine makes of the earlier turns."""
    history: list[Message] = []
    for turn in turns:
        answer = engine.ask(turn, history=tuple(history), as_of=AS_OF)
        history += [Message(role="user", content=turn), Message(role="assistant", content=answer.answer)]
    return history


def articles_of(engine: Engine, query: str) -> list[str]:
    """Return the first articles that a search finds, each once."""
    return list(dict.fromkeys(found.article_id for found in engine.search(query, as_of=AS_OF)))[:FIRST]


def first_claim(answer: Answer) -> str:
    """Return what an answer says first; nothing where it abstains."""
    return answer.claims[0].text if answer.claims else ""


def measure(engine: Engine, dialogue: dict[str, Any]) -> dict[str, Any]:
    """Return what each way of searching finds of what the full question does."""
    *earlier, last = dialogue["turns"]
    history = held(engine, earlier)
    plan = make_plan(Question.parse(last, history=history, as_of=AS_OF))
    queries = {"alone": last, "joined": once_joined(last, earlier), "rules": plan.standalone}
    wanted = articles_of(engine, dialogue["full"])
    said = first_claim(engine.ask(dialogue["full"], as_of=AS_OF))
    result: dict[str, Any] = {**dialogue, "standalone": plan.standalone}
    for way, query in queries.items():
        answer = engine.ask(
            last if way == "rules" else query, history=history if way == "rules" else (), as_of=AS_OF
        )
        found = articles_of(engine, query)
        first, same = found[:1] == wanted[:1], len(set(found) & set(wanted)) >= min(LEAST, len(wanted))
        result[way] = {
            "first": first,
            "same": same,
            "both": first and same,
            "said": first_claim(answer) == said,
        }
    return result


def print_table(title: str, results: Sequence[dict[str, Any]]) -> None:
    """Print the shares by kind, and over all."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_kind[result["kind"]].append(result)
        by_kind["all"].append(result)
    print(f"\n{title}\n{'':<14}{'n':>4}  " + "".join(f"{way:^32}" for way in WAYS))
    print(f"{'kind':<14}{'':>4}  " + "".join(f"{measure:>8}" for measure in MEASURES) * len(WAYS))
    for kind in sorted(by_kind, key=lambda kind: (kind == "all", kind)):
        rows = by_kind[kind]
        shares = [sum(row[way][what] for row in rows) / len(rows) for way in WAYS for what in MEASURES]
        print(f"{kind:<14}{len(rows):>4}  " + "".join(f"{share:>8.2f}" for share in shares))


def print_changed(rows: Sequence[dict[str, Any]], *, held_out: bool, show: bool) -> None:
    """Print how many questions with a subject of their own the rules change after an unrelated turn."""
    rows = [row for row in rows if row.get("held_out", False) == held_out]
    changed = []
    for row in rows:
        history = [
            Message(role="user", content=row["before"]),
            Message(role="assistant", content=row["answer"]),
        ]
        read = stand_alone(row["question"], history).text
        kept = read.lower() == row["question"].lower().removeprefix("and ")
        changed += [] if kept else [(row["question"], read)]
    part = "held out" if held_out else "that the rules were written with"
    print(f"\nquestions of their own, {part}: {len(changed)} of {len(rows)} changed")
    for asked, read in changed if show else ():
        print(f"  {asked}\n  {read}")


def main() -> None:
    """Build the samples' index, hold the dialogues, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path, default=ROOT / "bench-results" / "conversation.json")
    arguments = parser.parse_args()
    dialogues = [json.loads(line) for line in DIALOGUES.read_text(encoding="utf-8").splitlines()]
    embedder = MiniLMEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        build(
            Path(folder, "index"),
            read_sources([str(ROOT / "examples" / "articles")]),
            embedder=embedder,
            chunking=ChunkingConfig(),
            mode=BuildMode.REPLACE,
        )
        settings = Settings.model_validate({"index": Path(folder, "index"), "generate": {"model": "none"}})
        with Engine(settings, embedder=embedder) as engine:
            results = [
                measure(engine, dialogue)
                for dialogue in dialogues
                if arguments.all or not dialogue.get("held_out")
            ]
    written_with = [one for one in results if "held_out" not in one]
    print_table(
        "dialogues that the rules were written with", [one for one in written_with if "group" not in one]
    )
    print_table("of them, those of who did it and when", [one for one in written_with if "group" in one])
    if arguments.all:
        print_table("dialogues held out", [one for one in results if "held_out" in one])
    standalone = [json.loads(line) for line in STANDALONE.read_text(encoding="utf-8").splitlines()]
    for held_out in (False, True) if arguments.all else (False,):
        print_changed(standalone, held_out=held_out, show=arguments.show)
    if arguments.show:
        for one in results:
            if not one["rules"]["both"]:
                print(f"\n{one['kind']}: {' / '.join(one['turns'])}\n  {one['standalone']}\n  {one['full']}")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"written: {arguments.json}")


if __name__ == "__main__":
    main()
