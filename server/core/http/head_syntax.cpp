#include "core/http/head_syntax.hpp"

#include "core/ascii.hpp"
#include "core/eight_bytes.hpp"
#include "core/http/framing.hpp"
#include "core/http/resource.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::core {

namespace {

enum character : std::uint8_t { token = 1, value = 2, target = 4 };

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    for (std::size_t c = 0; c < 256; ++c) {
        auto text = static_cast<char>(c);
        bool visible = c > 0x20 && c < 0x7f;
        classes[c] =
            static_cast<std::uint8_t>((ascii::is_token(text) ? token : 0) |
                                      (visible || c == ' ' || c == '\t' || c >= 0x80 ? value : 0) |
                                      (visible && text != '"' ? target : 0));
    }
    return classes;
}

constexpr auto classes = make_classes();

/// The first character that is not of the class, or the size.
std::size_t span_of(std::string_view text, character wanted) {
    std::size_t at = 0;
    while (at < text.size() && (classes[static_cast<unsigned char>(text[at])] & wanted) != 0) {
        ++at;
    }
    return at;
}

/// The same as `span_of(text, value)`. A head is mostly values, so that these go by eights.
std::size_t span_of_value(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        if (auto controls = controls_of(load_eight(text, at))) {
            at += first_of(controls);
            break; // at the line's end, or a tab
        }
    }
    return at + span_of(text.substr(at), value);
}

bool is_all(std::string_view text, character wanted) {
    return span_of(text, wanted) == text.size();
}

unsigned known_version(std::string_view text) {
    return text == "HTTP/1.1" ? 11 : text == "HTTP/1.0" ? 10 : 0;
}

} // namespace

failure target_too_long(std::size_t limit) {
    return closing(invalid_request(
        414, "uri_too_long",
        fmt::format("The request target is longer than {} bytes (limits.target_bytes).", limit)));
}

std::optional<failure> read_request_line(std::string_view line, head_limits const& limits,
                                         request_head& out) {
    auto first = line.find(' ');
    auto last = line.rfind(' ');
    if (first == line.npos || first == last) {
        return malformed_request("the request line is not `METHOD target HTTP/1.1`");
    }
    out.method = line.substr(0, first);
    out.target = line.substr(first + 1, last - first - 1);
    auto version = line.substr(last + 1);
    out.version = known_version(version);
    if (out.version == 0) {
        return version.starts_with("HTTP/") && is_all(version, target)
                   ? closing(invalid_request(505, "http_version_not_supported",
                                             "Only HTTP/1.1 and HTTP/1.0 are spoken here."))
                   : malformed_request("the request line is not `METHOD target HTTP/1.1`");
    }
    if (out.target.size() > limits.target_bytes) {
        return target_too_long(limits.target_bytes);
    }
    if (out.method.empty() || !is_all(out.method, token)) {
        return malformed_request("the method is not a word");
    }
    if (out.target.empty() || !is_all(out.target, target)) {
        return malformed_request("the request target has characters that must be percent-encoded");
    }
    out.path = path_of(out.target);
    return std::nullopt;
}

bool read_status_line(std::string_view line, response_head& out) {
    constexpr std::size_t code_at = 9; // behind `HTTP/1.1 `
    out.version = known_version(line.substr(0, 8));
    auto code = ascii::parse_decimal<unsigned>(line.substr(std::min(code_at, line.size()), 3));
    bool spaced = line.size() >= code_at + 3 && line[8] == ' ' &&
                  (line.size() == code_at + 3 || line[code_at + 3] == ' ');
    if (out.version == 0 || !code || *code < 100 || *code > 999 || !spaced ||
        !is_all(line.substr(code_at + 3), value)) {
        return false;
    }
    out.status = *code;
    return true;
}

char const* read_fields(std::string_view lines, std::vector<header_field>& out) {
    while (!lines.starts_with("\r\n")) {
        auto name = lines.substr(0, span_of(lines, token));
        if (name.empty()) {
            bool folded = lines.starts_with(' ') || lines.starts_with('\t');
            return folded ? "folded header line" : "a field without a name";
        }
        lines.remove_prefix(name.size());
        if (!lines.starts_with(':')) {
            return "a field name that is not a word followed by a colon";
        }
        lines.remove_prefix(1);
        auto text = lines.substr(0, span_of_value(lines));
        lines.remove_prefix(text.size());
        if (!lines.starts_with("\r\n")) {
            return "a control character in a field value";
        }
        lines.remove_prefix(2);
        out.push_back({name, ascii::trim(text)});
    }
    return nullptr;
}

} // namespace vertex_relay::core
