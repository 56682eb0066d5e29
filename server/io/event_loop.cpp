#include "io/event_loop.hpp"

#include "io/asio.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace vertex_relay::io {

struct event_loop::asio_parts {
    net::io_context context{1};
    net::executor_work_guard<net::io_context::executor_type> work{context.get_executor()};
    net::steady_timer timer{context};
    net::posix::stream_descriptor epoll{context};
};

event_loop::event_loop()
    : asio_(std::make_unique<asio_parts>()), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      now_(clock::now()) {
    if (epoll_ < 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    }
    asio_->epoll.assign(epoll_);
    wait_for_events();
}

event_loop::~event_loop() {
    ready_.clear();
    deadlines_.clear();
}

net::io_context& event_loop::context() { return asio_->context; }

void event_loop::run() {
    now_ = clock::now();
    asio_->context.run();
}

void event_loop::stop() { asio_->context.stop(); }

void event_loop::post(std::function<void()> work) {
    net::post(asio_->context, [this, work = std::move(work)] {
        now_ = clock::now();
        work();
    });
}

bool event_loop::watch(int fd, readiness_sink& sink) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &sink;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void event_loop::unwatch(int fd) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

void event_loop::wait_for_events() {
    asio_->epoll.async_wait(net::posix::stream_descriptor::wait_read,
                            [this](boost::system::error_code error) {
                                if (!error) {
                                    collect_events();
                                    wait_for_events();
                                }
                            });
}

void event_loop::collect_events() {
    std::array<epoll_event, 256> events;
    auto count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    now_ = clock::now();
    // All flags first: a fiber that runs may destroy sinks that stand later in this batch.
    draining_ready_ = true;
    for (int i = 0; i < count; ++i) {
        auto const& event = events[static_cast<std::size_t>(i)];
        static_cast<readiness_sink*>(event.data.ptr)->on_readiness(event.events);
    }
    run_ready();
}

void event_loop::make_ready(fiber& sleeper) {
    if (!sleeper.ready_hook::is_linked()) {
        ready_.push_back(sleeper);
    }
    if (!draining_ready_ && !drain_posted_) {
        drain_posted_ = true;
        net::post(asio_->context, [this] {
            now_ = clock::now();
            run_ready();
        });
    }
}

void event_loop::run_ready() {
    draining_ready_ = true;
    // Only what is ready now: a fiber that wakes itself waits for the next round.
    ready_list batch;
    batch.swap(ready_);
    while (!batch.empty()) {
        auto& next = batch.front();
        batch.pop_front();
        next.resume();
    }
    draining_ready_ = false;
    drain_posted_ = false;
    if (!ready_.empty()) {
        drain_posted_ = true;
        net::post(asio_->context, [this] { run_ready(); });
    }
}

void event_loop::arm(fiber& sleeper) {
    bool linked = sleeper.deadline_hook::is_linked();
    if (linked && sleeper.armed_ <= sleeper.limit_) {
        return; // fires early, looks again, and is armed anew
    }
    if (linked) {
        sleeper.deadline_hook::unlink();
    }
    if (sleeper.limit_ == time_point::max()) {
        return;
    }
    sleeper.armed_ = sleeper.limit_;
    deadlines_.insert(sleeper);
    wait_for_deadline();
}

void event_loop::wait_for_deadline() {
    if (deadlines_.empty() || deadlines_.begin()->armed_ >= timer_armed_) {
        return;
    }
    timer_armed_ = deadlines_.begin()->armed_;
    asio_->timer.expires_at(timer_armed_);
    asio_->timer.async_wait([this](boost::system::error_code error) {
        if (!error) {
            expire_deadlines();
        }
    });
}

void event_loop::expire_deadlines() {
    now_ = clock::now();
    timer_armed_ = time_point::max();
    while (!deadlines_.empty() && deadlines_.begin()->armed_ <= now_) {
        auto& first = *deadlines_.begin();
        first.deadline_hook::unlink();
        if (first.limit_ <= now_) {
            first.wake();
        } else if (first.limit_ != time_point::max()) {
            first.armed_ = first.limit_;
            deadlines_.insert(first);
        }
    }
    wait_for_deadline();
}

} // namespace vertex_relay::io
