// The way down: what runs may end, what waits goes, and nobody is told a lie.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/relay_shape.hpp"
#include "net/token_server.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

void check_shutdown(http_answer const& answer) {
    CHECK(answer.status == 503);
    auto problem = problem_of(answer.body);
    REQUIRE(problem);
    CHECK(problem->code == "server_shutdown");
}

} // namespace

TEST_CASE("draining closes idle clients and lets streams end", "[relay][drain]") {
    gate release;
    scripted_origin origin([&](origin_line& line) {
        while (line.read()) {
            line.send(stream_head() + chunk(text_event("begun")));
            release.wait();
            line.send(chunk(final_events()) + std::string(last_chunk));
        }
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    std::vector<relay_client> streaming;
    for (int i = 0; i < 100; ++i) {
        streaming.push_back(rig.connect());
        REQUIRE(streaming.back().send(chat(open_model, true)));
    }
    for (auto& client : streaming) {
        REQUIRE(client.wait_for("begun"));
    }
    auto fresh = rig.connect();
    auto idle = rig.connect();
    REQUIRE(idle.ask(get("/readyz")).status == 200);
    auto typing = rig.connect();
    auto request = get("/readyz");
    REQUIRE(typing.send(request.substr(0, 10)));
    rig.on_worker([](io::worker&) {});
    rig.on_worker([](io::worker&) {}); // the first bytes are read

    std::atomic<bool> gone = false;
    rig.drain(gone);
    CHECK(fresh.wait_for_end() == ending::closed);
    CHECK(idle.wait_for_end() == ending::closed);
    auto last = typing.ask(request.substr(10)); // begun before: still answered
    CHECK(last.status == 503);
    CHECK(last.field("connection") == "close");
    CHECK(typing.wait_for_end() == ending::closed);
    CHECK_FALSE(gone);

    release.open();
    for (auto& client : streaming) {
        auto answer = client.read();
        CHECK(answer.complete);
        CHECK(answer.body == text_event("begun") + final_events());
        CHECK(client.wait_for_end() == ending::closed);
    }
    streaming.clear();
    CHECK(eventually([&] { return gone.load(); }));
    CHECK(rig.settles());
}

TEST_CASE("probes are answered to the end of a drain", "[relay][drain]") {
    gate release;
    scripted_origin origin([&](origin_line& line) {
        line.read();
        line.send(stream_head() + chunk(text_event("begun")));
        release.wait();
        line.send(chunk(final_events()) + std::string(last_chunk));
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto streaming = rig.connect();
    REQUIRE(streaming.send(chat(open_model, true)));
    REQUIRE(streaming.wait_for("begun"));
    auto idle = rig.connect({}, io::door::admin);
    REQUIRE(idle.ask(get("/livez")).status == 200);

    std::atomic<bool> gone = false;
    rig.drain(gone);
    CHECK(idle.wait_for_end() == ending::closed);
    for (int i = 0; i < 3; ++i) {
        CHECK(rig.connect({}, io::door::admin).ask(get("/livez")).status == 200);
        auto ready = rig.connect({}, io::door::admin).ask(get("/readyz"));
        CHECK(ready.status == 503);
        CHECK(ready.field("connection") == "close");
        CHECK(problem_of(ready.body)->code == "draining");
    }
    auto silent = rig.connect({}, io::door::admin); // a probe that never asks holds up nothing
    CHECK_FALSE(gone);
    release.open();
    CHECK(streaming.read().complete);
    streaming.close();
    CHECK(eventually([&] { return gone.load(); }));
}

TEST_CASE("draining without clients is over at once", "[relay][drain]") {
    relay_rig rig;
    std::atomic<bool> gone = false;
    rig.drain(gone);
    CHECK(gone);
}

TEST_CASE("what does not end in time is told so", "[relay][drain]") {
    gate reached;
    scripted_origin origin([&](origin_line& line) { // begins streams and long documents, no more
        auto request = line.read();
        bool stream = request && request->body.find("true") != std::string::npos;
        bool lengthy = request && request->body.find("lengthy") != std::string::npos;
        if (stream) {
            line.send(stream_head() + chunk(text_event("begun")));
        } else if (lengthy) {
            line.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                      "Content-Length: 200000\r\n\r\n" + std::string(100'000, 'j'));
        }
        reached.open();
        line.wait_for_end();
    });
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.log.access = true;
        origin.stand_in(settings);
    });
    auto streaming = rig.connect();
    REQUIRE(streaming.send(chat(open_model, true)));
    REQUIRE(streaming.wait_for("begun"));
    auto lengthy = rig.connect();
    REQUIRE(lengthy.send(chat("google/lengthy", false)));
    REQUIRE(lengthy.wait_for("jjj"));
    auto waiting = rig.connect();
    REQUIRE(waiting.send(chat(open_model, false)));
    REQUIRE(eventually([&] { return origin.connections() == 3; }));
    auto uploading = rig.connect();
    auto request = post_chat(numbered_body(1));
    REQUIRE(uploading.send(request.substr(0, request.size() - 1)));
    rig.on_worker([](io::worker&) {});
    rig.on_worker([](io::worker&) {}); // its head is read

    std::atomic<bool> gone = false;
    rig.drain(gone);
    rig.abandon();
    auto answer = streaming.read();
    CHECK_FALSE(answer.complete);
    CHECK(streaming.wait_for_end() == ending::closed);
    auto stream = stream_of(answer.body);
    REQUIRE(stream.problem);
    CHECK(stream.problem->code == "server_shutdown");
    CHECK(stream.events.front() == text_event("begun"));
    CHECK_FALSE(lengthy.read().complete);
    CHECK(lengthy.wait_for_end() == ending::reset);
    check_shutdown(waiting.read());
    check_shutdown(uploading.read());
    for (auto* client : {&streaming, &lengthy, &waiting, &uploading}) {
        client->close();
    }
    CHECK(eventually([&] { return gone.load(); }));
    CHECK(rig.logs_line_with({R"("status":200)", R"("cause":"server_shutdown")"}));
    CHECK(rig.logs_line_with({R"("status":503)", R"("cause":"server_shutdown")"}));
}

TEST_CASE("a client that waits for a token is told of the shutdown", "[relay][drain]") {
    token_server tokens([](std::string const&) { return token_server::reply{"", true}; });
    scratch_directory files;
    auto user = files.write("user.json", user_file(tokens.url()));
    relay_rig rig([&](core::config& settings, auto const&) { settings.google.credentials = user; });
    auto client = rig.connect();
    REQUIRE(client.send(chat(open_model, true)));
    REQUIRE(eventually([&] { return rig.load.streams == 1; }));
    std::atomic<bool> gone = false;
    rig.drain(gone);
    rig.abandon();
    check_shutdown(client.read());
    client.close();
    CHECK(eventually([&] { return gone.load(); }));
}
