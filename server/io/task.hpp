#pragma once
// A lazy coroutine: starts when awaited, resumes its awaiter when it ends, and takes exceptions
// along. One thread, no scheduler: whoever wakes the fiber resumes the innermost task.

#include "io/frame_cache.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace vertex_relay::io {

template <class T>
class task;

namespace detail {

struct resume_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
        return ended.promise().awaiter;
    }
    void await_resume() const noexcept {}
};

struct promise_base {
    static void* operator new(std::size_t bytes) { return frame_cache::take(bytes); }
    static void operator delete(void* frame, std::size_t bytes) noexcept {
        frame_cache::give(frame, bytes);
    }

    std::coroutine_handle<> awaiter = std::noop_coroutine();
    std::exception_ptr exception;

    std::suspend_always initial_suspend() const noexcept { return {}; }
    resume_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() { exception = std::current_exception(); }
    void rethrow() const {
        if (exception) {
            std::rethrow_exception(exception);
        }
    }
};

template <class T>
struct promise : promise_base {
    std::optional<T> value;

    task<T> get_return_object();
    template <class U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() {
        rethrow();
        return std::move(*value);
    }
};

template <>
struct promise<void> : promise_base {
    task<void> get_return_object();
    void return_void() const noexcept {}
    void take() const { rethrow(); }
};

} // namespace detail

template <class T = void>
class [[nodiscard]] task {
public:
    using promise_type = detail::promise<T>;
    using handle = std::coroutine_handle<promise_type>;

    explicit task(handle coroutine) : coroutine_(coroutine) {}
    task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
    task& operator=(task&&) = delete;
    ~task() {
        if (coroutine_) {
            coroutine_.destroy();
        }
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        coroutine_.promise().awaiter = awaiter;
        return coroutine_;
    }
    T await_resume() { return coroutine_.promise().take(); }

private:
    handle coroutine_;
};

template <class T>
task<T> detail::promise<T>::get_return_object() {
    return task<T>(std::coroutine_handle<promise>::from_promise(*this));
}

inline task<void> detail::promise<void>::get_return_object() {
    return task<void>(std::coroutine_handle<promise>::from_promise(*this));
}

} // namespace vertex_relay::io
