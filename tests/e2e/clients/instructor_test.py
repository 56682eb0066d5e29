"""instructor gets models of pydantic out of Gemini in each of its ways to ask for them."""

import json
import typing

import instructor
import openai
import pydantic
import pytest
from instructor.core.exceptions import InstructorRetryException

from support import GEMINI, relay_and_simulator, user

MODELS = [GEMINI, "google/gemini-3.5-flash-lite", "google/gemini-2.5-flash"]
MODES = [instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA]


class Place(pydantic.BaseModel):
    name: str = pydantic.Field(min_length=1)


class Trip(pydantic.BaseModel):
    title: str
    days: int = pydantic.Field(gt=0)
    kind: typing.Literal["short"]
    notes: list[str | None]
    place: Place


class Said(pydantic.BaseModel):
    answer: str


TRIP = {"title": "a title", "days": 1, "kind": "short", "notes": ["a notes"],
        "place": {"name": "a name"}}


@pytest.fixture
def asked(client):
    """Makes a request in a mode and fills a model with the answer, at once or not at all."""
    def ask(mode, model, wanted, prompt, **more):
        patched = instructor.from_openai(client, mode=mode)
        return patched.chat.completions.create(model=model, response_model=wanted, max_retries=0,
                                               messages=user(prompt), **more)
    return ask


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("mode", MODES)
def test_an_answer_in_a_schema(asked, mode, model):
    assert asked(mode, model, Trip, "Plan a trip.").model_dump() == TRIP


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("mode", MODES)
def test_a_list_of_answers(asked, mode, model):
    trips = asked(mode, model, list[Trip], "Plan trips.")
    assert [trip.model_dump() for trip in trips] == [TRIP]


@pytest.mark.parametrize("model", MODELS)
def test_parallel_tools_are_answers_of_several_kinds(asked, model):
    answers = asked(instructor.Mode.PARALLEL_TOOLS, model, typing.Iterable[Trip | Said],
                    "Use Trip and Said.")
    assert [answer.model_dump() for answer in answers] == [TRIP, {"answer": "a answer"}]


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_in_json_without_a_schema(asked, model):
    assert "Hello" in asked(instructor.Mode.JSON, model, Said, "Hello").answer


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("mode", MODES)
def test_a_streamed_answer_grows(asked, mode, model):
    grown = [trip.model_dump() for trip in asked(mode, model, instructor.Partial[Trip],
                                                 "Plan a trip.", stream=True)]
    assert grown[-1] == TRIP
    assert len(grown) > 1 or mode == instructor.Mode.TOOLS  # Gemini sends calls whole
    for earlier, later in zip(grown, grown[1:]):
        assert all(later[key] is not None for key, value in earlier.items() if value is not None)


@pytest.mark.parametrize("mode", MODES)
def test_streamed_answers_come_one_by_one(client, mode):
    patched = instructor.from_openai(client, mode=mode)
    trips = patched.chat.completions.create_iterable(model=GEMINI, response_model=Trip,
                                                     max_retries=0, messages=user("Plan trips."))
    assert [trip.model_dump() for trip in trips] == [TRIP]


def failing(fault):
    """A Gemini that fails; Gemini's, so that its repairs are made."""
    return f"google/gemini-3-{fault}"


@pytest.fixture
def faulty(tmp_path):
    script = tmp_path / "script"
    script.write_text("\n".join(json.dumps({"model": failing(fault), "fault": fault}) for fault in [
        "400-context", "403-iam", "403-api-disabled", "429"]))
    return lambda: relay_and_simulator("--retry-max=0", simulate=[f"--script={script}"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("model, kind, words", [
    ("google/gemini-0", openai.NotFoundError, "GET /v1/models"),
    (failing("400-context"), openai.BadRequestError, "input token count (1200000) exceeds"),
    (failing("403-iam"), openai.PermissionDeniedError, "--role=roles/aiplatform.user"),
    (failing("403-api-disabled"), openai.PermissionDeniedError,
     "gcloud services enable aiplatform.googleapis.com --project sim-project"),
    (failing("429"), openai.RateLimitError, "Resource exhausted"),
])
def test_a_failure_tells_why_and_is_asked_once(faulty, mode, model, kind, words):
    with faulty() as (relay, simulator), relay.client() as client:
        patched = instructor.from_openai(client, mode=mode)
        with pytest.raises(InstructorRetryException) as refused:
            patched.chat.completions.create(model=model, response_model=Trip, max_retries=0,
                                            messages=user("Plan a trip."))
    assert words in str(refused.value)
    assert isinstance(refused.value.__cause__, kind)
    assert simulator.out.so_far().count("chat begun") == 1
