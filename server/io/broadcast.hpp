#pragma once
// Wakes fibers of any loop when something shared has changed.
//
//     auto seat = news.join(fiber);
//     while (!ready()) { if (fiber.stopped() …) co_await fiber.sleep(); }

#include "io/event_loop.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace vertex_relay::io {

class broadcast {
    struct state {
        std::mutex mutex;
        std::uint64_t next = 0;
        std::unordered_map<std::uint64_t, fiber*> seats;
    };

public:
    /// Keeps one fiber on the list; leaves it when it goes out of scope.
    class seat {
    public:
        seat(std::shared_ptr<state> list, std::uint64_t id) : list_(std::move(list)), id_(id) {}
        seat(seat&& other) noexcept = default;
        ~seat() {
            if (list_) {
                std::scoped_lock lock(list_->mutex);
                list_->seats.erase(id_);
            }
        }

    private:
        std::shared_ptr<state> list_;
        std::uint64_t id_;
    };

    /// On the fiber's own thread.
    [[nodiscard]] seat join(fiber& sleeper) {
        std::scoped_lock lock(list_->mutex);
        auto id = list_->next++;
        list_->seats.emplace(id, &sleeper);
        return {list_, id};
    }

    /// From any thread. Each fiber is woken on its own loop, if it is still listed then.
    void notify() {
        std::scoped_lock lock(list_->mutex);
        for (auto [id, sleeper] : list_->seats) {
            sleeper->loop().post([list = list_, id] {
                std::scoped_lock inner(list->mutex);
                if (auto found = list->seats.find(id); found != list->seats.end()) {
                    found->second->wake();
                }
            });
        }
    }

private:
    std::shared_ptr<state> list_ = std::make_shared<state>();
};

} // namespace vertex_relay::io
