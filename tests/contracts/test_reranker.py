"""What every reranker must do; add one to `RERANKERS` and it is held to this."""

import numpy as np
import pytest

from index.adapters.cross_encoder import CrossEncoderReranker
from index.errors import ModelMissingError
from tests.fakes import FakeReranker

WORDS = "the mayor opened bridge a ferry sank who ? .".split()


def tiny_cross_encoder(folder, *, labels=1):
    """Write a cross-encoder of one layer with random weights, as sentence-transformers loads it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=5 + len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(vocabulary)).save_pretrained(folder)
    return str(folder)


def fake(_):
    return FakeReranker()


def packaged(folder):
    return CrossEncoderReranker(tiny_cross_encoder(folder / "model"), max_tokens=64)


RERANKERS = [fake, pytest.param(packaged, marks=pytest.mark.integration)]


@pytest.fixture(params=RERANKERS, scope="module")
def reranker(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("reranker"))


def test_each_passage_has_one_score(reranker):
    scores = reranker.score("Who opened the bridge?", ["The mayor opened the bridge.", "A ferry sank.", ""])
    assert scores.shape == (3,)
    assert np.isfinite(scores).all()


def test_a_score_depends_on_its_passage_alone(reranker):
    texts = ["The mayor opened the bridge.", "A ferry sank.", "bridge " * 500]
    together = reranker.score("Who opened the bridge?", texts)
    alone = [reranker.score("Who opened the bridge?", [text])[0] for text in texts]
    assert np.allclose(together, alone, atol=1e-4)


def test_no_passages_have_no_scores(reranker):
    assert reranker.score("Who?", []).shape == (0,)


def test_it_says_its_name(reranker):
    assert reranker.name


def test_a_model_that_cannot_be_loaded_is_named_with_what_to_do(tmp_path):
    with pytest.raises(ModelMissingError, match=r"rerank\.model"):
        CrossEncoderReranker(str(tmp_path / "absent")).score("Who?", ["Nobody."])


@pytest.mark.integration
def test_a_classifier_of_several_classes_is_refused(tmp_path):
    model = tiny_cross_encoder(tmp_path / "model", labels=3)
    with pytest.raises(ModelMissingError, match="3 scores"):
        CrossEncoderReranker(model).score("Who?", ["Nobody."])
