import openai
import pytest

from support import GEMINI, VLLM, get


def test_the_list_has_aliases_and_the_catalogue(client):
    listed = client.models.list()
    assert listed.object == "list"
    names = [model.id for model in listed]
    assert names[0] == VLLM and GEMINI in names and len(set(names)) == len(names)
    assert {model.object for model in listed} == {"model"}
    assert {model.id: model.owned_by for model in listed}[GEMINI] == "google"


@pytest.mark.parametrize("name", [VLLM, GEMINI])
def test_a_listed_model_can_be_retrieved(client, name):
    assert client.models.retrieve(name).id == name


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("my-vlm")
    assert refused.value.code == "model_not_found" and VLLM in refused.value.message


@pytest.mark.parametrize("path", ["/v1/models/google/gemini-3.8-flash",
                                  "/v1/models/google%2Fgemini-3.8-flash",
                                  "/v1/models/google%2fgemini-3.8-flash",
                                  "/models/google%2Fgemini-3.8-flash"])
def test_the_slash_may_be_escaped(shared, path):
    status, _, model = get(shared.port, path)
    assert status == 200 and model["id"] == GEMINI
