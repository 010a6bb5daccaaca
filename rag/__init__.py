"""Question to passages to a cited answer."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.engine import Engine
    from rag.question import Message

__all__ = ["Answer", "Engine", "Message"]


def __getattr__(name: str) -> Any:
    """Import the public names on first use, so that `import rag` stays light."""
    if name == "Engine":
        from rag.engine import Engine

        return Engine
    if name == "Answer":
        from rag.answer import Answer

        return Answer
    if name == "Message":
        from rag.question import Message

        return Message
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
