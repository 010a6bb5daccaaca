import random
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.dedup import (
    MAX_CANDIDATES,
    Fingerprint,
    are_near_copies,
    clusters,
    fingerprint,
    normalised_hash,
    overlap,
    propose,
)

ROOT = Path(__file__).parents[2]

HARBOUR = """\
ORVALE — The harbour of Orvale closed to all ships on Tuesday after a crane fell across the northern pier,
the port authority said, and 14 dockers were taken to the town's hospital.

The crane, one of three that were bought second-hand nine years ago, gave way at about 6:40 in the morning
while it lifted a container of machine parts from the freighter Halla Bry.

“We heard a sound like a long crack of thunder, and then the whole arm came down,” said Mirel Osk, who has
worked on the quay for twenty years. “Nobody had time to run.”

None of the injured was in danger of death, Dr. Tove Lindqvar of the hospital said in the afternoon. Four
of them were to be kept overnight, two with broken legs.

Inspectors had passed the crane in March. A copy of their report, seen by the Orvale Courier, notes rust on
two bolts of the turning ring and asks that they be replaced within a year.

The port authority would not say whether the bolts had been replaced. Its director, Hanne Vestgaard, told
reporters that she would wait for the findings of the labour inspectorate.

Seven ships were sent on to Stellhaven, some eighty miles down the coast, whose own harbour is already full
because of the grain season. Shipping agents expect delays of up to nine days.

The dockers' union called a strike of one day for Thursday. Its chairman, Pell Arnow, said that members had
warned of the old cranes at three meetings since the spring, and that nothing came of it.

Orvale handles about a tenth of the country's grain. The ministry of transport said that it had reserves
for six weeks and saw no danger to the supply of bread.
"""
MUSEUM = """\
STELLHAVEN — Visitors to the Museum of Clocks will from Saturday be able to hear the tower clock of 1612
strike again, after four years in which its works lay in crates in the cellar.

The restorer Ada Quill took the movement apart down to the last of its 431 pieces, measured each one and
drew it, and only then began to clean them with soft brushes and warm oil.

What she found surprised the curators. One wheel bears the mark of a smith from Orvale, a town that was not
thought to have had any clockmakers before the middle of the eighteenth century.

“It means that we have to write the first chapter of our catalogue again,” said the museum's head, Bram
Tessel, on a walk through the new hall. “I could not be happier about it.”

The work cost 2.3 million crowns, most of them given by a foundation. The city paid for the hall, which has
a glass floor so that children can watch the pendulum from above.

Tickets are free on the first Sunday of each month. A concert of music for clocks and organ opens the
season on the ninth, with pieces that were last played when the tower still stood.
"""
CROWD = """\
夜明け前の港で大きな音がした。北の桟橋の古い起重機が倒れ、荷役の作業員十四人が町の病院に運ばれた。命に別条はないという。
港の管理者は、すべての船の出入りを止めたと発表した。七隻の船は海岸沿いに八十里ほど離れた隣の港に向かった。
組合は木曜日に一日の休業を呼びかけた。春から三度の会議で古い機械の危険を訴えたが、何も変わらなかったと委員長は述べた。
"""
THAI = "เช้าวันอังคารปั้นจั่นเก่าล้มทับท่าเรือด้านเหนือ คนงานสิบสี่คนถูกนำส่งโรงพยาบาลของเมือง " * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as far as copies are concerned."""

    title: str = "Crane falls at Orvale harbour"
    text: str = HARBOUR
    published: str | None = "2026-05-12"


def paragraphs(text):
    return text.strip().split("\n\n")


def joined(parts):
    return "\n\n".join(parts)


def edited(text, share, seed=1):
    """Return a text in which a share of the words was replaced."""
    chance = random.Random(seed)  # noqa: S311
    return " ".join("quite" if chance.random() < share else word for word in text.split(" "))


def share_a_band(one, other):
    return not set(fingerprint(one).bands).isdisjoint(fingerprint(other).bands)


def words(count, seed=0):
    chance = random.Random(seed)  # noqa: S311
    return " ".join(f"{chance.choice('bdfgklmnprst')}{chance.randrange(10**6)}" for _ in range(count))


# exact copies


@pytest.mark.parametrize(
    "copy",
    [
        HARBOUR.upper(),
        HARBOUR.replace("“", '"').replace("”", '"').replace("'", "’").replace("—", "--"),
        " ".join(HARBOUR.split()),
        HARBOUR.replace("fell", "f\u200bell").replace("harbour", "har\u00adbour"),
        HARBOUR.replace("The", "\uff34\uff48\uff45"),
    ],
    ids=["case", "quotes and dashes", "spacing", "invisible characters", "full width"],
)
def test_exact_copies_share_a_hash_whatever_their_typography(copy):
    assert normalised_hash(copy) == normalised_hash(HARBOUR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 dockers", "15 dockers"),
        ("résumé", "resume"),
        ("की", "का"),
        ("港", "湾"),
        ("👍", "👎"),
        ("", "…"),
    ],
)
def test_a_text_with_other_letters_or_digits_has_another_hash(one, other):
    assert normalised_hash(one) != normalised_hash(other)


def test_composed_and_decomposed_letters_are_the_same():
    assert normalised_hash("Citroën in Łódź") == normalised_hash("Citroe\u0308n in Ło\u0301dz\u0301")


@given(st.text(), st.sampled_from([" ", "\n\n", "\u00a0", " — ", "’", "”", "…", "\t"]))
def test_the_hash_does_not_see_what_stands_between_words(text, mark):
    spaced = f"{mark}word{mark}".join(["", *text.split(), ""])
    assert normalised_hash(spaced) == normalised_hash(" word ".join(["", *text.split(), ""]))


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF, exclude_characters="ıſŉİ")))
def test_the_hash_does_not_see_case(text):
    assert normalised_hash(text.lower()) == normalised_hash(text.lower().upper().lower())


# near copies


@pytest.mark.parametrize(
    "text",
    [
        HARBOUR.replace("14 dockers", "16 dockers").replace("Four", "Five"),
        joined([*paragraphs(HARBOUR)[1:], "The Orvale Courier contributed to this report from the quay."]),
        joined(paragraphs(HARBOUR)[:6]),
        joined(paragraphs(HARBOUR)[3:7]),
        joined([paragraphs(MUSEUM)[0], *paragraphs(HARBOUR)]),
        edited(HARBOUR, 0.03),
    ],
    ids=[
        "new toll",
        "new first and last paragraph",
        "cut off",
        "middle part",
        "teaser before it",
        "few words edited",
    ],
)
def test_an_edited_later_or_shortened_version_is_a_near_copy_and_is_proposed(text):
    assert share_a_band(HARBOUR, text)
    assert are_near_copies(Story(), Story(title="Dockers hurt as crane comes down", text=text))


def test_an_article_can_be_compared_as_it_is():
    article = Article(
        key="https://courier.example/crane", title="Crane", text=HARBOUR, url="", source="courier.example"
    )
    assert are_near_copies(article, article)


def test_texts_on_other_news_are_no_near_copies_and_are_not_proposed():
    assert not share_a_band(HARBOUR, MUSEUM)
    assert not are_near_copies(Story(), Story(title="Tower clock strikes again", text=MUSEUM))


def test_a_report_that_only_reuses_background_is_another_story():
    news = joined([*paragraphs(MUSEUM)[:4], *paragraphs(HARBOUR)[-3:]])
    assert not are_near_copies(Story(), Story(title="Strike begins at Orvale harbour", text=news))


def test_one_long_table_that_two_articles_share_makes_them_no_copies():
    table = words(3_000)
    one, other = (joined([text, table]) for text in (HARBOUR, MUSEUM))
    assert overlap(one, other).jaccard > 0.8
    assert not are_near_copies(Story(text=one), Story(title="Tower clock strikes again", text=other))


def test_a_list_of_names_that_two_long_articles_share_makes_them_no_copies():
    names = [words(10, seed=number) for number in range(12)]
    one, other = (Story(text=joined([*names, words(400, seed=seed)])) for seed in (50, 60))
    assert overlap(one.text, other.text).agreement > 0.6
    assert not are_near_copies(one, other)


@pytest.mark.parametrize("published", ["2026-05-12", "2026-07-01", None])
def test_a_word_for_word_excerpt_is_a_copy_whatever_its_date(published):
    excerpt = Story(text=joined(paragraphs(HARBOUR)[:6]), published=published)
    assert are_near_copies(Story(text=joined([HARBOUR, words(400)])), excerpt)


def test_a_newsletter_that_quotes_part_of_a_long_report_is_not_its_copy():
    newsletter = Story(text=joined([*paragraphs(HARBOUR)[:4], words(60, seed=1)]))
    assert 0.6 < overlap(newsletter.text, HARBOUR).agreement < 0.85
    assert not are_near_copies(newsletter, Story(text=joined([HARBOUR, words(400)])))


def edition(day, new):
    """Return one edition of a piece that is printed on a pattern, with some paragraphs of its own."""
    own = [words(25, seed=new * 100 + number) for number in range(3)]
    return Story(title="How to watch the regatta", text=joined(paragraphs(HARBOUR)[:5] + own), published=day)


def test_pieces_on_one_pattern_are_copies_only_within_days():
    assert are_near_copies(edition("2026-05-12", 1), edition("2026-05-13", 2))
    assert not are_near_copies(edition("2026-05-12", 1), edition("2027-05-12", 2))
    assert not are_near_copies(edition("2026-05-12", 1), edition(None, 2))


def test_numbers_in_titles_tell_the_editions_of_a_series_apart():
    one = edition("2026-05-12", 1)
    other = edition("2026-05-13", 2)
    assert are_near_copies(
        Story(title="Five things to know today", text=one.text),
        Story(title="Five things to know today", text=other.text),
    )
    assert not are_near_copies(
        Story(title="Five things to know, May 12", text=one.text),
        Story(title="Five things to know, May 13", text=other.text),
    )


@pytest.mark.parametrize("published", ["2024-01-01", None, "", "not a date", "2026-05-12T08:00:00+02:00"])
def test_the_same_text_is_a_copy_whatever_its_date(published):
    assert are_near_copies(Story(), Story(published=published))


def test_stubs_of_the_same_page_boilerplate_under_other_titles_are_not_one_story():
    stub = words(60)
    assert are_near_copies(Story(text=stub), Story(text=stub))
    assert not are_near_copies(Story(text=stub), Story(title="Tower clock strikes again", text=stub))


def test_texts_too_short_to_judge_have_no_bands_and_are_copies_only_if_the_same():
    brief = "The harbour of Orvale is closed. No ship may enter or leave."
    assert fingerprint(brief).bands == ()
    assert are_near_copies(Story(text=brief), Story(text=brief.upper()))
    assert not are_near_copies(Story(text=brief), Story(text=brief + " Trains run."))


@pytest.mark.parametrize("text", [CROWD, THAI], ids=["Japanese", "Thai"])
def test_scripts_without_spaces_are_compared_by_characters(text):
    shortened = text[: len(text) * 2 // 3]
    assert share_a_band(text, shortened)
    assert are_near_copies(Story(text=text), Story(text=shortened))
    assert overlap(text, text[::-1]).containment < 0.1


# overlap


def test_overlap_counts_shares_of_runs_of_five_words():
    one, other = "a b c d e f g", "c d e f g h"
    shared = overlap(one, other)
    assert (shared.smaller, shared.larger) == (2, 3)
    assert (shared.jaccard, shared.containment, shared.agreement) == (0.25, 0.5, 0.5)


@pytest.mark.parametrize(
    "text", ["", " ", "word", "👍🏽 👨‍👩‍👧", "مرحبا", "שָׁלוֹם", "港", "\ud800", "\u0301" * 99]
)
def test_odd_and_short_texts_are_no_trouble(text):
    story = Story(text=text)
    assert fingerprint(text).bands == ()
    assert overlap(text, HARBOUR).containment == 0
    assert are_near_copies(story, story)
    assert not are_near_copies(story, Story())


@pytest.mark.parametrize(
    "text",
    [
        "a " * 3_000_000,
        "x" * 5_000_000,
        "\n" * 5_000_000,
        "e" + "\u0301\u0316" * 1_000_000,
        "\ufdfa" * 300_000,
    ],
    ids=["one word again and again", "one long word", "empty lines", "stacked marks", "signs that expand"],
)
def test_huge_texts_are_bounded(text):
    assert len(normalised_hash(text)) == 16
    assert fingerprint(text).size < 500_000
    assert overlap(text, HARBOUR).containment == 0


def test_what_follows_the_first_half_million_characters_is_not_compared():
    long = words(80_000)
    assert len(long) > 500_000
    assert fingerprint(long) == fingerprint(long + " " + HARBOUR)
    assert normalised_hash(long) != normalised_hash(long + " " + HARBOUR)


TEXTS = st.lists(
    st.sampled_from([*HARBOUR.split(), *MUSEUM.split(), "\n\n", "港", "क्या", "👍"]), max_size=120
).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from(["2026-05-12", "2026-05-14", "2026-06-01", None]))
def test_comparison_is_symmetric(one, other, published):
    first, second = Story(text=one), Story(text=other, published=published)
    assert overlap(one, other) == overlap(other, one)
    assert are_near_copies(first, second) == are_near_copies(second, first)


@given(TEXTS)
def test_every_article_is_a_copy_of_itself(text):
    assert are_near_copies(Story(text=text), Story(text=text))


@given(st.text(), st.text())
def test_shares_lie_between_nought_and_one(one, other):
    shared = overlap(one, other)
    assert 0 <= shared.jaccard <= shared.containment <= 1
    assert 0 <= shared.agreement <= 1
    assert shared.smaller <= shared.larger


# fingerprints


def test_bands_fit_an_integer_column_and_do_not_repeat():
    found = fingerprint(HARBOUR)
    assert 24 < len(found.bands) == len(set(found.bands)) <= 36
    assert all(-(2**63) <= band < 2**63 for band in found.bands)


def test_the_fingerprint_is_the_same_in_every_process_and_release():
    """A change here is a change of what is stored: raise FINGERPRINT_REVISION with it."""
    code = "from index.dedup import fingerprint; print(fingerprint(open(0, encoding='utf-8').read()).bands)"
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=HARBOUR.encode(),
        capture_output=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        check=True,
    ).stdout.decode()
    bands = fingerprint(HARBOUR).bands
    assert out.strip() == str(bands)
    assert (bands[0], bands[16], bands[24]) == (
        -3271884003889257014,
        2142569212020342203,
        -3803089035342397467,
    )
    assert normalised_hash(HARBOUR).hex() == "f811648d912264716cb84f5ad5b7ad78"


@given(st.text(alphabet="ab \n", max_size=300))
def test_a_fingerprint_does_not_see_typography(text):
    assert fingerprint(text) == fingerprint(text.upper().replace(" ", "  ").replace("\n", " — "))


# proposals and clusters


def test_texts_that_share_a_band_are_proposed_once_smaller_key_first():
    prints = {
        7: Fingerprint(bands=(1, 2), size=50),
        3: Fingerprint(bands=(2, 1), size=50),
        5: Fingerprint(bands=(9,), size=50),
        4: Fingerprint(bands=(), size=3),
    }
    assert list(propose(prints)) == [(3, 7)]


def test_of_many_candidates_those_that_share_most_bands_are_proposed():
    prints = {key: Fingerprint(bands=(0,), size=50) for key in range(200)}
    prints[150] = Fingerprint(bands=(0, 1), size=50)
    prints[200] = Fingerprint(bands=(0, 1), size=50)
    pairs = [one for one, other in propose(prints) if other == 200]
    assert pairs[0] == 150
    assert len(pairs) == MAX_CANDIDATES


def test_a_band_that_a_thousand_pages_share_proposes_nothing():
    prints = {key: Fingerprint(bands=(0,), size=50) for key in range(1_001)}
    assert list(propose(prints)) == []


def test_clusters_are_what_pairs_connect():
    assert clusters([(5, 9), (1, 2), (9, 4), (2, 1)]) == [(1, 2), (4, 5, 9)]
    assert clusters([]) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.randoms())
def test_clusters_partition_the_keys_and_do_not_depend_on_order(pairs, chance):
    groups = clusters(pairs)
    members = [key for group in groups for key in group]
    assert len(members) == len(set(members))
    assert set(members) == {key for one, other in pairs if one != other for key in (one, other)}
    assert all(one < other for group in groups for one, other in pairwise(group))
    assert all(any(set(pair) <= set(group) for group in groups) for pair in pairs if pair[0] != pair[1])
    shuffled = [(other, one) for one, other in pairs]
    chance.shuffle(shuffled)
    assert clusters(shuffled) == groups
