#include "wire/storm_head.hpp"

#include <algorithm>
#include <cctype>

namespace vertex_relay::tests {

namespace {

using verdict = storm_head_reading::verdict;

constexpr std::size_t head_bytes_max = 32 * 1024;
constexpr std::size_t target_bytes_max = 8 * 1024;
constexpr std::size_t fields_max = 100;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool is_target(std::string_view text) {
    return !text.empty() && text.size() <= target_bytes_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
}

std::string trimmed(std::string_view text) {
    auto begin = text.find_first_not_of(" \t");
    auto end = text.find_last_not_of(" \t");
    return begin == text.npos ? std::string() : std::string(text.substr(begin, end - begin + 1));
}

bool read_start(std::string_view line, storm_head& out) {
    auto first = std::min(line.find(' '), line.size());
    auto last = line.rfind(' ');
    if (last == line.npos || last <= first) {
        return false;
    }
    auto version = line.substr(last + 1);
    out.method = line.substr(0, first);
    out.target = line.substr(first + 1, last - first - 1);
    out.is_old = version == "HTTP/1.0";
    return (out.is_old || version == "HTTP/1.1") && is_storm_word(out.method) &&
           is_target(out.target);
}

bool read_field(std::string_view line, storm_head& out) {
    auto colon = line.find(':');
    if (colon == line.npos || !is_storm_word(line.substr(0, colon)) ||
        !is_storm_value(line.substr(colon + 1))) {
        return false;
    }
    out.fields.emplace_back(lower(std::string(line.substr(0, colon))),
                            trimmed(line.substr(colon + 1)));
    return true;
}

/// Decimal digits that fit into 64 bits.
std::optional<std::uint64_t> read_length(std::string_view text) {
    std::uint64_t value = 0;
    for (char c : text) {
        auto digit = static_cast<std::uint64_t>(c - '0');
        if (c < '0' || c > '9' || value > (UINT64_MAX - digit) / 10) {
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    return text.empty() ? std::nullopt : std::optional(value);
}

bool read_framing(storm_head& out) {
    auto lengths = out.all("content-length");
    auto codings = out.all("transfer-encoding");
    if (!codings.empty()) {
        out.framing = storm_head::body::chunked;
        return codings.size() == 1 && lengths.empty() && !out.is_old &&
               lower(codings[0]) == "chunked";
    }
    if (!lengths.empty()) {
        auto length = read_length(lengths[0]);
        out.length = length.value_or(0);
        out.framing = out.length > 0 ? storm_head::body::length : storm_head::body::none;
        return lengths.size() == 1 && length;
    }
    return true;
}

/// The bytes up to and with the empty line; a line that does not end in CRLF is bad at once.
std::pair<verdict, std::size_t> find_end(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (bytes[at] != '\n') {
            continue;
        }
        if (at == 0 || bytes[at - 1] != '\r') {
            return {verdict::bad, 0};
        }
        if (bytes.substr(0, at + 1).ends_with("\r\n\r\n")) {
            return {at < head_bytes_max ? verdict::whole : verdict::bad, at + 1};
        }
    }
    return {bytes.size() > head_bytes_max ? verdict::bad : verdict::cut, 0};
}

} // namespace

bool is_storm_word(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        auto value = static_cast<unsigned char>(c);
        return (value < 0x80 && std::isalnum(value) != 0) || marks.find(c) != marks.npos;
    });
}

bool is_storm_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        auto value = static_cast<unsigned char>(c);
        return value == '\t' || (value >= 0x20 && value != 0x7f);
    });
}

std::vector<std::string> storm_head::all(std::string_view name) const {
    std::vector<std::string> values;
    for (auto const& [known, value] : fields) {
        if (known == name) {
            values.push_back(value);
        }
    }
    return values;
}

bool storm_head::keeps_alive() const {
    bool asks_to_close = false;
    bool asks_to_stay = false;
    for (auto const& value : all("connection")) {
        auto list = "," + lower(value) + ",";
        std::erase_if(list, [](char c) { return c == ' ' || c == '\t'; });
        asks_to_close |= list.find(",close,") != list.npos;
        asks_to_stay |= list.find(",keep-alive,") != list.npos;
    }
    return !asks_to_close && (!is_old || asks_to_stay);
}

storm_head_reading read_storm_head(std::string_view bytes) {
    auto [found, size] = find_end(bytes);
    if (found != verdict::whole) {
        return {found};
    }
    storm_head_reading out{verdict::whole, size};
    auto rest = bytes.substr(0, size - 2);
    for (bool first = true; !rest.empty(); first = false) {
        auto line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        if (!(first ? read_start(line, out.head) : read_field(line, out.head))) {
            return {verdict::bad};
        }
    }
    bool good = out.head.fields.size() <= fields_max && out.head.all("host").size() == 1 &&
                read_framing(out.head);
    return good ? out : storm_head_reading{verdict::bad};
}

} // namespace vertex_relay::tests
