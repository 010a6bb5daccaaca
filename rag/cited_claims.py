"""Claims that a model writes as JSON, each with the number of the sentence it rests on."""

import json
from collections.abc import Iterator
from typing import Any

MAX_CLAIMS = 3
_DECODER = json.JSONDecoder()
_FENCE = "```json"


def claims_schema(count: int) -> dict[str, Any]:
    """Return the JSON schema of claims on sentences 1 to `count`; an empty list says that none answers."""
    claim = {
        "type": "object",
        "properties": {
            "sentence": {"type": "integer", "enum": list(range(1, count + 1))},
            "text": {"type": "string"},
        },
        "required": ["sentence", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"claims": {"type": "array", "items": claim, "maxItems": MAX_CLAIMS}},
        "required": ["claims"],
        "additionalProperties": False,
    }


class ClaimReader:
    """Reads claims out of JSON that comes piece by piece.

    `is_json` is None until enough has come to tell; a server that knows no schema may have let the model
    write something else. `ended` says whether the list of claims was closed.
    """

    def __init__(self) -> None:
        self.text = ""
        self.is_json: bool | None = None
        self.ended = False
        self._at: int | None = None

    def read(self, piece: str) -> Iterator[tuple[str, int | None]]:
        """Take a piece; yield the claims that it completes: the text, and the number if there is one."""
        self.text += piece
        if self.is_json is None:
            self.is_json = _begins_json(self.text)
        if not self.is_json:
            return
        if self._at is None:
            self._at = self._begin()
        while self._at is not None and not self.ended:
            self._at = _past(self.text, self._at, ",")
            if self.text[self._at : self._at + 1] == "]":
                self.ended = True
                return
            try:
                claim, self._at = _DECODER.raw_decode(self.text, self._at)
            except json.JSONDecodeError:
                return  # not whole yet
            if isinstance(claim, dict) and isinstance(claim.get("text"), str):
                number = claim.get("sentence")
                yield claim["text"], number if type(number) is int else None

    def _begin(self) -> int | None:
        """Return where the first claim begins, once the list has been opened."""
        key = self.text.find('"claims"')
        opened = self.text.find("[", key) if key >= 0 else -1
        return opened + 1 if opened >= 0 else None


def _begins_json(text: str) -> bool | None:
    begun = text.lstrip()
    if _FENCE.startswith(begun[: len(_FENCE)]):
        return None if len(begun) < len(_FENCE) else True
    return begun.startswith("{")


def _past(text: str, at: int, passed: str) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in passed):
        at += 1
    return at
