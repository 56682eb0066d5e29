#pragma once
// What the simulator has seen, for tests and the benchmark. Written by its thread, read by any.

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace vertex_relay::simulator {

/// A copy of the counters at one moment.
struct snapshot {
    std::uint64_t connections = 0; ///< TLS connections accepted
    std::uint64_t chats_begun = 0; ///< chat requests read to their end, faults included
    std::uint64_t chats_finished = 0;
    std::uint64_t chats_cancelled = 0; ///< the peer closed before the answer ended
    std::uint64_t streams_open = 0;
    std::uint64_t token_grants = 0;      ///< `POST /token` answered with a token
    std::uint64_t token_requests = 0;    ///< `POST /token`, refused ones included
    std::uint64_t metadata_tokens = 0;   ///< token requests to the metadata server
    std::uint64_t dedicated_lookups = 0; ///< `GET …/endpoints/{ID}`
    std::uint64_t unauthenticated = 0;   ///< requests answered with 401
    std::uint64_t malformed = 0;         ///< requests that broke RFC 9112
    std::string last_chat_head;          ///< at most 64 KiB, as received
    std::string last_chat_body;          ///< at most 1 MiB, decoded
};

/// Told of a chat or token as it is counted, in two words (`chat begun`), on the simulator's
/// thread.
using event_listener = std::function<void(std::string_view)>;

class counters {
public:
    explicit counters(event_listener listener = {}) : listener_(std::move(listener)) {}

    void count(std::atomic<std::uint64_t>& counter, std::string_view event) {
        ++counter;
        if (listener_) {
            listener_(event);
        }
    }

    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> chats_begun{0};
    std::atomic<std::uint64_t> chats_finished{0};
    std::atomic<std::uint64_t> chats_cancelled{0};
    std::atomic<std::uint64_t> streams_open{0};
    std::atomic<std::uint64_t> token_grants{0};
    std::atomic<std::uint64_t> token_requests{0};
    std::atomic<std::uint64_t> metadata_tokens{0};
    std::atomic<std::uint64_t> dedicated_lookups{0};
    std::atomic<std::uint64_t> unauthenticated{0};
    std::atomic<std::uint64_t> malformed{0};

    void keep_chat(std::string_view head, std::string_view body) {
        std::lock_guard hold(mutex_);
        last_head_.assign(head.substr(0, std::size_t{64} * 1024));
        last_body_.assign(body.substr(0, std::size_t{1024} * 1024));
    }

    snapshot read() const;

private:
    event_listener listener_;
    mutable std::mutex mutex_;
    std::string last_head_;
    std::string last_body_;
};

} // namespace vertex_relay::simulator
