#include "wire/storm_payload.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace vertex_relay::tests {

namespace {

/// One line with its CRLF off the front; nothing if it is not there yet.
std::optional<std::string_view> take_line(std::string_view& rest) {
    auto end = rest.find("\r\n");
    if (end == rest.npos) {
        return std::nullopt;
    }
    auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

/// `1c`, `1c ; ext`: the size, or nothing if it is none.
std::optional<std::uint64_t> chunk_size(std::string_view line, std::size_t& overhead) {
    auto digits = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
    auto extension = line.substr(digits);
    auto blanks = std::min(extension.find_first_not_of(" \t"), extension.size());
    bool good = digits > 0 && digits <= 8 && is_storm_value(extension) && extension.size() <= 257 &&
                (blanks == extension.size() || extension[blanks] == ';');
    overhead += extension.empty() ? 0 : extension.size() - 1;
    return good ? std::optional<std::uint64_t>(
                      std::stoull(std::string(line.substr(0, digits)), nullptr, 16))
                : std::nullopt;
}

bool is_trailer(std::string_view line) {
    auto name = line.substr(0, line.find(':'));
    return name.size() < line.size() && is_storm_word(name) && is_storm_value(line);
}

storm_payload read_trailers(std::string_view all, std::string_view rest, std::string text,
                            std::size_t overhead) {
    while (true) {
        auto line = take_line(rest);
        if (!line) {
            return {storm_payload::verdict::cut};
        }
        overhead += line->size();
        if (line->empty()) {
            return {storm_payload::verdict::whole, std::move(text), all.size() - rest.size()};
        }
        if (!is_trailer(*line) || overhead > 4096) {
            return {storm_payload::verdict::bad};
        }
    }
}

storm_payload read_chunks(std::string_view all) {
    std::string text;
    std::size_t overhead = 0;
    for (auto rest = all;;) {
        auto line = take_line(rest);
        if (!line) {
            return {storm_payload::verdict::cut}; // or bad: the rest of the line will tell
        }
        auto size = chunk_size(*line, overhead);
        if (!size || overhead > 4096) {
            return {storm_payload::verdict::bad};
        }
        if (*size == 0) {
            return read_trailers(all, rest, std::move(text), overhead);
        }
        if (rest.size() < *size + 2) {
            return {storm_payload::verdict::cut};
        }
        text += rest.substr(0, *size);
        if (rest.substr(*size, 2) != "\r\n") {
            return {storm_payload::verdict::bad};
        }
        rest.remove_prefix(*size + 2);
    }
}

} // namespace

storm_payload read_storm_payload(storm_head const& head, std::string_view rest) {
    if (head.framing == storm_head::body::chunked) {
        return read_chunks(rest);
    }
    if (rest.size() < head.length) {
        return {storm_payload::verdict::cut};
    }
    return {storm_payload::verdict::whole, std::string(rest.substr(0, head.length)), head.length};
}

} // namespace vertex_relay::tests
