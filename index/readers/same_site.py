"""Whether two addresses are of one site, so that one may speak for the other."""

from index.readers.addresses import outlet_of


def is_same_site(one: str, other: str) -> bool:
    """Say whether the hosts of two addresses are one, or one is within the other.

    So are post.example and news.post.example; `www.` makes no difference. False where either is no
    web address.
    """
    first, second = outlet_of(one), outlet_of(other)
    if not first or not second:
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
