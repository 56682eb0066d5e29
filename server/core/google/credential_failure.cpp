#include "core/google/credential_failure.hpp"

#include <algorithm>

namespace vertex_relay::core::google {

core::failure credentials_refused(std::string_view what, std::string message) {
    return {.status = 400,
            .type = "authentication_error",
            .code = "google_credentials_" + std::string(what),
            .message = std::move(message),
            .retry = retry_advice::never};
}

core::failure credentials_unavailable(std::string message) {
    return {.status = 503,
            .type = "server_error",
            .code = "google_credentials_unavailable",
            .message = std::move(message),
            .retry = retry_advice::later,
            .retry_after = std::chrono::seconds{5}};
}

std::string quoted_text(std::string_view text, std::size_t length_max) {
    std::string out;
    for (char c : text.substr(0, length_max)) {
        bool printable = c >= ' ' && c <= '~';
        if (printable || out.empty() || out.back() != ' ') {
            out.push_back(printable ? c : ' ');
        }
    }
    if (text.size() > length_max) {
        out += "...";
    }
    return out;
}

} // namespace vertex_relay::core::google
