// Requests that race with the end of the kept connection they go out on: none is lost, none runs
// twice. RELAY_REPEAT=100 runs ten thousand races.

#include "net/echo_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/repetitions.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using clock = std::chrono::steady_clock;

constexpr std::size_t races = 100;
/// Later than that after a request went out, its end may no longer be taken for a stale connection.
constexpr auto stale_window = std::chrono::milliseconds(100);

/// Serves one request on each connection, then ends it: at once, which may be before or after the
/// next request has come, or when that has begun to come. In each of three ways.
class racing_origin {
public:
    scripted_origin server{[this](origin_line& line) { serve(line); }};

    /// How often each body was served; when nothing is in flight any more.
    std::map<std::string, int> const& served() const { return served_; }

private:
    void serve(origin_line& line) {
        auto request = line.read();
        if (!request) {
            return;
        }
        {
            std::scoped_lock lock(mutex_);
            ++served_[request->body];
        }
        line.send(json_answer(request->body));
        if (line.number() % 2 == 1) {
            line.skip(1);
        }
        constexpr std::array ends = {&origin_line::close, &origin_line::cut, &origin_line::reset};
        (line.*ends[line.number() / 2 % ends.size()])();
        line.wait_for_end();
    }

    std::mutex mutex_;
    std::map<std::string, int> served_;
};

void run_races() {
    racing_origin origin;
    relay_rig rig([&](core::config& settings, auto const&) { origin.server.stand_in(settings); });
    auto client = rig.connect();
    std::size_t good = 0;
    for (std::size_t i = 0; i < races; ++i) {
        auto body = numbered_body(i);
        auto begun = clock::now();
        REQUIRE(client.send(post_chat(body)));
        auto answer = client.read();
        INFO(i << ": " << answer.status << " " << answer.body);
        bool right = answer.status == 200 && answer.body == body && answer.complete;
        bool late = answer.status == 502 && clock::now() - begun >= stale_window;
        CHECK((right || late));
        good += right ? 1 : 0;
    }
    client.close();
    REQUIRE(rig.settles());
    CHECK(good >= races * 9 / 10); // late ones are rare
    CHECK(origin.served().size() >= good);
    for (auto const& [body, times] : origin.served()) {
        INFO(body);
        CHECK(times == 1);
    }
}

} // namespace

TEST_CASE("no race for a closing connection loses a request or runs one twice",
          "[relay][pool][nightly]") {
    for (int round = 0; round < repetitions(); ++round) {
        INFO("round " << round);
        run_races();
    }
}
