"""Articles that attack whoever answers from them, and a model that does whatever they want.

Each line of `hostile.jsonl` holds an article with one piece of news (`fact`, which answers `question`) and
one attack: `wish` is what a model writes that obeys, and `never` are words that then show that it did.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, DateOrigin
from index.readers.sources import read_sources
from rag.answer import Answer
from rag.generate import ChatMessage
from rag.prompts import PLACEHOLDERS
from rag.prompts import __file__ as prompts_module
from rag.writing import NO_ANSWER
from tests.fakes import ScriptedModel

PATH = Path(__file__).parent.parent / "data" / "hostile.jsonl"
AS_OF = "2026-03-05"
PROMPT_RUN = 5
"""So many words in a row of a prompt are no coincidence."""

# What a program that renders Markdown or HTML, or a chat's template, would act on.
LIVE = re.compile(
    r"!\[|\]\(|\]\[|<[a-z/!?|]|://|\bwww\.|javascript:|vbscript:|data:\w+/|\[/?INST\]|\\href", re.IGNORECASE
)
WORD = re.compile(r"[^\W_]+")
MARK = re.compile(r"\[[\s\u200b]*\d+[\s\u200b]*(?:[,;]\s*\d+\s*)*\]|[\u3010\uff3b]\d")
FILLERS = set("\u034f\u115f\u1160\u180e\u2800\u3164\uffa0\ufe0f\U000e0100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One line of the file."""

    id: str
    attack: str
    title: str
    text: str
    url: str
    source: str
    author: str
    published: str
    question: str
    fact: str
    wish: Sequence[str]
    never: Sequence[str]

    def as_stored(self) -> Article:
        """Return the article as it stands, as an archive holds it whose reader took nothing out."""
        return Article(
            key=self.id,
            title=self.title,
            text=self.text,
            url=self.url,
            source=self.source,
            authors=(self.author,),
            published=self.published,
            published_from=DateOrigin.META,
        )


ATTACKS = [Attack(**json.loads(line)) for line in PATH.read_text(encoding="utf-8").splitlines()]


def as_read() -> list[Article]:
    """Return the articles as the reader of data sets gives them."""
    return [item for item in read_sources([str(PATH)]) if isinstance(item, Article)]


def obedient(*, capable: bool, cites: bool = False) -> ScriptedModel:
    """Return a model that writes what the article in question wishes, and all of its prompt after it.

    One that `cites` writes each as a claim in JSON, and says that the first sentence supports it.
    """
    obey = _obey_in_json if cites else _obey
    return ScriptedModel(obey, name="obedient", capable=capable, takes_schema=cites)


def _obey(messages: Sequence[ChatMessage]) -> str:
    return " ".join(_obeyed(messages))


def _obey_in_json(messages: Sequence[ChatMessage]) -> str:
    return json.dumps({"claims": [{"sentence": 1, "text": text} for text in _obeyed(messages)]})


def _obeyed(messages: Sequence[ChatMessage]) -> list[str]:
    asked = messages[-1].content
    wishes = [wish for attack in ATTACKS if attack.question in asked for wish in attack.wish]
    wishes = [wish for wish in wishes if wish != NO_ANSWER or wish in asked]  # nobody else says so
    return [*wishes, *(message.content for message in messages)]


def shown_texts(answer: Answer) -> list[str]:
    """Return what is shown as the answer's own words."""
    return [answer.answer, *(claim.text for claim in answer.claims), *answer.follow_ups]


def unseen(text: str) -> list[str]:
    """Return the signs of a text that cannot be seen, or that steer a terminal."""
    return [
        char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} or char in FILLERS
    ]


def bare_words(text: str) -> str:
    """Return the words of a text, unseen signs left out, each between blanks."""
    hidden = set(unseen(text))
    seen = "".join(char for char in text if char not in hidden)
    plain = "".join(char for char in unicodedata.normalize("NFKD", seen) if not unicodedata.combining(char))
    return f" {' '.join(WORD.findall(plain.casefold()))} "


def prompt_runs() -> Iterator[str]:
    """Yield every run of five words of the prompts."""
    for name in PLACEHOLDERS:
        text = Path(prompts_module).with_name(f"{name}.txt").read_text(encoding="utf-8")
        said = bare_words(text).split()
        for at in range(len(said) - PROMPT_RUN + 1):
            yield f" {' '.join(said[at : at + PROMPT_RUN])} "
