#pragma once
// A loop on a thread of its own, on which a test runs fibers one after the other.

#include "io/connector.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace vertex_relay::tests {

inline constexpr std::chrono::seconds patience{20}; ///< for what should take milliseconds

class loop_thread {
public:
    explicit loop_thread(std::string const& ca_file = {},
                         std::vector<std::string> const& resolve = {},
                         core::proxy_rules through = {}, io::name_source source = {})
        : names(loop, resolve, std::move(source)), egress(ca_file, std::move(through)),
          connects(loop, buffers, names, egress) {}
    ~loop_thread() { stop(); }
    loop_thread(loop_thread const&) = delete;
    loop_thread& operator=(loop_thread const&) = delete;

    void begin() {
        thread_ = std::thread([this] { loop.run(); });
    }
    void stop() {
        if (thread_.joinable()) {
            loop.stop();
            thread_.join();
        }
    }

    /// Runs `count` fibers at once and returns when all have ended; throws if they do not. `work`
    /// is no coroutine itself and gets the fiber's number.
    void run(std::function<io::task<>(io::fiber&, std::size_t)> const& work,
             std::size_t count = 1) {
        std::vector<std::unique_ptr<io::fiber>> fibers;
        std::promise<void> all_ended;
        auto left = count;
        loop.post([&] {
            for (std::size_t i = 0; i < count; ++i) {
                fibers.push_back(std::make_unique<io::fiber>(loop));
                auto& fiber = *fibers.back();
                fiber.start(work(fiber, i), [&](std::exception_ptr) {
                    if (--left == 0) {
                        loop.post([&] {
                            fibers.clear();
                            all_ended.set_value();
                        });
                    }
                });
            }
        });
        if (all_ended.get_future().wait_for(patience) != std::future_status::ready) {
            stop(); // nothing may touch what is destroyed now
            throw std::runtime_error("a fiber did not end");
        }
    }

    io::event_loop loop;
    io::wire_buffers buffers;
    io::resolver names;
    io::egress_settings egress;
    io::connector connects;

private:
    std::thread thread_;
};

} // namespace vertex_relay::tests
