#include "simulator/chat_request.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace vertex_relay::simulator {

namespace {

void read_functions(chat_request& request) {
    if (auto tools = as_array(member(request.body, "tools"))) {
        for (json tool : *tools) {
            if (auto function = member(tool, "function")) {
                request.functions.push_back(*function);
            }
        }
    } else if (auto functions = member(request.body, "functions")) {
        request.legacy_functions = true;
        request.functions = elements_of(functions);
    }
}

} // namespace

chat_request read_chat_request(json body) {
    chat_request request{.body = body};
    auto model = as_text(member(body, "model"));
    request.has_model = model.has_value();
    request.model = model.value_or("");
    request.stream = is_true(member(body, "stream"));
    request.include_usage = is_true(member(member(body, "stream_options"), "include_usage"));
    auto google = member(member(body, "extra_body"), "google");
    request.include_thoughts = is_true(member(member(google, "thinking_config"),
                                              "include_thoughts"));
    request.streamed_arguments = is_true(member(google, "stream_function_call_arguments"));
    request.thought_marker = text_or(member(google, "thought_tag_marker"), "");
    request.messages = elements_of(member(body, "messages"));
    read_functions(request);
    request.max_tokens = std::max<std::int64_t>(
        0, integer_or(member(body, "max_completion_tokens"),
                      integer_or(member(body, "max_tokens"), 0)));
    request.choices = std::clamp<std::int64_t>(integer_or(member(body, "n"), 1), 1, 8);
    return request;
}

std::string_view role_of(json message) {
    return text_or(member(message, "role"), "");
}

std::string message_text(json message) {
    auto content = member(message, "content");
    if (auto text = as_text(content)) {
        return std::string(*text);
    }
    std::string out;
    if (auto parts = as_array(content)) {
        for (json part : *parts) {
            if (text_or(member(part, "type"), "") == "text") {
                out += text_or(member(part, "text"), "");
            }
        }
    }
    return out;
}

model_name split_model(std::string_view name) {
    model_name out;
    auto slash = name.find('/');
    if (slash != std::string_view::npos) {
        out.publisher = name.substr(0, slash);
        out.id = name.substr(slash + 1);
    } else {
        out.id = name;
    }
    constexpr std::string_view family = "gemini-";
    if (out.id.starts_with(family) && out.id.size() > family.size() &&
        core::ascii::is_digit(out.id[family.size()])) {
        out.generation = out.id[family.size()] - '0';
    } else if (out.id.starts_with("gemini-") || out.id.starts_with("sim-")) {
        out.generation = 3;
    }
    return out;
}

} // namespace vertex_relay::simulator
