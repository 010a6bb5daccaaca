"""A passage is cut to the words that support the answer, on the edges of words."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from rag.plain import seen
from tests.ui.fake_engine import APPROVED, BRIDGE, LEFT_OUT
from ui.cli.output import WrappedStream, make_console
from ui.cli.render import EXCERPT_CHARACTERS, excerpt, print_unsupported
from ui.text import printable

LONG = "Before. " * 100 + "The bridge was approved on Sunday." + " After." * 100
SUPPORT = (800, 834)


def test_a_short_passage_is_shown_whole():
    assert excerpt(BRIDGE).plain == BRIDGE.passage


def test_a_long_passage_is_cut_around_the_supporting_words():
    text = excerpt(replace(BRIDGE, passage=LONG, highlights=(SUPPORT,)))
    assert text.plain.startswith("… Before.")
    assert text.plain.endswith("After. …")
    assert len(text.plain) < 2 * EXCERPT_CHARACTERS
    bold = [text.plain[span.start : span.end] for span in text.spans]
    assert bold == ["The bridge was approved on Sunday."]


@given(
    passage=st.text(max_size=1_000),
    spans=st.lists(st.tuples(st.integers(-50, 1_100), st.integers(-50, 1_100)), max_size=5),
)
def test_any_passage_and_any_spans_give_a_bounded_excerpt_of_it(passage: str, spans: list[tuple[int, int]]):
    text = excerpt(replace(BRIDGE, passage=passage, highlights=tuple(spans))).plain
    shown = text.removeprefix("… ").removesuffix(" …")
    assert shown in seen(passage.replace("\n", " ").replace("\t", " "))


def unsupported(**options) -> str:
    written = io.StringIO()
    print_unsupported(Console(file=written, width=200, **options), [LEFT_OUT])
    return written.getvalue()


def test_a_terminal_strikes_through_what_is_not_supported_with_or_without_colours():
    for no_color in (False, True):
        shown = unsupported(force_terminal=True, no_color=no_color)
        assert f"\x1b[9m{LEFT_OUT.text}\x1b[0m" in shown
        assert f"\x1b[2m {LEFT_OUT.reason}\x1b[0m" in shown


def test_where_nothing_can_be_struck_through_words_say_it(monkeypatch: pytest.MonkeyPatch):
    plain = f"[unsupported: {LEFT_OUT.text} ({LEFT_OUT.reason})]"
    assert plain in unsupported()
    monkeypatch.setenv("TERM", "dumb")
    assert plain in " ".join(unsupported(force_terminal=True).split())


def test_where_nothing_was_left_out_nothing_is_printed():
    written = io.StringIO()
    print_unsupported(Console(file=written), APPROVED.claims)
    assert written.getvalue() == ""


@pytest.mark.parametrize("colour", ["", "1"])
def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch, colour: str):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", colour)
    console = make_console()
    assert console.no_color is bool(colour)


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=30), max_size=20), st.integers(20, 60))
def test_streamed_text_is_broken_between_words_only(pieces: list[str], width: int):
    terminal = io.StringIO()
    console = Console(width=width, force_terminal=True, file=terminal)
    stream = WrappedStream(console)
    for piece in pieces:
        stream.write(piece)
    stream.end()
    written = terminal.getvalue()
    assert written.split() == printable("".join(pieces)).split()
    for line in written.splitlines():
        assert len(line) <= width or len(line.split()) == 1
