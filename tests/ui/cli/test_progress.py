"""Progress says counts, rate and time left: seldom in a log, at once on a terminal."""

import pytest

from index.progress import Progress, Stage
from ui.cli.progress import PlainProgress
from ui.progress import describe
from ui.text import duration


def test_a_line_has_counts_rate_and_time_left():
    progress = Progress(
        stage=Stage.EMBED,
        articles=1_000,
        chunks=4_000,
        embedded=3_000,
        skipped=2,
        total_articles=4_000,
        seconds=100,
    )
    assert (
        describe(progress) == "1,000 of 4,000 articles, 4,000 chunks, 3,000 embedded, 2 skipped, "
        "10.0 articles/s, 5 min 00 s left"
    )


def test_before_anything_is_done_no_rate_is_made_up():
    progress = Progress(
        stage=Stage.READ, articles=0, chunks=0, embedded=0, skipped=0, total_articles=None, seconds=0
    )
    assert describe(progress) == "0 articles"


def test_a_log_gets_the_first_line_and_then_one_every_few_seconds(capsys: pytest.CaptureFixture[str]):
    times = iter([0.0, 1.0, 2.0, 3.5, 4.0, 7.0])
    plain = PlainProgress(every=3.0, clock=lambda: next(times))
    for number in range(6):
        plain("indexing", str(number))
    assert capsys.readouterr().err.splitlines() == ["indexing: 0", "indexing: 3", "indexing: 5"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (185, "3 min 05 s"), (7_380, "2 h 03 min")]
)
def test_durations_are_written_in_their_own_size(seconds: float, text: str):
    assert duration(seconds) == text
