"""The plan of a question to a snapshot, whose articles may date what the question tells time by."""

from dataclasses import replace

from index.snapshot import Snapshot
from rag.config import RetrievalConfig
from rag.event_dates import ArchiveEventDates
from rag.event_phrases import event_period
from rag.plan import Plan, make_plan
from rag.question import Question


def plan_over(snapshot: Snapshot, question: Question, config: RetrievalConfig) -> Plan:
    """Return the plan of a question, "since the election" included where the snapshot surely dates it."""
    return dated(snapshot, make_plan(question, decompose=config.decomposition))


def dated(snapshot: Snapshot, plan: Plan) -> Plan:
    """Return a plan with the period that an event of its question bounds, if it has no other."""
    if plan.period is not None:
        return plan
    return replace(
        plan, period=event_period(plan.standalone, ArchiveEventDates(snapshot), plan.where, plan.as_of)
    )
