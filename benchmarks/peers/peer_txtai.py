"""txtai: a hybrid index (embeddings and BM25) of paragraphs, asked in SQL."""

from collections.abc import Iterator
from typing import Any

from txtai import Embeddings
from txtai.pipeline import Segmentation
from worker import Article, Job, Passage, Search, Stage, serve

OPEN = "SELECT article, text, score FROM txtai WHERE similar(:question) LIMIT {k}"
DATED = "SELECT article, text, score FROM txtai WHERE similar(:question) AND published <= :as_of LIMIT {k}"


class Txtai:
    """The filter is applied to ten times as many candidates as are asked for, txtai's default."""

    packages = ("txtai", "faiss-cpu")

    def __init__(self, job: Job) -> None:
        self._path = job.model
        new_embeddings(self._path).batchtransform(["warm"], category="query")

    def stages(self, articles: list[Article]) -> Iterator[Stage]:
        """Yield the paragraphs."""
        rows = rows_of(articles)
        embeddings = new_embeddings(self._path)
        embeddings.index(rows)
        yield Stage("txtai, hybrid", len(rows), search_over(embeddings))


def new_embeddings(path: str) -> Embeddings:
    """Return an empty index with the model in a folder."""
    return Embeddings(path=path, hybrid=True, content=True)


def rows_of(articles: list[Article]) -> list[dict[str, Any]]:
    """Return the paragraphs of the articles."""
    cut = Segmentation(paragraphs=True)
    return [_row(article, text) for article in articles for text in cut(article.whole)]


def search_over(embeddings: Embeddings) -> Search:
    """Return a search of the paragraphs, in SQL."""

    def search(question: str, as_of: str | None, k: int) -> list[Passage]:
        asked = {"question": question, "as_of": as_of} if as_of is not None else {"question": question}
        sql = (OPEN if as_of is None else DATED).format(k=k)
        return [(found["article"], found["text"]) for found in embeddings.search(sql, parameters=asked)]

    return search


def _row(article: Article, text: str) -> dict[str, Any]:
    return {"text": text, "article": article.id, "title": article.title, "published": article.published}


if __name__ == "__main__":
    serve(Txtai)
