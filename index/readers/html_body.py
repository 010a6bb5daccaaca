"""The body of an article out of a page's blocks: trafilatura finds it, the structure settles its edges.

trafilatura finds the article among everything else, but it drops a deck or a heading that stands in
an element of its own, and keeps what stands beside the text without being named. So its text is only
the vote for each block; what is kept is decided by the container that most votes lie in.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from index.cleaning import ends_sentence, is_noise
from index.date_lines import read_dates
from index.month_names import folded
from index.readers.html_text import Block, is_long, weight

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BLOCKS = 5_000
"""A page with more lines is taken as trafilatura gives it."""

CONTAINER_SHARE = 0.8
LINKED = 0.75
MAX_QUOTED_BLOCKS = 500
SHORT_CHARS = 120
MIN_BODY_CHARS = 150
DECK_BLOCKS = 8
MIN_DECK_CHARS = 25
MAX_DECK_CHARS = 600
_DECK_NAME = re.compile(
    r"standfirst|\b(?:[\w-]+_)?de[ck]k?\b|sub[-_]?(?:title|head|headline|heading|deck)"
    r"|stand[-_]?first|lede|summary|description"
    r"|chapo|chapeau|vorspann|entradilla|bajada|ingress|(?<![a-z])(?:intro|desc|lead|abstract"
    r"|excerpt|sapo)(?![a-z])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_STRUCTURED = _HEADINGS | {"li", "tr", "dt", "dd", "summary"}


def key_of(text: str) -> str:
    """Return the words of a text, folded: what two copies of a line share."""
    return " ".join(_WORDS.findall(folded(text)))


def body_of(blocks: Sequence[Block], extracted: str, *, title: str, description: str = "") -> list[Block]:
    """Return the blocks that are the article, without its headline; [] where they cannot be told.

    `extracted` is trafilatura's text of the same tree, `description` what the page's head says of it.
    """
    if len(blocks) > MAX_BLOCKS:
        return []
    votes = _votes(blocks, extracted)
    start = headline_place(blocks, title)
    if start is not None:
        votes = [vote and number > start for number, vote in enumerate(votes)]
    container = _container(blocks, votes)
    if container is None:
        return []
    inside = _is_inside(blocks, container)
    first = start + 1 if start is not None else 0
    kept = [
        number >= first and inside[number] and _is_content(block, voted=votes[number])
        for number, block in enumerate(blocks)
    ]
    _keep_lists_between(blocks, kept)
    _extend(blocks, kept)
    _drop_orphaned_headings(blocks, kept)
    _trim(blocks, kept)
    if start is not None:
        _keep_deck(blocks, kept, start, description)
    wanted = key_of(title)
    return _without_repetitions(
        [
            block
            for block, is_kept in zip(blocks, kept, strict=True)
            if is_kept and key_of(block.text) != wanted
        ]
    )


def headline_place(blocks: Sequence[Block], title: str) -> int | None:
    """Return the number of the block that is the headline: it has the title's words and the text below it."""
    wanted = key_of(title)
    if not wanted:
        return None
    places = [number for number, block in enumerate(blocks) if key_of(block.text) == wanted]
    places.sort(key=lambda number: blocks[number].kind != "h1")
    for place in places:
        below = sum(weight(b.text) for b in blocks[place + 1 :] if is_long(b.text) and b.linked < LINKED)
        if below >= MIN_BODY_CHARS:
            return place
    return None


def _votes(blocks: Sequence[Block], extracted: str) -> list[bool]:
    """Say of each block whether its text is in what was extracted."""
    text = f" {key_of(extracted)} "
    return [bool(key := key_of(block.text)) and f" {key} " in text for block in blocks]


def _container(blocks: Sequence[Block], votes: Sequence[bool]) -> "HtmlElement | None":
    """Return the innermost element that holds most of the running text that was voted for."""
    mass: Counter[HtmlElement] = Counter()
    order: list[HtmlElement] = []
    total = 0
    for block, vote in zip(blocks, votes, strict=True):
        if not vote or not is_long(block.text) or block.linked >= LINKED or is_noise(block.text):
            continue
        said = weight(block.text)
        total += said
        for element in (block.element, *block.element.iterancestors()):
            if element not in mass:
                order.append(element)
            mass[element] += said
    holding = [element for element in order if mass[element] >= total * CONTAINER_SHARE]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _is_inside(blocks: Sequence[Block], container: "HtmlElement") -> list[bool]:
    inside = set(container.iter())
    return [block.element in inside for block in blocks]


def _is_content(block: Block, *, voted: bool) -> bool:
    if block.linked >= LINKED and block.kind != "tr":
        return False
    if voted or block.kind in _HEADINGS or _is_bold_line(block):
        return True
    return block.kind in ("p", "li", "blockquote", "dd") and _is_sentence(block)


def _keep_lists_between(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Keep the lists and tables that stand among paragraphs, in the same element as they do."""
    numbers = [number for number, is_kept in enumerate(kept) if is_kept and _is_sentence(blocks[number])]
    homes = {blocks[number].element.getparent() for number in numbers if blocks[number].kind == "p"}
    for number in range(numbers[0], numbers[-1]) if numbers else ():
        block = blocks[number]
        if block.kind in ("li", "tr") and block.linked < LINKED:
            around = next(block.element.iterancestors("ul", "ol", "table"), None)
            kept[number] = kept[number] or (around is not None and around.getparent() in homes)


def _is_bold_line(block: Block) -> bool:
    """Say whether a short paragraph is bold as a whole, which is how many pages set their headings."""
    element = block.element
    return (
        element.tag in ("b", "strong")
        and not is_long(block.text)
        and " ".join(element.text_content().split()) == block.text
    )


def _extend(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Keep the paragraphs that follow without a break in elements like those that are kept."""
    numbers = [number for number, is_kept in enumerate(kept) if is_kept]
    if not numbers:
        return
    shapes = {_shape(blocks[number]) for number in numbers if is_long(blocks[number].text)}
    following = range(numbers[-1] + 1, len(blocks))
    for number in takewhile(lambda number: _shape(blocks[number]) in shapes, following):
        block = blocks[number]
        if block.linked >= LINKED or not is_long(block.text) or not ends_sentence(block.text):
            break
        kept[number] = True


def _shape(block: Block) -> tuple[str, str]:
    return block.kind, block.element.get("class") or ""


def _drop_orphaned_headings(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Drop a heading where what stands below it is dropped, or nothing does."""
    for number in range(len(blocks) - 1, -1, -1):
        if kept[number] and (blocks[number].kind in _HEADINGS or _is_bold_line(blocks[number])):
            kept[number] = number + 1 < len(blocks) and kept[number + 1]


def _trim(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Drop what is no sentence before the first paragraph (bylines, dates) and after the last one."""
    numbers = [number for number, is_kept in enumerate(kept) if is_kept]
    shapes = {_shape(blocks[number]) for number in numbers if _is_sentence(blocks[number])}
    if not shapes:
        return
    for edge in (numbers, numbers[::-1]):
        for number in takewhile(lambda number: _is_edge(blocks[number], shapes), edge):
            kept[number] = False


def _is_sentence(block: Block) -> bool:
    return is_long(block.text) and ends_sentence(block.text)


def _is_edge(block: Block, shapes: set[tuple[str, str]]) -> bool:
    """Say whether a block at the edge is no part of the text; its end may be cut off within a sentence."""
    if block.kind in _STRUCTURED or ends_sentence(block.text) or len(block.text) >= SHORT_CHARS:
        return False
    is_aside = block.text.startswith("(") and block.text.endswith(")")
    return not is_aside and not (is_long(block.text) and _shape(block) in shapes)


def _keep_deck(blocks: Sequence[Block], kept: list[bool], headline: int, description: str) -> None:
    """Keep the line or two that stand between a headline and the text and sum it up."""
    first = next((number for number, is_kept in enumerate(kept) if is_kept), headline)
    said = key_of(description)
    for number in range(headline + 1, min(first, headline + 1 + DECK_BLOCKS)):
        block = blocks[number]
        if weight(block.text) >= MAX_DECK_CHARS or block.linked > 0.5 or is_noise(block.text):
            continue
        if read_dates([block.text]).whole:
            continue
        is_next = number == headline + 1 and (
            block.kind in _HEADINGS or (block.kind == "p" and is_long(block.text))
        )
        is_description = len(said) >= MIN_DECK_CHARS and key_of(block.text).startswith(said)
        kept[number] = (
            is_next or is_description or (weight(block.text) >= MIN_DECK_CHARS and _is_named_deck(block))
        )


def _is_named_deck(block: Block) -> bool:
    elements = [block.element, *block.element.iterancestors()][:3]
    names = (
        element.get(name) or ""
        for element in elements
        for name in ("class", "id", "itemprop", "data-gu-name")
    )
    return any(_DECK_NAME.search(name) for name in names)


def _without_repetitions(blocks: list[Block]) -> list[Block]:
    """Drop a block that repeats another as second copies do, or a part of one as pull quotes do."""
    keys = [key_of(block.text) for block in blocks]
    whole = "\n".join(f" {key} " for key in keys) if len(blocks) <= MAX_QUOTED_BLOCKS else ""
    seen: set[str] = set()
    kept: list[Block] = []
    for block, key in zip(blocks, keys, strict=True):
        if not is_long(block.text) or not (key in seen or whole.count(f" {key} ") > keys.count(key)):
            kept.append(block)
        seen.add(key)
    return kept
