"""Puts the page on an ASGI application."""

import asyncio
from typing import TYPE_CHECKING

import gradio as gr

from ui.web.page import build_demo
from ui.web.theme import head, style, theme

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.engine import Engine


# All that the page asks the server for. Gradio has more doors (uploads, a proxy, files of its cache, an
# editor): whoever puts the page before users opens these alone.
PATHS = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt"})
FOLDERS = (
    "/assets/",
    "/static/",
    "/gradio_api/heartbeat/",
    "/gradio_api/queue/",
    "/gradio_api/run/predict",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/startup-events",
)


def is_page_path(path: str) -> bool:
    """Whether the page needs this address."""
    return path in PATHS or path.startswith(FOLDERS)


def mount_page(app: "FastAPI", engine: "Engine") -> "FastAPI":
    """Mount the chat page at `/` and return the application."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Gradio makes event loops that it never closes wherever it is built outside of one.
        return asyncio.run(_mount_in_loop(app, engine))
    return _mount(app, engine)


async def _mount_in_loop(app: "FastAPI", engine: "Engine") -> "FastAPI":
    return _mount(app, engine)


def _mount(app: "FastAPI", engine: "Engine") -> "FastAPI":
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_demo(engine),
        path="/",
        theme=theme(),
        css=style(),
        head=head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        max_file_size=1,
    )
    return mounted
