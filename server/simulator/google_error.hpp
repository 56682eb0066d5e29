#pragma once
// Google's error envelope (google.rpc.Status in JSON). On `endpoints/openapi` it comes inside an
// array, elsewhere as an object; both are printed with two spaces.

#include "simulator/answer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::simulator {

struct google_error {
    int code = 400;
    std::string status = "INVALID_ARGUMENT";
    std::string message;

    struct error_reason { ///< google.rpc.ErrorInfo
        std::string reason;
        std::string domain;
        std::vector<std::pair<std::string, std::string>> metadata;
    };
    std::optional<error_reason> reason = {};
    std::vector<std::pair<std::string, std::string>> field_violations = {}; ///< field, description
    std::string retry_delay = {};   ///< google.rpc.RetryInfo, e.g. "13s"; empty: left out
    std::string help_url = {};      ///< google.rpc.Help; empty: left out
    std::string extra_headers = {}; ///< whole lines, for `Retry-After` and the like
};

google_error invalid_argument(std::string message);

enum class envelope { array, object };

std::string to_json(google_error const& error, envelope form);
answer to_answer(google_error const& error, envelope form);

/// A front-end page, as for a path that no API owns.
answer html_error(int status, std::string_view text);

} // namespace vertex_relay::simulator
