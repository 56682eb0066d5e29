// How soon Vertex AI sees that a client has left: within 50 ms in 99 of 100 cases, whatever the
// phase.

#include "net/gate.hpp"
#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using clock = std::chrono::steady_clock;

struct phase {
    char const* name;
    bool stream;
    std::string begin;   ///< what the origin sends
    std::string arrives; ///< what the client has of it when it leaves
};

std::array<phase, 5> const phases = {{
    {"before the head of a stream", true, "", ""},
    {"before the head of a document", false, "", ""},
    {"before the first event", true, stream_head(), "\r\n\r\n"},
    {"in mid-stream", true, stream_head() + chunk(text_event("begun")), "begun"},
    {"in a document", false, json_answer(std::string(500'000, 'j')).substr(0, 200'000), "jjj"},
}};

/// One client: the phase in which it leaves follows from its number.
struct departure {
    gate reached;
    gate seen;
    clock::time_point seen_at; ///< once `seen` is open
};

constexpr std::size_t departures = 100 * phases.size();

void play(origin_line& line, departure& one) {
    line.read();
    line.send(phases[line.number() % phases.size()].begin);
    one.reached.open();
    line.wait_for_end();
    one.seen_at = clock::now();
    one.seen.open();
}

} // namespace

TEST_CASE("a client's leaving reaches Vertex AI within 50 ms", "[relay][cancel]") {
    std::vector<departure> all(departures);
    scripted_origin origin([&](origin_line& line) { play(line, all[line.number()]); });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    std::vector<clock::duration> took;
    for (std::size_t i = 0; i < departures; ++i) {
        auto const& now = phases[i % phases.size()];
        INFO(i << ", " << now.name);
        auto client = rig.connect();
        REQUIRE(client.send(chat(open_model, now.stream)));
        REQUIRE(all[i].reached.wait());
        REQUIRE(client.wait_for(now.arrives));
        auto left_at = clock::now();
        i / phases.size() % 2 == 0 ? client.close() : client.reset();
        REQUIRE(all[i].seen.wait());
        took.push_back(all[i].seen_at - left_at);
    }
    std::ranges::sort(took);
    auto p99 = std::chrono::duration<double, std::milli>(took[departures * 99 / 100]);
    UNSCOPED_INFO("p99 " << p99.count() << " ms");
    CHECK(p99 <= std::chrono::milliseconds(50));
}
