"""Where the paragraphs and the sentences of a text are."""

import re

from sentencex import get_sentence_boundaries

Span = tuple[int, int]

LONGEST_TAIL = 8  # characters that show how a sentence ends

_SPACE = re.compile(r"[^\S ]")
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？]['\"’”»)\]]*$")
_CONTINUES_TIME = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{1,2}[SD]?T|Eastern|Pacific|Central)\b"
)
_ENDS_WITH_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Rev)\.$")
_LIST_NUMBER = re.compile(r"\d{1,3}[.)]")
_ENDS_WITH_TIME = re.compile(r"\b[ap]\.m\.$")


def paragraph_spans(text: str) -> list[Span]:
    """Return the [start, end) spans of the paragraphs, in order, without outer white space.

    A line is a paragraph, except where it goes on in lower case on the next line, as text that was
    wrapped to a width does.
    """
    spans: list[Span] = []
    for match in _LINE.finditer(text):
        start, end = _stripped(text, *match.span())
        if spans and _is_wrapped(text, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def sentence_spans(text: str) -> list[Span]:
    """Return the [start, end) spans of the sentences, in order, without outer white space.

    The spans do not overlap, and every character that is not white space lies in one of them.
    """
    return [span for paragraph in paragraph_spans(text) for span in sentences_within(text, paragraph)]


def sentences_within(text: str, paragraph: Span) -> list[Span]:
    """Return the sentence spans of one paragraph, as offsets into the whole text."""
    first, last = paragraph
    spans: list[Span] = []
    for boundary in get_sentence_boundaries("en", _plain(text[first:last])):
        start, end = _stripped(text, first + boundary["start_index"], first + boundary["end_index"])
        if start == end:
            continue
        if spans and _is_cut_wrongly(text, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _is_wrapped(text: str, before: Span, start: int) -> bool:
    """Whether the line at `start` goes on with the sentence of the line before it."""
    gap = text[before[1] : start]
    if gap.count("\n") > 1 or gap.count("\r") > 1 or not text[start].islower():
        return False
    return not _ENDS_SENTENCE.search(text, before[0], before[1])


def _is_cut_wrongly(text: str, before: Span, start: int) -> bool:
    """Whether a boundary cuts "3 p.m." from its day, "Mr." from the name, or "12." from its list item."""
    tail = text[max(before[0], before[1] - LONGEST_TAIL) : before[1]]
    if _ENDS_WITH_TIME.search(tail) and _CONTINUES_TIME.match(text, start):
        return True
    return bool(_ENDS_WITH_TITLE.search(tail) or _LIST_NUMBER.fullmatch(text, *before))


def _stripped(text: str, start: int, end: int) -> Span:
    """Narrow a span to what is not white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _plain(text: str) -> str:
    """Return the text as the splitter can read it, with the same offsets.

    White space outside ASCII before a full stop makes sentencex 1.0.32 panic; lone surrogates
    cannot be handed to it at all.
    """
    return _SPACE.sub(" ", text).encode("utf-8", "replace").decode("utf-8")
