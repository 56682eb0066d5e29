// `Expect: 100-continue` (RFC 9110 section 10.1.1): asked for the body, or told why not.

#include "net/echo_rig.hpp"
#include "net/relay_shape.hpp"
#include "net/upload.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

struct asked {
    std::string head;
    std::string body;
};

asked asking(std::string_view body, std::string_view more_fields = {}) {
    auto whole = post_chat(body, fmt::format("Expect: 100-Continue\r\n{}", more_fields));
    auto split = whole.find("\r\n\r\n") + 4;
    return {whole.substr(0, split), whole.substr(split)};
}

} // namespace

TEST_CASE("the body is asked for before it is sent", "[relay][http]") {
    echo_rig rig;
    auto client = rig.relay.connect();
    for (std::size_t i = 0; i < 3; ++i) {
        auto request = asking(numbered_body(i));
        REQUIRE(client.send(request.head));
        auto interim = client.read();
        CHECK(interim.status == 100);
        CHECK(interim.head == "HTTP/1.1 100 Continue\r\n\r\n");
        auto answer = client.ask(request.body);
        CHECK(answer.status == 200);
        CHECK(answer.body == numbered_body(i));
    }
    CHECK(rig.origin.connections() == 1);
}

TEST_CASE("a body that is there already is not asked for", "[relay][http]") {
    echo_rig rig;
    auto client = rig.relay.connect();
    auto request = asking(numbered_body(1));
    auto answer = client.ask(request.head + request.body);
    CHECK(answer.status == 200);
    CHECK(answer.body == numbered_body(1));

    auto old = request.head;
    old.replace(old.find("1.1"), 3, "1.0");
    auto old_client = rig.relay.connect();
    REQUIRE(old_client.send(old));
    CHECK(old_client.ask(request.body).status == 200); // no interim answer for HTTP/1.0
}

TEST_CASE("a refused body is not asked for", "[relay][http]") {
    echo_rig rig([](core::config& settings, auto const&) {
        settings.limits.body_bytes = 1'000;
        settings.limits.buffered_bytes = 600;
    });
    auto check = [&](asked const& request, int status) {
        auto client = rig.relay.connect();
        auto answer = client.ask(request.head);
        CHECK(answer.status == status);
        CHECK(problem_of(answer.body));
        CHECK(answer.field("connection") == "close");
        CHECK(client.wait_for_end() == ending::closed);
    };
    check(asking(std::string(2'000, ' ')), 413);
    check(asking(std::string(700, ' ')), 503);
    auto elsewhere = asking("{}");
    elsewhere.head.replace(0, elsewhere.head.find(" HTTP"), "POST /v1/elsewhere");
    check(elsewhere, 404);
    auto typed = asking("{}");
    typed.head.replace(typed.head.find("application/json"), 16, "text/plain");
    check(typed, 415);
    auto expecting = asking("{}");
    expecting.head.replace(expecting.head.find("100-Continue"), 12, "101-Whatever");
    check(expecting, 417);
    CHECK(rig.origin.connections() == 0);
}
