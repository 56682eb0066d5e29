import pytest

from support import GEMINI, answer_to, user

THINK = {"google": {"thinking_config": {"include_thoughts": True}}}


# The first as Google's page has it, the second as some tools send it, the third with a tag.
@pytest.mark.parametrize("more", [
    {"extra_body": THINK}, THINK,
    {"extra_body": {"google": THINK["google"] | {"thought_tag_marker": "think"}}}])
@pytest.mark.parametrize("model", [GEMINI, "google/gemini-2.5-flash"])
class TestThoughts:
    def test_of_a_whole_answer_are_no_part_of_it(self, client, model, more):
        answer = client.chat.completions.create(model=model, messages=user("Hello"),
                                                extra_body=more)
        message = answer.choices[0].message
        assert message.content == answer_to("Hello")
        assert message.reasoning_content.startswith("**Considering the request**")
        assert "thought" not in message.extra_content["google"]

    def test_of_a_stream_are_no_part_of_it(self, client, model, more):
        chunks = list(client.chat.completions.create(model=model, messages=user("Hello"),
                                                     stream=True, extra_body=more))
        deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
        assert "".join(delta.content or "" for delta in deltas) == answer_to("Hello")
        thoughts = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
        assert thoughts.startswith("**Considering the request**")
