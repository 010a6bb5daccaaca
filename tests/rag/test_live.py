import logging

import pytest

from index.archive import Archive
from index.build import BuildMode
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveNotFoundError
from rag.live import LiveSnapshot
from tests.index.corpus import article
from tests.rag.harbour import ARTICLES, build_archive


@pytest.fixture
def root(tmp_path, embedder):
    build_archive(tmp_path / "index", ARTICLES, embedder)
    return tmp_path / "index"


@pytest.fixture
def live(root, embedder):
    live = LiveSnapshot(Archive(root), embedder.info)
    yield live
    live.close()


def publish(root, embedder, name):
    build_archive(root, [article(name, f"The {name} came.")], embedder, BuildMode.ADD)


def is_closed(snapshot):
    try:
        snapshot.passages([1])
    except ArchiveError:
        return True
    return False


def test_a_snapshot_is_lent_again_and_again(live):
    with live.lease() as one, live.lease() as other:
        assert one is other
    with live.lease() as later:
        assert later is one


def test_a_new_version_is_lent_next_and_the_old_one_closed_when_its_last_user_is_done(live, root, embedder):
    with live.lease() as old:
        publish(root, embedder, "ferry")
        with live.lease() as new:
            assert (old.version, new.version) == ("000001", "000002")
        assert not is_closed(old)
    assert is_closed(old)
    with live.lease() as again:
        assert again is new


def test_the_version_is_let_go_where_its_user_fails(live, root, embedder):
    with pytest.raises(KeyError), live.lease() as old:
        raise KeyError
    publish(root, embedder, "ferry")
    live.refresh()
    assert is_closed(old)


def test_refreshing_tells_whether_it_moved(live, root, embedder):
    assert live.refresh()
    assert not live.refresh()
    publish(root, embedder, "ferry")
    assert live.refresh()


def test_where_the_new_version_cannot_be_opened_the_old_one_goes_on(live, root, embedder, caplog):
    live.refresh()
    publish(root, embedder, "ferry")
    (root / "versions" / "000002" / "vectors.faiss").write_bytes(b"broken")
    with caplog.at_level(logging.WARNING, logger="rag"), live.lease() as snapshot:
        assert snapshot.version == "000001"
    assert "version 000001 goes on answering" in caplog.text


def test_where_none_can_be_opened_it_says_why(live, root):
    (root / "versions" / "000001" / "vectors.faiss").write_bytes(b"broken")
    with pytest.raises(ArchiveDamagedError), live.lease():
        pass


def test_without_an_index_it_says_how_to_make_one_and_finds_one_made_later(tmp_path, embedder):
    root = tmp_path / "later"
    live = LiveSnapshot(Archive(root), embedder.info)
    with pytest.raises(ArchiveNotFoundError, match="dateline index build"):
        live.refresh()
    build_archive(root, ARTICLES, embedder)
    with live.lease() as snapshot:
        assert snapshot.version == "000001"
    live.close()


def test_closing_waits_for_those_who_use_it(live):
    with live.lease() as snapshot:
        live.close()
        assert not is_closed(snapshot)
    assert is_closed(snapshot)


def test_nothing_is_lent_after_closing(live):
    live.refresh()
    live.close()
    live.close()
    with pytest.raises(ArchiveNotFoundError, match="has been closed"), live.lease():
        pass
