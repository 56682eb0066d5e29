import openai
import pytest

from support import TGI, VLLM, user


@pytest.mark.parametrize("model, kind, code, advice", [
    ("google/sim-400", openai.BadRequestError, "invalid_argument", "invalid argument"),
    ("google/sim-400-context", openai.BadRequestError, "context_length_exceeded", "token count"),
    ("google/sim-401", openai.BadRequestError, "google_credentials_rejected", "gcloud auth"),
    ("google/sim-403-iam", openai.PermissionDeniedError, "permission_denied",
     "roles/aiplatform.user"),
    ("google/sim-403-api-disabled", openai.PermissionDeniedError, "permission_denied",
     "gcloud services enable"),
    ("google/gemini-0", openai.NotFoundError, "model_not_found", "GET /v1/models"),
    ("gpt-4o", openai.NotFoundError, "model_not_found", "gpt-4o"),
    ("my-vlm", openai.NotFoundError, "model_not_found", VLLM),
    ("google/sim-429", openai.RateLimitError, "rate_limit_exceeded", "Resource exhausted"),
    ("google/sim-500", openai.InternalServerError, "upstream_error", "Internal error"),
    ("google/sim-503", openai.InternalServerError, "upstream_unavailable", "unavailable"),
    ("google/sim-html-502", openai.InternalServerError, "upstream_error", "Try again"),
])
@pytest.mark.parametrize("stream", [False, True])
def test_each_failure_is_the_sdks_own_exception(client, model, kind, code, advice, stream):
    with pytest.raises(kind) as refused:
        client.chat.completions.create(model=model, messages=user("Hello"), stream=stream)
    assert refused.value.code == code
    assert advice in refused.value.message
    assert refused.value.request_id.startswith("req-")


def test_googles_own_error_is_handed_on(client):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.chat.completions.create(model="google/sim-403-iam", messages=user("Hello"))
    google = refused.value.body["google"]
    assert google["code"] == 403 and google["status"] == "PERMISSION_DENIED"
    assert google["details"][0]["reason"] == "IAM_PERMISSION_DENIED"


@pytest.mark.parametrize("model", [VLLM, TGI])
def test_an_unknown_endpoint_path_is_not_found(shared, model):
    with shared.client(base_url=shared.url + "/v2") as client:
        with pytest.raises(openai.NotFoundError, match="base URL"):
            client.chat.completions.create(model=model, messages=user("Hello"))
