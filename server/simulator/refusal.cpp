#include "simulator/refusal.hpp"

#include "simulator/certificate.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

google_error unauthenticated(bearer why, std::string_view rpc) {
    bool chat = rpc.ends_with("ChatCompletions");
    bool missing = why == bearer::missing;
    return {.code = 401,
            .status = "UNAUTHENTICATED",
            .message = fmt::format(
                "Request {}. Expected OAuth 2 access token, login cookie or other valid "
                "authentication credential. See "
                "https://developers.google.com/identity/sign-in/web/devconsole-project.",
                missing ? "is missing required authentication credential"
                        : "had invalid authentication credentials"),
            .reason = google_error::error_reason{
                .reason = missing ? "CREDENTIALS_MISSING"
                          : chat  ? "ACCESS_TOKEN_TYPE_UNSUPPORTED"
                                  : "ACCESS_TOKEN_EXPIRED",
                .domain = "googleapis.com",
                .metadata = {{"service", "aiplatform.googleapis.com"},
                             {"method", fmt::format("google.cloud.aiplatform.{}", rpc)}}}};
}

google_error permission_denied(std::string_view resource) {
    constexpr std::string_view permission = "aiplatform.endpoints.predict";
    return {.code = 403,
            .status = "PERMISSION_DENIED",
            .message = fmt::format("Permission '{}' denied on resource "
                                   "'//aiplatform.googleapis.com/{}' (or it may not exist).",
                                   permission, resource),
            .reason = google_error::error_reason{
                .reason = "IAM_PERMISSION_DENIED",
                .domain = "aiplatform.googleapis.com",
                .metadata = {{"resource", std::string(resource)},
                             {"permission", std::string(permission)}}}};
}

google_error service_disabled() {
    auto url = fmt::format("https://console.developers.google.com/apis/api/"
                           "aiplatform.googleapis.com/overview?project={}",
                           project_number);
    return {.code = 403,
            .status = "PERMISSION_DENIED",
            .message = fmt::format(
                "Vertex AI API has not been used in project {} before or it is disabled. Enable it "
                "by visiting {} then retry. If you enabled this API recently, wait a few minutes "
                "for the action to propagate to our systems and retry.",
                project_number, url),
            .reason = google_error::error_reason{
                .reason = "SERVICE_DISABLED",
                .domain = "googleapis.com",
                .metadata = {{"consumer", fmt::format("projects/{}", project_number)},
                             {"service", "aiplatform.googleapis.com"}}},
            .help_url = url};
}

google_error malformed_model(std::string_view model) {
    return invalid_argument(
        fmt::format("Malformed publisher model (`model`: '{}') for the 'openapi' request endpoint "
                    "ID; expected '<publisher>/<model>'.",
                    model));
}

google_error model_not_found(std::string_view location, std::string_view publisher,
                             std::string_view model) {
    return {.code = 404,
            .status = "NOT_FOUND",
            .message = fmt::format(
                "Publisher Model `projects/{}/locations/{}/publishers/{}/models/{}` was not found "
                "or your project does not have access to it. Please ensure you are using a valid "
                "model version. For more information, see: "
                "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions",
                project_number, location, publisher, model)};
}

google_error completions_unsupported(std::string_view model) {
    return invalid_argument(fmt::format("Model '{}' does not support completions.", model));
}

} // namespace vertex_relay::simulator
