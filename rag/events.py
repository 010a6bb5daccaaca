"""What happens while a question is answered, as typed events that every front end shares.

Order: one `PlanEvent`, one `PassagesEvent`, then `TokenEvent`s and `ClaimEvent`s, and one
`AnswerEvent` last. The texts of the `TokenEvent`s joined are `Answer.answer`: a sentence is sent
only after its support has been checked, so nothing that was shown is taken back. The claims come in
the order of `Answer.claims`; unsupported ones, where they were asked for, after the text is whole.
"""

from dataclasses import dataclass
from typing import Any

from rag.answer import Answer, Citation, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEvent:
    """How the question was understood: the question that retrieval uses, and its bounds in time."""

    standalone_question: str
    as_of: str
    since: str | None
    until: str | None
    sources: tuple[str, ...] = ()

    name = "plan"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "standalone_question": self.standalone_question,
            "as_of": self.as_of,
            "since": self.since,
            "until": self.until,
            "sources": list(self.sources),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesEvent:
    """The passages that retrieval found, best first."""

    passages: tuple[Citation, ...]

    name = "passages"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"passages": [passage.to_dict() for passage in self.passages]}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvent:
    """The next piece of the answer's text."""

    text: str

    name = "token"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvent:
    """A sentence that has been checked: one of the answer, or, where it was asked for, one left out of it."""

    claim: Claim

    name = "claim"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "text": self.claim.text,
            "citations": list(self.claim.citations),
            "supported": self.claim.supported,
            "support": self.claim.support,
            "reason": self.claim.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvent:
    """The whole answer; always the last event."""

    answer: Answer

    name = "answer"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return self.answer.to_dict()


Event = PlanEvent | PassagesEvent | TokenEvent | ClaimEvent | AnswerEvent
