// Bodies larger than the kernel's buffers, on connections to Vertex AI that are new and used.

#include "net/relay_rig.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::size_t large = std::size_t{12} * 1024 * 1024;

std::string large_body(std::string_view model) {
    return fmt::format(R"({{"model":"{}","messages":[{{"role":"user","content":"{}"}}]}})", model,
                       std::string(large, 'x'));
}

} // namespace

// TLS 1.3 servers send session tickets whenever they like (RFC 8446 section 4.6.1): they arrive
// while the first body of a connection is still being sent.
TEST_CASE("session tickets are not taken for an early answer", "[relay][upload]") {
    auto body = large_body("google/sim-echo");
    for (int i = 0; i < 3; ++i) {
        relay_rig rig;
        auto answer = rig.ask(post_chat(body));
        CHECK(answer.status == 200);
        CHECK(answer.body.find(fmt::format(R"(\"length\":{})", body.size())) != answer.body.npos);
    }
}

TEST_CASE("an early answer ends the sending and reaches the client", "[relay][upload]") {
    relay_rig rig;
    auto body = large_body("google/sim-early-400");
    for (bool used : {false, true}) {
        CAPTURE(used);
        auto answer = rig.ask(post_chat(body));
        INFO(answer.body);
        CHECK(answer.status == 400);
        CHECK(answer.body.find("Request contains an invalid argument.") != answer.body.npos);
        CHECK(rig.ask(chat("google/sim-pass", false)).status == 200);
        REQUIRE(eventually([&] { return rig.idle_upstream() == 1; }));
    }
    CHECK(rig.settles());
}
