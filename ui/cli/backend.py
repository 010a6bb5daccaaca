"""How the commands reach the rest of Dateline.

Every method imports what it needs when it is called, so that parsing and `--help` stay quick. A
test hands the commands another one, as the context object of the Typer application.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.adapters.packaged_weights import PackagedWeights
    from index.archive import Archive
    from index.article import Article, Skipped
    from index.build import BuildMode
    from index.embedding import Embedder
    from index.progress import BuildReport, ProgressListener
    from index.readers.web import Web
    from index.repair import RepairReport
    from index.sync.run import Sync
    from rag.engine import Engine
    from rag.evaluate.run import EvalProgress, EvalReport
    from ui.config import AppSettings, ServeConfig

SAMPLE_TOKENS = 12


class Backend:
    """The real thing."""

    def settings(self, config: Path | None, index: Path | None) -> "AppSettings":
        """Return the settings: defaults, then the file, then the environment, then the arguments."""
        from ui.config import AppSettings

        return AppSettings.load(config, index=index)

    def archive(self, settings: "AppSettings") -> "Archive":
        """Return the folder of the index; it need not exist."""
        from index.archive import Archive

        return Archive(settings.index)

    def engine(self, settings: "AppSettings", *, mends: bool = False) -> "Engine":
        """Return the engine over the index, opened; models load on first use.

        With `mends` it writes damaged files of the index anew from the catalogue, on its own.
        """
        from rag.engine import Engine

        return Engine.open(config=settings, mends=mends)

    def embedder(self, settings: "AppSettings") -> "Embedder":
        """Return the embedding model; its weights load on first use.

        Raises:
            ModelMissingError: where they are not installed.
        """
        from index.adapters.embedders import load_embedder

        return load_embedder(settings.embedding)

    def packaged_weights(self) -> "Sequence[PackagedWeights]":
        """Return the weights files that come from the package index."""
        from index.adapters.packaged_weights import MINILM_WEIGHTS
        from rag.adapters.embedded_server import SMOLLM2_WEIGHTS

        return (MINILM_WEIGHTS, SMOLLM2_WEIGHTS)

    def write_sample(self, settings: "AppSettings") -> tuple[str | None, str]:
        """Return the language model's name (None where none is configured) and a few words of it.

        Raises:
            ModelUnavailableError: where it cannot be started or reached.
        """
        from rag.adapters.chat_models import load_chat_model
        from rag.generate import ChatMessage

        model = load_chat_model(settings.generate)
        if model is None:
            return None, ""
        with closing(model):
            prompt = ChatMessage(role="user", content="Say hello in five words.")
            return model.name, "".join(model.stream([prompt], max_tokens=SAMPLE_TOKENS))

    @contextmanager
    def web(self, settings: "AppSettings", *, conditional: bool) -> "Iterator[Web]":
        """Lend what fetches addresses; it remembers in the index's folder what was fetched and stored.

        `conditional` asks only for what changed since then.
        """
        from index.fetch import Fetcher, FetchMemory
        from index.readers.web import FETCHES_NAME, Web

        memory = FetchMemory(settings.index / FETCHES_NAME)
        with Fetcher(settings.fetch, memory=memory) as fetcher:
            yield Web(fetcher, memory, conditional=conditional)

    def read(
        self, settings: "AppSettings", sources: Sequence[str], web: "Web"
    ) -> "Iterator[Article | Skipped]":
        """Yield the articles of files, folders and addresses, and what could not be read."""
        from index.readers import read_sources

        return read_sources(sources, reading=settings.reading, web=web)

    def build(
        self,
        settings: "AppSettings",
        articles: "Iterable[Article | Skipped]",
        *,
        mode: "BuildMode",
        unchanged: int = 0,
        progress: "ProgressListener",
    ) -> "BuildReport":
        """Write the articles into a new version of the index; `unchanged` were not read, being known."""
        from index.build import build

        return build(
            settings.index,
            articles,
            embedder=self.embedder(settings),
            chunking=settings.chunking,
            mode=mode,
            unchanged=unchanged,
            progress=progress,
        )

    def remove(
        self, settings: "AppSettings", references: Sequence[str], *, progress: "ProgressListener"
    ) -> "BuildReport":
        """Remove articles from the index, all of them or none."""
        from index.build import remove

        return remove(settings.index, references, progress=progress)

    def sync(self, settings: "AppSettings") -> "Sync":
        """Return what keeps the index in step with its sources; nothing is loaded before it is needed."""
        from index.sync.run import Sync

        return Sync(
            settings.index,
            embedder=lambda: self.embedder(settings),
            chunking=settings.chunking,
            reading=settings.reading,
            fetch=settings.fetch,
            batch_articles=settings.sync.batch_articles,
            batch_s=settings.sync.batch_s,
        )

    def repair(self, settings: "AppSettings", *, progress: "ProgressListener") -> "RepairReport":
        """Write the live version's files anew where they are damaged."""
        from index.repair import repair

        return repair(settings.index, progress=progress)

    def salvage(self, settings: "AppSettings", *, progress: "ProgressListener") -> "BuildReport":
        """Build the index anew from what is sound of its damaged catalogue."""
        from index.build import BuildMode
        from index.salvage import salvage

        saved = list(salvage(settings.index))
        return self.build(settings, saved, mode=BuildMode.REPLACE, progress=progress)

    def serve(self, engine: "Engine", where: "ServeConfig", *, on_ready: "Callable[[str], None]") -> None:
        """Serve the page and the API until the process is asked to stop.

        Raises:
            ServeError: where the address cannot be listened on.
        """
        from ui.api.server import serve

        serve(engine, where.host, where.port, allowed_hosts=where.allowed_hosts, on_ready=on_ready)

    def evaluate(
        self,
        settings: "AppSettings",
        folder: Path,
        *,
        limit: int | None,
        retrieval_only: bool,
        progress: "Callable[[EvalProgress], None]",
    ) -> "EvalReport":
        """Ask the questions of a data set and return the measures."""
        from rag.evaluate.run import evaluate_dataset

        return evaluate_dataset(
            folder, settings=settings, limit=limit, retrieval_only=retrieval_only, progress=progress
        )
