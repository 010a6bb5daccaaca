"""Errors of answering; all under `index.errors.DatelineError`.

DatelineError
├── QuestionError                 a question that cannot be asked (blank, too long, a bad date)
└── GenerationError               the language model failed; the next one is asked, or sentences are quoted
    ├── ModelUnavailableError     it cannot be started or reached
    │   └── ModelRestingError     it failed a moment ago and is not asked yet
    ├── NothingWrittenError       it ended without one whole sentence
    ├── PromptTooLongError        it has no room for what it was given
    └── SchemaRefusedError        its server knows no JSON schema; it is asked again without one
"""

from index.errors import DatelineError


class QuestionError(DatelineError):
    """A question, or a filter of one, that cannot be used as given."""


class GenerationError(DatelineError):
    """The language model failed while it wrote."""


class ModelUnavailableError(GenerationError):
    """The language model cannot be started or reached."""


class NothingWrittenError(GenerationError):
    """A language model ended without one whole sentence, as small ones do now and then."""


class ModelRestingError(ModelUnavailableError):
    """The language model failed a moment ago and is not asked again yet."""


class PromptTooLongError(GenerationError):
    """The prompt and the text to be written exceed the language model's window; nothing was written."""


class SchemaRefusedError(GenerationError):
    """The language model's server takes no JSON schema; nothing was written."""
