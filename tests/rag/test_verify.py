import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import Sentence
from rag.verify import support_of

SUPPORTED = 0.9  # the default of `answer.support`

MET_TRUMP = "Netanyahu met Trump at the White House on 4 February 2025."
MET_VANCE = "Netanyahu met Vance in Jerusalem on 22 October 2025."


def sentence(text):
    return Sentence(
        at=0, start=0, end=len(text), text=text, similarity=1, coverage=1, fits=True, unnamed=(), score=1
    )


def degree(claim, text, *, context="", literal=True):
    found = support_of(claim, [sentence(text)], [context], literal=literal)
    return found.degree if found else 0.0


def supports(claim, text, *, context="", literal=True):
    return degree(claim, text, context=context, literal=literal) >= SUPPORTED


both = pytest.mark.parametrize("literal", [True, False], ids=["literal", "rephrasing"])


@both
@pytest.mark.parametrize(
    "text", [MET_TRUMP, "He said “we will not yield” to 1,150 people.", "No one came to Orvale."]
)
def test_a_sentence_supports_itself_wholly(text, literal):
    assert degree(text, text, literal=literal) == 1.0


@both
def test_a_claim_may_shorten_a_sentence(literal):
    long = "The mayor, Ada Quill, opened the bridge in Stellby on Monday, after years of delay."
    assert supports("The mayor opened the bridge in Stellby on Monday.", long, literal=literal)


def test_a_literal_claim_leaves_out_whole_segments_and_nothing_less():
    long = "The mayor of Orvale, Ada Quill, expected the number of people in shelters to double by May."
    assert supports("The mayor of Orvale expected the number of people in shelters to double by May.", long)
    assert not supports("The mayor of Orvale expected the number of shelters to double by May.", long)
    assert not supports("The mayor of Orvale expected the number of people in shelters to double.", long)


@both
@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The dam is safe.", "The dam is safe, said the director of the water board."),
        ("The minister will resign.", "The minister will resign, a newspaper wrote."),
        ("Five people died.", "At first it was thought that five people died."),
        ("The strike will begin on Monday.", "If the talks fail, the strike will begin on Monday."),
        ("The bridge will open in June.", "The bridge will open in June, unless the strike goes on."),
    ],
)
def test_a_claim_does_not_drop_who_said_it_or_on_what_condition(claim, text, literal):
    assert not supports(claim, text, literal=literal)


@both
def test_one_country_is_not_put_in_place_of_another(literal):
    assert not supports("The US closed its embassy.", "The UK closed its embassy.", literal=literal)
    assert supports("The US closed its embassy.", "The U.S. closed its embassy.", literal=literal)


@both
def test_white_space_accents_and_thousands_commas_make_no_difference(literal):
    assert supports("1150 people came to Zurich.", "1,150  people came to Zürich.", literal=literal)


@both
@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The budget is 97 million euros.", "The budget is 84 million euros."),
        ("The budget is 84 billion euros.", "The budget is 84 million euros."),
        ("The flood in the old town killed three people.", "The flood in the old town killed five people."),
        (
            "The bridge over the river will open in June 2027.",
            "The bridge over the river will open in May 2027.",
        ),
        ("The talks in the old town ended on Monday.", "The talks in the old town ended on Tuesday."),
        ("The river rose to 6.3 metres.", "The river rose to 6 metres."),
        ("On 5 March 84 people left.", "On 4 March 84 people left."),
        ("The bridge opened on 2 March.", "The 2nd bridge opened on 1 March."),
        ("The council of the old town met this week.", "The council of the old town met last week."),
        ("The 3rd bridge opened on 3 March.", "The 2nd bridge opened on 3 March."),
    ],
)
def test_a_number_day_or_month_that_the_sentence_lacks_is_never_supported(claim, text, literal):
    assert degree(claim, text, literal=literal) == 0


@both
def test_a_number_of_the_context_may_be_added_and_never_put_in_place(literal):
    title = "Bridge budget raised to 112 million"
    text = "The first budget of the bridge was 84 million euros, said the council."
    assert not supports(text.replace("84", "112"), text, context=title, literal=literal)
    added = support_of(f"In 2026 {text}", [sentence(text)], ["2026-03-01"], literal=False)
    assert added.degree >= SUPPORTED


@both
@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Ada Quill opened the bridge in Stellby.", "Tom Brandt opened the bridge in Stellby."),
        ("Ada Quill opened the bridge in Orvale.", "Ada Quill opened the bridge in Stellby."),
    ],
)
def test_a_name_that_the_sentence_lacks_is_never_supported(claim, text, literal):
    assert degree(claim, text, literal=literal) == 0


def test_a_name_that_the_sentence_leaves_out_may_come_from_its_title_for_those_who_rephrase():
    claim, text = "Quill opened the harbour bridge on Monday.", "She opened the harbour bridge on Monday."
    assert supports(claim, text, context="Mayor Quill at the harbour", literal=False)
    assert degree(claim, text, context="Mayor Brandt at the harbour", literal=False) == 0


def test_a_name_of_the_title_never_takes_the_place_of_one_in_the_sentence():
    title = "Netanyahu, Trump and Vance: a year of meetings"
    assert degree(MET_TRUMP.replace("Trump", "Vance"), MET_TRUMP, context=title) == 0


@both
@pytest.mark.parametrize(
    "claim",
    [
        "Netanyahu met Vance at the White House on 4 February 2025.",
        "Netanyahu met Trump in Jerusalem on 22 October 2025.",
        "Netanyahu met Trump at the White House on 22 October 2025.",
        "Netanyahu met Vance in Jerusalem on 4 February 2025.",
    ],
)
def test_two_meetings_are_not_mixed(claim, literal):
    found = support_of(claim, [sentence(MET_TRUMP), sentence(MET_VANCE)], ["", ""], literal=literal)
    assert found is None or found.degree < SUPPORTED


@both
def test_the_sentence_that_supports_best_is_named(literal):
    sentences = [sentence(text) for text in ("A dog ran off.", MET_TRUMP, MET_VANCE)]
    found = support_of(MET_VANCE, sentences, ["", "", ""], literal=literal)
    assert found.position == 2


@both
@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The council approved the plan.", "The council has not approved the plan."),
        ("The council did not approve the plan.", "The council approved the plan."),
        ("The council approved the plan.", "The council didn’t approve the plan."),
        ("The mayor opened the bridge.", "The mayor refused to open the bridge."),
        ("Solle admitted the mistake.", "Solle denied that he admitted the mistake."),
    ],
)
def test_a_negation_on_one_side_only_is_never_supported(claim, text, literal):
    assert degree(claim, text, literal=literal) == 0


@both
def test_a_quotation_must_stand_in_the_sentence_word_for_word(literal):
    text = "The minister said “we will open the border soon” to reporters."
    assert supports('The minister said "we will open the border soon" to reporters.', text, literal=literal)
    assert degree("The minister said “we open the border soon” to reporters.", text, literal=literal) == 0


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The swing bridge will replace the tunnel.", "The swing bridge will be replaced by the tunnel."),
        (
            "Brandt was beaten by Reyland in the count of the votes on Monday.",
            "Brandt has beaten Reyland in the count of the votes on Monday.",
        ),
        ("Reyland defeated Brandt in the election.", "Brandt defeated Reyland in the election."),
    ],
)
def test_a_sentence_turned_round_is_not_supported_by_the_letter(claim, text):
    assert not supports(claim, text)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The council of the old town rejected the plan.", "The council of the old town approved the plan."),
        ("The US sent two thousand troops to Syria.", "The UK sent two thousand troops to Syria."),
        (
            "The answer is: the council approved the plan for the port.",
            "The council approved the plan for the port.",
        ),
    ],
)
def test_by_the_letter_no_word_comes_in_that_the_sentence_lacks(claim, text):
    assert not supports(claim, text)


def test_those_who_rephrase_may_change_small_words_and_forms_but_not_who_did_what():
    text = "The council has approved a plan for the building of the bridge."
    assert supports("The council approves the plan to build a bridge.", text, literal=False)
    assert not supports("Reyland defeated Brandt.", "Brandt defeated Reyland.", literal=False)


@both
@pytest.mark.parametrize("claim", ["", "It is.", "…", "What was it?"])
def test_a_claim_that_says_nothing_has_no_support(claim, literal):
    assert degree(claim, MET_TRUMP, literal=literal) == 0


@both
def test_without_sentences_there_is_no_support(literal):
    assert support_of("Netanyahu met Trump.", [], [], literal=literal) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30), st.booleans())
def test_no_text_breaks_it_and_degrees_lie_between_0_and_1(claim, text, context, literal):
    assert 0 <= degree(claim, text, context=context, literal=literal) <= 1


@both
@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Gorm Tully leads the port.", "A note to all readers: Gorm Tully leads the port."),
        ("Lena Frost designed it.", "The banner had in red letters “Lena Frost designed it” on both sides."),
        ("The dam is safe.", "Her letter had one line: the dam is safe."),
    ],
)
def test_what_is_introduced_is_not_what_the_sentence_says(claim, text, literal):
    assert not supports(claim, text, literal=literal)
    assert supports(text, text, literal=literal)


@both
def test_a_time_of_day_introduces_nothing(literal):
    assert supports("The ferry sails at 9:30.", "The ferry sails at 9:30, weather allowing.", literal=literal)


def test_whoever_the_title_names_does_not_do_what_another_did():
    text, title = "Knud Vane bought the Tern shipyard.", "Ode Rask at the Tern shipyard"
    assert not supports("Ode Rask bought the Tern shipyard.", text, context=title, literal=False)
    assert not supports("Ode Rask bought the shipyard.", text, context=title, literal=False)
    assert supports("Knud Vane bought the shipyard.", text, context=title, literal=False)
