"""How the page looks: a theme on system fonts, and the style and script that ship with the package."""

from importlib.resources import files

import gradio as gr

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' "
    "height='32' rx='6' fill='%238c2f1f'/%3E%3Ctext x='16' y='24' font-family='Georgia,serif' font-size='22' "
    "font-weight='700' text-anchor='middle' fill='%23fbf9f4'%3ED%3C/text%3E%3C/svg%3E"
)
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Liberation Mono", "monospace")


def theme() -> gr.themes.Base:
    """Return the theme; nothing in it is fetched from anywhere."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.stone,
        secondary_hue=gr.themes.colors.stone,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=[*SANS],
        font_mono=[*MONO],
    ).set(
        body_background_fill="#fbf9f4",
        body_background_fill_dark="#15171a",
        body_text_color="#1f1d1a",
        body_text_color_dark="#e8e4dc",
        body_text_color_subdued="#5f5a52",
        body_text_color_subdued_dark="#a8a298",
        background_fill_primary="#fffefb",
        background_fill_primary_dark="#1c1f23",
        background_fill_secondary="#f4f1ea",
        background_fill_secondary_dark="#22262b",
        block_background_fill="#fffefb",
        block_background_fill_dark="#1c1f23",
        border_color_primary="#ddd7cb",
        border_color_primary_dark="#363b42",
        input_background_fill="#fffefb",
        input_background_fill_dark="#1c1f23",
        color_accent="#8c2f1f",
        link_text_color="#8c2f1f",
        link_text_color_dark="#f0a58f",
        link_text_color_hover="#5f1f14",
        link_text_color_hover_dark="#ffc4b3",
        button_primary_background_fill="#1f1d1a",
        button_primary_background_fill_dark="#e8e4dc",
        button_primary_text_color="#fbf9f4",
        button_primary_text_color_dark="#15171a",
        block_shadow="none",
        block_border_width="1px",
    )


def style() -> str:
    """Return the style sheet."""
    return files("ui.web").joinpath("style.css").read_text(encoding="utf-8")


def head() -> str:
    """Return what goes into the page's head: the script, inline, so that it runs before the page."""
    script = files("ui.web").joinpath("script.js").read_text(encoding="utf-8")
    icon = f'<link rel="icon" href="{ICON}">'
    return f'<meta name="color-scheme" content="light dark">{icon}<script>{script}</script>'
