// Faults before there is a connection, and while a large body is sent over one.

#include "faults/scenario.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

outcome unreachable(int status, std::string code) {
    return {.status = status, .code = std::move(code), .requests = 0};
}

/// The relay has sent its hello, or not even that; what came instead of the server's is `bytes`.
void add_handshake(std::vector<scenario>& out, std::string const& what, std::string const& bytes) {
    for (auto then : {fault::close, fault::reset, fault::stall}) {
        bool timeout = then == fault::stall && (bytes.empty() || bytes.starts_with('\x16'));
        out.push_back({.name = fmt::format("connect: {}, then {}", what, name_of(then)),
                       .around = {listener_kind::no_tls,
                                  timeout ? deadline::connect : deadline::none},
                       .stream = false,
                       .instead = bytes,
                       .upstream = then,
                       .wanted = timeout ? unreachable(504, "upstream_connect_timeout")
                                         : unreachable(502, "upstream_tls_failed")});
    }
}

/// The handshake ends before anything of the request is sent, the token first of all.
void add_certificate(std::vector<scenario>& out, listener_kind kind, char const* what,
                     char const* message) {
    for (bool stream : {true, false}) {
        out.push_back({.name = fmt::format("connect: a certificate {}{}", what,
                                           stream ? ", stream" : ""),
                       .around = {.upstream = kind},
                       .stream = stream,
                       .wanted = {.status = 502,
                                  .code = "upstream_tls_failed",
                                  .message = message,
                                  .requests = 0}});
    }
}

} // namespace

std::vector<scenario> connect_scenarios() {
    std::vector<scenario> out;
    for (bool stream : {true, false}) {
        out.push_back({.name = fmt::format("connect: refused{}", stream ? ", stream" : ""),
                       .around = {.upstream = listener_kind::nobody},
                       .stream = stream,
                       .wanted = unreachable(502, "upstream_unreachable")});
    }
    add_certificate(out, listener_kind::expired, "that has expired", "is not valid now");
    add_certificate(out, listener_kind::not_yet, "that is not valid yet", "is not valid now");
    add_certificate(out, listener_kind::other_name, "for another host", "for another name");
    add_certificate(out, listener_kind::unknown, "of an unknown authority",
                    "which this machine does not trust");
    add_certificate(out, listener_kind::self_signed, "signed by itself", "does not trust");
    using namespace std::string_literals;
    add_handshake(out, "no hello", "");
    add_handshake(out, "plain HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    add_handshake(out, "another protocol", "SSH-2.0-OpenSSH_9.2\r\n");
    add_handshake(out, "an alert", "\x15\x03\x03\x00\x02\x02\x28"s);
    add_handshake(out, "half a hello", "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"s);
    return out;
}

std::vector<scenario> upload_scenarios() {
    std::vector<scenario> out;
    for (auto what : {fault::close, fault::cut, fault::reset, fault::stall}) {
        bool stall = what == fault::stall;
        out.push_back({.name = fmt::format("upload: {}", name_of(what)),
                       .around = {.soon = stall ? deadline::write : deadline::none},
                       .stream = false,
                       .large = true,
                       .upstream = what,
                       .wanted = {.status = stall ? 504 : 502,
                                  .code = stall ? "upstream_timeout" : "upstream_reset",
                                  .requests = 0}});
    }
    constexpr auto refusal =
        R"({"error":{"code":400,"message":"No.","status":"INVALID_ARGUMENT"}})";
    out.push_back({.name = "upload: an early 400",
                   .stream = false,
                   .large = true,
                   .instead = fmt::format("HTTP/1.1 400 Bad Request\r\nContent-Type: "
                                          "application/json\r\nContent-Length: {}\r\n\r\n{}",
                                          std::string_view(refusal).size(), refusal),
                   .upstream = fault::stall,
                   .wanted = {.status = 400, .code = "invalid_argument", .requests = 0}});
    return out;
}

} // namespace vertex_relay::tests
