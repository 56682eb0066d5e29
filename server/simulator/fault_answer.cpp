#include "simulator/fault_answer.hpp"

#include "simulator/refusal.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

google_error exhausted(std::string_view message) {
    return {.code = 429, .status = "RESOURCE_EXHAUSTED", .message = std::string(message)};
}

constexpr std::string_view pay_as_you_go =
    "Resource exhausted. Please try again later. Please refer to "
    "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.";
constexpr std::string_view unavailable =
    "The service is currently unavailable. Please try again later.";

std::string retry_after(std::uint64_t seconds) {
    return fmt::format("Retry-After: {}\r\n", seconds);
}

std::optional<google_error> quota_error(fault const& wanted) {
    auto error = exhausted(pay_as_you_go);
    switch (wanted.kind) {
    case fault_kind::too_many:
        return error;
    case fault_kind::too_many_provisioned:
        return exhausted("Too many requests. Exceeded the Provisioned Throughput.");
    case fault_kind::too_many_queue:
        return exhausted("The request queue is full");
    case fault_kind::too_many_retry_after:
        error.extra_headers = retry_after(wanted.n);
        return error;
    case fault_kind::too_many_retry_info:
        error.retry_delay = fmt::format("{}s", wanted.n);
        return error;
    default:
        return std::nullopt;
    }
}

std::optional<google_error> server_error(fault const& wanted) {
    switch (wanted.kind) {
    case fault_kind::cancelled:
        return google_error{
            .code = 499, .status = "CANCELLED", .message = "The operation was cancelled."};
    case fault_kind::internal:
        return google_error{
            .code = 500, .status = "INTERNAL", .message = "Internal error encountered."};
    case fault_kind::unavailable:
        return google_error{
            .code = 503, .status = "UNAVAILABLE", .message = std::string(unavailable)};
    case fault_kind::unavailable_retry_after:
        return google_error{.code = 503,
                            .status = "UNAVAILABLE",
                            .message = std::string(unavailable),
                            .extra_headers = retry_after(wanted.n)};
    case fault_kind::deadline:
        return google_error{.code = 504,
                            .status = "DEADLINE_EXCEEDED",
                            .message = "Deadline expired before operation could complete."};
    default:
        return std::nullopt;
    }
}

std::optional<google_error> client_error(fault const& wanted, error_scene const& scene) {
    auto model = split_model(scene.model);
    switch (wanted.kind) {
    case fault_kind::no_permission:
        return permission_denied(scene.resource);
    case fault_kind::api_disabled:
        return service_disabled();
    case fault_kind::bad_token:
    case fault_kind::bad_token_once:
        return unauthenticated(bearer::bad, scene.rpc);
    case fault_kind::bad_request:
    case fault_kind::early_refusal:
        return invalid_argument("Request contains an invalid argument.");
    case fault_kind::too_long:
        return invalid_argument("The input token count (1200000) exceeds the maximum number of "
                                "tokens allowed (1048576).");
    case fault_kind::not_found:
        return model_not_found(scene.location, model.publisher, model.id);
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<answer> error_answer(fault const& wanted, error_scene const& scene) {
    if (wanted.kind == fault_kind::html_502) {
        return html_error(502, "The server encountered a temporary error and could not complete "
                               "your request. Please try again in 30 seconds.");
    }
    if (wanted.kind == fault_kind::html_404) {
        return html_error(404, "The requested URL was not found on this server.");
    }
    auto error = quota_error(wanted);
    error = error ? error : server_error(wanted);
    error = error ? error : client_error(wanted, scene);
    return error ? std::optional(to_answer(*error, scene.form)) : std::nullopt;
}

} // namespace vertex_relay::simulator
