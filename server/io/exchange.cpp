#include "io/exchange.hpp"

#include "core/openai/api_error.hpp"
#include "core/metrics/exposition.hpp"
#include "core/openai/model_list.hpp"
#include "core/server_timing.hpp"
#include "io/metrics_page.hpp"
#include "io/token_source.hpp"
#include "io/today.hpp"
#include "io/vertex_attempts.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

/// What `/readyz` says while open answers run to their end.
core::failure draining() {
    return {.status = 503,
            .type = "server_error",
            .code = "draining",
            .message = "The relay is shutting down: it ends what it began and takes no more."};
}

} // namespace

exchange::exchange(worker& at, client_line line)
    : worker_(at), now_(at.current()), rules_(now_->shared.rules_at(line.came_by)),
      fiber_(line.sleeper), client_(line.client), input_(line.input), peer_(line.peer) {
    client_.waits_at_most(now_->shared.settings.timeouts.write_ms);
}

task<bool> exchange::run(std::size_t head_bytes) {
    auto const& shared = now_->shared;
    record_.began = clock::now();
    record_.id = worker_.next_request_id();
    plan_.request_id = record_.id;
    auto sent_before = client_.bytes();
    auto head = core::parse_request_head(input_.data().substr(0, head_bytes),
                                         {shared.settings.limits.head_bytes,
                                          shared.settings.limits.headers,
                                          shared.settings.limits.target_bytes});
    bool again = false;
    if (!head) {
        again = co_await refuse(head.error());
    } else {
        plan_.version = head->version;
        head_only_ = head->wants_head_only();
        plan_.keep_alive = head->keep_alive && !shared.load.draining.load();
        record_.route = head->path.substr(0, 200);
        trace_ = core::find_trace(*head);
        record_.trace = trace_.trace_id();
        auto admitted = core::admit(*head, rules_, peer_);
        auto framing = head->framing;
        if (admitted) {
            again = co_await serve(*admitted, *head);
        } else {
            cors_origin_ = core::granted_origin(*head, rules_);
            input_.consume(head_bytes);
            admitted.error().close |= framing != core::body_framing::none;
            again = co_await refuse(admitted.error());
        }
    }
    record_.bytes_out = client_.bytes() - sent_before;
    account();
    co_return again;
}

task<void> exchange::refuse_head(core::failure why) {
    record_.began = clock::now();
    record_.id = worker_.next_request_id();
    plan_.request_id = record_.id;
    plan_.keep_alive = false;
    auto sent_before = client_.bytes();
    co_await refuse(why);
    record_.bytes_out = client_.bytes() - sent_before;
    account();
}

task<bool> exchange::serve(core::admission const& admitted, core::request_head const& head) {
    cors_origin_ = admitted.cors_origin;
    plan_.cors_origin = cors_origin_;
    auto framing = head.framing;
    auto length = head.content_length;
    record_.path = admitted.preflight ? std::string_view() : core::path_of(admitted.what);
    probe_ = core::is_probe(admitted.what) && !admitted.preflight;
    input_.consume(head.size); // the head's views end here
    if (admitted.what == core::resource::chat_completions) {
        co_return co_await chat(framing, length, admitted.expects_continue);
    }
    if (framing != core::body_framing::none) { // a body nobody asked for
        auto body = co_await read_body(framing, length, admitted.expects_continue);
        if (!body) {
            co_return co_await refuse(body.error());
        }
        drop_body(*body);
    }
    co_return co_await reply_local(admitted);
}

task<bool> exchange::chat(core::body_framing framing, std::size_t length, bool expects_continue) {
    record_.where = core::phase::body;
    auto bytes = co_await read_body(framing, length, expects_continue);
    if (!bytes) {
        co_return co_await refuse(bytes.error());
    }
    record_.bytes_in = *bytes;
    record_.where = core::phase::route;
    auto request = read_chat(input_.data().substr(0, *bytes));
    if (!request) {
        drop_body(*bytes);
        co_return co_await refuse(request.error());
    }
    if (request->model) {
        record_.model = std::string_view(*request->model).substr(0, 256);
    }
    auto where = now_->route(request->model);
    if (!where) {
        drop_body(*bytes);
        co_return co_await refuse(where.error());
    }
    counted stream(now_->shared.load.streams, 1);
    if (stream.total() > now_->shared.settings.limits.streams) {
        drop_body(*bytes);
        co_return co_await refuse(
            core::overloaded("Too many requests are under way (limits.streams). Try again."));
    }
    target_ = std::move(*where);
    co_return co_await forward(*target_, *request, *bytes);
}

core::result<core::chat_request> exchange::read_chat(std::string_view body) {
    auto request = core::read_chat_request(worker_.parser(), body);
    worker_.rest_parser();
    return request;
}

task<bool> exchange::forward(core::target const& first, core::chat_request const& request,
                             std::size_t body_bytes) {
    warn_if_retired(first);
    client_.socket().cancels_on_hang_up(true);
    record_.routed = true;
    record_.alias = first.alias;
    record_.listed = first.listed;
    chat_body body{request, input_.data().substr(0, body_bytes), trace_};
    vertex_attempts attempts(*now_, fiber_, first, body, record_);
    auto answer = co_await attempts.run();
    drop_body(body_bytes);
    plan_.attempts = record_.attempts;
    plan_.place = attempts.where().place;
    auto repairs = record_.repairs.names();
    plan_.repairs = repairs;
    if (!answer) {
        client_.socket().cancels_on_hang_up(false);
        co_return co_await refuse(answer.error());
    }
    request.stream ? input_.shrink() : input_.trim(); // an open stream keeps no request in memory
    record_.status = static_cast<int>(answer->start.head.status);
    answer_relay relay(*now_, fiber_, client_, attempts.where(), record_);
    relay.expect_choices(request.choices);
    plan_.note = attempts.changes().note;
    if (auto& wishes = attempts.changes().wishes) {
        relay.repair(std::move(*wishes));
    }
    auto outcome = co_await relay.relay(*answer, plan_);
    answer->line.reset(); // one that is not back in the pool ends here
    client_.socket().cancels_on_hang_up(false);
    if (outcome == answer_relay::outcome::refused) {
        co_return co_await refuse(relay.problem());
    }
    bool delivered = outcome == answer_relay::outcome::delivered;
    if (!delivered) {
        note_break(relay.problem());
    }
    co_return may_go_on(delivered) && !relay.needs_end();
}

/// What was not delivered: by Vertex AI's fault or ours, whose status the client has seen, or by
/// its own.
void exchange::note_break(core::failure const& problem) {
    bool ours = !problem.code.empty() || fiber_.stopped() == cause::shutdown;
    if (ours) {
        record_.cause = problem.code.empty() ? core::shutting_down().code : problem.code;
        return;
    }
    record_.cause = client_.stalled() ? "client_stalled" : "client_gone";
    record_.status = 499;
}

bool exchange::may_go_on(bool delivered) {
    if (delivered) {
        record_.where = core::phase::done;
    }
    return delivered && plan_.keep_alive;
}

void exchange::warn_if_retired(core::target const& where) {
    auto const* known = now_->shared.routes.models().find(where.label);
    if (known != nullptr && !known->retires.empty() && core::is_retired(*known, today())) {
        now_->shared.logs.warn(
            fmt::format("model {} is past its retirement date {}", known->id, known->retires));
    }
}

task<bool> exchange::reply_local(core::admission const& admitted) {
    if (admitted.preflight) {
        plan_.status = record_.status = 204;
        co_return co_await write(core::build_preflight_head(plan_), {});
    }
    auto const& routes = now_->shared.routes;
    switch (admitted.what) {
    case core::resource::models:
        co_return co_await reply(core::model_list(routes, today()));
    case core::resource::model: {
        auto entry = core::model_entry(routes, admitted.model_id);
        if (!entry) {
            co_return co_await refuse(entry.error());
        }
        co_return co_await reply(*entry);
    }
    case core::resource::readyz: {
        if (now_->shared.load.draining.load()) {
            co_return co_await refuse(draining());
        }
        if (auto trouble = now_->shared.tokens->trouble()) {
            trouble->status = 503;
            co_return co_await refuse(*trouble);
        }
        co_return co_await reply(R"({"status":"ready"})");
    }
    case core::resource::metrics:
        co_return co_await reply(metrics_page(now_->shared), core::exposition_type);
    case core::resource::requests:
        co_return co_await feed();
    default:
        co_return co_await reply(R"({"status":"ok"})");
    }
}

task<bool> exchange::reply(std::string_view body, std::string_view type) {
    plan_.status = record_.status = 200;
    plan_.content_type = type;
    plan_.length = body.size();
    co_return co_await write(core::build_response_head(plan_), body);
}

task<bool> exchange::refuse(core::failure why) {
    if (fiber_.stopped() == cause::client_gone) {
        record_.status = 499;
        record_.cause = "client_gone";
        co_return false;
    }
    if (fiber_.stopped() == cause::shutdown) { // whatever ended then, ended because of that
        why = core::shutting_down();
        why.close = true;
    }
    fiber_.pardon();
    record_.cause = why.code;
    record_.status = why.status;
    plan_.keep_alive = plan_.keep_alive && !why.close;
    plan_.content_type = "application/json";
    plan_.cors_origin = cors_origin_;
    auto body = core::error_body(why);
    plan_.length = body.size();
    co_return co_await write(failure_head(why), body);
}

std::string exchange::failure_head(core::failure const& why) {
    if (record_.attempts == 0) {
        return core::build_failure_head(plan_, why);
    }
    core::server_timing timing(record_.spent, since_head());
    auto plan = plan_;
    plan.timing = timing.text();
    return core::build_failure_head(plan, why);
}

task<bool> exchange::write(std::string_view head, std::string_view body) {
    std::array<std::string_view, 2> parts{head, head_only_ ? std::string_view() : body};
    bool sent = client_.send(parts);
    if (sent && client_.has_backlog()) {
        sent = co_await client_.flush();
    }
    if (sent && record_.cause == "ok") {
        record_.where = core::phase::done;
    } else if (!sent) {
        note_break({});
    }
    co_return sent && plan_.keep_alive;
}

std::chrono::microseconds exchange::since_head() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - record_.began);
}

std::optional<double> exchange::cost() const {
    if (!record_.tokens_in) {
        return std::nullopt;
    }
    core::token_usage used{.input = *record_.tokens_in,
                           .output = record_.tokens_out.value_or(0),
                           .cached = record_.tokens_cached};
    return now_->shared.prices.cost(record_.route, used, today());
}

/// Probes would bury what people look for: they are in the log alone.
void exchange::account() {
    record_.total = since_head();
    record_.cost_usd = cost();
    if (!probe_) {
        worker_.meters().count(record_);
        if (now_->shared.load.followers.any()) {
            now_->shared.load.followers.tell(log::line_of(record_));
        }
    }
    if (now_->shared.logs.wants_access()) {
        now_->shared.logs.access(record_);
    }
}

} // namespace vertex_relay::io
