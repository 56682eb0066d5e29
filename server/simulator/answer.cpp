#include "simulator/answer.hpp"

#include <fmt/format.h>

#include <ctime>

namespace vertex_relay::simulator {

namespace {

constexpr std::string_view chunked = "Transfer-Encoding: chunked\r\n";

std::string_view reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 302:
        return "Found";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Request Entity Too Large";
    case 429:
        return "Too Many Requests";
    case 499:
        return "Client Closed Request";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Unknown";
    }
}

/// `Date:`, formatted once a second.
std::string const& date_line() {
    thread_local std::time_t made = 0;
    thread_local std::string line;
    auto now = std::time(nullptr);
    if (now != made) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        char text[64];
        auto size = std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        line.assign(text, size);
        made = now;
    }
    return line;
}

} // namespace

std::string answer_head(answer const& reply, std::string_view framing) {
    std::string out;
    out.reserve(512);
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", reply.status,
                   reason(reply.status));
    out += "Content-Type: ";
    out += reply.content_type;
    out += "\r\nVary: Origin, X-Origin, Referer\r\n";
    out += date_line();
    out += reply.status < 400 ? "Server: scaffolding on HTTPServer2\r\n"
                              : "Server: ESF\r\nServer-Timing: gfet4t7; dur=3\r\n";
    out += "X-XSS-Protection: 0\r\nX-Frame-Options: SAMEORIGIN\r\n"
           "X-Content-Type-Options: nosniff\r\n";
    out += reply.extra_headers;
    out += framing;
    out += "\r\n";
    return out;
}

void append_chunk(std::string& out, std::string_view payload) {
    fmt::format_to(std::back_inserter(out), "{:x}\r\n", payload.size());
    out += payload;
    out += "\r\n";
}

std::string content_length(std::size_t bytes) {
    return fmt::format("Content-Length: {}\r\n", bytes);
}

plan to_plan(answer const& reply) {
    plan made;
    auto framing = reply.stream ? std::string(chunked) : content_length(reply.body.size());
    auto out = answer_head(reply, framing);
    if (reply.stream) {
        for (auto const& event : reply.events) {
            append_chunk(out, event);
        }
        out += last_chunk;
        made.stream = true;
    } else {
        out += reply.body;
    }
    made.write(std::move(out));
    return made;
}

} // namespace vertex_relay::simulator
