#pragma once
// Who follows the requests of a running relay live (`GET /requests`): each gets the line of every
// exchange that ends, on whichever worker. With nobody there, it costs one look at a counter.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::io {

class fiber;

class followers {
    struct place;

public:
    /// One follower; it leaves when this ends. Stays on the loop it was made on.
    class seat {
    public:
        seat(followers& all, fiber& sleeper);
        ~seat();
        seat(seat const&) = delete;
        seat& operator=(seat const&) = delete;

        /// What has come since the last call, each line with its end. The fiber is woken when there
        /// is more, and at the end.
        std::string take();
        /// Nothing more will come.
        bool ended() const;

    private:
        followers& all_;
        std::shared_ptr<place> place_;
    };

    bool any() const { return count_.load(std::memory_order_relaxed) > 0; }
    /// Any thread. `line` is one JSON object without a line end. A follower that does not keep up
    /// loses lines, and is told how many: `{"lost":3}`.
    void tell(std::string_view line);
    /// Any thread. Sends all away, and whoever comes later.
    void end();

private:
    std::atomic<std::size_t> count_ = 0;
    std::mutex guard_;
    std::vector<std::shared_ptr<place>> places_;
    bool ended_ = false;
};

} // namespace vertex_relay::io
