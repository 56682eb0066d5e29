#include "wire/wire_render.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

std::string shown(char c) {
    auto value = static_cast<unsigned char>(c);
    bool plain = value >= 0x20 && value < 0x7f;
    return plain ? std::string(1, c) : fmt::format("{{{{{:02x}}}}}", value);
}

/// Bytes that make one line of a file: up to CRLF; what is longer breaks behind an event, in front
/// of an answer, between members or words.
std::size_t line_size(std::string_view bytes) {
    constexpr std::size_t columns = 96;
    auto end = bytes.find("\r\n");
    auto size = end == bytes.npos ? bytes.size() : end + 2;
    auto line = bytes.substr(0, size);
    auto text = end == bytes.npos ? line : bytes.substr(0, end);
    if (auto event = text.find("\n\n"); event != text.npos && event + 2 < text.size()) {
        return event + 2;
    }
    constexpr std::string_view version = "HTTP/1.1 ";
    auto answer = line.find(version, 1);
    if (answer != line.npos && core::ascii::is_digit(line[answer + version.size()])) {
        return answer;
    }
    auto room = line.substr(0, columns);
    if (room.size() == line.size()) {
        return size;
    }
    if (auto member = room.rfind("\",\""); member != room.npos && member > columns / 2) {
        return member + 2;
    }
    auto blank = room.rfind(' ');
    return blank != room.npos && blank > columns / 2 ? blank + 1 : size;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string with_variables(std::string line, wire_variables const& variables) {
    for (auto at = line.find("req-"); at != line.npos; at = line.find("req-", at + 1)) {
        if (is_request_id(std::string_view(line).substr(at, request_id_bytes))) {
            line.replace(at, request_id_bytes, "{{id}}");
        }
    }
    constexpr std::string_view time = ";dur=";
    for (auto at = line.find(time); at != line.npos; at = line.find(time, at + 1)) {
        auto from = at + time.size();
        auto bytes = time_bytes(std::string_view(line).substr(from));
        if (bytes > 0) {
            line.replace(from, bytes, "{{ms}}");
        }
    }
    for (auto const& [name, value] : variables) {
        line = replaced(std::move(line), value, "{{" + name + "}}");
    }
    std::string out;
    for (char c : line) {
        out += shown(c);
    }
    return out;
}

} // namespace

std::string render(std::string_view bytes, std::string_view arrow,
                   wire_variables const& variables) {
    std::string out;
    while (!bytes.empty()) {
        auto size = line_size(bytes);
        auto line = bytes.substr(0, size);
        bytes.remove_prefix(size);
        bool whole = line.ends_with("\r\n");
        line.remove_suffix(whole ? 2 : 0);
        auto text = with_variables(std::string(line), variables);
        out += fmt::format("{}{}{}{}\n", arrow, text.empty() ? "" : " ", text, whole ? "" : "\\");
    }
    return out;
}

} // namespace vertex_relay::tests
