"""What `dateline doctor` looks at in the models: each is given something small to do."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ui.cli.check import REINSTALL, Check, Status, attempt, since

if TYPE_CHECKING:
    from ui.cli.backend import Backend
    from ui.config import AppSettings

UNIT_TOLERANCE = 1e-3
SAMPLE_TEXT = "The council approved the bridge on 14 January 2025."
SAMPLE_CLAIMS = {
    "The bridge was approved by the council on 14 January 2025.": True,
    "The council rejected the bridge on 14 January 2025.": False,
}
"""What a judge is asked of the sample, and whether it says so."""


def embedding_model(backend: "Backend", settings: "AppSettings") -> Check:
    """Embed a sentence and look at the vector's length."""
    started = time.perf_counter()
    embedder = backend.embedder(settings)
    vector = embedder.embed_query(SAMPLE_TEXT)
    length = float((vector * vector).sum()) ** 0.5
    if vector.shape != (embedder.info.dimension,) or abs(length - 1) > UNIT_TOLERANCE:
        return Check(
            name="embedding model",
            status=Status.FAIL,
            detail=f"{embedder.info.name} gave a vector of shape {vector.shape}, length {length:.3f}",
            mend=REINSTALL,
        )
    return Check(
        name="embedding model",
        status=Status.OK,
        detail=f"{embedder.info.name}, {embedder.info.dimension} dimensions, {since(started)}",
    )


def language_models(backend: "Backend", settings: "AppSettings") -> Iterator[Check]:
    """Try the language model, or each of a chain; one that fails beside others is a warning."""
    entries = settings.generate.models
    if not entries:
        yield attempt("language model", lambda: language_model(backend, settings), mend=REINSTALL)
        return
    for entry in entries:
        if entry.model in ("none", "quote") and len(entries) > 1:
            continue
        alone = settings.model_copy(
            update={"generate": settings.generate.model_copy(update={"models": (entry,)})}
        )
        name = f"language model {entry.model}"
        check = attempt(name, partial(language_model, backend, alone), mend=REINSTALL)
        softer = Status.WARN if check.status is Status.FAIL and len(entries) > 1 else check.status
        yield replace(check, name=name, status=softer)


def language_model(backend: "Backend", settings: "AppSettings") -> Check:
    """Start the language model and have it write a few words."""
    started = time.perf_counter()
    name, text = backend.write_sample(settings)
    if name is None:
        return Check(
            name="language model", status=Status.OK, detail="none is configured: answers are quotations"
        )
    if not text.strip():
        return Check(
            name="language model",
            status=Status.WARN,
            detail=f"{name} started and wrote nothing",
            mend="answers will be quotations; choose another model with generate.model",
        )
    return Check(name="language model", status=Status.OK, detail=f"{name} writes, {since(started)}")


def judge(backend: "Backend", settings: "AppSettings") -> Iterator[Check]:
    """Ask the judge of claims, where one is configured, about a true and a false one.

    One that fails is a warning: what it was to judge counts as not supported.
    """
    if settings.answer.judge == "none" and settings.answer.judge_base_url is None:
        return
    check = attempt("judge", lambda: judge_of_claims(backend, settings), mend="correct answer.judge")
    yield replace(check, status=Status.WARN) if check.status is Status.FAIL else check


def judge_of_claims(backend: "Backend", settings: "AppSettings") -> Check:
    """Compare the judge's rulings on the sample with what it says."""
    started = time.perf_counter()
    name, ruled = backend.rule_samples(settings, SAMPLE_TEXT, list(SAMPLE_CLAIMS))
    if None in ruled:
        return Check(
            name="judge",
            status=Status.WARN,
            detail=f"{name} could not be asked",
            mend="see the line above on why; until then what it is to judge counts as not supported",
        )
    wrong = [
        claim for claim, said in zip(SAMPLE_CLAIMS, ruled, strict=True) if said is not SAMPLE_CLAIMS[claim]
    ]
    if wrong:
        return Check(
            name="judge",
            status=Status.WARN,
            detail=f"{name} rules wrongly, of {SAMPLE_TEXT!r}, on {wrong[0]!r}",
            mend="choose a stronger answer.judge, or give one that thinks more answer.judge_max_tokens",
        )
    return Check(name="judge", status=Status.OK, detail=f"{name} rules as it should, {since(started)}")
