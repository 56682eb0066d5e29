#include "io/vertex_call.hpp"

#include "core/google/surroundings.hpp"
#include "core/vertex/upstream_request.hpp"
#include "io/timed.hpp"
#include "io/token_source.hpp"

#include <openssl/crypto.h>

namespace vertex_relay::io {

namespace {

using answer_result = core::result<vertex_answer>;

/// A server that closes an idle connection does so before it reads. An end this soon after the
/// request went out on a pooled connection means that it was never looked at.
constexpr auto stale_window = std::chrono::milliseconds(100);

core::failure send_failed(connection::sent how) {
    bool stalled = how == connection::sent::stopped;
    return {.status = stalled ? 504 : 502,
            .type = "upstream_error",
            .code = stalled ? "upstream_timeout" : "upstream_reset",
            .message = stalled ? "Vertex AI did not take the request in time."
                               : "The connection to Vertex AI broke while the request was sent. "
                                 "Try again."};
}

} // namespace

/// A token never goes to a host outside its credential's universe.
std::optional<core::failure> vertex_call::universe_mismatch() const {
    auto who = now_.shared.tokens->who();
    return who ? core::google::universe_mismatch(who->universe, now_.shared.where.universe)
               : std::nullopt;
}

std::string vertex_call::quota_project() const {
    auto const& configured = now_.shared.quota_project;
    if (!configured.empty()) {
        return configured == "none" ? std::string() : configured;
    }
    auto who = now_.shared.tokens->who();
    return who ? who->quota_project_of_file : std::string();
}

/// From what was asked to what this target is sent.
std::optional<core::failure> vertex_call::edit_body() {
    auto recall = [this](core::signed_call const& call) {
        return now_.shared.signatures.find(call);
    };
    core::repair_means means{now_.shared.repairs, now_.at.tree, recall};
    auto changes = core::body_edits(asked_.request, asked_.bytes, where_, means);
    now_.at.rest_scratch();
    if (!changes) {
        return std::move(changes.error());
    }
    changes_ = std::move(*changes);
    body_ = core::gather(asked_.bytes, changes_.edits);
    record_.repairs = changes_.repairs;
    return std::nullopt;
}

task<answer_result> vertex_call::run() {
    record_.where = core::phase::route;
    if (auto hopeless = edit_body()) {
        co_return std::unexpected(std::move(*hopeless));
    }
    record_.where = core::phase::token;
    fiber_.never_expires(); // each step has a limit of its own
    auto token = now_.shared.tokens->current();
    if (!token) {
        timed waiting(record_.spent.token);
        auto waited = co_await now_.shared.tokens->get(fiber_);
        if (!waited) {
            co_return std::unexpected(std::move(waited.error()));
        }
        token = std::move(*waited);
    }
    if (auto mismatch = universe_mismatch()) {
        co_return std::unexpected(std::move(*mismatch));
    }
    auto answer = co_await attempt(*token, false);
    if (!answer || answer->start.head.status != 401) {
        co_return std::move(answer);
    }
    record_.where = core::phase::token;
    answer->line.reset();
    auto renewed = co_await replace_token(*token);
    if (!renewed) {
        co_return std::unexpected(std::move(renewed.error()));
    }
    now_.at.meters().count(core::resend::rejected_token);
    answer = co_await attempt(**renewed, false);
    co_return std::move(answer);
}

task<core::result<core::google::token_pointer>>
vertex_call::replace_token(core::google::issued_token const& rejected) {
    timed waiting(record_.spent.token);
    auto renewed = co_await now_.shared.tokens->replace(fiber_, rejected.generation);
    co_return renewed;
}

task<answer_result> vertex_call::attempt(core::google::issued_token const& token, bool fresh) {
    auto answer = co_await send(token, fresh);
    bool stale = !answer && reused_ && unanswered_ &&
                 now_.shared.settings.upstream.retry_stale && fiber_.stopped() == cause::none &&
                 fiber_.loop().now() - sent_at_ < stale_window;
    if (!stale) {
        co_return std::move(answer);
    }
    now_.at.meters().count(core::resend::stale_connection);
    co_return co_await send(token, true);
}

task<core::result<core::upstream_host>>
vertex_call::find_host(core::google::issued_token const& token) {
    if (!where_.needs_dedicated_host) {
        co_return where_.host;
    }
    co_return co_await now_.upstream->endpoints.locate(fiber_, where_, token.value);
}

task<core::result<std::unique_ptr<connection>>>
vertex_call::open(core::google::issued_token const& token, bool fresh) {
    timed connecting(record_.spent.connect);
    auto host = co_await find_host(token);
    if (!host) {
        co_return std::unexpected(std::move(host.error()));
    }
    auto line = co_await now_.upstream->pool.acquire(fiber_, *host, fresh);
    auto how = !line              ? core::upstream_line::failed
               : (*line)->reused ? core::upstream_line::reused
                                  : core::upstream_line::opened;
    now_.at.meters().count(how);
    co_return std::move(line);
}

std::string vertex_call::build_head(core::upstream_host const& host,
                                    core::google::issued_token const& token) const {
    auto quota = quota_project();
    core::upstream_call call{.path = where_.path,
                             .quota_project = quota,
                             .trace_parent = asked_.trace.parent,
                             .trace_state = asked_.trace.state};
    for (auto span : body_) {
        call.content_length += span.size();
    }
    return core::build_upstream_head(host, call, token.value);
}

task<answer_result> vertex_call::send(core::google::issued_token const& token, bool fresh) {
    record_.where = core::phase::connect;
    auto const& settings = now_.shared.settings;
    auto line = co_await open(token, fresh);
    if (!line) {
        co_return std::unexpected(std::move(line.error()));
    }
    timed answering(record_.spent.upstream);
    reused_ = (*line)->reused;
    (*line)->answered = false;
    record_.where = core::phase::send;
    ++record_.attempts;
    auto head = build_head((*line)->host, token);
    std::vector<std::string_view> parts;
    parts.reserve(body_.size() + 1);
    parts.push_back(head);
    parts.insert(parts.end(), body_.begin(), body_.end());
    fiber_.expires_after(settings.timeouts.write_ms);
    sent_at_ = fiber_.loop().now();
    auto sent = co_await (*line)->write(fiber_, parts);
    OPENSSL_cleanse(head.data(), head.size());
    unanswered_ = true;
    if (sent == connection::sent::failed || sent == connection::sent::stopped) {
        co_return std::unexpected(send_failed(sent));
    }
    record_.where = core::phase::wait;
    fiber_.expires_after(settings.upstream.first_byte_timeout_ms);
    auto start = co_await read_answer_start(fiber_, **line);
    unanswered_ = !(*line)->answered;
    if (!start) {
        co_return std::unexpected(std::move(start.error()));
    }
    if (sent == connection::sent::answered_early) {
        start->head.keep_alive = false; // the rest of the body was never sent
    }
    co_return vertex_answer{std::move(*line), std::move(*start)};
}

} // namespace vertex_relay::io
