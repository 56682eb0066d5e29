// A client that leaves ends what was done for it upstream, whatever the phase, by FIN or by reset.

#include "net/gate.hpp"
#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"
#include "net/token_server.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr auto model = open_model;

/// Plays `begin` to one client and sees it leave.
class watched_origin {
public:
    explicit watched_origin(scripted_origin::script begin,
                            scripted_origin::wire kind = scripted_origin::wire::tls)
        : begin_(std::move(begin)), origin_([this](origin_line& line) { serve(line); }, kind) {}

    void stand_in(core::config& settings) const { origin_.stand_in(settings); }
    std::uint16_t port() const { return origin_.port(); }
    gate reached; ///< the phase is
    gate left;    ///< the relay has closed the connection

private:
    void serve(origin_line& line) {
        begin_(line);
        reached.open();
        if (line.wait_for_end()) {
            left.open();
        }
    }

    scripted_origin::script begin_;
    scripted_origin origin_;
};

void read_request(origin_line& line) { line.read(); }

void begin_stream(origin_line& line) {
    line.read();
    line.send(stream_head() + chunk(text_event("begun")));
}

void begin_document(origin_line& line) {
    line.read();
    line.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
}

void begin_long_document(origin_line& line) {
    line.read();
    line.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
              "Content-Length: 500000\r\n\r\n");
    line.send(std::string(200'000, 'j'));
}

struct phase_case {
    std::string name;
    scripted_origin::script begin;
    bool stream;
    std::string arrives; ///< at the client before it leaves
    std::vector<std::string> logged;
};

std::vector<phase_case> phases() {
    std::vector<std::string> const waiting{R"("status":499)", R"("cause":"client_gone")",
                                           R"("phase":"wait")", R"("attempts":1)"};
    std::vector<std::string> const relaying{R"("status":499)", R"("cause":"client_gone")",
                                            R"("phase":"relay")", R"("attempts":1)"};
    return {{"before the head of a stream", read_request, true, "", waiting},
            {"before the head of a document", read_request, false, "", waiting},
            {"in mid-stream", begin_stream, true, "begun", relaying},
            {"in the middle of a document", begin_document, false, "", relaying},
            {"in the middle of a long document", begin_long_document, false, "jjj", relaying}};
}

void leave(relay_client& client, bool by_reset) { by_reset ? client.reset() : client.close(); }

relay_rig::adjustment in_front_of(watched_origin const& origin) {
    return [&origin](core::config& settings, simulator::instance const&) {
        settings.log.access = true;
        origin.stand_in(settings);
    };
}

} // namespace

TEST_CASE("a client that leaves cancels what it asked for", "[relay][cancel]") {
    for (auto const& one : phases()) {
        for (bool by_reset : {false, true}) {
            INFO(one.name << (by_reset ? ", by reset" : ", by FIN"));
            watched_origin origin(one.begin);
            relay_rig rig(in_front_of(origin));
            auto client = rig.connect();
            REQUIRE(client.send(chat(model, one.stream)));
            REQUIRE(origin.reached.wait());
            REQUIRE(client.wait_for(one.arrives));
            leave(client, by_reset);
            CHECK(origin.left.wait());
            CHECK(rig.settles());
            INFO(rig.log_text());
            CHECK(rig.logs_line_with(one.logged));
            CHECK(rig.idle_upstream() == 0);
        }
    }
}

TEST_CASE("a FIN alone counts as leaving", "[relay][cancel]") {
    watched_origin origin(begin_stream);
    relay_rig rig(in_front_of(origin));
    auto client = rig.connect();
    REQUIRE(client.send(chat(model, true)));
    REQUIRE(client.wait_for("begun"));
    client.half_close();
    CHECK(origin.left.wait());
    CHECK(client.wait_for_end() == ending::closed);
    CHECK_FALSE(client.read().complete);
    CHECK(rig.logs_line_with({R"("cause":"client_gone")"}));
}

TEST_CASE("a client may leave while its body is sent on", "[relay][cancel]") {
    gate head_read;
    gate told;
    watched_origin origin([&](origin_line& line) {
        line.bound_unread();
        line.read_head(); // and not the body
        head_read.open();
        told.wait();
    });
    relay_rig rig(in_front_of(origin));
    auto client = rig.connect();
    auto body = chat_body(model, true);
    REQUIRE(client.send(post_chat(body.insert(1, std::string(20'000'000, ' ')))));
    REQUIRE(head_read.wait());
    client.close();
    bool logged = rig.logs_line_with(
        {R"("status":499)", R"("cause":"client_gone")", R"("phase":"send")"});
    INFO(rig.log_text());
    CHECK(logged);
    told.open();
    CHECK(origin.left.wait());
}

TEST_CASE("a client may leave during the handshake with Vertex AI", "[relay][cancel]") {
    watched_origin origin([](origin_line&) {}, scripted_origin::wire::plain); // never answers
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.log.access = true;
        settings.upstream.endpoint = fmt::format("https://127.0.0.1:{}", origin.port());
    });
    auto client = rig.connect();
    REQUIRE(client.send(chat(model, true)));
    REQUIRE(origin.reached.wait());
    client.close();
    CHECK(origin.left.wait());
    CHECK(rig.logs_line_with({R"("status":499)", R"("phase":"connect")", R"("attempts":0)"}));
}

TEST_CASE("a client may leave while it waits for a token", "[relay][cancel]") {
    token_server tokens([](std::string const&) { return token_server::reply{"", true}; });
    scratch_directory files;
    auto user = files.write("user.json", user_file(tokens.url()));
    relay_rig rig([&](core::config& settings, auto const&) {
        settings.log.access = true;
        settings.google.credentials = user;
    });
    REQUIRE(eventually([&] { return tokens.count() == 1; }));
    auto client = rig.connect();
    REQUIRE(client.send(chat(model, false)));
    REQUIRE(eventually([&] { return rig.load.streams == 1; }));
    client.close();
    CHECK(rig.settles());
    CHECK(rig.logs_line_with({R"("status":499)", R"("phase":"token")", R"("attempts":0)"}));
    CHECK(rig.seen().chats_begun == 0);
}

TEST_CASE("a client that does not read may leave too", "[relay][cancel]") {
    watched_origin origin([](origin_line& line) {
        line.read();
        line.send(stream_head());
        line.send_until_stuck(chunk(text_event(std::string(10'000, 's'))),
                              std::chrono::milliseconds(300));
    });
    relay_rig rig(in_front_of(origin));
    auto client = rig.connect({.relay_sends = 32 * 1024, .client_receives = 32 * 1024});
    REQUIRE(client.send(chat(model, true)));
    REQUIRE(origin.reached.wait());
    client.close();
    CHECK(origin.left.wait());
    CHECK(rig.settles());
}

TEST_CASE("those who stay notice nothing of those who leave", "[relay][cancel]") {
    relay_rig rig;
    std::vector<relay_client> leaving;
    std::vector<relay_client> staying;
    for (int i = 0; i < 100; ++i) {
        auto& where = i % 2 == 0 ? leaving : staying;
        where.push_back(rig.connect());
        REQUIRE(where.back().send(chat("google/sim-paced-1000-300", true)));
    }
    for (auto& client : leaving) {
        REQUIRE(client.wait_for("data: "));
        leave(client, &client - leaving.data() < 25);
    }
    for (auto& client : staying) {
        auto answer = client.read();
        CHECK(answer.complete);
        CHECK(answer.body.ends_with("data: [DONE]\n\n"));
    }
    staying.clear();
    CHECK(rig.settles());
    CHECK(eventually([&] { return rig.seen().streams_open == 0; }));
}
