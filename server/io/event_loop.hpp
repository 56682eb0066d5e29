#pragma once
// One thread's loop. Asio owns timers, signals and posted work; sockets report
// readiness through a private edge-triggered epoll that is nested in Asio's, which costs one
// registration per socket instead of one `epoll_ctl` per wait.
//
//     io_context ── steady_timer ─── deadlines of fibers
//                └─ epoll fd ─────── batch of socket events ── flags set, fibers made ready
//                                                              then all ready fibers resumed

#include "io/fiber.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace vertex_relay::io {

/// Receives readiness of one file descriptor. Must outlive its registration.
class readiness_sink {
public:
    /// `events` are epoll's bits. Sets flags and wakes; never resumes a coroutine directly.
    virtual void on_readiness(std::uint32_t events) = 0;

protected:
    ~readiness_sink() = default;
};

class event_loop {
public:
    event_loop();
    ~event_loop();
    event_loop(event_loop const&) = delete;
    event_loop& operator=(event_loop const&) = delete;

    void run();
    /// From any thread: `run` returns soon; what sleeps stays asleep.
    void stop();
    /// From any thread: runs `work` on the loop's thread.
    void post(std::function<void()> work);

    /// The time at the start of the current batch; good enough for every deadline.
    time_point now() const { return now_; }
    /// The same since a fixed moment, for core.
    std::chrono::milliseconds now_ms() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch());
    }

    /// Registers `fd` for reading, writing and hang-up, edge-triggered. Closing `fd` ends it.
    bool watch(int fd, readiness_sink& sink);
    /// For what other processes have open, too: closing `fd` would not end it.
    void unwatch(int fd);

    boost::asio::io_context& context();

private:
    friend class fiber;
    void make_ready(fiber& sleeper);
    void arm(fiber& sleeper);
    void run_ready();
    void collect_events();
    void wait_for_events();
    void wait_for_deadline();
    void expire_deadlines();

    using ready_list = intrusive::list<fiber, intrusive::base_hook<ready_hook>,
                                       intrusive::constant_time_size<false>>;
    using deadline_queue =
        intrusive::multiset<fiber, intrusive::base_hook<deadline_hook>,
                            intrusive::compare<armed_earlier>,
                            intrusive::constant_time_size<false>>;

    struct asio_parts;
    std::unique_ptr<asio_parts> asio_;
    int epoll_ = -1;
    time_point now_;
    ready_list ready_;
    deadline_queue deadlines_;
    time_point timer_armed_ = time_point::max();
    bool draining_ready_ = false;
    bool drain_posted_ = false;
};

} // namespace vertex_relay::io
