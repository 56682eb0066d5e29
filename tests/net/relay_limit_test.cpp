// Too much of anything is told at once and disturbs nobody who is being served.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/relay_shape.hpp"
#include "net/upload.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

void check_overloaded(http_answer const& answer) {
    CHECK(answer.status == 503);
    CHECK(answer.field("retry-after") == "1");
    auto problem = problem_of(answer.body);
    REQUIRE(problem);
    CHECK(problem->code == "overloaded");
}

/// An origin whose streams begin at once and end when the gate opens.
scripted_origin::script streams_until(gate& release) {
    return [&release](origin_line& line) {
        while (line.read()) {
            line.send(stream_head() + fmt::format("{:x}\r\n", text_event("begun").size()) +
                      text_event("begun") + "\r\n");
            release.wait();
            line.send(fmt::format("{:x}\r\n{}\r\n", final_events().size(), final_events()));
            line.send(last_chunk);
        }
    };
}

} // namespace

TEST_CASE("one connection too many is turned away", "[relay][limit]") {
    echo_rig rig([](core::config& settings, auto const&) { settings.limits.connections = 3; });
    std::vector<relay_client> clients;
    for (std::size_t i = 0; i < 3; ++i) {
        clients.push_back(rig.relay.connect());
        REQUIRE(clients.back().ask(post_chat(numbered_body(i))).status == 200);
    }
    for (int i = 0; i < 3; ++i) {
        auto extra = rig.relay.connect();
        REQUIRE(extra.wait_until([](auto all) { return all.find("\r\n\r\n") != all.npos; }));
        auto answer = extra.read(); // unasked
        check_overloaded(answer);
        CHECK(answer.field("connection") == "close");
        CHECK(extra.wait_for_end() == ending::closed);
    }
    for (auto& client : clients) {
        CHECK(client.ask(post_chat(numbered_body(9))).body == numbered_body(9));
    }
    auto probe = rig.relay.connect({}, io::door::admin); // a full relay lives, and says so
    CHECK(probe.ask(get("/livez")).status == 200);
    probe.close();
    clients.pop_back();
    REQUIRE(eventually([&] { return rig.relay.load.connections < 3; }));
    CHECK(rig.relay.ask(get("/livez")).status == 200);
}

TEST_CASE("twice as many streams as allowed leave the open ones alone", "[relay][limit]") {
    constexpr std::size_t allowed = 20;
    gate release;
    scripted_origin origin(streams_until(release));
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.limits.streams = allowed;
        origin.stand_in(settings);
    });
    std::vector<relay_client> open;
    for (std::size_t i = 0; i < allowed; ++i) {
        open.push_back(rig.connect());
        REQUIRE(open.back().send(chat(open_model, true)));
        REQUIRE(open.back().wait_for("begun"));
    }
    auto turned_away = rig.connect();
    for (std::size_t i = 0; i < allowed; ++i) {
        check_overloaded(turned_away.ask(chat(open_model, i % 2 == 0)));
    }
    CHECK(turned_away.ask(get("/livez")).status == 200); // what needs no stream still works
    CHECK(origin.connections() == allowed);
    release.open();
    for (auto& client : open) {
        auto answer = client.read();
        CHECK(answer.complete);
        CHECK(answer.body == text_event("begun") + final_events());
    }
    CHECK(turned_away.ask(chat(open_model, true)).status == 200);
    CHECK(eventually([&] { return rig.load.streams == 0; }));
}

TEST_CASE("bodies in memory are bounded over all clients", "[relay][limit]") {
    echo_rig rig(
        [](core::config& settings, auto const&) { settings.limits.buffered_bytes = 1'000; });
    bool chunks = GENERATE(false, true);
    CAPTURE(chunks);
    std::mt19937 random(5);
    auto body = [](std::size_t size) {
        auto text = numbered_body(1);
        return text.insert(1, std::string(size - text.size(), ' '));
    };
    auto post = [&](std::size_t size) {
        return chunks ? post_chunked(random_chunks(body(size), random)) : post_chat(body(size));
    };
    auto first = rig.relay.connect();
    auto upload = post(700);
    REQUIRE(first.send(upload.substr(0, upload.size() - 1)));
    REQUIRE(eventually([&] { return rig.relay.load.buffered_bytes >= 690; }));
    auto second = rig.relay.connect();
    auto answer = second.ask(post(700));
    check_overloaded(answer);
    CHECK(answer.field("connection") == "close");
    CHECK(rig.relay.ask(post(200)).status == 200);
    auto finished = first.ask(upload.substr(upload.size() - 1));
    CHECK(finished.status == 200);
    CHECK(finished.body == body(700));
    CHECK(rig.relay.load.buffered_bytes == 0);
    CHECK(rig.relay.ask(post(900)).status == 200);
}

TEST_CASE("an open stream holds no memory of its request", "[relay][limit]") {
    gate release;
    scripted_origin origin(streams_until(release));
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto client = rig.connect();
    REQUIRE(client.send(chat(open_model, true)));
    REQUIRE(client.wait_for("begun"));
    CHECK(rig.load.buffered_bytes == 0);
    CHECK(rig.load.streams == 1);
    release.open();
    CHECK(client.read().complete);
}
