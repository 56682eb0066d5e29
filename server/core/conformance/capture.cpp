#include "core/conformance/capture.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core::conformance {

namespace {

constexpr std::string_view version = "HTTP/1.1 ";

std::string_view take_line(std::string_view& text) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return line;
}

std::string head_text(asked const& question, answer_seen const& answer) {
    auto text = fmt::format("POST {}\n{}{}\n", question.path, version, answer.status);
    for (auto const& [name, value] : answer.fields) {
        text += fmt::format("{}: {}\n", ascii::to_lower(name),
                            is_harmless_field(name) ? value : "REDACTED");
    }
    return text;
}

} // namespace

std::string_view body_ending(std::string_view content_type) {
    return content_type.starts_with("text/event-stream")  ? ".sse"
           : content_type.starts_with("application/json") ? ".json"
                                                          : ".txt";
}

std::vector<file_text> capture_files(asked const& question, answer_seen const& answer,
                                     redaction const& hidden) {
    std::string name(question.name);
    auto ending = body_ending(answer.field("content-type"));
    return {{name + std::string(request_ending), hidden.apply(question.body)},
            {name + std::string(head_ending), hidden.apply(head_text(question, answer))},
            {name + std::string(ending), hidden.apply(answer.body)}};
}

std::expected<captured_head, std::string> read_captured_head(std::string_view text) {
    constexpr std::string_view method = "POST ";
    captured_head out;
    auto first = take_line(text);
    auto second = take_line(text);
    auto status = second.starts_with(version)
                      ? ascii::parse_decimal<unsigned>(second.substr(version.size(), 3))
                      : std::nullopt;
    if (!first.starts_with(method)) {
        return std::unexpected("line 1 is no POST request");
    }
    if (!status || *status < 200 || *status > 599) {
        return std::unexpected("line 2 is no HTTP/1.1 status");
    }
    out.path = first.substr(method.size());
    out.status = *status;
    while (!text.empty()) {
        auto line = take_line(text);
        auto colon = line.find(':');
        auto value = ascii::trim(colon == line.npos ? line : line.substr(colon + 1));
        if (ascii::iequals(line.substr(0, colon), "content-type")) {
            out.content_type = value;
        } else if (ascii::iequals(line.substr(0, colon), "retry-after")) {
            out.retry_after = value;
        }
    }
    return out;
}

} // namespace vertex_relay::core::conformance
