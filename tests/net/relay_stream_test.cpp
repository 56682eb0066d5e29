// Event streams byte by byte: as long, as large and as odd as they come.

#include "net/recital.hpp"
#include "net/relay_shape.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <semaphore>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

std::string old_chat() {
    auto request = chat(open_model, true);
    return request.replace(request.find("1.1"), 3, "1.0");
}

std::string many_events(std::size_t count, std::mt19937& random) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += text_event(fmt::format("{} {}", i, std::string(random() % 1500, 'w')));
    }
    return text + final_events();
}

std::string plain_head(std::size_t length) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                       "Content-Length: {}\r\n\r\n",
                       length);
}

/// The forms in which the same events can come.
std::vector<recital> forms_of(std::string const& text, std::mt19937& random) {
    constexpr auto until_close = "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    auto wire = stream_head() + chunked(text, {1, 900, 17'000, 3, 70'000});
    return {{random_pieces(wire, 3'000, random)},
            {random_pieces(stream_head() + chunked(text, {1'000'000'000}), 100, random)},
            {random_pieces(plain_head(text.size()) + text, 1'000, random)},
            {{until_close, text}, false, true}};
}

void check_delivery(recital_rig& rig, recital const& form, std::string const& text) {
    auto client = rig.relay.connect();
    auto answer = rig.play(client, form);
    CHECK(answer.complete);
    CHECK(answer.chunked);
    bool same = answer.body == text;
    INFO("got " << answer.body.size() << " of " << text.size() << " bytes");
    CHECK(same);
    auto old = rig.relay.connect();
    auto plain = rig.play(old, form, old_chat());
    CHECK_FALSE(plain.chunked);
    CHECK(plain.field("connection") == "close");
    CHECK(plain.complete);
    bool same_again = plain.body == text;
    CHECK(same_again);
}

} // namespace

TEST_CASE("ten thousand events arrive byte for byte", "[relay][stream]") {
    std::mt19937 random(20'260'731);
    recital_rig rig;
    auto text = many_events(10'000, random);
    for (auto const& form : forms_of(text, random)) {
        check_delivery(rig, form, text);
    }
    CHECK(rig.relay.settles());
}

TEST_CASE("odd events arrive byte for byte", "[relay][stream]") {
    using namespace std::string_literals;
    std::mt19937 random(7);
    recital_rig rig;
    auto const end = final_events();
    for (auto const& text :
         {with_line_ends(text_stream, "\r\n"), with_line_ends(mixed_stream, "\r"),
          std::string(tool_stream), "\xef\xbb\xbf" + text_event("after a byte order mark") + end,
          text_event("a\0b"s) + end, "\n\n\n\n" + end,
          ":" + std::string(100'000, 'c') + "\n\n" + end,
          text_event("\xff\xfe not UTF-8 \x80") + end, text_event(std::string(200'000, 'h')) + end,
          text_event(std::string(3'000'000, 'h')) + text_event("small") + end}) {
        INFO(text.substr(0, 300));
        for (auto const& form : forms_of(text, random)) {
            check_delivery(rig, form, text);
        }
    }
}

TEST_CASE("an event above the limit ends the stream with an error", "[relay][stream]") {
    recital_rig rig([](core::config& settings, auto const&) {
        settings.limits.event_bytes = 100'000;
    });
    auto client = rig.relay.connect();
    auto wire = stream_head() + chunk(text_event("first")) + chunk(std::string(200'000, 'x'));
    auto answer = rig.play(client, {{wire}});
    CHECK_FALSE(answer.complete);
    CHECK(client.wait_for_end() == ending::closed);
    auto stream = stream_of(answer.body);
    REQUIRE(stream.problem);
    CHECK(stream.problem->code == "event_too_large");
    CHECK(stream.events.front() == text_event("first"));
    CHECK(stream.events.size() == 2);
    CHECK(stream.rest.empty());
}

TEST_CASE("a failure inside a long event breaks the connection", "[relay][stream]") {
    recital_rig rig([](core::config& settings, auto const&) {
        settings.limits.event_bytes = 1'000'000;
    });
    auto wire = stream_head() + chunk("data: " + std::string(1'500'000, 'x'));
    for (auto const& request : {chat(open_model, true), old_chat()}) {
        auto client = rig.relay.connect();
        auto answer = rig.play(client, {{wire}}, request);
        CHECK_FALSE(answer.complete);
        CHECK(client.wait_for_end() == ending::reset);
        CHECK(answer.body.find("error") == std::string::npos);
    }
}

TEST_CASE("each event is passed on before the next one comes", "[relay][stream]") {
    std::counting_semaphore<> seen(0);
    std::atomic<bool> in_step = true;
    scripted_origin origin([&](origin_line& line) {
        auto wait = [&] { in_step = seen.try_acquire_for(patience) && in_step; };
        line.read();
        line.send(stream_head());
        wait();
        for (int i = 0; i < 200; ++i) {
            line.send(chunk(text_event(fmt::format("<{}>", i))));
            wait();
        }
        line.send(chunk(final_events()));
        wait();
        line.send(last_chunk);
    });
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    auto client = rig.connect();
    REQUIRE(client.send(chat(open_model, true)));
    REQUIRE(client.wait_for("\r\n\r\n"));
    seen.release();
    for (int i = 0; i < 200; ++i) {
        REQUIRE(client.wait_for(fmt::format("<{}>", i)));
        seen.release();
    }
    REQUIRE(client.wait_for("[DONE]\n\n"));
    seen.release();
    auto answer = client.read();
    CHECK(answer.complete);
    CHECK(in_step);
}
