"""How the commands reach the rest of Dateline.

Every method imports what it needs when it is called, so that parsing and `--help` stay quick. A
test hands the commands another one, as the context object of the Typer application.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ConfigError

if TYPE_CHECKING:
    from index.adapters.packaged_weights import PackagedWeights
    from index.archive import Archive
    from index.article import Article, Skipped
    from index.build import BuildMode
    from index.embedding import Embedder
    from index.progress import BuildReport, ProgressListener
    from index.readers.web import Web
    from index.repair import RepairReport
    from index.sync.addition import Addition
    from index.sync.run import Sync
    from rag.engine import Engine
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

    def engine(
        self, settings: "AppSettings", *, mends: bool = False, may_be_missing: bool = False
    ) -> "Engine":
        """Return the engine over the index, opened; models load on first use.

        With `mends` it writes damaged files of the index anew from the catalogue, on its own. With
        `may_be_missing` the index need not be there yet.

        Raises:
            ArchiveNotFoundError: where there is no index.
            ConfigError: where no language model has the name that is configured.
        """
        from rag.engine import Engine

        if not may_be_missing or self.archive(settings).current_version() is not None:
            return Engine.open(config=settings, mends=mends)
        engine = Engine(settings, mends=mends)
        _ = engine.model_name  # a name that cannot be used is refused at once, as `open` does
        return engine

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

    def rule_samples(
        self, settings: "AppSettings", sentence: str, claims: Sequence[str]
    ) -> tuple[str, list[bool | None]]:
        """Return the judge's name, and of each claim whether it finds it in the sentence (None: it failed).

        Raises:
            ConfigError: where its name has no form that can be used, or there is none.
        """
        from rag.adapters.chat_models import load_judge
        from rag.judge import Ruling

        judge = load_judge(settings.answer, settings.generate)
        if judge is None:
            raise ConfigError("answer.judge names no model")
        with closing(judge.model):
            rulings = [judge.rule(claim, sentence, "") for claim in claims]
        found = {Ruling.YES: True, Ruling.NO: False, Ruling.FAILED: None}
        return judge.model.name, [found[ruling] for ruling in rulings]

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

    def addition(self, settings: "AppSettings", *, conditional: bool) -> "Addition":
        """Return what reads sources; with `conditional` it passes over files that did not change."""
        from index.sync.addition import Addition

        return Addition(settings.index, settings.reading, conditional=conditional)

    def read(
        self, settings: "AppSettings", sources: Sequence[str], web: "Web", addition: "Addition"
    ) -> "Iterator[Article | Skipped]":
        """Yield the articles of files, folders and addresses, and what could not be read."""
        del settings
        return addition.read(sources, web)

    def build(
        self,
        settings: "AppSettings",
        articles: "Iterable[Article | Skipped]",
        *,
        mode: "BuildMode",
        unchanged: int = 0,
        characters: int | None = None,
        progress: "ProgressListener",
    ) -> "BuildReport":
        """Write the articles into a new version of the index; `unchanged` were not read, being known.

        `characters` is about how many there are at most, where the articles are not held in memory.
        """
        from index.build import build

        return build(
            settings.index,
            articles,
            embedder=self.embedder(settings),
            chunking=settings.chunking,
            mode=mode,
            unchanged=unchanged,
            characters=characters,
            progress=progress,
        )

    def remove(
        self, settings: "AppSettings", references: Sequence[str], *, progress: "ProgressListener"
    ) -> "BuildReport":
        """Remove articles from the index, all of them or none."""
        from index.build import remove

        return remove(settings.index, references, progress=progress)

    def rebuild(self, settings: "AppSettings", *, progress: "ProgressListener") -> "BuildReport":
        """Publish the live version's articles anew, cut and embedded as the settings say."""
        from index.rebuild import rebuild

        return rebuild(
            settings.index,
            embedder=self.embedder(settings),
            chunking=settings.chunking,
            progress=progress,
        )

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
        from index.salvage import rebuild_salvaged

        return rebuild_salvaged(
            settings.index,
            embedder=self.embedder(settings),
            chunking=settings.chunking,
            progress=progress,
        )

    def serve(self, engine: "Engine", where: "ServeConfig", *, on_ready: "Callable[[str], None]") -> None:
        """Serve the page and the API until the process is asked to stop.

        Raises:
            ServeError: where the address cannot be listened on.
        """
        from ui.api.server import serve

        serve(
            engine,
            where.host,
            where.port,
            allowed_hosts=where.allowed_hosts,
            writes=where.writes,
            on_ready=on_ready,
        )
