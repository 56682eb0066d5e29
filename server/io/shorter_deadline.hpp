#pragma once
// A fiber's deadline, brought forward for a while.

#include "io/event_loop.hpp"

#include <algorithm>

namespace vertex_relay::io {

/// Never later than the deadline that was there, which comes back at the end of the scope.
class shorter_deadline {
public:
    explicit shorter_deadline(fiber& sleeper) : sleeper_(sleeper), before_(sleeper.limit()) {}
    ~shorter_deadline() { sleeper_.expires_at(before_); }
    shorter_deadline(shorter_deadline const&) = delete;
    shorter_deadline& operator=(shorter_deadline const&) = delete;

    void set(time_point limit) { sleeper_.expires_at(std::min(limit, before_)); }

    /// Whether waiting makes sense apart from the deadline set here.
    bool ended() const {
        auto why = sleeper_.stopped();
        return why != cause::none &&
               (why != cause::deadline || sleeper_.loop().now() >= before_);
    }

private:
    fiber& sleeper_;
    time_point before_;
};

} // namespace vertex_relay::io
