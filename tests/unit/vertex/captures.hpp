#pragma once
// Errors as Google and model servers send them, byte for byte where they were seen in the wild.

#include <string_view>

namespace vertex_relay::core::test {

/// `openapi`: pretty-printed inside an array, with a line end before the bracket.
inline constexpr std::string_view permission_denied = R"([{
  "error": {
    "code": 403,
    "message": "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/rhel-lightspeed/locations/us-central1/endpoints/openapi' (or it may not exist).",
    "status": "PERMISSION_DENIED",
    "details": [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "IAM_PERMISSION_DENIED",
        "domain": "aiplatform.googleapis.com",
        "metadata": {
          "resource": "projects/rhel-lightspeed/locations/us-central1/endpoints/openapi",
          "permission": "aiplatform.endpoints.predict"
        }
      }
    ]
  }
}
]
)";

inline constexpr std::string_view malformed_model =
    R"([{"error":{"code":400,"message":"Malformed publisher model (`model`: 'gemini-3.5-flash') for the 'openapi' request endpoint ID; expected '<publisher>/<model>'.","status":"INVALID_ARGUMENT"}}])";

inline constexpr std::string_view token_expired =
    R"({"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com","metadata":{"service":"aiplatform.googleapis.com","method":"google.cloud.aiplatform.v1.PredictionService.GenerateContent"}}]}})";

inline constexpr std::string_view token_unsupported =
    R"([{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_TYPE_UNSUPPORTED","metadata":{"method":"google.cloud.aiplatform.v1.PredictionService.ChatCompletions"}}]}}])";

inline constexpr std::string_view missing_signature =
    R"({"error":{"code":400,"message":"Unable to submit request because function call `default_api:xxx` in the 12. content block is missing a `thought_signature`. Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures","status":"INVALID_ARGUMENT"}})";

inline constexpr std::string_view quota_exhausted = R"([{
  "error": {
    "code": 429,
    "message": "Resource has been exhausted (e.g. check quota).",
    "status": "RESOURCE_EXHAUSTED"
  }
}
]
)";

inline constexpr std::string_view cancelled = R"([{
  "error": {
    "code": 499,
    "message": "The operation was cancelled.",
    "errors": [
      {
        "message": "The operation was cancelled.",
        "domain": "global",
        "reason": "backendError"
      }
    ],
    "status": "CANCELLED"
  }
}
]
)";

inline constexpr std::string_view entity_not_found =
    R"([{ "error": { "code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND" } }])";

inline constexpr std::string_view model_not_found =
    R"([{"error":{"code":404,"message":"Publisher Model `projects/248190060486/locations/global/publishers/minimaxai/models/minimax-m2` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions","status":"NOT_FOUND"}}])";

inline constexpr std::string_view any_of_siblings =
    R"({"error":{"code":400,"message":"Unable to submit request because `git_create_branch` functionDeclaration `parameters.base_branch` schema specified other fields alongside any_of. When using any_of, it must be the only field set. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling","status":"INVALID_ARGUMENT"}})";

inline constexpr std::string_view invalid_schema_value =
    R"({"error":{"code":400,"message":"Invalid value at 'tools[0].function_declarations[37].parameters.properties[9].value' (type.googleapis.com/google.cloud.aiplatform.v1.Schema), \"object\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"tools[0].function_declarations[37].parameters.properties[9].value","description":"Invalid value at 'tools[0].function_declarations[37].parameters.properties[9].value' (type.googleapis.com/google.cloud.aiplatform.v1.Schema), \"object\""}]}]}})";

inline constexpr std::string_view unknown_name =
    R"([{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"$defs\" at 'tools[0].function_declarations[3].parameters': Cannot find field.","status":"INVALID_ARGUMENT"}}])";

inline constexpr std::string_view api_disabled =
    R"([{"error":{"code":403,"message":"Vertex AI API has not been used in project 720070608347 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=720070608347 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Google developers console API activation"}]},{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"consumer":"projects/720070608347","service":"aiplatform.googleapis.com"}}]}}])";

inline constexpr std::string_view file_part =
    R"([{"error":{"code":400,"message":"Unrecognized 'type' field in an object element of an array 'content' field; found: 'file'.","status":"INVALID_ARGUMENT"}}])";

/// vLLM, before and after it put its errors under `error`.
inline constexpr std::string_view vllm_bare =
    R"({"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400})";
inline constexpr std::string_view vllm_wrapped =
    R"({"error":{"message":"The model `gemma` does not exist.","type":"NotFoundError","param":"model","code":404}})";

inline constexpr std::string_view tgi_plain =
    R"({"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"})";

inline constexpr std::string_view fastapi_detail = R"({"detail":"Not Found"})";

} // namespace vertex_relay::core::test
