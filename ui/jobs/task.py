"""What a job is to do, and what comes of it, as it goes from one process to the other."""

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from index.article import Skipped
from index.progress import BuildReport, Progress

MAX_SKIPPED = 100
"""So many inputs that gave no article are named; the rest are counted."""


class JobKind(StrEnum):
    """What a job does: all articles anew, some more, or one less."""

    REBUILD = "rebuild"
    ADD = "add"
    REMOVE = "remove"


class Frozen(BaseModel):
    """What is sent between the processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Task(Frozen):
    """One write to the index.

    A rebuild reads `sources` (paths and addresses), or the catalogue where there are none; `articles`
    are records to add, `article_id` names what is to be removed. `lock_wait_s` is how long another
    writer is waited for.
    """

    kind: JobKind
    sources: tuple[str, ...] = ()
    articles: tuple[dict[str, Any], ...] = ()
    article_id: str = ""
    lock_wait_s: float = 5.0


class TakenArticle(Frozen):
    """An article that was taken from a record."""

    id: str
    title: str
    url: str
    source: str
    published: str | None


class Result(Frozen):
    """What a task did; `report` is None where not one record gave an article."""

    report: BuildReport | None
    articles: tuple[TakenArticle, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    skipped_total: int = 0


class Order(Frozen):
    """A task with the settings that it is done under."""

    settings: dict[str, Any]
    task: Task

    def line(self) -> bytes:
        """Return it as a line of JSON; what no UTF-8 can hold is escaped.

        Raises:
            RecursionError: where a record is nested too deeply.
        """
        task = self.task.model_dump(mode="json", exclude={"articles"})
        return _line({"settings": self.settings, "task": task | {"articles": self.task.articles}})


class ProgressMessage(Frozen):
    """How far the task is."""

    event: Literal["progress"] = "progress"
    progress: Progress


class DoneMessage(Frozen):
    """The task is done."""

    event: Literal["done"] = "done"
    result: Result


class FailedMessage(Frozen):
    """The task failed with an error of the project, by the name of its class, or with another one (`""`)."""

    event: Literal["failed"] = "failed"
    error: str
    detail: str
    skipped: tuple[Skipped, ...] = ()
    skipped_total: int = 0


class InterruptedMessage(Frozen):
    """The task was interrupted and ended in order; `detail` says what it kept."""

    event: Literal["interrupted"] = "interrupted"
    detail: str


Message = Annotated[
    ProgressMessage | DoneMessage | FailedMessage | InterruptedMessage, Field(discriminator="event")
]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def parse_order(line: bytes) -> Order:
    """Return the order of a line."""
    return Order.model_validate(json.loads(line))


def line_of(message: Message) -> bytes:
    """Return a message as a line of JSON."""
    return _line(message.model_dump(mode="json"))


def parse_message(line: bytes) -> Message:
    """Return what a line of a worker's output says."""
    return _MESSAGE.validate_python(json.loads(line))


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"
