#pragma once
// What the relay needs to know of a request body, and where it stands in the bytes.

#include "core/edit.hpp"
#include "core/failure.hpp"
#include "core/openai/json_members.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

struct chat_request {
    std::optional<std::string> model; ///< unescaped; nullopt if the member is absent
    std::optional<member_span> model_member; ///< where it stands
    bool has_members = false;                ///< the body is not `{}`
    bool stream = false;
    std::size_t choices = 1; ///< `n`, if it is a sensible number
};

/// Validates the whole body (policy row 16): strict JSON and UTF-8, an object, at most 128 levels
/// deep, no top-level key twice, `model` a string, `stream` a boolean. `body` must be followed by
/// `simdjson::SIMDJSON_PADDING` readable bytes. Failures: 400 invalid_json with the offset, 400
/// invalid_request_error with the parameter.
result<chat_request> read_chat_request(simdjson::dom::parser& parser, std::string_view body);

/// The edit that makes `model` read `value`; adds the member if the body has none.
edit set_model(chat_request const& request, std::string_view body, std::string_view value);
/// The edit that takes `model` out; nullopt if there is none.
std::optional<edit> drop_model(chat_request const& request, std::string_view body);

} // namespace vertex_relay::core
