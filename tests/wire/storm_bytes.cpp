// Every byte at every place where one byte can change what a request means.

#include "wire/storm_input.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::tests {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view place = "@";

std::string with_byte(std::string_view form, int value) {
    std::string out(form);
    out.replace(out.find(place), place.size(), 1, static_cast<char>(value));
    return out;
}

/// A good chat whose head has `lines` (each with its CRLF) behind the request line.
std::string chat_with(std::string_view start, std::string_view lines, std::string_view name) {
    auto body = storm_chat(name);
    return fmt::format("{}\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                       start, lines, body.size(), body);
}

} // namespace

std::string storm_chat(std::string_view name) {
    return fmt::format(R"({{"model":"storm","user":"{}"}})", name);
}

std::string storm_post(std::string_view body, std::string_view fields) {
    return fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
                       fields, body.size(), body);
}

storm_inputs field_byte_storm() {
    constexpr std::array forms{
        "Host: localhost\r\n@x: y\r\n"sv, "Host: localhost\r\nx@x: y\r\n"sv,
        "Host: localhost\r\nx@: y\r\n"sv, "Host: localhost\r\nx:@y\r\n"sv,
        "Host: localhost\r\nx: y@y\r\n"sv, "Host: localhost\r\nx: y@\r\n"sv,
        "Host: localhost\r\nx: y@\n"sv, "Host: localhost\r\nx: y\r@"sv, "Host: localhost@\r\n"sv,
        "Host: @localhost\r\n"sv, "Host: local@host\r\n"sv, "Host: localhost:@\r\n"sv,
        "Host: 127.0.0@.1\r\n"sv, "Host@: localhost\r\n"sv, "Host:@localhost\r\n"sv,
        "Host: localhost\r\nConnection: @close\r\n"sv,
        "Host: localhost\r\nContent-Length@: 5\r\n"sv,
        "Host: localhost\r\nTransfer-Encoding@: chunked\r\n"sv,
        "Host: localhost\r\nTransfer-Encoding:@chunked\r\n"sv,
        "Host: localhost\r\nExpect: 100-continue@\r\n"sv};
    storm_inputs out;
    for (auto form : forms) {
        for (int value = 0; value < 256; ++value) {
            out.push_back(chat_with("POST /v1/chat/completions HTTP/1.1", with_byte(form, value),
                                    fmt::format("field-{}", out.size())));
        }
    }
    return out;
}

storm_inputs request_line_storm() {
    constexpr std::array forms{
        "@POST /v1/chat/completions HTTP/1.1"sv, "PO@ST /v1/chat/completions HTTP/1.1"sv,
        "POST@/v1/chat/completions HTTP/1.1"sv,  "POST @/v1/chat/completions HTTP/1.1"sv,
        "POST /v1/chat/comp@letions HTTP/1.1"sv, "POST /v1/chat/completions@ HTTP/1.1"sv,
        "POST /v1/chat/completions@HTTP/1.1"sv,  "POST /v1/chat/completions HTTP@/1.1"sv,
        "POST /v1/chat/completions HTTP/1.@"sv,  "POST /v1/chat/completions HTTP/1.1@"sv};
    constexpr std::array methods{
        "POST"sv, "GET"sv, "HEAD"sv, "PUT"sv, "OPTIONS"sv, "TRACE"sv, "PRI"sv, "CONNECT"sv,
        "post"sv, "P"sv, ""sv, "M-SEARCH"sv};
    constexpr std::array targets{
        "/v1/chat/completions"sv, "/chat/completions"sv, "/v1/chat/completions?a=b"sv,
        "/v1/chat/completions#x"sv, "/v1/chat/completions/"sv, "//v1/chat/completions"sv,
        "/v1/../v1/chat/completions"sv, "/v1/chat%2fcompletions"sv, "/livez"sv, "/livez?x"sv, "*"sv,
        ""sv, "http://localhost/v1/chat/completions"sv, "http://evil.example/v1/chat/completions"sv,
        "http://127.0.0.1:1/livez"sv, "://localhost/livez"sv, "http:///livez"sv,
        "http://localhost@evil.example/livez"sv, "localhost:80"sv, "/v1/chat/completions\0"sv};
    constexpr std::array versions{
        "HTTP/1.1"sv, "HTTP/1.0"sv, "HTTP/0.9"sv, "HTTP/2.0"sv, "HTTP/1.2"sv, "http/1.1"sv, ""sv,
        "HTTP/1"sv, "HTTP/11"sv};
    storm_inputs out;
    auto add = [&](std::string_view start) {
        out.push_back(chat_with(start, "Host: localhost\r\n", fmt::format("line-{}", out.size())));
    };
    for (auto form : forms) {
        for (int value = 0; value < 256; ++value) {
            add(with_byte(form, value));
        }
    }
    for (auto method : methods) {
        for (auto target : targets) {
            for (auto version : {versions[0], versions[out.size() % versions.size()]}) {
                add(fmt::format("{} {} {}", method, target, version));
            }
        }
    }
    return out;
}

} // namespace vertex_relay::tests
