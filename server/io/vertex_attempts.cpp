#include "io/vertex_attempts.hpp"

#include "core/vertex/google_error.hpp"
#include "core/vertex/missing_model.hpp"
#include "io/timed.hpp"
#include "io/today.hpp"
#include "io/token_source.hpp"

#include <fmt/format.h>

#include <utility>

namespace vertex_relay::io {

namespace {

using answer_result = core::result<vertex_answer>;
using action = core::retry_policy::action;

constexpr std::size_t error_bytes_max = 64 * 1024;

core::retry_rules rules_of(core::config const& settings) {
    return {settings.retry.max, settings.retry.min_delay_ms, settings.retry.budget_ms};
}

} // namespace

vertex_attempts::vertex_attempts(snapshot& now, fiber& sleeper, core::target const& first,
                                 chat_body body, core::exchange_record& record)
    : now_(now), fiber_(sleeper), where_(&first), fallbacks_(first.fallbacks), body_(body),
      record_(record), policy_(rules_of(now.shared.settings), first.fallbacks.size()) {}

task<answer_result> vertex_attempts::run() {
    while (true) {
        record_.route = where_->label;
        vertex_call call(now_, fiber_, *where_, body_, changes_, record_);
        auto answer = co_await call.run();
        if (!answer || answer->start.head.status == 200) {
            co_return std::move(answer);
        }
        auto why = co_await read_refusal(std::move(*answer));
        auto next = decide(why);
        if (next.what == action::give_up) {
            co_return std::unexpected(policy_.last_word(std::move(why)));
        }
        tell(why, next);
        auto ready = co_await prepare(next);
        if (!ready) {
            co_return std::unexpected(std::move(why));
        }
        now_.at.meters().count(next.what == action::same_target ? core::resend::refused
                                                                 : core::resend::fallback);
    }
}

/// Reads an error answer to its end and gives its connection back.
task<core::failure> vertex_attempts::read_refusal(vertex_answer answer) {
    auto const& head = answer.start.head;
    fiber_.expires_after(now_.shared.settings.upstream.idle_timeout_ms);
    auto body = co_await read_answer_body(fiber_, *answer.line, answer.start, {error_bytes_max});
    bool missing = head.status == 404 && where_->endpoint.empty();
    auto advice = missing ? core::advise_on_missing(*where_, now_.shared.routes, today())
                          : std::string();
    auto why = core::read_google_error({.status = head.status,
                                        .content_type = head.find("content-type").value_or(""),
                                        .retry_after = head.find("retry-after").value_or(""),
                                        .body = body.text,
                                        .model_advice = advice},
                                       *where_);
    if (head.status == 401) { // to a fresh token: vertex_call has already tried another
        auto words = std::exchange(why, now_.shared.tokens->rejected()).google;
        why.google = std::move(words);
    }
    if (body.decoder.ends_exactly() && head.keep_alive) {
        now_.upstream->pool.release(std::move(answer.line));
    }
    co_return why;
}

core::retry_policy::step vertex_attempts::decide(core::failure const& why) {
    auto now = fiber_.loop().now();
    refused_at_ = refused_at_.value_or(now);
    auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - *refused_at_);
    return policy_.after(why, since, now_.at.random());
}

/// Waits for its time, or takes the next fallback. False: the fiber was cancelled.
task<bool> vertex_attempts::prepare(core::retry_policy::step next) {
    if (next.what == action::next_target) {
        where_ = &fallbacks_.front();
        fallbacks_ = fallbacks_.subspan(1);
    }
    timed pause(record_.spent.pause);
    fiber_.expires_after(next.wait);
    while (fiber_.stopped() == cause::none) {
        co_await fiber_.sleep();
    }
    co_return fiber_.stopped() == cause::deadline;
}

void vertex_attempts::tell(core::failure const& why, core::retry_policy::step next) const {
    auto then = next.what == action::same_target
                    ? fmt::format("trying again in {} ms", next.wait.count())
                    : fmt::format("trying {} instead", fallbacks_.front().place);
    now_.shared.logs.info(fmt::format("{}: {} {} from {}, {}", record_.id, why.status, why.code,
                                      where_->place, then));
}

} // namespace vertex_relay::io
