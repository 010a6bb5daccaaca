"""The language of a text: as it is declared, unless the text itself plainly is in another."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

DETECT_CHARS = 2_000
MIN_CHARS = 20
SURE_CHARS = 120
SURE = 0.9
"""So sure has a detection to be to go before what is declared; site templates often declare a wrong one."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])")
_LANGUAGE_NAMES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "arabic": "ar",
    "hebrew": "he",
    "chinese": "zh",
    "japanese": "ja",
    "russian": "ru",
}
_ALIKE = (
    {"no", "nb", "nn", "da"},
    {"sr", "hr", "bs", "sl"},
    {"id", "ms"},
    {"gl", "pt"},
    {"cs", "sk"},
    {"zh", "yue"},
    {"hi", "mr", "ne"},
    {"fa", "ar", "ur"},
    {"es", "ca", "gl"},
)
"""Languages whose short texts are taken for each other."""


def language_code(value: str) -> str:
    """Return the language subtag of `en-GB`, `EN` or `English`; "" where none is told."""
    value = value.strip().lower()
    match = _LANGUAGE.match(value)
    return match[0] if match else _LANGUAGE_NAMES.get(value, "")


def language_of(declared: str, text: str) -> str:
    """Return the language (ISO 639) of a text that is declared as such; "" where nothing tells it."""
    told = language_code(declared)
    if len(text) < MIN_CHARS:
        return told
    found, confidence = detect(text)
    if not told:
        return found if confidence >= 0.5 else ""
    if found == told or any({found, told} <= alike for alike in _ALIKE):
        return told
    return found if confidence >= SURE and len(text.encode()) >= SURE_CHARS else told


def detect(text: str) -> tuple[str, float]:
    """Return the language that a text seems to be in, and how likely (0 to 1) it is that."""
    language, confidence = _identifier().classify(text[:DETECT_CHARS])
    return str(language), float(confidence)


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
