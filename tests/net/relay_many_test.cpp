// Many streams at once, and readers that do not keep up: bytes stay where they belong, and nobody
// reads on for somebody who does not take it.

#include "net/echo_rig.hpp"
#include "net/gate.hpp"
#include "net/relay_shape.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::size_t megabyte = 1'000'000;

/// The number in `numbered_body`.
std::string number_in(std::string const& body) {
    auto at = body.find('<') + 1;
    return body.substr(at, body.find('>') - at);
}

std::string own_events(std::string_view number, int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) {
        text += text_event(fmt::format("{}: {}", number, i));
    }
    return text;
}

/// An origin that sends a long answer and counts what the relay takes of it.
class pump {
public:
    explicit pump(bool stream) : stream_(stream) {}

    void operator()(origin_line& line) {
        line_ = &line;
        while (line.read()) {
            line.send(stream_ ? stream_head() : long_head());
            auto unit = stream_ ? chunk(this->unit()) : this->unit();
            for (std::size_t i = 0; i < units && line.send(unit); ++i) {
                sent_ += unit.size();
            }
            line.send(stream_ ? chunk(final_events()) + std::string(last_chunk) : "");
        }
    }
    std::string whole() const {
        std::string text;
        for (std::size_t i = 0; i < units; ++i) {
            text += unit();
        }
        return stream_ ? text + final_events() : text;
    }
    /// Waits until nothing more can be sent; how much has left this side.
    std::size_t wait_until_stuck() const {
        auto last = sent_.load();
        auto since = std::chrono::steady_clock::now();
        eventually([&] {
            auto now = std::chrono::steady_clock::now();
            if (sent_ != last) {
                last = sent_;
                since = now;
            }
            return last > 0 && now - since > std::chrono::milliseconds(500);
        });
        return last + 2 * unit_bytes - line_.load()->untaken(); // one unit is on its way
    }

private:
    static constexpr std::size_t units = 1'000;
    static constexpr std::size_t unit_bytes = 16'000;
    std::string unit() const {
        return stream_ ? text_event(std::string(unit_bytes, 'p')) : std::string(unit_bytes, 'p');
    }
    std::string long_head() const {
        return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                           "Content-Length: {}\r\n\r\n",
                           units * unit_bytes);
    }
    bool stream_;
    std::atomic<std::size_t> sent_ = 0;
    std::atomic<origin_line const*> line_ = nullptr;
};

} // namespace

TEST_CASE("a thousand streams are open at once, each with its own bytes", "[relay][many]") {
    constexpr std::size_t count = 1'000;
    gate all_open;
    scripted_origin origin([&](origin_line& line) {
        auto request = line.read();
        auto number = number_in(request ? request->body : "<none>");
        line.send(stream_head() + chunk(own_events(number, 0, 1)));
        all_open.wait();
        line.send(chunk(own_events(number, 1, 4)));
        line.send(chunk(own_events(number, 4, 5) + final_events()) + std::string(last_chunk));
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    std::vector<relay_client> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(rig.connect());
        REQUIRE(clients.back().send(post_chat(numbered_body(i))));
    }
    for (auto& client : clients) {
        REQUIRE(client.wait_for(": 0"));
    }
    CHECK(rig.load.streams == count);
    CHECK(rig.load.connections == count);
    CHECK(rig.load.buffered_bytes == 0);
    all_open.open();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto answer = clients[i].read();
        bool same = answer.complete &&
                    answer.body == own_events(std::to_string(i), 0, 5) + final_events();
        wrong += same ? 0 : 1;
    }
    CHECK(wrong == 0);
    clients.clear();
    CHECK(rig.settles());
}

TEST_CASE("nothing is read for a client that does not read", "[relay][many]") {
    bool stream = GENERATE(true, false);
    pump source(stream);
    scripted_origin origin([&](origin_line& line) { source(line); });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    // The client's system takes little; by itself it would take up to net.ipv4.tcp_rmem.
    auto client = rig.connect({.client_receives = 64 * 1024});
    REQUIRE(client.send(chat(open_model, stream)));
    auto taken = source.wait_until_stuck();
    CHECK(taken <= 2 * megabyte); // by the relay and the system, on both of its sides
    CHECK(rig.ask(get("/livez")).status == 200); // others are served
    auto answer = client.read(); // and now it reads
    CHECK(answer.complete);
    bool same = answer.body == source.whole();
    CHECK(same);
}

TEST_CASE("stalled readers leave the others their speed", "[relay][many]") {
    pump source(true);
    scripted_origin origin([&](origin_line& line) { source(line); });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    std::vector<relay_client> stalled;
    for (int i = 0; i < 20; ++i) {
        stalled.push_back(rig.connect({.relay_sends = 64 * 1024, .client_receives = 64 * 1024}));
        REQUIRE(stalled.back().send(chat(open_model, true)));
    }
    source.wait_until_stuck();
    auto answer = rig.ask(chat(open_model, true));
    CHECK(answer.complete);
    bool same = answer.body == source.whole();
    CHECK(same);
    stalled.clear();
    CHECK(rig.settles());
}
