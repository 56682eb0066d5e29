#include "io/worker.hpp"

#include "io/session.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

constexpr std::size_t parser_bytes_kept = 1024 * 1024;
constexpr std::size_t repaired_bytes_kept = 64 * 1024;
constexpr auto sweep_every = std::chrono::seconds(5);

std::uint64_t random_start() {
    std::random_device source;
    return (static_cast<std::uint64_t>(source()) << 32U) | source();
}

} // namespace

worker::worker(std::shared_ptr<service const> shared)
    : meters_(shared->load.meters.join()), ids_(random_start()),
      random_(std::random_device{}()), house_(loop) {
    serve_by(std::move(shared));
    house_.start(keep_house(), [](std::exception_ptr) {});
}

worker::~worker() {
    // Sessions that are still asleep hold the loop's objects: they go first.
    for (auto* open : std::exchange(sessions_, {})) {
        delete open;
    }
}

void worker::serve_by(std::shared_ptr<service const> next) {
    bool same = current_ && goes_same_way(current_->shared, *next);
    auto way = same ? current_->upstream : std::make_shared<upstream_side>(loop, buffers, *next);
    current_ = std::make_shared<snapshot>(*this, std::move(next), std::move(way));
}

void worker::adopt(int client, door came_by) {
    auto owned = std::make_unique<session>(*this, came_by, client);
    auto* open = owned.release();
    sessions_.insert(open);
    clients_ += came_by == door::main ? 1 : 0;
    open->start([this, open](std::exception_ptr escaped) { finish(*open, escaped); });
}

void worker::finish(session& ended, std::exception_ptr escaped) {
    if (escaped) {
        try {
            std::rethrow_exception(escaped);
        } catch (std::bad_alloc const&) { // nor is there any for a sentence about it
            current_->shared.logs.error("a session ended: no memory is left");
        } catch (std::exception const& error) {
            current_->shared.logs.error(
                fmt::format("a session ended by an exception: {}", error.what()));
        }
    }
    sessions_.erase(&ended);
    clients_ -= ended.came_by() == door::main ? 1 : 0;
    delete &ended;
    tell_if_idle();
}

void worker::tell_if_idle() {
    if (clients_ == 0 && on_idle_) {
        std::exchange(on_idle_, {})();
    }
}

void worker::drain(std::function<void()> on_idle) {
    on_idle_ = std::move(on_idle);
    for (auto* one : sessions_) {
        one->drain(); // ends in a later turn of the loop
    }
    tell_if_idle();
}

void worker::abandon() {
    for (auto* one : sessions_) {
        one->abandon();
    }
}

void worker::rest_parser() {
    if (parser_.capacity() > parser_bytes_kept) {
        parser_ = simdjson::dom::parser();
    }
}

void worker::rest_scratch() {
    tree.rest();
    if (repaired_text.capacity() > repaired_bytes_kept) {
        std::string().swap(repaired_text); // an assignment would keep the memory
    }
}

std::string worker::next_request_id() {
    // Neighbours look unrelated (Weyl sequence, then a finalizer): ids are names, not counts.
    auto id = ids_ += 0x9e3779b97f4a7c15U;
    id = (id ^ (id >> 30U)) * 0xbf58476d1ce4e5b9U;
    id = (id ^ (id >> 27U)) * 0x94d049bb133111ebU;
    id ^= id >> 31U;
    std::string name = "req-0000000000000000";
    for (std::size_t at = name.size(); id != 0; id >>= 4U) {
        name[--at] = "0123456789abcdef"[id & 15U];
    }
    return name;
}

double worker::random() { return std::uniform_real_distribution(0.0, 1.0)(random_); }

task<void> worker::keep_house() {
    while (true) {
        house_.expires_after(sweep_every);
        co_await house_.sleep();
        current_->upstream->pool.sweep();
    }
}

} // namespace vertex_relay::io
