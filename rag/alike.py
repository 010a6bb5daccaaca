"""Words that news uses one for the other: the same deed by the same doer, neither more nor less of it."""

from functools import cache

from rag.terms import stem

# A word that also means something else stands here only where the other one could not be written for that.
_ALIKE = """
approve endorse back; support back favour; increase rise climb grow; decrease fall drop shrink;
buy purchase acquire; hire recruit; dismiss sack; begin start commence; end finish conclude; close shut;
open inaugurate; injure hurt wound; rescue save; discover find; ban prohibit outlaw forbid; beat defeat;
arrest detain; warn caution; appoint name; cancel scrap; postpone delay; repair mend fix; destroy wreck;
build construct erect; recover retrieve; conceal hide; leave depart; help assist; choose select pick;
resign quit; die perish; seize confiscate; cause trigger; blaze fire; mistake error; company firm; wage pay;
quake earthquake; strike walkout; automobile car; doctor physician; attorney lawyer; sick ill; flat apartment;
holiday vacation; film movie
"""


def alike(one: str, other: str) -> bool:
    """Return whether two folded words are listed as standing for one another."""
    return not _groups(stem(one)).isdisjoint(_groups(stem(other)))


def _groups(word: str) -> frozenset[int]:
    return _by_stem().get(word, frozenset())


@cache
def _by_stem() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_ALIKE.split(";")):
        for word in group.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}
