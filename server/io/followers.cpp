#include "io/followers.hpp"

#include "io/event_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vertex_relay::io {

namespace {

/// What waits for one follower.
constexpr std::size_t waiting_bytes_max = 256 * 1024;

} // namespace

/// `sleeper` is touched on its loop alone, everything else under the guard.
struct followers::place {
    explicit place(fiber& who) : loop(who.loop()), sleeper(&who) {}

    event_loop& loop;
    fiber* sleeper; ///< null once it has left
    std::mutex guard;
    std::string lines;
    std::size_t lost = 0;
    bool called = false; ///< a wake-up is on its way
    bool ended = false;

    /// Needs the guard.
    static void call(std::shared_ptr<place> const& self) {
        if (!std::exchange(self->called, true)) {
            self->loop.post([self] {
                if (self->sleeper != nullptr) {
                    self->sleeper->wake();
                }
            });
        }
    }
};

followers::seat::seat(followers& all, fiber& sleeper)
    : all_(all), place_(std::make_shared<place>(sleeper)) {
    std::scoped_lock lock(all_.guard_);
    place_->ended = all_.ended_;
    all_.places_.push_back(place_);
    all_.count_.fetch_add(1, std::memory_order_relaxed);
}

followers::seat::~seat() {
    place_->sleeper = nullptr;
    std::scoped_lock lock(all_.guard_);
    std::erase(all_.places_, place_);
    all_.count_.fetch_sub(1, std::memory_order_relaxed);
}

std::string followers::seat::take() {
    std::scoped_lock lock(place_->guard);
    place_->called = false;
    auto lines = std::exchange(place_->lines, {});
    if (auto lost = std::exchange(place_->lost, 0); lost > 0) {
        lines += fmt::format("{{\"lost\":{}}}\n", lost);
    }
    return lines;
}

bool followers::seat::ended() const {
    std::scoped_lock lock(place_->guard);
    return place_->ended;
}

void followers::tell(std::string_view line) {
    std::scoped_lock lock(guard_);
    for (auto const& one : places_) {
        std::scoped_lock own(one->guard);
        if (one->lines.size() + line.size() < waiting_bytes_max) {
            (one->lines += line) += '\n';
        } else {
            ++one->lost;
        }
        place::call(one);
    }
}

void followers::end() {
    std::scoped_lock lock(guard_);
    ended_ = true;
    for (auto const& one : places_) {
        std::scoped_lock own(one->guard);
        one->ended = true;
        place::call(one);
    }
}

} // namespace vertex_relay::io
