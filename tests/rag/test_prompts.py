from importlib.resources import files

import pytest

from rag import prompts
from rag.prompts import PLACEHOLDERS, render


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_prompt_has_exactly_its_placeholders(name):
    values = {placeholder: f"<<{placeholder}>>" for placeholder in PLACEHOLDERS[name]}
    text = render(name, **values)
    assert text == text.strip() != ""
    assert all(value in text for value in values.values())
    assert "$" not in text


def test_every_prompt_file_is_known():
    found = {
        file.name.removesuffix(".txt") for file in files(prompts).iterdir() if file.name.endswith(".txt")
    }
    assert found == set(PLACEHOLDERS)


@pytest.mark.parametrize("values", [{}, {"question": "q"}, {"question": "q", "sentences": "s", "more": "m"}])
def test_a_value_too_few_or_too_many_is_a_mistake(values):
    with pytest.raises(ValueError, match="answer_small_user"):
        render("answer_small_user", **values)


def test_what_is_filled_in_is_not_read_as_a_placeholder():
    text = render("answer_small_user", sentences="costs $5, $question, ${x}, $$", question="how much?")
    assert "costs $5, $question, ${x}, $$" in text
