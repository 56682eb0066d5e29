#pragma once
// Adds the time of its life to a span.

#include <chrono>

namespace vertex_relay::io {

class timed {
public:
    explicit timed(std::chrono::microseconds& span) : span_(span) {}
    ~timed() {
        span_ += std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - began_);
    }
    timed(timed const&) = delete;
    timed& operator=(timed const&) = delete;

private:
    std::chrono::microseconds& span_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace vertex_relay::io
