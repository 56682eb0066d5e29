import pydantic
import pytest

from support import EVERY_KIND, user


class Place(pydantic.BaseModel):
    name: str
    visits: int


class Trip(pydantic.BaseModel):
    title: str
    places: list[Place]
    done: bool


SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["title", "days"],
}


@pytest.mark.parametrize("model", EVERY_KIND)
def test_a_schema_shapes_the_answer(client, model):
    wanted = {"type": "json_schema", "json_schema": {"name": "trip", "schema": SCHEMA}}
    answer = client.chat.completions.create(model=model, messages=user("Plan a trip."),
                                            response_format=wanted)
    assert answer.choices[0].message.content == '{"title":"a title","days":1}'


@pytest.mark.parametrize("model", EVERY_KIND)
def test_the_sdk_parses_into_a_pydantic_model(client, model):
    answer = client.chat.completions.parse(model=model, messages=user("Plan a trip."),
                                           response_format=Trip)
    assert answer.choices[0].message.parsed == Trip(
        title="a title", places=[Place(name="a name", visits=1)], done=True)
