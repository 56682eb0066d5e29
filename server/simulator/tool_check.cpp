#include "simulator/tool_check.hpp"

#include "core/ascii.hpp"
#include "simulator/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::simulator {

namespace {

using refusal = std::optional<google_error>;

bool is_function_name(std::string_view name) {
    bool begins = !name.empty() && (core::ascii::is_alpha(name.front()) || name.front() == '_');
    return begins && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return core::ascii::is_alnum(c) || c == '_' || c == '.' || c == '-';
    });
}

/// A named tool_choice must name a tool.
refusal check_choice(chat_request const& chat) {
    auto named = as_text(member(member(member(chat.body, "tool_choice"), "function"), "name"));
    bool known = !named || std::ranges::any_of(chat.functions, [&](json function) {
        return text_or(member(function, "name"), "") == *named;
    });
    return known ? refusal() : invalid_argument("Request contains an invalid argument.");
}

} // namespace

std::optional<google_error> check_tools(chat_request const& chat) {
    for (std::size_t i = 0; i < chat.functions.size(); ++i) {
        auto name = text_or(member(chat.functions[i], "name"), "");
        if (!is_function_name(name)) {
            return invalid_argument(
                "Invalid function name. Must start with a letter or an underscore. Must be "
                "alphameric (a-z, A-Z, 0-9), underscores (_), dots (.) or dashes (-), with a "
                "maximum length of 64.");
        }
        auto parameters = member(chat.functions[i], "parameters");
        if (!parameters || parameters->is_null()) {
            continue;
        }
        auto wrong = check_schema(
            *parameters,
            {.use = schema_use::parameters,
             .path = fmt::format("tools[0].function_declarations[{}].parameters", i),
             .function = name});
        if (wrong) {
            return wrong;
        }
    }
    return check_choice(chat);
}

std::optional<google_error> check_response_format(chat_request const& chat) {
    auto format = member(chat.body, "response_format");
    auto schema = member(member(format, "json_schema"), "schema");
    bool constrained = text_or(member(format, "type"), "") == "json_schema" && schema &&
                       !schema->is_null();
    return constrained ? check_schema(*schema, {.use = schema_use::response,
                                                .path = "generation_config.response_schema",
                                                .function = {}})
                       : refusal();
}

} // namespace vertex_relay::simulator
