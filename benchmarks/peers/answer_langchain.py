"""LangChain's retrieval chain: the four nearest parts stuffed into the prompt that its reference shows."""

from pathlib import Path
from typing import Any

from answer_worker import AnswerJob, Said, serve_answers
from langchain_classic.chains import create_retrieval_chain
from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_community.vectorstores import FAISS
from langchain_core.prompts import ChatPromptTemplate  # noqa: TID253 - this runs in its own environment
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_openai import ChatOpenAI
from peer_langchain import parts_of, passages_of, until
from worker import Passage

SYSTEM = (
    "Use the given context to answer the question. "
    "If you don't know the answer, say you don't know. "
    "Use three sentence maximum and keep the answer concise. "
    "Context: {context}"
)
"""From the reference of `RetrievalQA`, which names this chain as what to use in its place."""


class LangChainAnswers:
    """FAISS with the defaults of its retriever."""

    packages = ("langchain", "langchain-classic", "langchain-community", "langchain-openai", "faiss-cpu")

    def __init__(self, job: AnswerJob) -> None:
        self._job = job
        self._embeddings = HuggingFaceEmbeddings(model_name=job.model)

    def chain(self) -> "LangChainChain":
        """Return the chain."""
        folder = self._job.index(self._make)
        store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)
        model = ChatOpenAI(
            model=self._job.model_name,
            base_url=self._job.model_url,
            api_key=self._job.model_key,
            temperature=0,
            max_tokens=self._job.max_tokens,
            timeout=self._job.timeout_s,
            max_retries=0,
        )
        return LangChainChain(store, model)

    def _make(self, folder: Path) -> None:
        FAISS.from_documents(parts_of(self._job.articles), self._embeddings).save_local(str(folder))


class LangChainChain:
    """The chain over a store; the filter is that of its retriever."""

    name = "LangChain, retrieval chain"

    def __init__(self, store: FAISS, model: ChatOpenAI) -> None:
        self._store = store
        prompt = ChatPromptTemplate.from_messages([("system", SYSTEM), ("human", "{input}")])
        self._stuffing = create_stuff_documents_chain(model, prompt)

    def passages(self, question: str) -> list[Passage]:
        """Return those that the retriever gives unfiltered."""
        return passages_of(self._store.as_retriever().invoke(question))

    def answer(self, question: str, as_of: str | None) -> Said:
        """Return the answer; the documents come back with it."""
        options: dict[str, Any] = {"search_kwargs": {"filter": until(as_of)}} if as_of is not None else {}
        chain = create_retrieval_chain(self._store.as_retriever(**options), self._stuffing)
        found = chain.invoke({"input": question})
        return Said(found["answer"], passages_of(found["context"]), [])


if __name__ == "__main__":
    serve_answers(LangChainAnswers)
