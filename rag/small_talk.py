"""Messages that ask nothing of the archive, and the short line that each gets."""

import re

MAX_CHARACTERS = 80
_WHO = (
    "I answer questions from an archive of news articles, and cite the dated passage behind every sentence."
)
_LINES: tuple[tuple[str, str], ...] = (
    (
        r"(?:who|what) are you|what(?: is|'s) your name"
        r"|are you (?:a |an )?(?:bot|robot|chatbot|ai|human|person)"
        r"|(?:please )?introduce yourself",
        f"{_WHO} What would you like to know?",
    ),
    (
        r"what (?:can|do) you do|how (?:do|can) (?:i|you) use (?:this|you)|how do you work|how does this work"
        r"|what can i ask(?: you)?(?: about)?|(?:can you |please )?help(?: me)?",
        f"{_WHO} Ask who, what, when, where or why; a date or a place in the question helps.",
    ),
    (
        r"how are you(?: doing)?(?: today)?|how(?: is|'s) it going|how do you do|what's up|are you there",
        "All is well here, thank you. What would you like to know from the news?",
    ),
    (
        r"(?:many |ok(?:ay)?[, ]+)?(?:thanks|thank you|thx|cheers)"
        r"(?: (?:a lot|so much|very much|again|for (?:your|the) help))?"
        r"|(?:that(?: is|'s|s) |that was )?(?:very |really )?(?:great|perfect|helpful|nice|good|cool)"
        r"(?:[, ]+(?:thanks|thank you))?|ok(?:ay)?|got it|i see|well done|good job",
        "You are welcome. Is there anything else you would like to know?",
    ),
    (
        r"(?:good)?bye(?:[ -]bye)?|see you(?: later| soon| tomorrow)?|good ?night|farewell"
        r"|have a (?:nice|good) (?:day|evening|weekend)",
        "Goodbye, and thank you for asking.",
    ),
    (
        r"(?:hi|hello|hey|hiya|howdy|greetings)(?: there| again| everyone| all)?"
        r"|good (?:morning|afternoon|evening|day)(?: to you)?",
        "Hello! What would you like to know from the news?",
    ),
)
_KINDS = tuple((re.compile(rf"(?:{pattern})", re.I), line) for pattern, line in _LINES)
_BETWEEN = re.compile(r"[\s,.!?;:…)(🙂😀👋🙏-]+")
MOST_PHRASES = 3


_GREETING = re.compile(
    r"\s*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks|thank you)(?: there| again| all)?"
    r"|please|ok(?:ay)?|so)\s*[,.!]+\s*(?=\w)",
    re.I,
)


def without_greeting(text: str) -> str:
    """Return a message less the greeting before its question: "Hi, who won?" is "who won?"."""
    return _GREETING.sub("", text, count=1) if _GREETING.match(text) else text


def small_talk(text: str) -> str | None:
    """Return the line that answers a message of nothing but small talk, or None for any other message.

    The whole message has to consist of such phrases: "Hi, who won the election?" is a question.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    rest = _BETWEEN.sub(" ", text.replace("’", "'")).strip()
    line: str | None = None
    for _ in range(MOST_PHRASES):
        if not rest:
            break
        match = max(
            ((found, said) for kind, said in _KINDS if (found := kind.match(rest))),
            key=lambda one: one[0].end(),
            default=None,
        )
        if match is None or rest[match[0].end() :][:1].strip():
            return None
        line = line if line and match[1] in _LESSER else match[1]
        rest = rest[match[0].end() :].strip()
    return line if not rest else None


_LESSER = frozenset({_LINES[-1][1], _LINES[3][1]})
"""A greeting or thanks beside something else is answered by what answers the other."""
