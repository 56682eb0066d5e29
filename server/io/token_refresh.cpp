// The owning loop's part of the token source: when to refresh, and how.

#include "core/google/surroundings.hpp"
#include "core/google/token_answer.hpp"
#include "io/token_search.hpp"
#include "io/token_source.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

using namespace core::google;

task<> token_source::run() {
    while (true) {
        fiber_.never_expires();
        if (fiber_.stopped() != cause::none) {
            co_return;
        }
        pump();
        if (std::exchange(refresh_wanted_, false)) {
            co_await refresh();
            continue;
        }
        fiber_.expires_after(plan_.wake_after);
        co_await fiber_.sleep();
    }
}

/// A subject token or a certificate is replaced long before the access token got with the old one
/// ends: that matters only while something is wrong.
void token_source::look_at_files() {
    bool searched = files_.changed();
    search_needed_ |= searched;
    if (searched || (policy_.last_error() && grants_.files.changed())) {
        policy_.file_changed(settings_.now());
    }
}

/// The boot clock runs on while the machine sleeps, the loop's does not.
void token_source::notice_sleep(instant now) {
    constexpr milliseconds worth_a_line{60'000};
    auto steady = loop_.now();
    if (looked_at_) {
        auto awake = std::chrono::duration_cast<milliseconds>(steady - looked_at_->steady);
        auto asleep = now.boot - looked_at_->boot - awake;
        if (asleep > worth_a_line) {
            report(token_event::resumed,
                   fmt::format("the machine slept for {} s; the access token is looked at",
                               asleep / seconds(1)));
        }
    }
    looked_at_ = {.steady = steady, .boot = now.boot};
}

/// Asks the policy what to do now. Also from outside the fiber, which then acts on it.
void token_source::pump() {
    auto now = settings_.now();
    notice_sleep(now);
    if (policy_.files_due(now)) {
        look_at_files();
    }
    plan_ = policy_.poll(now);
    refresh_wanted_ |= plan_.start_refresh;
    fiber_.wake();
}

/// One refresh; the policy always learns its outcome, else it would never start another.
task<> token_source::refresh() {
    grant_outcome outcome(std::unexpect, transient_error(credentials_unavailable("")));
    try {
        outcome = co_await fetch();
    } catch (std::exception const& error) {
        search_needed_ = true;
        outcome = grant_outcome(std::unexpect, transient_error(credentials_unavailable(fmt::format(
                                                   "No Google access token: {}.", error.what()))));
    }
    if (fiber_.stopped() != cause::none) {
        co_return; // what failed then, failed because of the end
    }
    auto [what, line] = take(std::move(outcome));
    publish();
    report(what, std::move(line));
    std::unique_lock lock(mutex_);
    ++shared_.refreshes;
    lock.unlock();
    news_.notify();
}

/// Tells the policy, and returns what to log.
std::pair<token_event, std::string> token_source::take(grant_outcome outcome) {
    auto now = settings_.now();
    if (!outcome) {
        auto line = outcome.error().failure.message;
        policy_.refresh_failed(std::move(outcome.error()), now, jitter());
        return {token_event::failed, std::move(line)};
    }
    auto note = outcome->note.empty() ? "" : ", " + outcome->note;
    auto renewal = renewal_of(*grants_.from);
    bool fresh = policy_.refresh_succeeded(std::move(*outcome), renewal, now, jitter());
    auto const& token = policy_.current();
    return {token_event::renewed,
            fmt::format("access token {}{} for {}: {} s left{}", token->generation,
                        fresh ? "" : " again", describe(*grants_.from),
                        token->remaining(now) / seconds(1), note)};
}

/// Searches again when nothing was found yet or the files changed. If that fails, what was found
/// earlier stays for messages, but is not asked for tokens.
task<token_source::grant_outcome> token_source::fetch() {
    if (search_needed_ || files_.changed()) {
        search_needed_ = false; // a reload meanwhile sets it again
        files_.clear();
        credential_search search(settings_.discovery, settings_.environment);
        auto found = co_await find_credential(fiber_, connects_, search);
        files_ = std::move(search.files);
        if (!found) {
            search_needed_ = true;
            co_return grant_outcome(std::unexpect, std::move(found.error()));
        }
        adopt(std::move(*found));
    }
    auto state = policy_.state(settings_.now());
    grants_.token_left = state == token_state::fresh || state == token_state::stale;
    auto outcome = co_await fetch_token(fiber_, connects_, grants_);
    co_return outcome;
}

void token_source::adopt(credential found) {
    grants_.use(std::move(found));
    auto const& from = *grants_.from;
    auto line = describe(from);
    auto who = std::make_shared<identity const>(
        identity{.quota_project_of_file = from.quota_project,
                 .project = from.project,
                 .universe = from.universe_domain,
                 .account = acting_account(from),
                 .description = line,
                 .rejected = rejected_by_vertex(from)});
    std::unique_lock lock(mutex_);
    shared_.who = std::move(who);
    lock.unlock();
    auto doubt = doubt_about(from, settings_.environment);
    report(token_event::found, "credentials: " + line + (doubt.empty() ? "" : ". " + doubt));
}

void token_source::report(token_event what, std::string line) const {
    if (settings_.log) {
        settings_.log(what, std::move(line));
    }
}

double token_source::jitter() { return std::uniform_real_distribution(0.0, 1.0)(random_); }

} // namespace vertex_relay::io
