"""How the answers of other tools are measured beside Dateline's, by hand-made answers."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from answer_peers import Session, answers_in, rows_of, versions_of
from peers_answers import ABSTAINING, AnswerRow, Scored, abstains, answer_of, compared, scored, tables
from peers_scores import Known, compared_to_ours

from rag.evaluate.answers import Share
from rag.evaluate.dataset import EvalQuestion

OPENED = "Mayor Ada Quill opened the bridge of Stellby."
COST = "It cost 40 million euros."
ARTICLES = {
    "opened": Known(title="Bridge opens", published="2026-03-01", source="harbour.example"),
    "cost": Known(title="What it cost", published="2026-03-09", source="courier.example"),
}
QUESTION = EvalQuestion(
    id="who",
    text="Who opened the bridge of Stellby?",
    answer="Ada Quill",
    as_of=date(2026, 3, 5),
    articles=frozenset({"opened"}),
)


def message(answer, *, passages=(("opened", OPENED),), cited=(), claims=None, abstained=None, **fields):
    said = {
        "answer": answer,
        "passages": list(passages),
        "cited": list(cited),
        "claims": claims,
        "abstained": abstained,
    }
    return {"said": said, "unfiltered": [], "seconds": 2.0, "versions": {"other": "1.0"}, **fields}


def score(answer, *, question=QUESTION, **fields):
    return scored(question, message(answer, **fields), ARTICLES)


def row(*given, peer="other", name="Other", dated=True):
    return AnswerRow(peer=peer, name=name, dated=dated, scored=given)


def made(**fields):
    plain = {
        "answerable": True,
        "abstained": False,
        "contains": False,
        "f1": 0.0,
        "citations": Share(),
        "sentences": Share(good=0, total=1),
        "checkable": Share(good=1, total=1),
        "passages": 4,
        "later": 0,
        "unfiltered": 0,
        "seconds": 1.0,
    }
    return Scored(**plain | fields)


def test_an_answer_without_citations_has_no_precision_and_no_recall():
    found = score(f"{OPENED} {COST}")
    assert (found.contains, found.abstained) == (True, False)
    assert found.citations.value is None
    assert found.sentences == Share(good=0, total=2)
    assert row(found).values()["citation precision"] is None
    assert row(found).values()["citation recall"] == 0


def test_marks_that_a_model_invents_are_no_citations():
    assert score("Ada Quill opened it [1].").sentences == Share(good=0, total=1)


def test_sentences_are_checked_against_the_passages_that_come_with_the_answer():
    found = score(f"{OPENED} {COST} It was cold.")
    assert found.checkable == Share(good=2, total=3)  # no passage has the 40
    assert found.passages == 1
    both = score(f"{OPENED} {COST}", passages=[("opened", OPENED), ("cost", COST)])
    assert (both.checkable.value, both.passages) == (1.0, 2)


def test_an_answer_with_claims_is_checked_against_what_it_cites_alone():
    found = score(
        f"{OPENED} [1] {COST} [1]",
        passages=[("opened", OPENED), ("cost", COST)],
        cited=[("opened", OPENED)],
        claims=[(OPENED, [1]), (COST, [1])],
        abstained=False,
    )
    assert found.citations == Share(good=1, total=2)
    assert found.sentences == Share(good=2, total=2)
    assert found.checkable == Share(good=1, total=2)
    assert found.passages == 1


def test_passages_of_later_than_the_question_are_leaks_shown_or_not():
    given = [("opened", OPENED), ("cost", COST)]
    found = score(OPENED, passages=given, cited=given[:1], claims=[(OPENED, [1])], abstained=False)
    assert found.later == 1
    assert score(OPENED, unfiltered=["cost", "opened", "cost"]).unfiltered == 2
    assert score(OPENED).later == 0


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "I don’t know who opened it. Ada Quill, perhaps.",
        "The given context DOES NOT MENTION who opened it.",
        "Empty Response",
        "",
        "  \n",
    ],
)
def test_a_first_sentence_that_does_not_answer_abstains(text):
    assert abstains(text)
    found = score(text)
    assert (found.abstained, found.contains, found.f1) == (True, False, 0.0)


@pytest.mark.parametrize("text", [OPENED, f"{OPENED} We do not know why.", "Nobody knows her."])
def test_any_other_first_sentence_answers(text):
    assert not abstains(text)


def test_phrases_are_looked_for_as_they_are_written():
    assert all(phrase == phrase.casefold() and "’" not in phrase for phrase in ABSTAINING)


def test_a_tool_that_says_whether_it_abstains_is_believed():
    assert score("Here is what is nearest.", claims=[], abstained=True).abstained
    assert not score("I don't know.", claims=[("I don't know.", [])], abstained=False).abstained


def test_an_answer_is_measured_in_the_form_of_dateline():
    answer = answer_of(QUESTION, message(f"{OPENED} {COST}")["said"], ARTICLES)
    assert [claim.text for claim in answer.claims] == [OPENED, COST]
    assert answer.citations == ()
    assert answer.as_of == "2026-03-05"


def test_a_row_has_each_measure_over_its_own_questions():
    values = row(
        made(contains=True, f1=0.5, seconds=2.0, passages=2),
        made(abstained=True, checkable=Share(), sentences=Share(), seconds=60.0),
        made(answerable=False, contains=True, later=1, unfiltered=3, seconds=4.0),
        made(answerable=False, abstained=True, checkable=Share(), sentences=Share(), unfiltered=1),
    ).values()
    assert (values["contains"], values["token F1"]) == (0.5, 0.25)
    assert (values["abstained, answerable"], values["abstained, unanswerable"]) == (0.5, 0.5)
    assert (values["leaks"], values["unfiltered"]) == (0.25, 0.5)
    assert (values["p50 s"], values["passages"]) == (3.0, 3.0)  # of answered questions
    assert values["borne out"] == 1


def test_what_is_of_no_question_is_not_0():
    values = row(made(abstained=True)).values()
    assert values["p50 s"] is values["borne out"] is values["abstained, unanswerable"] is None
    assert "–" in tables([row(made(abstained=True))], {})


def test_differences_are_tested_on_the_same_answerable_questions():
    ours = row(*[made(contains=True, f1=0.5)] * 12, made(answerable=False), peer="dateline")
    theirs = row(*[made()] * 12, made(answerable=False, contains=True))
    tested = compared(theirs, ours)
    assert tested.p < 0.01
    assert tested.f1_p < 0.01
    assert compared(ours, ours).p == 1
    with pytest.raises(ValueError, match="zip"):
        compared(row(made()), ours)


def test_rows_are_compared_to_dateline_as_of_the_day():
    ours = row(*[made(contains=True)] * 3, peer="dateline", name="Dateline")
    rows = compared_to_ours([ours, row(*[made()] * 3)], compared)
    assert rows[0].p is None
    assert rows[1].p == pytest.approx(0.25)
    assert compared_to_ours([row(made())], compared)[0].p is None  # Dateline was not measured


def test_the_table_names_what_failed_and_holds_p_behind_its_measure():
    text = tables([compared(row(made(), made()), row(made(), made()))], {"txtai": "ended with 1"})
    head, rule, line, _, failed = text.splitlines()
    assert head.startswith("| tool ")
    assert rule.endswith(":|")
    assert "0.000 (1.000)" in line
    assert failed == "failed: txtai: ended with 1"


def test_answers_are_taken_up_again_and_a_line_cut_off_is_none(tmp_path):
    known = message(OPENED, question=QUESTION.text, as_of="2026-03-05", dated=True, name="Other")
    path = tmp_path / "tiny-txtai.jsonl"
    path.write_text(f'{json.dumps(known)}\n{{"said": ')
    assert list(answers_in(path)) == [(QUESTION.text, "2026-03-05", True)]
    assert answers_in(tmp_path / "none.jsonl") == {}


def test_a_tool_has_a_row_once_every_question_is_answered(tmp_path):
    known = message(OPENED, question=QUESTION.text, as_of="2026-03-05", dated=True, name="txtai, chain")
    (tmp_path / "tiny-txtai.jsonl").write_text(json.dumps(known))
    task = SimpleNamespace(
        dataset=SimpleNamespace(name="tiny"), questions=[QUESTION], articles=ARTICLES, kinds=["dated"]
    )
    session = Session(task=task, model={}, answers=tmp_path, resume=True)
    (found,) = rows_of("txtai", session)
    assert (found.name, found.dated, found.values()["contains"]) == ("txtai, chain", True, 1.0)
    assert (versions_of("txtai", session), versions_of("haystack", session)) == ({"other": "1.0"}, {})
    task.questions.append(EvalQuestion(id="more", text="Another?"))
    assert rows_of("txtai", session) == []
