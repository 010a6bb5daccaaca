"""Drives the real page in the system's Chromium; skipped where there is none."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.ui.fake_engine import FakeEngine
from tests.ui.live import running

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    """One browser; not for the session, as Playwright leaves an event loop running for as long."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright: install the extra dev")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


class Visit:
    """An opened page and what it asked of the network."""

    def __init__(self, page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.problems.append(said.text))

    @property
    def foreign(self) -> list[str]:
        """What was requested from elsewhere."""
        return [url for url in self.requests if not url.startswith((self.url, "data:", "blob:"))]

    def ask(self, question: str) -> None:
        self.page.fill("#dl-question textarea", question)
        self.page.keyboard.press("Enter")


class Stage:
    """Puts one engine after the other behind one server, whose page the browser then has in its cache."""

    def __init__(self) -> None:
        self.engine = FakeEngine()

    def __getattr__(self, name: str):
        return getattr(self.engine, name)


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Stage, str]]:
    stage = Stage()
    with running(stage) as url:
        yield stage, url


@pytest.fixture(scope="module")
def plain_context(chromium) -> Iterator:
    """One context for all the tests that ask for no other, so that they share its cache."""
    with chromium.new_context() as context:
        yield context


@pytest.fixture
def visit(chromium, stage, plain_context) -> Iterator[Callable[..., Visit]]:
    """Open the page over an engine; one with an archive of its own gets a server of its own."""
    with ExitStack() as stack:

        def open_page(engine: FakeEngine | None = None, **settings) -> Visit:
            engine = engine or FakeEngine()
            if engine.has_own_archive:
                url = stack.enter_context(running(engine))
            else:
                shared, url = stage
                shared.engine = engine
            context = stack.enter_context(chromium.new_context(**settings)) if settings else plain_context
            tab = stack.enter_context(closing(context.new_page()))
            tab.set_default_timeout(10_000)
            visit = Visit(tab, url)
            tab.goto(url)
            tab.wait_for_selector("#dl-archive .dl-status, #dl-archive .dl-notice")
            return visit

        yield open_page
