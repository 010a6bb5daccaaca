"""Damaged copies of a file for property tests, and what may come of reading one."""

from collections.abc import Sequence

from hypothesis import strategies as st

from index.article import Article, Skipped

_MAX_CHANGES = 6
_MAX_BYTES = 400


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """Copies of a file in which bits are flipped and parts cut out, doubled or put elsewhere."""
    places, lengths = st.integers(0, len(data) - 1), st.integers(1, _MAX_BYTES)
    changes = st.one_of(
        st.tuples(st.just("flip"), places, st.integers(1, 255)),
        st.tuples(st.just("cut"), places, lengths),
        st.tuples(st.just("end"), places, lengths),
        st.tuples(st.just("double"), places, lengths),
        st.tuples(st.just("move"), places, lengths),
    )
    return st.lists(changes, min_size=1, max_size=_MAX_CHANGES).map(lambda done: _changed(data, done))


def _changed(data: bytes, changes: Sequence[tuple[str, int, int]]) -> bytes:
    out = bytearray(data)
    for kind, place, number in changes:
        part = out[place : place + number]
        if kind == "flip" and place < len(out):
            out[place] ^= number
        elif kind == "cut":
            del out[place : place + number]
        elif kind == "end":
            del out[place:]
        elif kind == "double":
            out[place:place] = part
        elif kind == "move":
            del out[place : place + number]
            out[number:number] = part
    return bytes(out)


def check_found(found: Sequence[Article | Skipped]) -> None:
    """Articles that can be stored, or reasons in words; no exception that nobody foresaw."""
    assert found
    for one in found:
        if isinstance(one, Skipped):
            assert one.reason
            assert "\n" not in one.reason
            assert not one.reason.startswith("cannot be read: "), one.reason
        else:
            assert one.title
            assert one.text
            for part in (one.key, one.title, one.text, one.url, one.source, one.origin, *one.authors):
                part.encode("utf-8")
