"""A judge model for `dateline eval`: is an answer right, and do its passages support its claims?

One word is asked for at a time and nothing else is read: whatever is not the word counts as unjudged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag.answer import Answer, Citation, Claim
from rag.config import EvaluateConfig, GenerateConfig, ModelEntry
from rag.errors import GenerationError
from rag.evaluate.answers import text_of
from rag.evaluate.dataset import EvalQuestion
from rag.generate import ChatMessage, ChatModel, CircuitBreaker, ModelChain
from rag.plain import plain
from rag.prompts import render
from rag.replies import short_reply

FAILURES_IN_A_ROW = 3
"""After so many the judge is not asked again in this run."""
TOLD_CHARACTERS = 80
_RIGHT = {"right": True, "wrong": False}
_SUPPORTED = {"supported": True, "unsupported": False}
_ONE_WORD = re.compile(r"[\s*_`\"'“”]*(\w+)[\s*_`\"'“”.!]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge says of an answer.

    `right` is None where nothing is expected, or the judge gave no readable verdict although it was asked
    (`right_asked`). `claims` says of each claim whether its passages support it, None where that was not
    to be had; one without a citation is not supported, and not asked about.
    """

    right: bool | None
    right_asked: bool
    claims: tuple[bool | None, ...]

    @property
    def supported(self) -> float | None:
        """The share of the judged claims that are supported; None where none was judged."""
        judged = [claim for claim in self.claims if claim is not None]
        return sum(judged) / len(judged) if judged else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, as a part of a question's."""
        return {"judged_right": self.right, "judged_claims": list(self.claims)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a judge said all together, of answers to questions with an expected one and of all claims.

    `failure` is the first reason for which a verdict was not to be had, None where all were.
    """

    model: str
    answers: int
    answers_right: int
    answers_unjudged: int
    claims: int
    claims_supported: int
    claims_unjudged: int
    failure: str | None


class Judge:
    """Puts answers to a model; what goes wrong leaves them unjudged and raises nothing."""

    def __init__(self, model: ChatModel) -> None:
        """Keep the model, which bounds its own time."""
        self.model = model
        self.failure: str | None = None
        self._failures = 0

    def verdict(self, question: EvalQuestion, answer: Answer) -> Verdict:
        """Return what the model says of an answer; an abstention is not right, and is not asked about."""
        expected = bool(question.answer) and not question.by_judgement
        if answer.abstained:
            return Verdict(
                right=False if expected and question.answerable else None, right_asked=False, claims=()
            )
        cited = {citation.n: citation for citation in answer.citations}
        return Verdict(
            right=self._is_right(question, answer) if expected else None,
            right_asked=expected,
            claims=tuple(self._is_supported(claim, cited) for claim in answer.claims),
        )

    def _is_right(self, question: EvalQuestion, answer: Answer) -> bool | None:
        given = render(
            "grade_answer_user",
            as_of=answer.as_of,
            question=plain(question.text),
            expected=plain(question.answer),
            answer=plain(text_of(answer)),
        )
        return self._read(render("grade_answer_system"), given, _RIGHT)

    def _is_supported(self, claim: Claim, cited: Mapping[int, Citation]) -> bool | None:
        passages = [_shown(cited[number]) for number in claim.citations if number in cited]
        if not passages:
            return False
        given = render("grade_claim_user", passages="\n\n".join(passages), claim=plain(claim.text))
        return self._read(render("grade_claim_system"), given, _SUPPORTED)

    def _read(self, system: str, user: str, verdicts: Mapping[str, bool]) -> bool | None:
        """Return what the model's one word stands for."""
        if self._failures >= FAILURES_IN_A_ROW:
            return None
        prompt = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]
        try:
            reply = short_reply(self.model.stream(prompt))
        except GenerationError as error:
            self._failures += 1
            self.failure = self.failure or str(error)
            return None
        self._failures = 0
        found = _ONE_WORD.fullmatch(reply)
        verdict = verdicts.get(found[1].casefold()) if found else None
        if verdict is None:
            words = " nor ".join(word.upper() for word in verdicts)
            self.failure = self.failure or f"it replied {reply[:TOLD_CHARACTERS]!r}, neither {words}"
        return verdict


def load_judge(evaluate: EvaluateConfig, generate: GenerateConfig) -> ChatModel | None:
    """Return the model that `evaluate` names, not yet connected, within the limits of `generate`.

    It is asked every time: one that failed is left alone in conversations, but here each verdict counts.
    None where no judge is named.

    Raises:
        ConfigError: where the key that it needs is not there.
    """
    if evaluate.judge == "none":
        return None
    from rag.adapters.chat_models import load_chat_model

    entry = ModelEntry(
        model=evaluate.judge,
        base_url=evaluate.judge_base_url,
        api_key_variable=evaluate.judge_key_variable,
        timeout_s=evaluate.judge_timeout_s,
    )
    limits = {"models": (entry,), "max_tokens": evaluate.judge_max_tokens, "temperature": 0.0}
    model = load_chat_model(generate.model_copy(update=limits))
    if isinstance(model, ModelChain):
        model = model.models[0]
    return model.model if isinstance(model, CircuitBreaker) else model


def judged_of(judge: Judge, verdicts: list[Verdict]) -> Judged:
    """Return what the judge said all together."""
    asked = [verdict.right for verdict in verdicts if verdict.right_asked]
    claims = [claim for verdict in verdicts for claim in verdict.claims]
    return Judged(
        model=judge.model.name,
        answers=len(asked),
        answers_right=asked.count(True),
        answers_unjudged=asked.count(None),
        claims=len(claims),
        claims_supported=claims.count(True),
        claims_unjudged=claims.count(None),
        failure=judge.failure,
    )


def _shown(citation: Citation) -> str:
    """Return a passage as the judge reads it."""
    origin = ", ".join(filter(None, (plain(citation.source), citation.published)))
    return f"{plain(citation.title)} ({origin}):\n{plain(citation.passage)}"
