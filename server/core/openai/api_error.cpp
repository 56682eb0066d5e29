#include "core/openai/api_error.hpp"

#include "core/json_text.hpp"

namespace vertex_relay::core {

namespace {

std::string json_or_null(std::string_view text) {
    return text.empty() ? "null" : json_string(text);
}

} // namespace

std::string error_body(failure const& what) {
    std::string out = R"({"error":{"message":)";
    append_json_string(out, what.message);
    out += R"(,"type":)";
    append_json_string(out, what.type);
    out += R"(,"param":)" + json_or_null(what.param);
    out += R"(,"code":)" + json_or_null(what.code);
    if (!what.google.empty()) {
        out += R"(,"google":)" + what.google;
    }
    return out + "}}";
}

std::string error_event(failure const& what) { return "data: " + error_body(what) + "\n\n"; }

} // namespace vertex_relay::core
