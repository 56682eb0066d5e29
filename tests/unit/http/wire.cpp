#include "unit/http/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace vertex_relay::tests {

std::string chunk(std::string_view text) {
    return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

std::string chunked(std::string_view text, std::vector<std::size_t> const& sizes) {
    std::string wire;
    for (std::size_t i = 0; !text.empty(); ++i) {
        auto size = std::min(sizes[i % sizes.size()], text.size());
        wire += chunk(text.substr(0, size));
        text.remove_prefix(size);
    }
    return wire + "0\r\n\r\n";
}

dechunked dechunk(std::string_view wire) {
    dechunked out;
    while (!wire.empty()) {
        auto line = wire.find("\r\n");
        std::size_t size = 0;
        auto digits = wire.substr(0, line);
        auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
        bool plain = line != wire.npos && !digits.empty() && read.ptr == digits.end();
        if (!plain || wire.size() < line + 4 + size || wire.substr(line + 2 + size, 2) != "\r\n") {
            out.valid = false;
            return out;
        }
        out.text += wire.substr(line + 2, size);
        wire.remove_prefix(line + 4 + size);
        if (size == 0) {
            out.whole = wire.empty();
            out.valid = wire.empty();
            return out;
        }
    }
    return out;
}

std::vector<std::string> random_pieces(std::string_view text, std::size_t count,
                                       std::mt19937& random) {
    std::vector<std::size_t> cuts{0, text.size()};
    for (std::size_t i = 0; i < count; ++i) {
        cuts.push_back(std::uniform_int_distribution<std::size_t>(0, text.size())(random));
    }
    std::ranges::sort(cuts);
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        pieces.emplace_back(text.substr(cuts[i], cuts[i + 1] - cuts[i]));
    }
    return pieces;
}

void for_each_split(std::string_view text,
                    std::function<void(std::vector<std::string> const&)> const& visit) {
    visit({std::string(text)});
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        visit({std::string(text.substr(0, cut)), std::string(text.substr(cut))});
    }
    std::vector<std::string> bytes;
    for (char c : text) {
        bytes.emplace_back(1, c);
    }
    visit(bytes);
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
    std::string out;
    for (char c : text) {
        out += c == '\n' ? line_end : std::string_view(&c, 1);
    }
    return out;
}

} // namespace vertex_relay::tests
