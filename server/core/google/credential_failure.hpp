#pragma once
// What went wrong with credentials, how long to wait before asking again, and what the client sees.

#include "core/failure.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// How a failure is retried in the background; every kind is retried for ever.
enum class failure_class {
    transient, ///< Google or the network; seconds
    permanent, ///< until the user changes something; every 5 minutes, at once when the file changes
    slow,      ///< the user must act, but elsewhere (IAM, the node); every 30 to 60 seconds
};

struct token_error {
    failure_class kind = failure_class::transient;
    core::failure failure = {};                           ///< OpenAI-shaped; says what to do
    std::optional<std::chrono::seconds> retry_after = {}; ///< the server's wish, at most 60 s
    bool clock_skew = false; ///< the assertion's times were refused, and we now know the offset
};

/// 400 with `x-should-retry: false`, code `google_credentials_` + `what`: the client must stop.
core::failure credentials_refused(std::string_view what, std::string message);

/// 503 `google_credentials_unavailable`, retry in 5 seconds: passes by itself.
core::failure credentials_unavailable(std::string message);

inline token_error permanent_error(core::failure failure) {
    return {.kind = failure_class::permanent, .failure = std::move(failure)};
}
inline token_error slow_error(core::failure failure) {
    return {.kind = failure_class::slow, .failure = std::move(failure)};
}
inline token_error transient_error(core::failure failure) {
    return {.kind = failure_class::transient, .failure = std::move(failure)};
}

/// Text of a server or a file, fit for a message: at most `length_max` characters, printable ASCII,
/// anything else replaced by a blank.
std::string quoted_text(std::string_view text, std::size_t length_max = 200);

} // namespace vertex_relay::core::google
