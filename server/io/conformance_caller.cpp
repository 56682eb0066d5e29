#include "io/conformance_caller.hpp"

#include "core/vertex/upstream_request.hpp"
#include "io/answer_body.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace vertex_relay::io {

namespace {

using core::conformance::answer_seen;

constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;

answer_seen no_answer(std::string why) {
    answer_seen out;
    out.complete = false;
    out.trouble = std::move(why);
    return out;
}

answer_seen no_answer(core::failure const& why) { return no_answer(why.message); }

} // namespace

conformance_caller::conformance_caller(event_loop& loop, wire_buffers& buffers,
                                       std::shared_ptr<service const> shared)
    : loop_(loop), buffers_(buffers), shared_(std::move(shared)), side_(loop, buffers, *shared_),
      relay_(shared_), thread_([this] { relay_.loop.run(); }) {}

conformance_caller::~conformance_caller() {
    relay_.loop.stop();
    thread_.join();
}

std::string conformance_caller::quota_project() const {
    auto const& configured = shared_->quota_project;
    if (!configured.empty()) {
        return configured == "none" ? std::string() : configured;
    }
    auto who = shared_->tokens->who();
    return who ? who->quota_project_of_file : std::string();
}

task<answer_seen> conformance_caller::converse(fiber& sleeper, connection& line,
                                               std::span<std::string_view const> parts) {
    auto sent = co_await line.write(sleeper, parts);
    if (sent == connection::sent::failed || sent == connection::sent::stopped) {
        co_return no_answer("the connection broke while the request was sent");
    }
    auto start = co_await read_answer_start(sleeper, line);
    if (!start) {
        co_return no_answer(start.error());
    }
    answer_seen out;
    out.status = start->head.status;
    for (auto const& field : start->head.fields) {
        out.fields.emplace_back(field.name, field.value);
    }
    auto body = co_await read_answer_body(sleeper, line, *start, {answer_bytes_max});
    out.body = std::move(body.text);
    out.complete = body.complete;
    out.trouble = body.complete                          ? ""
                  : sleeper.stopped() != cause::none ? "not whole in time"
                                                     : "the connection ended before the answer";
    co_return out;
}

task<answer_seen> conformance_caller::past(fiber& sleeper, request const& asked) {
    auto until = loop_.now() + asked.limit;
    sleeper.expires_at(until);
    auto token = co_await shared_->tokens->get(sleeper);
    if (!token) {
        co_return no_answer(token.error());
    }
    auto const& bearer = asked.token != nullptr ? *asked.token : (*token)->value;
    core::result<core::upstream_host> host = asked.where.host;
    if (asked.where.needs_dedicated_host) {
        host = co_await side_.endpoints.locate(sleeper, asked.where, (*token)->value);
    }
    if (!host) {
        co_return no_answer(host.error());
    }
    auto line = co_await side_.pool.acquire(sleeper, *host, true);
    if (!line) {
        co_return no_answer(line.error());
    }
    sleeper.expires_at(until);
    auto quota = quota_project();
    core::upstream_call call{.path = asked.path, .quota_project = quota};
    call.content_length = asked.body.size();
    auto head = core::build_upstream_head(*host, call, bearer);
    std::array<std::string_view, 2> parts{head, asked.body};
    auto answer = co_await converse(sleeper, **line, parts);
    OPENSSL_cleanse(head.data(), head.size());
    co_return answer;
}

task<answer_seen> conformance_caller::through(fiber& sleeper, request const& asked) {
    sleeper.expires_after(asked.limit);
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        co_return no_answer(fmt::format("no pair of sockets: {}", std::strerror(errno)));
    }
    relay_.loop.post([this, end = ends[0]] { relay_.adopt(end, door::main); });
    connection line(loop_, buffers_);
    line.socket().wakes(&sleeper);
    line.socket().adopt(ends[1]);
    auto head = fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Type: application/json\r\nContent-Length: {}\r\n"
                            "Connection: close\r\n\r\n",
                            asked.body.size());
    std::array<std::string_view, 2> parts{head, asked.body};
    co_return co_await converse(sleeper, line, parts);
}

} // namespace vertex_relay::io
