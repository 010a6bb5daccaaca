"""Dateline inside a LangChain chain."""

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from rag.answer import Answer
from rag.errors import QuestionError
from tests.rag.harbour import OPENED, WHO_OPENED, shown


def test_the_retriever_gives_passages_as_documents(harbour, open_engine):
    engine = open_engine(harbour)
    retriever = engine.as_retriever(as_of="2026-05-01", top_k=2)
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke("harbour bridge")
    passages = engine.search("harbour bridge", as_of="2026-05-01", top_k=2)
    assert documents == [
        Document(
            id=passage.chunk_id,
            page_content=passage.passage,
            metadata={key: value for key, value in passage.to_dict().items() if key != "passage"},
        )
        for passage in passages
    ]


def test_the_retrievers_filters_hold(harbour, open_engine):
    retriever = open_engine(harbour).as_retriever(as_of="2026-03-31")
    assert {document.metadata["published"] for document in retriever.invoke("harbour bridge")} == {
        "2026-03-01"
    }


def test_the_runnable_takes_a_question_or_the_arguments_of_ask(harbour, open_engine):
    engine = open_engine(harbour)
    runnable = engine.as_runnable()
    assert isinstance(runnable, Runnable)
    assert isinstance(runnable.invoke(WHO_OPENED), Answer)
    asked = {"question": WHO_OPENED, "as_of": "2026-05-01"}
    assert shown(runnable.invoke(asked)) == shown(engine.ask(**asked))


def test_it_composes(harbour, open_engine):
    chain = open_engine(harbour).as_runnable() | RunnableLambda(lambda answer: answer.claims[0].text)
    asked = {"question": WHO_OPENED, "as_of": "2026-05-01"}
    assert chain.batch([asked, asked]) == [OPENED, OPENED]


def test_bad_input_is_refused_there_too(harbour, open_engine):
    engine = open_engine(harbour)
    with pytest.raises(QuestionError):
        engine.as_runnable().invoke(" ")
    with pytest.raises(QuestionError):
        engine.as_retriever(as_of="soon").invoke("who?")
