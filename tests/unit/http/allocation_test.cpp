// A program of its own, because it counts every call of operator new: relaying an event must not
// allocate once the buffers have their size.

#include "core/http/event_relay.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t bytes) {
    ++allocations;
    if (auto* memory = std::malloc(bytes == 0 ? 1 : bytes)) {
        return memory;
    }
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t bytes) { return counted(bytes); }
void* operator new[](std::size_t bytes) { return counted(bytes); }
void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept {
    ++allocations;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

struct count {
    std::size_t allocations;
    std::size_t bytes; ///< sent, so that the loop cannot be idle
};

/// Feeds the reads over and over: first to let buffers grow, then counting.
count relay_repeatedly(std::vector<std::string> const& reads, core::body_framing framing,
                       bool chunked_downstream) {
    core::response_head head;
    head.framing = framing;
    head.content_length = 1 << 30;
    core::event_relay relay(head, chunked_downstream, 1 << 20);
    std::array<char, 64 * 1024> buffer{};
    std::size_t bytes = 0;
    auto feed_all = [&] {
        for (auto const& read : reads) {
            std::ranges::copy(read, buffer.begin());
            bytes += relay.feed({buffer.data(), read.size()}).size();
        }
    };
    for (int round = 0; round < 10; ++round) {
        feed_all();
    }
    auto before = allocations.load();
    bytes = 0;
    for (int round = 0; round < 1000; ++round) {
        feed_all();
    }
    return {allocations.load() - before, bytes};
}

std::string event(std::size_t size) {
    return "data: {\"a\":\"" + std::string(size, 'x') + "\"}\n\n";
}

std::string usage_event() {
    return "data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":5,"
           "\"prompt_tokens\":7}}\n\n";
}

} // namespace

TEST_CASE("the counter counts", "[allocation]") {
    auto before = allocations.load();
    std::string text(100, 'x');
    CHECK(text.size() == 100);
    CHECK(allocations.load() > before);
}

TEST_CASE("verbatim events allocate nothing", "[allocation]") {
    auto out = relay_repeatedly({chunk(event(20)), chunk(event(900)) + chunk(event(3)),
                                 chunk(usage_event())},
                                core::body_framing::chunked, true);
    CHECK(out.allocations == 0);
    CHECK(out.bytes > 900'000);
}

TEST_CASE("re-framed events allocate nothing", "[allocation]") {
    auto text = event(500) + event(40) + usage_event() + event(7000);
    auto wire = chunk(text.substr(0, 300)) + chunk(text.substr(300));
    auto cut = GENERATE(as<std::size_t>{}, 1, 100, 302, 311, 500, 560, 4000);
    CAPTURE(cut);
    auto out = relay_repeatedly({wire.substr(0, cut), wire.substr(cut)},
                                core::body_framing::chunked, true);
    CHECK(out.allocations == 0);
    CHECK(out.bytes > 7'000'000);
}

TEST_CASE("events for an old client and from an unframed answer allocate nothing",
          "[allocation]") {
    auto text = event(500) + event(40) + event(7000);
    auto framing = GENERATE(core::body_framing::length, core::body_framing::until_close);
    bool chunked_downstream = GENERATE(true, false);
    auto out = relay_repeatedly({text.substr(0, 600), text.substr(600, 3000), text.substr(3600)},
                                framing, chunked_downstream);
    CHECK(out.allocations == 0);
    CHECK(out.bytes > 7'000'000);
}
