"""Every error that Dateline raises on purpose.

DatelineError                     one line that says what is wrong and how to mend it
├── ConfigError                   a setting that does not exist or cannot be
├── ModelMissingError             weights that are not installed, or are not the ones expected
├── ReadError                     one input that cannot be read; a build reports it and goes on
│   └── FetchError                an address that was not fetched (`index.fetch.errors`)
├── ArticleNotFoundError          an id or address that no article of the archive has
│   └── ArticleRemovedError       an id whose article was removed
└── ArchiveError                  the folder of an index
    ├── ArchiveNotFoundError      there is no index in it yet
    ├── ArchiveLockedError        another process is writing
    ├── ArchiveDamagedError       a file is missing or is not what the manifest says
    └── ArchiveMismatchError      made with another embedding model or by another release
        └── ArchiveOutdatedError  written by an older release; `dateline index repair` writes it anew

`ValueError` is left to a caller's mistake (an impossible argument).
"""


class DatelineError(Exception):
    """Root of all errors of the project; its text is one line fit for a user."""


class ConfigError(DatelineError):
    """A configuration file, environment variable or flag that cannot be used."""


class ModelMissingError(DatelineError):
    """A model whose weights are absent, or differ from the checksum that is expected."""


class ReadError(DatelineError):
    """An input that cannot be read as an article; never ends a build."""


class ArticleNotFoundError(DatelineError):
    """No article has the id, address or path that was given."""


class ArchiveError(DatelineError):
    """Something about the folder of an index."""


class ArchiveNotFoundError(ArchiveError):
    """The folder holds no published version."""


class ArchiveLockedError(ArchiveError):
    """Another process holds the writer's lock."""


class ArchiveDamagedError(ArchiveError):
    """A file of the index is missing, truncated or altered."""


class ArchiveMismatchError(ArchiveError):
    """The index was made with another embedding model, or by a release that this one cannot read."""


class ArchiveOutdatedError(ArchiveMismatchError):
    """A version whose files an older release wrote; its catalogue is good, and they can be written anew."""


class ArticleRemovedError(ArticleNotFoundError):
    """An article that was in the archive and has been removed."""
