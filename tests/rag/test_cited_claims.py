"""Claims that a model writes in JSON, each with the number of its sentence."""

import json
import logging

import pytest

from rag.cited_claims import ClaimReader, claims_schema
from rag.errors import SchemaRefusedError
from tests.fakes import ScriptedModel
from tests.rag.harbour import COST, OPENED, WHO_OPENED

AS_OF = "2026-05-01"
BRIDGE = "What is known of the harbour bridge in Stellby?"
TWO = json.dumps({"claims": [{"sentence": 2, "text": 'He said "[no]".'}, {"sentence": 1, "text": "Yes."}]})
READ = [('He said "[no]".', 2), ("Yes.", 1)]


def read(pieces):
    reader = ClaimReader()
    return [claim for piece in pieces for claim in reader.read(piece)], reader


def claims(*given) -> str:
    return json.dumps({"claims": [{"sentence": number, "text": text} for number, text in given]})


def citing(*script):
    return ScriptedModel(*script, name="big", capable=True, takes_schema=True)


@pytest.mark.parametrize("size", [1, 3, 7, len(TWO)])
def test_claims_are_read_however_the_text_is_cut(size):
    found, reader = read(TWO[at : at + size] for at in range(0, len(TWO), size))
    assert found == READ
    assert reader.ended


def test_each_claim_is_given_as_soon_as_it_is_whole():
    reader = ClaimReader()
    first = TWO.index("}") + 1
    assert list(reader.read(TWO[:first])) == READ[:1]
    assert not reader.ended


@pytest.mark.parametrize("begin", ["```json\n", "\n  ", "```json"])
def test_a_fence_or_blanks_before_it_are_passed_over(begin):
    assert read([begin, TWO, "\n```"])[0] == READ


def test_what_was_cut_off_is_no_claim():
    found, reader = read([TWO[:-6]])
    assert found == READ[:1]
    assert not reader.ended


@pytest.mark.parametrize("text", ["The ferry sails.", "[1] The ferry.", "``` code"])
def test_another_text_is_told_from_it(text):
    found, reader = read([text])
    assert found == []
    assert reader.is_json is False


@pytest.mark.parametrize(
    "text",
    ['{"claims": [1, "two", null, {"sentence": 1}, {"text": 7}]}', '{"claims": {}}', '{"answers": []}', "{"],
)
def test_json_of_another_form_has_no_claims(text):
    assert read([text])[0] == []


def test_a_number_that_is_none_is_left_out():
    found, _ = read(['{"claims": [{"sentence": true, "text": "A."}, {"sentence": "2", "text": "B."}]}'])
    assert found == [("A.", None), ("B.", None)]


def test_the_schema_allows_the_numbers_of_the_sentences_alone():
    claim = claims_schema(3)["properties"]["claims"]["items"]
    assert claim["properties"]["sentence"]["enum"] == [1, 2, 3]
    assert claim["additionalProperties"] is False


def test_a_claim_rests_on_the_sentence_that_the_model_cites(harbour, open_engine):
    model = citing(lambda messages: claims((_number_of(COST, messages), COST), (1, "They cheered.")))
    answer = open_engine(harbour, model=model).ask(BRIDGE, as_of=AS_OF)
    assert [claim.text for claim in answer.claims] == [COST]
    assert COST in _highlighted(answer)
    assert answer.model == "big"
    assert model.schemas == [claims_schema(_listed(model.prompts[0]))]
    assert '{"claims": []}' in model.prompts[0][0].content


def test_a_wrong_number_does_not_make_it_cite_what_does_not_support_it(harbour, open_engine):
    model = citing(lambda messages: claims((_number_of(COST, messages), OPENED), (99, COST)))
    answer = open_engine(harbour, model=model).ask(BRIDGE, as_of=AS_OF)
    assert [claim.text for claim in answer.claims] == [OPENED, COST]
    assert _highlighted(answer) >= {OPENED, COST}


def test_no_claims_mean_no_answer_and_the_best_sentence_is_quoted_as_after_any_refusal(harbour, open_engine):
    plain = ScriptedModel("NO ANSWER", name="big", capable=True)
    told = [open_engine(harbour, model=one).ask(WHO_OPENED, as_of=AS_OF) for one in (citing(claims()), plain)]
    assert told[0].answer == told[1].answer
    assert told[0].abstained == told[1].abstained


def test_a_server_that_passes_over_the_schema_is_read_as_plain_text(harbour, open_engine):
    answer = open_engine(harbour, model=citing(OPENED)).ask(WHO_OPENED, as_of=AS_OF)
    assert [claim.text for claim in answer.claims] == [OPENED]
    assert answer.model == "big"


def test_a_server_that_refuses_the_schema_is_asked_without_it(harbour, open_engine, caplog):
    model = citing(SchemaRefusedError("response_format is not supported"), OPENED)
    with caplog.at_level(logging.WARNING):
        answer = open_engine(harbour, model=model).ask(WHO_OPENED, as_of=AS_OF)
    assert answer.model == "big"
    assert model.schemas[1] is None
    assert "write exactly: NO ANSWER" in model.prompts[1][0].content
    assert caplog.records == []


def test_a_small_model_is_not_asked_for_json(harbour, open_engine):
    model = ScriptedModel(OPENED, takes_schema=True)
    open_engine(harbour, model=model).ask(WHO_OPENED, as_of=AS_OF)
    assert model.schemas == [None]


def _listed(prompt) -> int:
    return sum(line[:1].isdigit() for line in prompt[-1].content.splitlines())


def _number_of(sentence: str, prompt) -> int:
    lines = [line for line in prompt[-1].content.splitlines() if line[:1].isdigit()]
    return next(at for at, line in enumerate(lines, start=1) if sentence in line)


def _highlighted(answer) -> set[str]:
    return {
        citation.passage[start:end] for citation in answer.citations for start, end in citation.highlights
    }
