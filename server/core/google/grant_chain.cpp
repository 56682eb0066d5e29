#include "core/google/grant_chain.hpp"

#include "core/google/external/exchange.hpp"
#include "core/google/gcloud_program.hpp"
#include "core/google/grant.hpp"
#include "core/google/impersonation.hpp"

#include <utility>

namespace vertex_relay::core::google {
namespace {

seconds whole_seconds(milliseconds span) {
    return std::chrono::floor<seconds>(span);
}

std::string life_of(access_token const& token) {
    return "token for " + std::to_string(token.lifetime.count()) + " s";
}

} // namespace

grant_chain::grant_chain(chain_parts parts, instant now) : parts_(parts), asked_at_(now) {
    begin(now);
}

seconds grant_chain::server_time(instant now) const {
    return whole_seconds(now.wall) + parts_.clock.offset;
}

answer_conditions grant_chain::conditions(instant now) const {
    return {.since_start = whole_seconds(now.boot - parts_.clock.started.boot),
            .clock_offset = parts_.clock.offset,
            .wall_now = whole_seconds(now.wall)};
}

/// Starts behind the last token that is still good, else at the source.
void grant_chain::begin(instant now) {
    auto const& accounts = parts_.from.acts_as;
    for (stage_ = accounts.size(); stage_ > 0; --stage_) {
        if (auto const* token = parts_.kept.usable(stage_ - 1, now)) {
            from_kept_ = true;
            note("kept token", "used, no need to ask for one");
            return call(impersonation_call(accounts[stage_ - 1], *token), now);
        }
    }
    begin_source(now);
}

void grant_chain::begin_source(instant now) {
    stage_ = 0;
    from_kept_ = false;
    if (std::holds_alternative<external_account>(parts_.from.source)) {
        return search_subject(now, false);
    }
    if (std::holds_alternative<gcloud_login>(parts_.from.source)) {
        next_ = gcloud_program();
        return;
    }
    auto made = make_grant(parts_.from, server_time(now));
    if (!made) {
        return fail(std::move(made.error()));
    }
    if (auto* own = std::get_if<access_token>(&*made)) {
        note("private key", "signed a " + life_of(*own));
        return got(std::move(*own), now);
    }
    call(std::get<token_call>(std::move(*made)), now);
}

void grant_chain::search_subject(instant now, bool again) {
    subject_ = make_subject_search({.from = parts_.from,
                                    .account = std::get<external_account>(parts_.from.source),
                                    .variables = parts_.variables,
                                    .now = server_time(now),
                                    .again = again});
    go_on(subject_->begin(), now);
}

void grant_chain::go_on(subject_search::need need, instant now) {
    if (auto* failed = std::get_if<token_error>(&need)) {
        return fail(std::move(*failed));
    }
    if (auto* found = std::get_if<subject_token>(&need)) {
        return exchange(std::move(*found), now);
    }
    if (auto* wanted = std::get_if<token_call>(&need)) {
        return call(std::move(*wanted), now);
    }
    if (auto* file = std::get_if<google::read_file>(&need)) {
        next_ = std::move(*file);
    } else {
        next_ = std::get<run_program>(std::move(need));
    }
}

void grant_chain::exchange(subject_token subject, instant now) {
    subject_.reset();
    if (refused_ && same_secret(subject.text, last_subject_)) {
        return fail(std::move(*refused_)); // the source still has what was refused
    }
    last_subject_ = subject.text.clone();
    call(exchange_call(parts_.from, std::get<external_account>(parts_.from.source), subject), now);
}

void grant_chain::call(token_call wanted, instant now) {
    asked_at_ = now;
    next_ = std::move(wanted);
}

void grant_chain::answered(call_outcome outcome, instant now) {
    auto const* sent = std::get_if<token_call>(&next_);
    if (sent == nullptr) {
        return;
    }
    auto place = place_of(*sent);
    auto who = "The token server " + sent->host;
    if (subject_) { // not Google's: its clock may be wrong
        note(place, outcome ? "status " + std::to_string(outcome->status) : "no answer");
        return go_on(subject_->answered(outcome), now);
    }
    if (!outcome) {
        auto error = explain_call_fault(parts_.from, outcome.error(), who);
        note(std::move(place), error.failure.message);
        if (!try_self_signed(error, now)) {
            fail(std::move(error));
        }
        return;
    }
    note(std::move(place), "status " + std::to_string(outcome->status));
    if (stage_ == 0) {
        source_answered(*outcome, now);
    } else {
        impersonation_answered(*outcome, now);
    }
}

void grant_chain::file_read(file_outcome outcome, instant now) {
    if (auto const* wanted = std::get_if<google::read_file>(&next_)) {
        bool whole = outcome.what == file_outcome::kind::text;
        note(wanted->path, whole ? "read" : "could not be read");
        go_on(subject_->file_read(outcome), now);
    }
}

void grant_chain::program_ended(program_outcome outcome, instant now) {
    auto const* wanted = std::get_if<run_program>(&next_);
    if (wanted == nullptr) {
        return;
    }
    note(name_of(*wanted), how_it_ended(outcome));
    if (subject_) {
        return go_on(subject_->program_ended(outcome), now);
    }
    auto token = read_gcloud_outcome(parts_.from, outcome, whole_seconds(now.wall));
    if (token) {
        got(std::move(*token), now);
    } else {
        fail(std::move(token.error()));
    }
}

void grant_chain::source_answered(token_response const& response, instant now) {
    auto when = conditions(now); // with the offset that this request was dated by
    parts_.clock.offset = clock_offset(response, when.wall_now).value_or(parts_.clock.offset);
    auto token = read_token_answer(parts_.from, response, when);
    if (token) {
        return got(std::move(*token), now);
    }
    if (!try_self_signed(token.error(), now) && !try_other_subject(response, now)) {
        fail(std::move(token.error()));
    }
}

/// A projected token may have been replaced a moment after it was read; a signature may be dated
/// right only since the server's clock is known.
bool grant_chain::try_other_subject(token_response const& response, instant now) {
    bool external = std::holds_alternative<external_account>(parts_.from.source);
    if (!external || refused_ || !is_stale_subject(response)) {
        return false;
    }
    refused_ = explain_refusal(parts_.from, response, conditions(now));
    search_subject(now, true);
    return true;
}

/// `google.service_account_mode = "auto"`: better a token that some APIs refuse than none.
bool grant_chain::try_self_signed(token_error const& error, instant now) {
    auto const* account = std::get_if<service_account>(&parts_.from.source);
    bool makeshift = account != nullptr && account->mode == account_mode::automatic &&
                     stage_ == 0 && error.kind == failure_class::transient && !error.clock_skew &&
                     !parts_.token_left;
    auto token = makeshift ? sign_own_token(parts_.from, *account, server_time(now))
                           : std::unexpected(token_error{});
    if (!token) {
        return false;
    }
    token->note = "self-signed, because no token could be fetched: " + error.failure.message;
    note("private key", "signed a " + life_of(*token));
    asked_at_ = now;
    got(std::move(*token), now);
    return true;
}

void grant_chain::impersonation_answered(token_response const& response, instant now) {
    auto when = conditions(now);
    parts_.clock.offset = clock_offset(response, when.wall_now).value_or(parts_.clock.offset);
    auto const& account = parts_.from.acts_as[stage_ - 1];
    auto token = read_impersonation_answer(parts_.from, account, response, when);
    if (token) {
        return got(std::move(*token), now);
    }
    bool refused = response.status == 401 || response.status == 403;
    if (refused) {
        parts_.kept.forget(); // rights may have changed since they were issued
    }
    if (refused && from_kept_) {
        return begin_source(now);
    }
    fail(std::move(token.error()));
}

void grant_chain::got(access_token token, instant now) {
    keep_rotated(parts_.from, std::exchange(token.refresh_token, {}));
    auto const& accounts = parts_.from.acts_as;
    if (stage_ == accounts.size()) {
        next_ = chain_ended{};
        outcome_ = std::move(token);
        return;
    }
    auto wanted = impersonation_call(accounts[stage_], token.value);
    parts_.kept.keep(stage_, std::move(token.value), asked_at_.after(token.lifetime));
    ++stage_;
    from_kept_ = false;
    call(std::move(wanted), now);
}

void grant_chain::note(std::string place, std::string result) {
    steps_.push_back({std::move(place), std::move(result)});
}

void grant_chain::fail(token_error error) {
    subject_.reset();
    next_ = chain_ended{};
    outcome_ = std::unexpected(std::move(error));
}

std::expected<access_token, token_error> grant_chain::take() {
    auto outcome = std::exchange(outcome_, std::nullopt);
    if (!outcome || !std::holds_alternative<chain_ended>(next_)) {
        return std::unexpected(
            transient_error(credentials_unavailable("A Google access token is being fetched.")));
    }
    return std::move(*outcome);
}

} // namespace vertex_relay::core::google
