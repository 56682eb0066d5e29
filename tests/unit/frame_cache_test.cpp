// Frames handed round per thread: never one to two owners, never more kept than promised.

#include "io/frame_cache.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <set>
#include <thread>
#include <vector>

using vertex_relay::io::frame_cache;

namespace {

struct frame {
    unsigned char* memory;
    std::size_t bytes;
    unsigned char mark;
};

frame take(std::size_t bytes, unsigned char mark) {
    auto* memory = static_cast<unsigned char*>(frame_cache::take(bytes));
    std::memset(memory, mark, bytes); // the sanitizer watches the size
    return {memory, bytes, mark};
}

bool intact(frame const& kept) {
    return std::ranges::all_of(kept.memory, kept.memory + kept.bytes,
                               [&](unsigned char byte) { return byte == kept.mark; });
}

void churn(unsigned seed, int rounds) {
    std::mt19937 random(seed);
    std::vector<frame> held;
    for (int round = 0; round < rounds; ++round) {
        bool takes = held.empty() || (random() % 2 == 0 && held.size() < 200);
        if (takes) {
            held.push_back(take(1 + random() % 2500, static_cast<unsigned char>(random())));
            continue;
        }
        auto index = random() % held.size();
        REQUIRE(intact(held[index]));
        frame_cache::give(held[index].memory, held[index].bytes);
        held[index] = held.back();
        held.pop_back();
    }
    for (auto const& kept : held) {
        REQUIRE(intact(kept));
        frame_cache::give(kept.memory, kept.bytes);
    }
}

} // namespace

TEST_CASE("a frame given back is the next one taken", "[frames]") {
    auto* first = frame_cache::take(300);
    frame_cache::give(first, 300);
    auto* same_class = frame_cache::take(384); // 257 to 384 bytes share a size
    CHECK(same_class == first);
    auto* other_class = frame_cache::take(385);
    CHECK(other_class != first);
    frame_cache::give(same_class, 384);
    frame_cache::give(other_class, 385);
}

TEST_CASE("no frame has two owners", "[frames]") {
    churn(31, 200'000);
}

TEST_CASE("more frames than are kept go back to the heap", "[frames]") {
    std::vector<void*> frames;
    for (int i = 0; i < 100; ++i) {
        frames.push_back(frame_cache::take(128));
    }
    CHECK(std::set<void*>(frames.begin(), frames.end()).size() == frames.size());
    for (auto* one : frames) {
        frame_cache::give(one, 128); // the leak sanitizer watches the rest
    }
}

TEST_CASE("frames may end on another thread than they began", "[frames]") {
    std::vector<frame> made;
    std::thread([&made] {
        for (std::size_t bytes = 1; bytes < 3000; bytes += 7) {
            made.push_back(take(bytes, static_cast<unsigned char>(bytes)));
        }
        churn(32, 1000);
    }).join();
    for (auto const& kept : made) {
        CHECK(intact(kept));
        frame_cache::give(kept.memory, kept.bytes);
    }
}
