"""Errors of answering; all under `index.errors.DatelineError`.

DatelineError
├── QuestionError                 a question that cannot be asked (blank, too long, a bad date)
└── GenerationError               the language model failed; the engine quotes instead
    └── ModelUnavailableError     it cannot be started or reached
"""

from index.errors import DatelineError


class QuestionError(DatelineError):
    """A question, or a filter of one, that cannot be used as given."""


class GenerationError(DatelineError):
    """The language model failed while it wrote."""


class ModelUnavailableError(GenerationError):
    """The language model cannot be started or reached."""
