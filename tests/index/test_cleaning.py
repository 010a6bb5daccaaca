import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cleaning import MAX_NOISE_CHARS, NOISE, clean_text, is_noise, noise_kind, paragraphs, split_lines

NOISE_LINES = [
    "Getting your Harbour Audio player ready...",
    "|",
    "***",
    "Advertisement",
    "ADVERTISEMENT",
    "Story continues below advertisement",
    "Read More",
    "Read more:",
    "Click here to read more.",
    "Related stories:",
    "More: Harbour port to add a third crane",
    "READ MORE: Ferries return in April",
    "Sign up",
    "Sign up for our morning newsletter, and never miss a ferry.",
    "Get the news in your inbox: Sign up for the Island newsletter",
    "Subscribe",
    "Support local journalism. Subscribe to the Harbour Post today.",
    "Share on Facebook",
    "Facebook Twitter Email",
    "Follow Ann Lee on Twitter: @annlee",
    "Contact Ann Lee at ann.lee@harbour.example.",
    "Bo Day covers ports for the Post. Reach him at bo@harbour.example.",
    "We use cookies to improve your experience on this site.",
    "By clicking accept, you agree to our terms.",
    "Accept all cookies",
    "How relevant is this ad to you?",
    "1. How relevant is this ad to you?",
    "Video player was slow to load content Video content never loaded Other issues",
    "HPN values your feedback",
    "Video Ad Feedback Crane falls into harbour 02:10 - Source: HPN",
    "The Associated Press contributed to this report.",
    "— Bo Day and Cy Ray contributed to this report.",
    "Contributing: Bo Day",
    "© 2026 Harbour Post. All rights reserved.",
    "Copyright 2026 Harbour Post",
    "Cy Ray/Getty Images",
    "The pier at dusk on March 4. Cy Ray/Pool/Getty Images",
    "A crane stands over the harbour. (AP Photo/Cy Ray)",
    "The pier at dusk. (Photo by Cy Ray / AFP)",
    "Photo: Cy Ray",
    "CNN —",
    "London CNN —",
    "This story has been updated with additional details.",
    "JUST WATCHED Crane falls into harbour Replay More Videos ... MUST WATCH Crane falls into harbour 02:10",
    "Hit play on the player above to hear the podcast and read along with the transcript below.",
    "Prefer to listen? Check out the Harbour podcast:",
    "NNA AUDIO: Ferries return to the island",
    "View this post on Pixagram",
    "Ferry fares:What islanders will pay from April, and who travels free",
    "FERRY FARES:Islanders pay more. Here is why.",
    "►Harbour crane:Third crane to be lifted into place by a ship from the south",
    "Opinion: Our libraries are not a luxury",
    "Fact check: The pier was not sold to a circus",
    "You may like:From ice to storms, the ten worst winters on the island",
    "More on the harbour:",
    "Read more about the ferry here.",
    "UP NEXT",
    "NEWS DELIVERY:Get the latest from the island in your inbox. Sign up here.",
    "Keep refreshing this page for the latest news. Want more? Sign up for the Tide newsletter.",
    "Don't miss a ferry this winter. Sign up for our free weekly newsletter to get every timetable.",
    "A version of this story appears in the Tide newsletter. To get it in your inbox, sign up here.",
    "Ann Lee covers ports. For unlimited access to her work, please subscribe today.",
    "This story is being provided for free as a public service. Please subscribe.",
    "Follow live updates: Storm over the strait",
    "Twitter: @annlee",
    "ann.lee@harbour.example",
    "Ann Lee covers ports and rivers for the Post. She can be reached at ann.lee@harbour.example.",
    "Ann Lee can be reached at ann.lee@harbour.example or on Twitter.",
    "Ann Lee is a retired pilot. The views expressed in this column are her own.",
    "Special to the Harbour Post",
    "Lee reported from Stellhaven.",
    "— Bo Day and Cy Ray contributed reporting.",
    "Additional reporting by Bo Day.",
    "Reporting by Ann Lee and Bo Day; Editing by Cy Ray",
    "This article originally appeared on Coastline Daily: Boots reach Orvale",
    "Ferries wait at the pier. CY RAY/AFP/AFP via Getty Images",
    "Media contact: Ann Lee, press@harbour.example",
    "This is a developing story and will be updated.",
    "This entry was posted on Thursday, April 16th, 2026 at 9:14 pm by Ann Lee",
    "We and our 214 partners store and access information on a device to process personal data.",
    "Lesen Sie auch: Die Fähre kehrt zurück",
    "Lire aussi : Le bac reprend du service",
    "Te puede interesar",
    "Читайте также: Мост закроют на ремонт",
    "اقرأ أيضاً",
    "यह भी पढ़ें: पुल बंद रहेगा",
    "関連記事",
    "Il vous reste 70 % de cet article à lire. La suite est réservée aux abonnés.",
    "Clique aqui para seguir o canal no WhatsApp",
    "Foto: Ann Lee",
    "© 2026 Hafenbote. Alle Rechte vorbehalten.",
    "この記事・写真の無断転載を禁じます。",
    "(责编:刘晓、陈静)",
]

KEPT_LINES = [
    "“Sign up for our newsletter,” the poster said.",
    '"Advertisement," she read aloud.',
    "The paper's newsletter, which readers can sign up for, has 3,000 subscribers.",
    "Advertisement spending fell 4% in March, the agency said.",
    "Subscribers left the service in March, and its shares fell.",
    "Shares of the port company rose 5% on Tuesday.",
    "Follow the money, the prosecutor told the court.",
    "Contact with the ferry was lost at 9 p.m.",
    "More than 40 people were taken to hospital.",
    "More people cycle: the city counted 9,000 of them in May.",
    "The bakery sells cookies, and it uses no sugar.",
    "All rights of workers must be protected, the minister said.",
    "Getty Images sued the company over its use of 12 million photos.",
    "She worked for Reuters and AP before joining the port.",
    "Heavy rain contributed to this year's poor harvest.",
    "The story was shared on Facebook 10,000 times.",
    "Like it or not, the story of the pier is the story of the town.",
    "Like us, they waited for the page to load.",
    "This story begins in 1906, when a newsletter was printed on the island.",
    "To get the vaccine, residents must sign up at the town hall.",
    "By clicking her heels, the actor left the stage.",
    "We will use the bridge, the mayor said.",
    "Photographers waited outside the court.",
    "Watch out for ice on the northern road.",
    "Anyone who saw the boat can be reached by the police, the port said.",
    "The National Storm Hotline can be reached at 555-0143 at any hour.",
    "Written by Ann Lee in 1969, the song became the anthem of the island.",
    "Cake Hut: Get $5 off any cake of $35 or more when you order through the Cake Hut app.",
    "Opinion: An earlier version of this column misstated the price of a ticket. https://post.example/1",
    "Director:Ann Lee",
    "Starring:Ann Lee, Bo Day and Cy Ray",
    "UPDATE 9:40 a.m.: The bridge is open.",
    "Source: Harbour Board",
    "Follow the money, and you will find the pier.",
    "The boats were reported from Orvale to the coastguard at noon.",
    "Das Foto zeigte den Hafen bei Nacht.",
    "Correction: An earlier version of this story misstated the price of a ticket.",
    "This story has been updated to correct the price of a ticket.",
]


@pytest.mark.parametrize("line", NOISE_LINES)
def test_a_line_of_page_noise_is_dropped(line):
    assert (
        clean_text(f"The port reopened.\n\n{line}\n\nFerries run again.")
        == "The port reopened.\n\nFerries run again."
    )


@pytest.mark.parametrize("line", KEPT_LINES)
def test_a_sentence_that_only_mentions_such_words_is_kept(line):
    assert clean_text(f"The port reopened.\n\n{line}\n\nFerries run again.").split("\n\n")[1] == line


@pytest.mark.parametrize(
    ("line", "kind"),
    [("Advertisement", "advertisement"), ("Photo: Cy Ray", "photo credit"), ("Teilen", "share")],
)
def test_noise_says_of_what_kind_it_is(line, kind):
    assert noise_kind(line) == kind


LONG = "The council of the island voted on Monday to keep the last ferry of the day, at least for now."


@pytest.mark.parametrize(
    "line", ["— Ann Lee", "-- Ann Lee and Bo Day", "– Ann Lee, Harbour Post", "-Ann Lee"]
)
def test_the_signature_of_an_item_goes(line):
    assert clean_text(f"{LONG}\n{line}\n{LONG}") == f"{LONG}\n\n{LONG}"


@pytest.mark.parametrize(
    "before", ["“We waited for years, and then for one more, and we would wait again.”", "Tide"]
)
def test_below_a_quotation_or_a_short_line_it_says_whose_words_they_are(before):
    assert clean_text(f"{before}\n— Ann Lee").split("\n\n") == [before, "— Ann Lee"]


@pytest.mark.parametrize(
    "line", ["Ann Lee", "By Ann Lee", "By Ann Lee, Harbour Post", "Ann Lee/Post", "ANN LEE"]
)
def test_a_byline_of_the_article_repeated_within_it_goes(line):
    assert paragraphs([LONG, line, LONG], authors=["Ann Lee"]) == [LONG, LONG]


@pytest.mark.parametrize("line", ["About Ann Lee", "Ann Lee said so.", "Ann Lee wins the prize", "By Cy Ray"])
def test_a_line_that_says_more_than_the_name_stays(line):
    assert paragraphs([LONG, line, LONG], authors=["Ann Lee"]) == [LONG, line, LONG]


def test_each_line_of_running_text_is_a_paragraph():
    assert clean_text("One.\nTwo.\r\nThree.\rFour.") == "One.\n\nTwo.\n\nThree.\n\nFour."


WRAPPED = """The ferry between the island and the harbour will run again from
April, the port said on Tuesday, after two years of repairs to both
of its piers and a long quarrel about who should pay for the work.

Tickets will cost four crowns, and residents will travel free of
charge until the end of the year, a spokeswoman for the well-
known company said.
"""


def test_text_wrapped_at_a_fixed_width_is_joined_into_its_paragraphs():
    first, second = clean_text(WRAPPED).split("\n\n")
    assert first.startswith("The ferry")
    assert first.endswith("pay for the work.")
    assert "harbour will run again from April, the port" in first
    assert second.endswith("the well-known company said.")


def test_short_lines_and_lists_are_not_joined():
    text = "- bread\n- milk\n- salt\n- a very long list item that goes on to reach a width of sixty or so"
    assert clean_text(text).count("\n\n") == 3


def test_trailing_bars_spaces_and_control_characters_go():
    assert (
        clean_text("\ufeffThe port\u00a0 reopened. |\x00\n\t|\nFerries\u200b run.")
        == "The port reopened.\n\nFerries run."
    )


@pytest.mark.parametrize(
    "text", ["Čeština łódź éàü", "שלום עולם", "مرحبا بالعالم", "東京で地震", "👩‍👩‍👧 🌤️ naïve", "می‌خواهم"]
)
def test_every_script_comes_through_unharmed(text):
    assert clean_text(text) == text


def test_half_of_a_surrogate_pair_becomes_the_replacement_character():
    assert clean_text("a\ud800b") == "a\ufffdb"


@given(st.text())
def test_cleaning_is_total_and_idempotent_in_what_it_drops(text):
    once = clean_text(text)
    once.encode("utf-8")
    assert all(line and not is_noise(line) for line in once.split("\n\n") if once)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_a_quotation_is_never_noise(words):
    line = split_lines(f"“{words}”")[0]
    assert not is_noise(line)


@given(st.sampled_from(NOISE_LINES), st.text(alphabet="abc ,.", min_size=MAX_NOISE_CHARS))
def test_a_long_line_is_running_text_whatever_it_opens_with(noise, more):
    assert not is_noise(f"{noise} {more}x")


@settings(deadline=timedelta(milliseconds=200))
@given(st.text(alphabet="aA./, @:|’(SignupGetty", max_size=MAX_NOISE_CHARS))
def test_no_pattern_takes_long_on_odd_lines(line):
    is_noise(line)


@settings(deadline=timedelta(milliseconds=200))
@given(st.text(alphabet="aA: .,—/|Лл日本語ab\u0301é“", max_size=MAX_NOISE_CHARS))
def test_nor_in_other_alphabets(line):
    clean_text(line)


def test_patterns_compile_and_none_matches_an_empty_line():
    assert not [noise for noise in NOISE if re.fullmatch(noise.pattern, "")]
