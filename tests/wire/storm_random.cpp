// Damage anywhere, several times, and messages that end too early or run into each other.

#include "wire/storm_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace vertex_relay::tests {

namespace {

using namespace std::string_view_literals;

/// Pieces that mean something to a reader of HTTP.
constexpr std::array pieces{
    "\r\n"sv, "\n"sv, "\r"sv, "\r\n\r\n"sv, " "sv, "\t"sv, ":"sv, ";"sv, ","sv, "0"sv, "\0"sv,
    "\xff"sv, "0\r\n\r\n"sv, "Content-Length: 0\r\n"sv, "Transfer-Encoding: chunked\r\n"sv,
    "Host: evil.example\r\n"sv, "HTTP/1.1"sv, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"sv,
    "close"sv, "x: y\r\n"sv};

/// std::uniform_int_distribution differs between libraries; these inputs should not.
std::size_t below(std::mt19937& random, std::size_t limit) {
    return random() % limit;
}

std::string chunked_post(std::string_view body) {
    return fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "7\r\n{}\r\n{:x};a=b\r\n{}\r\n0\r\nx: y\r\n\r\n",
                       body.substr(0, 7), body.size() - 7, body.substr(7));
}

std::string good_request(std::size_t number) {
    auto body = storm_chat(fmt::format("random-{}", number));
    switch (number % 4) {
    case 0:
        return storm_post(body);
    case 1:
        return chunked_post(body);
    case 2:
        return storm_post(body, "Connection: keep-alive\r\n") + chunked_post(storm_chat("next"));
    default:
        return "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" + storm_post(body);
    }
}

void damage(std::string& bytes, std::mt19937& random) {
    auto at = below(random, bytes.size());
    auto size = std::min(bytes.size() - at, 1 + below(random, 8));
    auto piece = pieces[below(random, pieces.size())];
    switch (below(random, 6)) {
    case 0:
        bytes[at] = static_cast<char>(random() & 0xffU);
        break;
    case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
        break;
    case 2:
        bytes.insert(at, piece);
        break;
    case 3:
        bytes.replace(at, size, piece);
        break;
    case 4:
        bytes.insert(at, bytes.substr(below(random, bytes.size()), size));
        break;
    default:
        bytes.erase(at, size);
        break;
    }
    bytes += bytes.empty() ? "\r" : "";
}

} // namespace

storm_inputs random_storm() {
    std::mt19937 random(20260901);
    storm_inputs out;
    for (std::size_t i = 0; i < 2500; ++i) {
        auto bytes = good_request(i);
        for (auto times = 1 + below(random, 4); times > 0; --times) {
            damage(bytes, random);
        }
        out.push_back(std::move(bytes));
    }
    return out;
}

storm_inputs cut_storm() {
    storm_inputs out;
    for (std::size_t form = 0; form < 4; ++form) {
        for (std::size_t size = 1; size < good_request(form).size(); ++size) {
            out.push_back(good_request(4 * out.size() + form).substr(0, size));
        }
    }
    for (std::size_t count = 2; count < 30; ++count) {
        std::string row;
        for (std::size_t i = 0; i < count; ++i) {
            row += good_request(100 * count + i);
        }
        out.push_back(row);
        out.push_back(row + "\n");
        out.push_back(row + "\r\n\r\n\r\n");
        out.push_back(row.substr(0, row.size() - count));
    }
    return out;
}

} // namespace vertex_relay::tests
