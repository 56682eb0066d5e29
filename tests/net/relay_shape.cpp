#include "net/relay_shape.hpp"

#include <simdjson.h>

namespace vertex_relay::tests {

namespace {

using simdjson::dom::element;

/// The payload of an event's `data:` line; empty for comments.
std::string_view data_of(std::string_view event) {
    constexpr std::string_view field = "data: ";
    auto at = event.find(field);
    bool starts_line = at == 0 || (at != event.npos && event[at - 1] == '\n');
    auto value = starts_line ? event.substr(at + field.size()) : std::string_view();
    return value.substr(0, value.find_first_of("\r\n"));
}

std::size_t end_of_event(std::string_view text) {
    auto plain = text.find("\n\n");
    auto crlf = text.find("\r\n\r\n");
    if (plain == text.npos && crlf == text.npos) {
        return text.npos;
    }
    return plain < crlf ? plain + 2 : crlf + 4;
}

} // namespace

std::optional<api_problem> problem_of(std::string_view json) {
    simdjson::dom::parser parser;
    element document;
    element error;
    element param;
    element code;
    if (parser.parse(json.data(), json.size()).get(document) || document["error"].get(error) ||
        error["param"].get(param) || error["code"].get(code)) {
        return std::nullopt;
    }
    bool shaped = (param.is_null() || param.is_string()) && (code.is_null() || code.is_string());
    std::string_view type;
    std::string_view message;
    if (!shaped || error["type"].get(type) || error["message"].get(message) || message.empty()) {
        return std::nullopt;
    }
    return api_problem{std::string(type),
                       code.is_string() ? std::string(code.get_string().value_unsafe()) : "",
                       std::string(message)};
}

event_stream stream_of(std::string_view body) {
    event_stream out;
    for (auto end = end_of_event(body); end != body.npos; end = end_of_event(body)) {
        out.events.emplace_back(body.substr(0, end));
        body.remove_prefix(end);
    }
    out.rest = body;
    if (!out.events.empty()) {
        auto last = data_of(out.events.back());
        out.done = last == "[DONE]";
        out.problem = problem_of(last);
    }
    return out;
}

std::optional<std::string> text_of(event_stream const& stream) {
    simdjson::dom::parser parser;
    std::string text;
    for (auto const& event : stream.events) {
        auto payload = data_of(event);
        element document;
        if (payload.empty() || payload == "[DONE]") {
            continue;
        }
        if (parser.parse(payload.data(), payload.size()).get(document)) {
            return std::nullopt;
        }
        std::string_view piece;
        if (!document.at_pointer("/choices/0/delta/content").get(piece)) {
            text += piece;
        }
    }
    return text;
}

} // namespace vertex_relay::tests
