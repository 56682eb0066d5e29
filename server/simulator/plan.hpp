#pragma once
// What a connection does to answer one request, as a list of steps. Answers and faults are made as
// plans by plain functions; only the session, which carries them out, knows sockets and time.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vertex_relay::simulator {

struct step {
    enum class kind {
        write,  ///< send `bytes`; consecutive writes may share one packet
        repeat, ///< send `bytes` `count` times, `per_second` of them a second (0: at full speed)
        flush,  ///< send what is waiting before going on
        wait,   ///< flush, then do nothing for `pause`
        stall,  ///< flush, then nothing until the peer closes
        cut,    ///< flush, then close TCP without TLS's close_notify
        reset,  ///< flush, then reset the TCP connection
    };
    kind what = kind::write;
    std::string bytes = {};
    std::uint64_t count = 1;
    std::uint64_t per_second = 0;
    std::chrono::milliseconds pause{0};
};

struct plan {
    std::vector<step> steps;
    bool close = false;  ///< close the connection, cleanly, after the last step
    bool chat = false;   ///< counts as a chat request
    bool stream = false; ///< counts as an open stream while it runs

    plan& write(std::string bytes) {
        steps.push_back({.what = step::kind::write, .bytes = std::move(bytes)});
        return *this;
    }
    plan& then(step::kind what) {
        steps.push_back({.what = what});
        return *this;
    }
    plan& wait(std::chrono::milliseconds pause) {
        steps.push_back({.what = step::kind::wait, .pause = pause});
        return *this;
    }
    plan& repeat(std::string bytes, std::uint64_t count, std::uint64_t per_second) {
        steps.push_back({.what = step::kind::repeat,
                         .bytes = std::move(bytes),
                         .count = count,
                         .per_second = per_second});
        return *this;
    }
};

} // namespace vertex_relay::simulator
