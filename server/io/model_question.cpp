#include "io/model_question.hpp"

#include "core/doctor/model_checks.hpp"
#include "core/google/http_date.hpp"
#include "core/google/token_answer.hpp"
#include "core/vertex/google_error.hpp"
#include "core/vertex/missing_model.hpp"
#include "core/vertex/upstream_request.hpp"
#include "io/answer_body.hpp"
#include "io/system_clock.hpp"
#include "io/today.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace vertex_relay::io {

namespace {

constexpr auto patience = std::chrono::minutes(1);
constexpr std::size_t answer_bytes_max = 1024 * 1024;

core::failure broken_off() {
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_reset",
            .message = "The connection to Vertex AI broke. Try again."};
}

task<core::result<core::upstream_host>> find_host(fiber& sleeper, questioner& by,
                                                  core::target const& where) {
    if (!where.needs_dedicated_host) {
        co_return where.host;
    }
    co_return co_await by.endpoints.locate(sleeper, where, by.token);
}

std::optional<core::google::seconds> offset_of(core::response_head const& head) {
    auto date = core::google::parse_http_date(head.find("Date").value_or(""));
    auto now = std::chrono::floor<core::google::seconds>(system_instant().wall);
    return date ? std::optional(*date - now) : std::nullopt;
}

/// Nullopt: it is an answer.
std::optional<core::failure> fault_in(core::response_head const& head, std::string_view body,
                                      questioner const& by, core::target const& where) {
    if (head.status == 200) {
        return core::find_disguised_error(body, where);
    }
    if (head.status == 401) {
        return core::google::rejected_by_vertex(by.from);
    }
    auto advice = core::advise_on_missing(where, by.routes, today());
    return core::read_google_error({.status = head.status,
                                    .content_type = head.find("Content-Type").value_or(""),
                                    .retry_after = head.find("Retry-After").value_or(""),
                                    .body = body,
                                    .model_advice = advice},
                                   where);
}

} // namespace

task<model_reply> ask_model(fiber& sleeper, questioner& by, core::target const& where) {
    auto begun = sleeper.loop().now();
    auto fail = [](core::failure why) { return model_reply{std::unexpected(std::move(why)), {}}; };
    sleeper.never_expires(); // each step has a limit of its own
    auto host = co_await find_host(sleeper, by, where);
    if (!host) {
        co_return fail(std::move(host.error()));
    }
    auto line = co_await by.pool.acquire(sleeper, *host);
    if (!line) {
        co_return fail(std::move(line.error()));
    }
    auto body = core::doctor::one_token_body(where);
    core::upstream_call call{.path = where.path, .quota_project = by.quota_project};
    call.content_length = body.size();
    auto head = core::build_upstream_head(*host, call, by.token);
    std::string_view parts[] = {head, body};
    sleeper.expires_after(patience);
    auto sent = co_await (*line)->write(sleeper, parts);
    OPENSSL_cleanse(head.data(), head.size());
    if (sent == connection::sent::failed || sent == connection::sent::stopped) {
        co_return fail(broken_off());
    }
    auto start = co_await read_answer_start(sleeper, **line);
    if (!start) {
        co_return fail(std::move(start.error()));
    }
    auto answer = co_await read_answer_body(sleeper, **line, *start, {answer_bytes_max});
    if (!answer.complete) {
        co_return fail(broken_off());
    }
    std::chrono::duration<double> took = sleeper.loop().now() - begun;
    model_reply reply{fmt::format("{:.2f} s", took.count()), offset_of(start->head)};
    if (auto fault = fault_in(start->head, answer.text, by, where)) {
        reply.answer = std::unexpected(std::move(*fault));
    }
    co_return reply;
}

} // namespace vertex_relay::io
