#pragma once
// One chain of coroutines with what may end it: a deadline and the first cause of a cancellation.
//
// A fiber waits in one way only: it sleeps until something wakes it, then looks again. Sockets,
// timers and answers set their own state and call `wake`; a wake too many costs one look.
//
//     while (!socket.readable()) {
//         if (fiber.stopped()) { return …; }
//         co_await fiber.sleep();
//     }

#include "io/task.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>
#include <functional>

namespace vertex_relay::io {

class event_loop;

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

/// Why a fiber must stop what it waits for.
enum class cause : unsigned char { none, deadline, client_gone, shutdown };

namespace intrusive = boost::intrusive;
using ready_hook =
    intrusive::list_base_hook<intrusive::tag<struct ready_tag>,
                              intrusive::link_mode<intrusive::auto_unlink>>;
using deadline_hook =
    intrusive::set_base_hook<intrusive::tag<struct deadline_tag>,
                             intrusive::link_mode<intrusive::auto_unlink>>;

class fiber : public ready_hook, public deadline_hook {
public:
    explicit fiber(event_loop& loop) : loop_(loop) {}
    /// Ends a sleeping fiber where it sleeps: its frames are destroyed, `on_end` is not called.
    ~fiber();
    fiber(fiber const&) = delete;
    fiber& operator=(fiber const&) = delete;

    /// Runs `work` at once, up to its first sleep. `on_end` is called when it has ended, with the
    /// exception that escaped or null; it may destroy the fiber. Call once.
    void start(task<void> work, std::function<void(std::exception_ptr)> on_end);

    /// Suspends until `wake`, the deadline or `cancel`. One task sleeps at a time.
    auto sleep() {
        struct awaiter {
            fiber& self;
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> h) const noexcept { self.sleeping_ = h; }
            void await_resume() const noexcept {}
        };
        return awaiter{*this};
    }

    /// Resumes the sleeper soon, from the loop. Does nothing for a fiber that is awake.
    void wake();

    /// Replaces the deadline. Cheap: the loop is only told if it becomes earlier.
    void expires_at(time_point limit);
    void expires_after(clock::duration span);
    void never_expires() { limit_ = time_point::max(); }
    time_point limit() const { return limit_; }

    /// Ends every wait from now on; the first cause stays.
    void cancel(cause why);
    /// Lets clean-up wait again after `cancel`.
    void pardon() { cancelled_ = cause::none; }

    /// `none` as long as waiting makes sense.
    cause stopped() const;
    event_loop& loop() const { return loop_; }

private:
    friend class event_loop;
    friend struct armed_earlier;
    struct root;
    root run_root(task<void> work, std::function<void(std::exception_ptr)> on_end);
    void resume();
    bool asleep() const { return static_cast<bool>(sleeping_); }

    event_loop& loop_;
    std::coroutine_handle<> sleeping_;
    std::coroutine_handle<> root_; ///< owns the chain of tasks while they run
    time_point limit_ = time_point::max();
    time_point armed_ = time_point::max(); ///< key in the loop's deadline queue while linked
    cause cancelled_ = cause::none;
};

struct armed_earlier {
    bool operator()(fiber const& a, fiber const& b) const { return a.armed_ < b.armed_; }
};

} // namespace vertex_relay::io
