"""Follow-ups: what each means after what was said, and what retrieval finds with it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.adapters.minilm import MiniLMEmbedder
from index.build import BuildMode, build
from index.config import ChunkingConfig
from index.readers import read_sources
from rag.condense import condense
from rag.config import Settings
from rag.conversation import stand_alone
from rag.engine import Engine
from rag.leaning import is_follow_up
from rag.question import MAX_QUESTION_CHARACTERS, REMEMBERED_MESSAGES, Message, Question
from rag.references import Frame
from tests.fakes import ScriptedModel

ROOT = Path(__file__).parents[2]
DIALOGUES = [
    json.loads(line) for line in (ROOT / "tests" / "data" / "dialogues.jsonl").read_text().splitlines()
]
AS_OF = "2026-10-15"


def after(question, answer, text):
    """Return how `text` is read after a question and its answer."""
    history = [Message(role="user", content=question), Message(role="assistant", content=answer)]
    return stand_alone(text, history).text


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "And when?",
        "What did he say?",
        "Who was there?",
        "What about the cost?",
        "how much did it cost?",
        "Since when?",
        "Really?",
        "Tell me more",
        "I meant the 2025 visit",
        "no, in May",
        "What did she say about Stellhaven?",
        "What did Marwick say to him?",
    ],
)
def test_a_question_that_leans_on_what_was_said_is_a_follow_up(text):
    assert is_follow_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "When did Netanyahu meet Vance?",
        "Who is the mayor of Stellhaven?",
        "How many people died in the flood last year?",
        "How many puffins are there on the cliffs?",
        "When did Brandt say that she would resign?",
        "No vaccine was approved in Orvale, was it?",
        "Any news about puffins?",
    ],
)
def test_a_question_with_names_or_enough_words_of_its_own_is_none(text):
    assert not is_follow_up(text)


MERZ = ("Who is the chancellor of Germany?", "Friedrich Merz is the chancellor, Olaf Scholz said [1].")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Who replaced him?", "Who replaced Friedrich Merz as chancellor of Germany?"),
        ("When did he take office?", "The chancellor of Germany: when did Friedrich Merz take office?"),
        ("What is his plan for the old railways?", "What is Friedrich Merz's plan for the old railways?"),
        ("And of Austria?", "Who is the chancellor of Austria?"),
        ("what about France?", "Who is the chancellor of France?"),
        ("no, the president", "Who is the president of Germany?"),
        ("And before him?", "Who was the chancellor of Germany before Friedrich Merz?"),
        ("And who won the election in Orvale?", "Who won the election in Orvale?"),
    ],
)
def test_a_person_who_was_asked_for_is_taken_from_the_answer(text, meant):
    assert after(*MERZ, text) == meant


VISIT = ("When did Netanyahu visit the White House?", "Mr Netanyahu was there on 4 February 2025 [1].")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Where did he stay?", "The White House: where did Netanyahu stay?"),
        ("What did Trump give him?", "The White House: what did Trump give Netanyahu?"),
        ("and Macron?", "When did Macron visit the White House?"),
        ("sorry, in May 2024", "When did Netanyahu visit the White House in May 2024?"),
        ("I meant the 2025 visit", "When did Netanyahu visit the White House, the 2025 visit?"),
        ("Actually, who is Vance?", "Who is Vance?"),
    ],
)
def test_a_person_who_was_asked_about_is_taken_from_the_question(text, meant):
    assert after(*VISIT, text) == meant


FERRY = ("How much did the ferry cost in 2024?", "It cost 4 million euros [1].")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Who paid for it?", "Who paid for the ferry?"),
        ("Is it late?", "Is the ferry late?"),
        ("What about its crew?", "What about the ferry's crew?"),
        ("and the year before?", "How much did the ferry cost in 2023?"),
        ("and in 2022?", "How much did the ferry cost in 2022?"),
        ("No, 2023.", "How much did the ferry cost in 2023?"),
        ("not the ferry, the bridge", "How much did the bridge cost in 2024?"),
        ("Why?", "Why did the ferry cost in 2024?"),
        ("How about the bridge?", "How much did the bridge cost in 2024?"),
        ("And the colour?", "What about the colour of the ferry?"),
        ("Is that a lot?", "How much did the ferry cost in 2024? Is that a lot?"),
        ("And then?", "How much did the ferry cost in 2024? And then?"),
    ],
)
def test_a_thing_a_time_or_a_part_takes_the_place_of_another(text, meant):
    assert after(*FERRY, text) == meant


RISE = ("Did Kittiwake raise its pay offer in July 2025?", "Yes, the company did on Wednesday [1].")
MAYOR = ("Who is the mayor of Orvale?", "Katrin Sollberg is the mayor of Orvale [1].")
SPAN = ("When was the first span of the bridge lifted?", "It was lifted on 19 August [1].")


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (RISE, "By how much?", "By how much did Kittiwake raise its pay offer in July 2025?"),
        (RISE, "and when exactly?", "When did Kittiwake raise its pay offer in July 2025?"),
        (RISE, "with what majority", "With what majority did Kittiwake raise its pay offer in July 2025?"),
        (RISE, "How much in August?", "How much did Kittiwake raise its pay offer in August 2025?"),
        (RISE, "By whom?", "By whom did Kittiwake raise its pay offer in July 2025?"),
        (RISE, "Who?", "Did Kittiwake raise its pay offer in July 2025? Who?"),
        (MAYOR, "since when?", "Since when has Katrin Sollberg been the mayor of Orvale?"),
        (MAYOR, "By how much?", "Who is the mayor of Orvale? By how much?"),
        (MAYOR, "and the deputy mayor?", "Who is the deputy mayor of Orvale?"),
        (MAYOR, "And the city engineer?", "Who is the city engineer of Orvale?"),
        (MAYOR, "in Stellhaven?", "Who is the mayor in Stellhaven?"),
        (SPAN, "and the second?", "When was the second span of the bridge lifted?"),
        (SPAN, "The last one?", "When was the last span of the bridge lifted?"),
        (SPAN, "where?", "Where was the first span of the bridge lifted?"),
        (("Did soldiers help in Orvale?", ""), "How many?", "How many soldiers did help in Orvale?"),
        (("Are there any puffins on Farrow?", ""), "how many", "How many puffins are there on Farrow?"),
        (("Did Kittiwake order ships?", ""), "how many?", "Did Kittiwake order ships? how many?"),
        (("Who joined Vance?", "Usha Vance."), "Who else?", "Who else joined Vance?"),
        (("Who joined Vance?", "Usha Vance."), "anybody else?", "Who else joined Vance?"),
        (("What did the union want?", "Pay."), "what else?", "What else did the union want?"),
        (("Which birds nest on Farrow?", "Puffins."), "any others?", "Which other birds nest on Farrow?"),
        (("Why did Solle go?", "A quay."), "who else?", "Why did Solle go? who else?"),
        (("How many fled in Orvale?", "140."), "how many in Pellow?", "How many fled in Pellow?"),
        (("How many fled in Orvale?", "140."), "and now?", "How many fled in Orvale now?"),
        (
            ("What will the Lantern Bridge replace?", ""),
            "And the new ferries?",
            "What will the new ferries replace?",
        ),
        (
            ("What will the Lantern Bridge replace?", ""),
            "And the cost?",
            "What about the cost of the Lantern Bridge?",
        ),
    ],
)
def test_a_question_cut_short_is_filled_up_by_the_one_before_it(turn, text, meant):
    assert after(*turn, text) == meant


@pytest.mark.parametrize(
    ("asked", "text", "meant"),
    [
        (
            "How high was the Sarn on 9 November 2025?",
            "the day after?",
            "How high was the Sarn on 10 November 2025?",
        ),
        ("Who died on 24 June 2025?", "and a week later?", "Who died on 1 July 2025?"),
        ("Who died on 24 June 2025?", "and the following month?", "Who died in July 2025?"),
        ("Who fled on 2025-12-31?", "the next day?", "Who fled on 1 January 2026?"),
        ("What did it cost in March 2026?", "six months earlier?", "What did it cost in September 2025?"),
        ("What did it cost in 2026?", "and two years earlier?", "What did it cost in 2024?"),
        ("What did it cost in 2026?", "a week later?", "What did it cost in 2026, a week later?"),
        (
            "What did it cost last month?",
            "and the month before?",
            "What did it cost last month, the month before?",
        ),
        ("What did it cost in 2026?", "and today?", "What did it cost today?"),
        ("What did it cost?", "a year earlier?", "What did it cost, a year earlier?"),
    ],
)
def test_a_time_told_from_the_last_one_is_put_in_its_place(asked, text, meant):
    assert after(asked, "So much [1].", text) == meant


def test_a_title_tells_whom_she_means():
    answer = "Mr Reyland lost to Ms Brandt after a recount, said Tomas Reyland and Adaeze Brandt."
    assert after("Who stood in the election?", answer, "What did she promise the dockers on the quay?") == (
        "What did Adaeze Brandt promise the dockers on the quay?"
    )


def test_over_several_turns_the_subject_is_kept():
    history = []
    for asked, answered in (
        ("Who is the mayor of Orvale?", "Katrin Sollberg is the mayor of Orvale [1]."),
        ("thanks!", "You are welcome."),
        ("And of Stellhaven?", "Ilse Marwick is the mayor of Stellhaven [1]."),
    ):
        history += [Message(role="user", content=asked), Message(role="assistant", content=answered)]
    assert stand_alone("What did she say about the toll on heavy lorries?", history).text == (
        "What did Ilse Marwick say about the toll on heavy lorries?"
    )


def test_where_the_answer_names_nobody_the_questions_are_joined():
    assert after(
        "Who led the inquiry?", "I found nothing in the archive. Nearest is Ann Lee.", "Is she old?"
    ) == ("Who led the inquiry? Is she old?")


@pytest.mark.parametrize("history", [[], [Message(role="assistant", content="Netanyahu met Vance.")]])
def test_without_an_earlier_question_a_follow_up_is_asked_as_it_is(history):
    assert stand_alone("Why?", history).text == "Why?"


class Counted(tuple):
    """A history that counts the messages read of it."""

    read = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        Counted.read += len(found) if isinstance(key, slice) else 1
        return found

    def __iter__(self):
        raise AssertionError("all of the history was read")


def test_of_a_long_history_only_the_last_messages_are_read():
    history = Counted(Message(role="user", content=f"Who runs ferry {at} in Orvale?") for at in range(10_000))
    assert stand_alone("And why?", history).text == "Who runs ferry 9999 in Orvale? And why?"
    assert Counted.read == REMEMBERED_MESSAGES


def test_however_long_its_turns_are_the_question_is_not():
    question, answer = "Who opened the bridge? " * 50_000, "Ada Quill opened it. " * 50_000
    assert len(after(question, answer, "What did she say?")) < 2_000


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_words_after_any_others_can_be_read(question, answer, text):
    assert len(after(question, answer, text)) <= 2 * MAX_QUESTION_CHARACTERS + 1


WORDS = st.lists(
    st.sampled_from(
        "and what about why who how many no sorry i meant the mayor Ada Quill of Orvale it she they "
        "there then before that year 2025 in May not , ? ' did is ferry ferries".split()
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


@given(WORDS, WORDS, WORDS)
def test_any_order_of_the_words_that_rules_look_for_can_be_read(question, answer, text):
    assert after(question, answer, text).strip()


FOLLOW_UP = Question.parse(
    "Where did he stay?",
    history=[Message(role="user", content=VISIT[0]), Message(role="assistant", content="In May.")],
)


def test_a_capable_model_rewrites_with_what_was_said():
    model = ScriptedModel('"Where did Netanyahu stay in May?"', capable=True)
    assert condense(FOLLOW_UP, model) == "Where did Netanyahu stay in May?"


@pytest.mark.parametrize("reply", ["Where did Macron stay?", "Where did Netanyahu stay in 2031?", " "])
def test_a_rewriting_that_brings_in_a_name_or_number_is_not_used(reply):
    assert condense(FOLLOW_UP, ScriptedModel(reply, capable=True)) is None


def test_a_capable_model_reads_no_more_of_a_long_history():
    model = ScriptedModel("Where did he stay?", capable=True)
    history = [Message(role="user", content=f"Question {at} " * 5_000) for at in range(1_000)]
    condense(Question.parse("Where did he stay?", history=history), model)
    assert len(model.prompts[0][1].content) < 5_000


def test_there_are_dialogues_of_every_kind():
    assert len(DIALOGUES) >= 120
    assert sum(one.get("held_out", False) for one in DIALOGUES) >= 55
    assert sum(one.get("group") == "who_and_when" for one in DIALOGUES) >= 12
    assert {one["kind"] for one in DIALOGUES} == {
        "pronoun",
        "ellipsis",
        "substitution",
        "time",
        "correction",
        "why",
        "chain",
        "topic_change",
    }
    assert {len(one["turns"]) for one in DIALOGUES} == {2, 3}


@pytest.mark.integration
def test_four_follow_ups_of_five_find_what_the_full_question_does(tmp_path):
    embedder = MiniLMEmbedder()
    build(
        tmp_path / "index",
        read_sources([str(ROOT / "examples" / "articles")]),
        embedder=embedder,
        chunking=ChunkingConfig(),
        mode=BuildMode.REPLACE,
    )
    held_out = [one for one in DIALOGUES if one.get("held_out")]
    first = same = 0
    with Engine(Settings(index=tmp_path / "index", generate={"model": "none"}), embedder=embedder) as engine:
        for dialogue in held_out:
            history = []
            for turn in dialogue["turns"][:-1]:
                answer = engine.ask(turn, history=history, as_of=AS_OF).answer
                history += [Message(role="user", content=turn), Message(role="assistant", content=answer)]
            asked = stand_alone(dialogue["turns"][-1], history).text
            found, wanted = articles_of(engine, asked), articles_of(engine, dialogue["full"])
            first += found[0] == wanted[0]
            same += len(set(found) & set(wanted)) >= 3
    assert first / len(held_out) >= 0.8
    assert same / len(held_out) >= 0.8


def articles_of(engine, query):
    return list(dict.fromkeys(found.article_id for found in engine.search(query, as_of=AS_OF)))[:4]


VICTIM = "New details of the attack on Senator Nora Vell's husband, Paul Vell, were given on Monday [1]."
SUCCESSOR = "Lise Tarn became premier after the party said that she would replace Bo Jonsen [1]."


@pytest.mark.parametrize(
    ("turns", "last", "asked"),
    [
        (
            [("Who attacked Paul Vell?", VICTIM), ("what was his motive?", "Nothing is known.")],
            "is he in prison?",
            "Who attacked Paul Vell? Is he in prison?",
        ),
        (
            [("Who attacked Paul Vell?", "Dan Pape attacked Paul Vell [1].")],
            "is he in prison?",
            "Paul Vell: is Dan Pape in prison?",
        ),
        (
            [("Who won the Orvale race?", "Jon Fetter beat Dr. Mel Ozden in Orvale [1].")],
            "who did he beat?",
            "The Orvale race: who did Jon Fetter beat?",
        ),
        (
            [("Why did the ferry workers strike?", "They want more pay [1].")],
            "How long did it last?",
            "Why did the ferry workers strike? How long did it last?",
        ),
        (
            [("Why did the ferry workers strike?", "They want more pay [1].")],
            "and who mediated?",
            "The ferry workers: who mediated?",
        ),
        (
            [
                ("Who replaced Bo Jonsen as premier?", SUCCESSOR),
                ("When did she resign?", "Lise Tarn stepped down on Thursday [1]."),
            ],
            "Why?",
            "Why did Lise Tarn resign as premier?",
        ),
        (
            [
                ("Who replaced Bo Jonsen as premier?", SUCCESSOR),
                ("When did she resign?", "Lise Tarn stepped down on Thursday [1]."),
            ],
            "Who replaced her?",
            "Who replaced Lise Tarn as premier?",
        ),
        (
            [("When did Vell meet Tarn?", "Vell met Tarn in Orvale on 14 October 2025 [1].")],
            "and before that?",
            "When did Vell meet Tarn before 14 October 2025?",
        ),
        (
            [("Why did Vell fly the herd to Martha's Field?", "To save it [1].")],
            "where are they now?",
            "Why did Vell fly the herd to Martha's Field? Where are they now?",
        ),
    ],
    ids=[
        "the victim is not who did it",
        "who did it",
        "the winner, not the loser",
        "it is not said of several",
        "and opens a question",
        "why of the turn before, not of the one before that",
        "who of the turn before",
        "before the day of the answer",
        "a place is not somebody",
    ],
)
def test_nobody_is_taken_for_somebody_else(turns, last, asked):
    history = [
        Message(role=role, content=text)
        for question, answer in turns
        for role, text in (("user", question), ("assistant", answer))
    ]
    assert stand_alone(last, history).text == asked


def test_a_surname_that_two_have_stays_a_surname():
    frame = Frame(question="Was Vell hurt?", answer="Nora Vell was away, and Paul Vell was hurt [1].")
    assert frame.person("he") == "Vell"
    alone = Frame(question="Was Vell hurt?", answer="Mayor Paul Vell was hurt [1].")
    assert alone.person("he").endswith("Paul Vell")


POLICE = "Paul Vell was attacked at home, the police chief, Will Sorrel, said on Monday [1]."
SPAT = "Paul Vell was attacked with a boathook by Dan Pape [1]."
BALLOT = "Marquee races: Democratic Lt. Gov. Jon Fetter beat Dr. Mel Ozden in Orvale's senate race [1]."
LOST = "Mel Ozden lost to Jon Fetter in the Orvale race [1]."
LETTUCE = "A lettuce outlasted Lise Tarn. Grant Bray, who is responsible, will announce who will replace her."


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (
            ("Who attacked Paul Vell?", POLICE),
            "is he in prison?",
            "Who attacked Paul Vell? Is he in prison?",
        ),
        (("Who attacked Paul Vell?", SPAT), "is he in prison?", "Paul Vell: is Dan Pape in prison?"),
        (
            ("Who won the Orvale race?", BALLOT),
            "who did he beat?",
            "The Orvale race: who did Jon Fetter beat?",
        ),
        (("Who won the Orvale race?", LOST), "how old is he?", "The Orvale race: how old is Jon Fetter?"),
        (("Who lost the Orvale race?", LOST), "how old is he?", "The Orvale race: how old is Mel Ozden?"),
        (("Who replaced Lise Tarn?", LETTUCE), "How old is he?", "Who replaced Lise Tarn? How old is he?"),
        (
            ("Who is the mayor of Orvale?", "Mayor Ida Brask said she would stay on as mayor of Orvale [1]."),
            "is he in prison?",
            "Who is the mayor of Orvale? Is he in prison?",
        ),
        (
            (
                "Who is the mayor of Orvale?",
                "Ada Lund was elected deputy mayor. Ida Brask is mayor of Orvale.",
            ),
            "and before that?",
            "Who was the mayor of Orvale before Ida Brask?",
        ),
        (
            (
                "Who is the CEO of Kittiwake?",
                "Ada Lund was fired as CEO on Monday; Ida Brask is now CEO [1].",
            ),
            "When did she start?",
            "The CEO of Kittiwake: when did Ida Brask start?",
        ),
        (
            (
                "Who was elected president of Orvale?",
                "Before Orvale's elections on Sunday, the singer Nils Holt sang for the old president [1].",
            ),
            "who did he beat?",
            "Who was elected president of Orvale? Who did he beat?",
        ),
        (
            (
                "Who is the governor of Orvale?",
                "Polls showed the governor exceeding President Nils Holt's margin in Orvale [1].",
            ),
            "who did he beat?",
            "Who is the governor of Orvale? Who did he beat?",
        ),
        (
            ("Who hosts the Daily Show?", "Nils Holt was once shown to the host of “Daily Show” [1]."),
            "why did he leave?",
            "The Daily Show: why did Nils Holt leave?",
        ),
        (
            (
                "Who won the Stellhaven Open?",
                "Nils Holt, who won in 2014, was beaten in five sets by Carl Quill in Stellhaven [1].",
            ),
            "how old is he?",
            "The Stellhaven Open: how old is Carl Quill?",
        ),
        (
            (
                "Who won the election for mayor of Orvale?",
                "Nils Holt was elected deputy mayor of Orvale. Ida Brask was elected mayor of Orvale [1].",
            ),
            "When was she sworn in?",
            "When was Ida Brask sworn in as mayor of Orvale?",
        ),
        (
            ("Who is deputy mayor of Orvale?", "Orvale's council elected Ada Lund deputy mayor [1]."),
            "and before that?",
            "Who was deputy mayor of Orvale before Ada Lund?",
        ),
        (
            ("Who is the mayor of Stellhaven?", "The mayor, Ida Brask, spoke in Orvale [1]."),
            "How old is she?",
            "Who is the mayor of Stellhaven? How old is she?",
        ),
        (
            (
                "Who succeeded Queen Alma?",
                "Her father's successor, King Otto VI, was followed by Queen Alma.",
            ),
            "When was she buried?",
            "Who succeeded Queen Alma? When was she buried?",
        ),
    ],
    ids=[
        "who speaks of it did not do it",
        "who it was done by",
        "a title cut short is no name",
        "a winner named after the loser",
        "a loser named first",
        "who speaks of a successor is none",
        "she is not he",
        "a deputy does not hold the office",
        "who was fired does not hold it now",
        "who stands near an election was not elected",
        "a president is not the governor",
        "a name of the question is not the answer",
        "who was beaten in between did not win",
        "who was elected deputy did not win",
        "who was elected to an office has it",
        "an answer about another town names nobody",
        "a king is not she",
    ],
)
def test_of_the_people_of_an_answer_only_who_was_asked_for_is_taken(turn, text, meant):
    assert after(*turn, text) == meant


def test_a_surname_gets_no_first_name_from_a_relative():
    frame = Frame(question="Was Vell hurt?", answer="Nora Vell's husband was hurt [1].")
    assert frame.person("he") == "Vell"


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (
            ("Deputy mayor Solle resigns", "Henrik Solle resigned as deputy mayor of Orvale [1]."),
            "who followed him?",
            "Who followed Henrik Solle as deputy mayor?",
        ),
        (
            ("Why did deputy mayor Henrik Solle resign?", "Over a quay [1]."),
            "Who took over from him?",
            "Who took over from Henrik Solle as deputy mayor?",
        ),
        (
            ("When did Henrik Solle resign as deputy mayor?", "On 14 September [1]."),
            "and who succeeded him?",
            "Who succeeded Henrik Solle as deputy mayor?",
        ),
        (
            ("Who was elected deputy mayor of Orvale?", "Mira Quill was elected deputy mayor of Orvale [1]."),
            "Who did she succeed?",
            "Who did Mira Quill succeed as deputy mayor of Orvale?",
        ),
        (
            ("Who is the mayor of Orvale?", "Ida Brask is mayor of Orvale [1]."),
            "When was she sworn in?",
            "When was Ida Brask sworn in as mayor of Orvale?",
        ),
        (
            ("Who attacked mayor Ida Brask?", "Dan Pape attacked Ida Brask [1]."),
            "Who replaced him?",
            "Ida Brask: who replaced Dan Pape?",
        ),
        (
            ("Who criticised the mayor of Orvale?", "Dan Pape criticised Ida Brask [1]."),
            "Who replaced him?",
            "The mayor of Orvale: who replaced Dan Pape?",
        ),
    ],
)
def test_who_comes_after_somebody_is_asked_of_the_office(turn, text, meant):
    assert after(*turn, text) == meant


MET = "Vell met Tarn in Orvale on 14 October 2025 [1]."
MET_FIRST = "Vell met Tarn on 4 May 2024 [1]."


@pytest.mark.parametrize(
    ("turns", "text", "meant"),
    [
        (
            [("When did Vell meet Tarn?", MET), ("and before that?", MET_FIRST)],
            "and before that?",
            "When did Vell meet Tarn before 4 May 2024?",
        ),
        (
            [("When did Vell meet Tarn?", MET_FIRST)],
            "and after that?",
            "When did Vell meet Tarn after 4 May 2024?",
        ),
        (
            [("When did Vell meet Tarn in 2025?", MET)],
            "and before that?",
            "When did Vell meet Tarn before 14 October 2025?",
        ),
        (
            [("How many puffins bred on Farrow in 2025?", "3,460 pairs [1].")],
            "and before that?",
            "How many puffins bred on Farrow before 2025?",
        ),
        (
            [("Who replaced Lise Tarn as premier?", "Ravi Sund will replace Lise Tarn as premier [1].")],
            "And before him?",
            "Who was premier before Ravi Sund?",
        ),
        (
            [("Who was the mayor of Orvale in 2024?", "Ida Brask is mayor of Orvale [1].")],
            "and before that?",
            "Who was the mayor of Orvale before Ida Brask?",
        ),
        (
            [
                ("Who is the mayor of Orvale?", "Ida Brask is mayor of Orvale [1]."),
                ("And before that?", "Nils Holt was mayor of Orvale until 2020 [1]."),
            ],
            "And before that?",
            "Who was the mayor of Orvale before Nils Holt?",
        ),
    ],
)
def test_before_that_is_before_what_the_last_answer_told(turns, text, meant):
    history = [
        Message(role=role, content=said)
        for question, answer in turns
        for role, said in (("user", question), ("assistant", answer))
    ]
    assert stand_alone(text, history).text == meant


def test_a_turn_with_a_heading_is_leant_on_with_its_heading():
    history = [
        Message(role=role, content=said)
        for role, said in (
            ("user", "Why did the ferry workers strike?"),
            ("assistant", "They want more pay [1]."),
            ("user", "and who mediated?"),
            ("assistant", "The former judge Ansel Dray mediated [1]."),
        )
    ]
    assert stand_alone("How old is he?", history).text == "The ferry workers: how old is Ansel Dray?"
    assert stand_alone("and in 2024?", history).text == "The ferry workers: who mediated in 2024?"
    history += [
        Message(role="user", content="How old is he?"),
        Message(role="assistant", content="Mr Dray is 67 [1]."),
    ]
    assert stand_alone("How many walked off?", history).text == "The ferry workers: how many walked off?"


def test_and_opens_a_question_about_who_was_asked_for():
    answer = "Ida Brask is the new owner of Kittiwake Lines [1]."
    assert after("Who owns Kittiwake Lines?", answer, "and what did she do first?") == (
        "Kittiwake Lines: what did Ida Brask do first?"
    )


def test_after_who_did_it_he_is_not_whom_it_was_done_to():
    history = [
        Message(role=role, content=said)
        for role, said in (
            ("user", "When was Paul Vell attacked?"),
            ("assistant", "Paul Vell was attacked on Friday [1]."),
            ("user", "Who did it?"),
        )
    ]
    nobody = [*history, Message(role="assistant", content="The police gave no details of the attack [1].")]
    assert stand_alone("Is he in prison?", nobody).text == "When was Paul Vell attacked? Is he in prison?"
    named = [*history, Message(role="assistant", content="Dan Pape attacked Paul Vell [1].")]
    assert stand_alone("Is he in prison?", named).text == "Paul Vell: is Dan Pape in prison?"


def test_why_of_a_question_for_a_thing_is_joined_to_it():
    assert after("What did Ida Brask do first?", "She left [1].", "Why?") == (
        "What did Ida Brask do first? Why?"
    )


PAID = ("How much did Quill get?", "Ada Quill got 3 million euros [1].")


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (PAID, "Sorry, I meant Solle. Why did she leave?", "Why did Solle leave?"),
        (PAID, "No, Mr. Solle! When did he start?", "When did Solle start?"),
        (PAID, "I meant Solle – why did he leave?", "Why did Solle leave?"),
        (PAID, "I meant the bridge. How long is it?", "How long is the bridge?"),
        (PAID, "Sorry, I meant Solle. Who is the mayor of Orvale?", "Who is the mayor of Orvale?"),
        (
            MAYOR,
            "Sorry, I meant Stellhaven. How old is she?",
            "Who is the mayor of Stellhaven? How old is she?",
        ),
        (
            ("How many died in the 2024 flood?", "Six [1]."),
            "I meant 2022. Who led the rescue?",
            "The 2022 flood: who led the rescue?",
        ),
    ],
    ids=[
        "whom it is about",
        "a title has a full stop too",
        "after a dash",
        "a thing",
        "a question that leans on nothing",
        "a place is not she",
        "a year",
    ],
)
def test_a_question_after_a_correction_is_asked_of_what_was_meant(turn, text, meant):
    assert after(*turn, text) == meant


def test_what_was_meant_is_kept_for_the_next_question():
    history = [
        Message(role=role, content=said)
        for role, said in (
            ("user", PAID[0]),
            ("assistant", PAID[1]),
            ("user", "Sorry, I meant Solle. Why did she leave?"),
            ("assistant", "Henrike Solle left for Farrow Radio [1]."),
        )
    ]
    assert stand_alone("When was she hired by the radio station?", history).text == (
        "When was Henrike Solle hired by the radio station?"
    )


CHAMBER = ("What did the lower house decide in June 2024?", "It passed the harbour bill [1].")
COUNCIL = ("What did the council say about the bridge in Orvale?", "It will open in May [1].")
FLOODS = ("How many people died in the floods?", "Six people died [1].")


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (CHAMBER, "And the Senate?", "What did the Senate decide in June 2024?"),
        (CHAMBER, "And the upper house?", "What did the upper house decide in June 2024?"),
        (CHAMBER, "and Ida Brask?", "What did Ida Brask decide in June 2024?"),
        (CHAMBER, "No, I meant the vote in 2022.", "What did the lower house decide in 2022, the vote?"),
        (CHAMBER, "and the budget?", "What about the budget of the lower house?"),
        (COUNCIL, "And the mayor?", "What did the mayor say about the bridge in Orvale?"),
        (COUNCIL, "And Vessenport?", "What did the council say about the bridge in Vessenport?"),
        (
            ("Why did the union of dockers strike?", "For pay [1]."),
            "And the teachers?",
            "Why did the union of teachers strike?",
        ),
        (
            ("When did the dockers' strike begin?", "In May [1]."),
            "And the teachers' strike?",
            "When did the teachers' strike begin?",
        ),
        (("What did President Ida Brask say?", "No [1]."), "And the Senate?", "What did the Senate say?"),
        (FLOODS, "And the firefighters?", f"{FLOODS[0]} What about the firefighters?"),
        (FLOODS, "and in the fires?", "How many people died in the fires?"),
        (MAYOR, "And the council?", "Who is the mayor of Orvale? What about the council?"),
        (MAYOR, "No, the one in Stellhaven.", "Who is the mayor in Stellhaven?"),
    ],
)
def test_only_what_is_of_its_kind_takes_the_place_of_a_thing(turn, text, meant):
    assert after(*turn, text) == meant


BLAZE = ("How big was the Harn fire of 2025?", "It burned 400 hectares [1].")


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (BLAZE, "I meant the 2017 fire.", "How big was the Harn fire of 2017?"),
        (BLAZE, "And the 2017 one?", "How big was the Harn fire of 2017?"),
        (BLAZE, "How many homes did it destroy?", "How many homes did the Harn fire of 2025 destroy?"),
        (("How big was the Harn fire?", "400."), "I meant the 2017 fire", "How big was the 2017 Harn fire?"),
        (
            ("How many died in the 2024 flood?", "Six [1]."),
            "I meant the fire in 2020.",
            "How many died in the fire in 2020?",
        ),
        (
            ("What was the turnout in the 2024 vote?", "80 percent [1]."),
            "and the vote in 2020?",
            "What was the turnout in the vote in 2020?",
        ),
    ],
)
def test_what_is_told_apart_by_its_year_keeps_its_name(turn, text, meant):
    assert after(*turn, text) == meant


BOAT = ("What happened to Ida Brask's boat?", "It was sold [1].")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("And the goats?", "What happened to Ida Brask's goats?"),
        ("And her farm?", "What about Ida Brask's farm?"),
        ("And the farm?", "What happened to Ida Brask's farm?"),
        ("And the price?", "What about the price of Ida Brask's boat?"),
        ("And Nils Holt's?", "What happened to Nils Holt's boat?"),
        ("When was it sold?", "When was Ida Brask's boat sold?"),
    ],
)
def test_what_somebody_owns_is_asked_about_with_its_owner(text, meant):
    assert after(*BOAT, text) == meant


RUNS = ("Who runs Kittiwake Lines?", "Ida Brask has been chief executive of Kittiwake Lines since May [1].")
SAID = (RUNS[0], "Analyst Nils Holt of Farrow Bank said the owners of Kittiwake Lines had had enough [1].")


@pytest.mark.parametrize(
    ("turns", "text", "meant"),
    [
        ([RUNS], "When did she start?", "Kittiwake Lines: when did Ida Brask start?"),
        ([RUNS], "And who came before her?", "Who ran Kittiwake Lines before Ida Brask?"),
        (
            [RUNS, ("When did she start?", "In May [1].")],
            "And who came before her?",
            "Kittiwake Lines: who came before Ida Brask?",
        ),
        ([SAID], "When did she start?", f"{RUNS[0]} When did she start?"),
        ([SAID], "And who came before her?", f"{RUNS[0]} And who came before her?"),
        (
            [(RUNS[0], "Kittiwake Lines hired Ida Brask, the head of Farrow Radio, in May [1].")],
            "When did she start?",
            f"{RUNS[0]} When did she start?",
        ),
        (
            [("Who owns Kittiwake Lines?", "Ida Brask owns Kittiwake Lines [1].")],
            "And before that?",
            "Who owned Kittiwake Lines before Ida Brask?",
        ),
        (
            [
                (
                    RUNS[0],
                    "Nils Holt was to lead Kittiwake Lines in May. "
                    "Ida Brask spent her first day at the helm of Kittiwake Lines on Monday [1].",
                )
            ],
            "When did she start?",
            "Kittiwake Lines: when did Ida Brask start?",
        ),
        (
            [("Who leads Orvale?", "Deputy Premier Ida Brask will lead Orvale until November [1].")],
            "How old is she?",
            "Orvale: how old is Ida Brask?",
        ),
    ],
    ids=[
        "an executive runs it",
        "who ran it before",
        "who came before somebody that was asked about",
        "who speaks of it does not run it",
        "nobody is known",
        "the head of another does not run it by that",
        "who owned it before",
        "she is who is said to be a woman",
        "an office of two words",
    ],
)
def test_who_runs_something_is_who_is_said_to(turns, text, meant):
    history = [
        Message(role=role, content=said)
        for question, answer in turns
        for role, said in (("user", question), ("assistant", answer))
    ]
    assert stand_alone(text, history).text == meant


PREMIER = "Who is Orvale's prime minister?"
COACH = "Who is the coach of Orvale United?"


@pytest.mark.parametrize(
    ("turn", "text", "meant"),
    [
        (
            (PREMIER, "President Ida Brask nominated economist Mira Quill as prime minister of Orvale [1]."),
            "Who was it before her?",
            "Who was Orvale's prime minister before Mira Quill?",
        ),
        (
            ("Who nominated Mira Quill?", "President Ida Brask nominated Mira Quill as prime minister [1]."),
            "How old is she?",
            "Mira Quill: how old is Ida Brask?",
        ),
        (
            (COACH, "Orvale United sacked coach Nils Holt on Monday and brought back Carl Quill [1]."),
            "Where does he live?",
            "The coach of Orvale United: where does Carl Quill live?",
        ),
        (
            (COACH, "Orvale United sacked coach Nils Holt on Monday [1]."),
            "Where does he live?",
            f"{COACH} Where does he live?",
        ),
        (
            ("Who replaced Nils Holt as coach?", "Carl Quill replaced Nils Holt as coach in May [1]."),
            "Where does he live?",
            "Nils Holt: where does Carl Quill live?",
        ),
    ],
    ids=[
        "who names somebody to an office does not hold it",
        "unless that was asked for",
        "who was brought in for somebody holds it",
        "who was sent away does not",
        "who replaced somebody did",
    ],
)
def test_an_office_is_held_by_who_was_named_to_it(turn, text, meant):
    assert after(*turn, text) == meant


def test_a_heading_has_no_verb_and_no_capital_within_a_question():
    asked = "Who was health minister when the cholera outbreak began?"
    assert after(asked, "Nils Holt was health minister [1].", "Who replaced him?") == (
        "The cholera outbreak: who replaced Nils Holt?"
    )
    history = [
        Message(role=role, content=said)
        for role, said in (
            ("user", "What will the nurses get?"),
            ("assistant", "Nine percent [1]."),
            ("user", "What else is in the deal?"),
            ("assistant", "A cap [1]."),
        )
    ]
    assert stand_alone("What had they demanded?", history).text == "The deal: what had the nurses demanded?"
