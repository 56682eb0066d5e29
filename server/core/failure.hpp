#pragma once
// The vocabulary of failure: everything a client is ever told went wrong, in OpenAI's terms.

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace vertex_relay::core {

/// Whether the client should try again. `never` becomes `x-should-retry: false`, which the OpenAI
/// SDKs obey (openai-python `_should_retry`); `later` becomes `retry-after` in seconds. A time that
/// Google named goes along with `never` too, for people who wait longer than an SDK.
enum class retry_advice { unspecified, never, later };

/// One failure as the client will see it: an HTTP status and OpenAI's error object.
struct failure {
    int status = 500;
    std::string type = "server_error"; ///< OpenAI `error.type`
    std::string code;                  ///< OpenAI `error.code`, a stable machine word
    std::string message;               ///< what happened and what to do next, one or two sentences
    std::string param = {};            ///< OpenAI `error.param`; empty means null
    retry_advice retry = retry_advice::unspecified;
    std::chrono::seconds retry_after{0}; ///< not used with `retry_advice::unspecified`
    std::string google = {};             ///< Google's own error object as JSON text; empty if none
    std::string allow = {};              ///< value of `Allow` on a 405; empty otherwise
    bool close = false;                  ///< the connection's framing can no longer be trusted
};

template <class T>
using result = std::expected<T, failure>;

/// A failure the client caused: OpenAI's `invalid_request_error`.
inline failure invalid_request(int status, std::string code, std::string message,
                               std::string param = {}) {
    return {.status = status,
            .type = "invalid_request_error",
            .code = std::move(code),
            .message = std::move(message),
            .param = std::move(param)};
}

/// The relay ends before the answer does.
inline failure shutting_down() {
    return {.status = 503,
            .type = "server_error",
            .code = "server_shutdown",
            .message = "The relay was shut down before the answer was complete. Try again."};
}

/// A limit of the relay is reached: 503, and another try in a second.
inline failure overloaded(std::string message) {
    return {.status = 503,
            .type = "server_error",
            .code = "overloaded",
            .message = std::move(message),
            .retry = retry_advice::later,
            .retry_after = std::chrono::seconds(1)};
}

} // namespace vertex_relay::core
