"""Plain text and Markdown, with or without front matter in YAML (---) or TOML (+++)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace

import yaml

from index.article import Article, Skipped
from index.errors import ReadError
from index.readers.draft import Draft, finish, place_of
from index.readers.input import Input
from index.readers.markdown import first_heading, markdown_to_text
from index.readers.records import draft_of_record

MAX_FRONT_MATTER_CHARS = 20_000
_FRONT_MATTER = re.compile(
    r"\A\s*---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_KEY_LINE = re.compile(r"^[\w][\w -]{0,40}:(?:\s|$)", re.MULTILINE)
_TOML_LINE = re.compile(r"^[ \t]*[\w\"'.-]{1,60}[ \t]*=", re.MULTILINE)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\r?\n(?P<toml>.*?)^\+\+\+[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class _FrontMatterLoader(yaml.SafeLoader):
    """Refuses aliases: a few lines of them, merged, fill the memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)


class TextReader:
    """Reads one article from a text file: a title line, byline and date lines, paragraphs."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the file."""
        draft, body = _draft(file)
        yield finish(replace(draft, text=body), title_in_text=True)


class MarkdownReader:
    """Reads one article from a Markdown file; its first heading is the title."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the file."""
        draft, body = _draft(file)
        heading, body = first_heading(body)
        text = markdown_to_text(body)
        title = draft.title or markdown_to_text(heading)
        yield finish(replace(draft, text=text or title, title=title), title_in_text=True)


def _draft(file: Input) -> tuple[Draft, str]:
    """Return what the front matter and the file say, and the text below the front matter."""
    fields, body = split_front_matter(file.text())
    if not body.strip():
        raise ReadError("has no text below its front matter")
    draft = draft_of_record(fields, place_of(file))
    last_resort = draft.last_resort or file.modified
    return replace(draft, place=place_of(file), last_resort=last_resort, raw=body), body


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """Return the fields between the --- or +++ lines at the start of a text, and the text below them.

    Raises:
        ReadError: the front matter is not valid YAML or TOML; the message names the line.
    """
    if (match := _TOML.match(text)) and _TOML_LINE.search(match["toml"]):
        return _toml(match["toml"]), text[match.end() :]
    match = _FRONT_MATTER.match(text)
    if match is None or not _KEY_LINE.search(match["yaml"]):
        return {}, text
    fields = _yaml(match["yaml"])
    return (fields, text[match.end() :]) if isinstance(fields, dict) else ({}, text)


def _toml(front: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(_within_bounds(front).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"has front matter that is not valid TOML: {_below_the_fence(str(error))}") from error
    except (ValueError, RecursionError) as error:
        raise ReadError("has front matter that is not valid TOML: a value cannot be read") from error


def _yaml(front: str) -> object:
    try:
        return _FrontMatterLoader(_within_bounds(front)).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = f" on line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise ReadError(f"has front matter that is not valid YAML{line}: {error.problem}") from error
    except (
        yaml.YAMLError,
        ValueError,
        OverflowError,
        LookupError,
        AttributeError,
        TypeError,
        RecursionError,
    ) as error:
        raise ReadError("has front matter that is not valid YAML: a value cannot be read") from error


def _within_bounds(front: str) -> str:
    if len(front) > MAX_FRONT_MATTER_CHARS:
        raise ReadError(f"has front matter of more than {MAX_FRONT_MATTER_CHARS:,} characters")
    return front


def _below_the_fence(message: str) -> str:
    """Return a message that counts the lines from the first of the file."""
    return re.sub(r"(?<=at line )\d+", lambda line: str(int(line[0]) + 1), message)
