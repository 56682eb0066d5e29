#include "io/token_source.hpp"

#include "core/google/token_answer.hpp"
#include "io/shorter_deadline.hpp"

namespace vertex_relay::io {

using namespace core::google;

namespace {

core::failure no_token_yet() {
    return credentials_unavailable("No Google access token yet: the first one is being fetched.");
}

core::failure stopping() {
    return credentials_unavailable("The relay is shutting down: send the request again.");
}

} // namespace

/// Travels to the owning loop and back; each side touches it only while it is there.
struct token_source::question {
    question(fiber& asker, std::optional<std::uint64_t> generation)
        : loop(asker.loop()), sleeper(&asker), rejected(generation) {}

    event_loop& loop;
    fiber* sleeper; ///< of the asker's loop; null once it has given up
    bool answered = false;
    std::optional<std::uint64_t> rejected; ///< the generation that Vertex refused
    bool report_rejection = false;         ///< not yet told to the policy

    token_policy::answer said;
    token_policy::rejection verdict = token_policy::rejection::wait;
    core::failure not_newer; ///< for a token that is still the refused one
    std::uint64_t refreshes = 0;
};

token_source::token_source(event_loop& owner, connector& connects, token_settings settings)
    : loop_(owner), connects_(connects), settings_(std::move(settings)),
      grants_{.variables = settings_.environment,
              .now = settings_.now,
              .clock = {.started = settings_.started}},
      fiber_(owner) {
    shared_.failure = no_token_yet();
}

token_source::~token_source() = default;

void token_source::on_owner(std::function<void()> work) {
    loop_.post([alive = std::weak_ptr(alive_), work = std::move(work)] {
        if (alive.lock()) {
            work();
        }
    });
}

token_pointer token_source::current() const {
    std::scoped_lock lock(mutex_);
    bool usable = shared_.token && shared_.token->remaining(settings_.now()) > shared_.margin;
    return usable ? shared_.token : nullptr;
}

std::optional<milliseconds> token_source::remaining() const {
    auto token = current();
    return token ? std::optional(token->remaining(settings_.now())) : std::nullopt;
}

std::optional<core::failure> token_source::trouble() const {
    auto token = current();
    std::scoped_lock lock(mutex_);
    return token ? std::nullopt : std::optional(shared_.failure);
}

core::failure token_source::rejected() const {
    auto known = who();
    return known ? known->rejected : no_token_yet();
}

std::shared_ptr<token_source::identity const> token_source::who() const {
    std::scoped_lock lock(mutex_);
    return shared_.who;
}

bool token_source::is_stopped() const {
    std::scoped_lock lock(mutex_);
    return shared_.stopped;
}

task<token_source::answer> token_source::get(fiber& sleeper) {
    if (auto token = current()) {
        co_return answer(std::move(token));
    }
    auto got = co_await ask(sleeper, std::nullopt);
    co_return got;
}

task<token_source::answer> token_source::replace(fiber& sleeper, std::uint64_t generation) {
    auto token = current();
    if (token && token->generation > generation) {
        co_return answer(std::move(token));
    }
    auto got = co_await ask(sleeper, generation);
    co_return got;
}

task<token_source::answer> token_source::ask(fiber& sleeper,
                                             std::optional<std::uint64_t> rejected) {
    shorter_deadline deadline(sleeper);
    deadline.set(sleeper.loop().now() + request_wait);
    auto failure = no_token_yet();
    bool first = true;
    while (!is_stopped()) {
        auto asked = std::make_shared<question>(sleeper, rejected);
        asked->report_rejection = std::exchange(first, false) && rejected.has_value();
        auto answered = co_await put(sleeper, asked);
        if (!answered) {
            break;
        }
        if (auto verdict = judge(*asked)) {
            co_return std::move(*verdict);
        }
        failure = std::move(asked->said.failure);
        auto refreshed = co_await next_refresh(sleeper, asked->refreshes);
        if (!refreshed) {
            break;
        }
    }
    co_return answer(std::unexpect, is_stopped() ? stopping() : failure);
}

/// Nullopt: wait for the next refresh and ask again.
std::optional<token_source::answer> token_source::judge(question const& asked) const {
    auto const& token = asked.said.token;
    using enum token_policy::rejection;
    bool sendable = !asked.rejected || asked.verdict == replay;
    if (token && (sendable || token->generation > *asked.rejected)) {
        return answer(token);
    }
    if (token || asked.verdict == give_up) {
        return answer(std::unexpect, asked.not_newer);
    }
    if (asked.said.wait) {
        return std::nullopt;
    }
    return answer(std::unexpect, asked.said.failure);
}

/// False when the sleeper was stopped first.
task<bool> token_source::put(fiber& sleeper, question_pointer asked) {
    struct leave_at_end {
        question& asked;
        ~leave_at_end() { asked.sleeper = nullptr; }
    } leave{*asked};
    on_owner([this, asked] {
        answer_question(*asked);
        asked->loop.post([asked] {
            asked->answered = true;
            if (asked->sleeper != nullptr) {
                asked->sleeper->wake();
            }
        });
    });
    auto seat = news_.join(sleeper);
    while (!asked->answered && sleeper.stopped() == cause::none && !is_stopped()) {
        co_await sleeper.sleep();
    }
    co_return asked->answered;
}

/// Waits until more than `after` refreshes have ended; false when the sleeper was stopped first.
task<bool> token_source::next_refresh(fiber& sleeper, std::uint64_t after) {
    auto seat = news_.join(sleeper);
    while (true) {
        {
            std::scoped_lock lock(mutex_);
            if (shared_.refreshes != after || shared_.stopped) {
                co_return true;
            }
        }
        if (sleeper.stopped() != cause::none) {
            co_return false;
        }
        co_await sleeper.sleep();
    }
}

void token_source::start() {
    on_owner([this] {
        running_ = true;
        fiber_.start(run(), [this](std::exception_ptr escaped) {
            running_ = false;
            if (escaped) {
                report(token_event::failed, "tokens are no longer renewed: out of memory");
            }
            if (on_end_) {
                on_end_();
            }
        });
    });
}

void token_source::stop(std::function<void()> on_end) {
    on_owner([this, on_end = std::move(on_end)] {
        on_end_ = on_end;
        fiber_.cancel(cause::shutdown);
        std::unique_lock lock(mutex_);
        shared_.stopped = true;
        lock.unlock();
        news_.notify();
        if (ended()) {
            on_end_();
        }
    });
}

void token_source::check() {
    on_owner([this] {
        look_at_files();
        pump();
    });
}

void token_source::reload() {
    on_owner([this] {
        search_needed_ = true;
        policy_.file_changed(settings_.now());
        pump();
    });
}

void token_source::answer_question(question& asked) {
    auto now = settings_.now();
    if (asked.report_rejection) {
        asked.verdict = policy_.upstream_rejected(*asked.rejected, now);
        publish();
    }
    asked.said = policy_.ask(now);
    if (!asked.said.token) {
        pump();
        asked.said = policy_.ask(now);
    }
    if (asked.rejected) {
        auto const& error = policy_.last_error();
        asked.not_newer = error         ? error->failure
                          : grants_.from ? rejected_by_vertex(*grants_.from)
                                        : no_token_yet();
    }
    std::scoped_lock lock(mutex_);
    asked.refreshes = shared_.refreshes;
}

/// What other threads may know without asking, after every change of the policy.
void token_source::publish() {
    auto state = policy_.state(settings_.now());
    bool in_use = state == token_state::fresh || state == token_state::stale;
    auto const& token = policy_.current();
    auto const& error = policy_.last_error();
    std::scoped_lock lock(mutex_);
    shared_.token = in_use ? token : nullptr;
    // While refreshes fail the policy uses a token longer: ask it only when even that is over.
    shared_.margin = token ? token->safety_margin() / (error ? 6 : 1) : milliseconds{0};
    shared_.failure = error ? error->failure : no_token_yet();
}

} // namespace vertex_relay::io
