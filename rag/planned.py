"""The plan of a question to a snapshot, whose articles may date what the question tells time by."""

from dataclasses import replace

from index.snapshot import Snapshot
from rag.condense import condense
from rag.config import RetrievalConfig
from rag.decompose import decomposed, may_be_several
from rag.event_dates import ArchiveEventDates
from rag.event_phrases import event_period
from rag.generate import ChatModel
from rag.parts import parts_of
from rag.plan import Plan, make_plan
from rag.question import Question
from rag.spelling import Speller
from rag.two_steps import TwoSteps, two_steps


def plan_over(
    snapshot: Snapshot, question: Question, config: RetrievalConfig, model: ChatModel | None = None
) -> Plan:
    """Return the plan of a question, "since the election" included where the snapshot surely dates it.

    A capable `model` rewrites a follow-up and takes the question apart, where the rules see one part.
    """
    plan = dated(snapshot, spelled(snapshot, question, config))
    if model is None or not model.capable:
        return plan
    if question.history and plan.standalone != question.text and (standalone := condense(question, model)):
        plan = replace(plan, standalone=standalone, asks=standalone)
        if config.decomposition:
            plan = replace(plan, parts=parts_of(standalone), steps=two_steps(standalone))
    if config.decomposition and len(plan.parts) == 1 and not plan.steps and may_be_several(plan.asks):
        return _taken_apart(plan, model)
    return plan


def spelled(snapshot: Snapshot, question: Question, config: RetrievalConfig) -> Plan:
    """Return the plan of a question spelled as the snapshot spells, where that is configured."""
    plan = make_plan(question, decompose=config.decomposition)
    text = Speller(snapshot).spelled(question.text, plan.where) if config.spelling else question.text
    if text == question.text:
        return plan
    mended = make_plan(replace(question, text=text), decompose=config.decomposition)
    return replace(mended, question=question)


def dated(snapshot: Snapshot, plan: Plan) -> Plan:
    """Return a plan with the period that an event of its question bounds, if it has no other."""
    if plan.period is not None:
        return plan
    return replace(
        plan, period=event_period(plan.standalone, ArchiveEventDates(snapshot), plan.where, plan.as_of)
    )


def _taken_apart(plan: Plan, model: ChatModel) -> Plan:
    seen = decomposed(plan.asks, model)
    if isinstance(seen, TwoSteps):
        return replace(plan, steps=seen)
    return replace(plan, parts=seen) if seen else plan
