#include "io/fiber.hpp"

#include "io/event_loop.hpp"

namespace vertex_relay::io {

/// The outermost coroutine: frees itself once `on_end` has been called.
struct fiber::root {
    struct promise_type {
        root get_return_object() noexcept {
            return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
    std::coroutine_handle<> handle;
};

fiber::root fiber::run_root(task<void> work, std::function<void(std::exception_ptr)> on_end) {
    std::exception_ptr escaped;
    try {
        task<void> running(std::move(work));
        co_await running;
    } catch (...) {
        escaped = std::current_exception();
    }
    root_ = {};
    on_end(escaped);
}

void fiber::start(task<void> work, std::function<void(std::exception_ptr)> on_end) {
    root_ = run_root(std::move(work), std::move(on_end)).handle;
    root_.resume(); // nothing of this object may be touched behind here: it may be gone
}

fiber::~fiber() {
    if (root_) {
        root_.destroy();
    }
}

void fiber::wake() {
    if (asleep()) {
        loop_.make_ready(*this);
    }
}

void fiber::resume() {
    if (auto sleeper = std::exchange(sleeping_, {})) {
        sleeper.resume();
    }
}

void fiber::expires_at(time_point limit) {
    limit_ = limit;
    loop_.arm(*this);
}

void fiber::expires_after(clock::duration span) { expires_at(loop_.now() + span); }

void fiber::cancel(cause why) {
    if (cancelled_ == cause::none) {
        cancelled_ = why;
    }
    wake();
}

cause fiber::stopped() const {
    if (cancelled_ != cause::none) {
        return cancelled_;
    }
    return loop_.now() >= limit_ ? cause::deadline : cause::none;
}

} // namespace vertex_relay::io
