import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, startRelay, user, vllm } from "./support.mjs";

const { client } = await startRelay({ flags: [`--model=${vllm}=1234567890`, "--retry-max=0"] });
const { BadRequestError, NotFoundError, PermissionDeniedError } = OpenAI;
const { InternalServerError, RateLimitError } = OpenAI;
const failures = [
    ["google/sim-400", BadRequestError, "invalid_argument", "invalid argument"],
    ["google/sim-400-context", BadRequestError, "context_length_exceeded", "token count"],
    ["google/sim-401", BadRequestError, "google_credentials_rejected", "gcloud auth"],
    ["google/sim-403-iam", PermissionDeniedError, "permission_denied", "roles/aiplatform.user"],
    [
        "google/sim-403-api-disabled",
        PermissionDeniedError,
        "permission_denied",
        "gcloud services enable",
    ],
    ["google/gemini-0", NotFoundError, "model_not_found", "GET /v1/models"],
    ["my-vlm", NotFoundError, "model_not_found", vllm],
    ["google/sim-429", RateLimitError, "rate_limit_exceeded", "Resource exhausted"],
    ["google/sim-503", InternalServerError, "upstream_unavailable", "unavailable"],
];

for (const [model, kind, code, advice] of failures) {
    for (const stream of [false, true]) {
        test(`${model}, stream: ${stream}, is a ${kind.name}`, async () => {
            const asked = { model, messages: user("Hello"), stream };
            await assert.rejects(client.chat.completions.create(asked), (error) => {
                assert.ok(error instanceof kind);
                assert.equal(error.code, code);
                assert.ok(error.message.includes(advice), error.message);
                assert.match(error.requestID, /^req-/);
                return true;
            });
        });
    }
}
