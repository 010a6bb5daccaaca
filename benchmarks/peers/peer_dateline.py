"""Dateline with its defaults, through its own interface; runs in the project's environment."""

from collections.abc import Iterator

from worker import Article as Given
from worker import Job, Passage, Stage, serve

from index.adapters.embedders import load_embedder
from index.article import Article
from index.build import BuildMode, build
from rag.config import Settings
from rag.engine import Engine
from rag.evaluate.beir import open_dataset
from rag.rerank import load_reranker


class Dateline:
    """An index in the job's scratch folder, searched by the engine."""

    packages = ("dateline", "faiss-cpu", "tantivy", "onnxruntime")

    def __init__(self, job: Job) -> None:
        self._job = job
        self._settings = Settings.load(index=job.scratch / "index")
        self._embedder = load_embedder(self._settings.embedding)
        self._embedder.embed_query("warm")

    def stages(self, articles: list[Given]) -> Iterator[Stage]:
        """Yield the engine; it reads the data set's articles itself, as an evaluation does."""
        wanted = {article.id for article in articles}
        read = (item for item in open_dataset(self._job.dataset).articles() if isinstance(item, Article))
        build(
            self._settings.index,
            [article for article in read if article.id in wanted],
            embedder=self._embedder,
            chunking=self._settings.chunking,
            mode=BuildMode.REPLACE,
        )
        engine = Engine(
            self._settings, embedder=self._embedder, reranker=load_reranker(self._settings.rerank)
        )
        engine.warm_up(retrieval_only=True)

        def search(question: str, as_of: str | None, k: int) -> list[Passage]:
            found = engine.search(question, as_of=as_of, top_k=k)
            return [(passage.article_id, passage.passage) for passage in found]

        yield Stage("Dateline", engine.archive.info().chunks, search)
        engine.close()


if __name__ == "__main__":
    serve(Dateline)
