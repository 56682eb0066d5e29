// The benchmark's own parts: that the load client sees every fault a proxy could make, and that
// origin and client mean the same by a request.

#include "http_answer.hpp"
#include "load_plan.hpp"
#include "marker.hpp"
#include "origin_answers.hpp"
#include "stream_check.hpp"
#include "wheel.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::bench;

namespace {

constexpr std::string_view target = "/v1/chat/completions";

std::string marked_event(std::uint32_t nonce, std::uint32_t number) {
    std::string event = event_chunk();
    put_marker(event.data() + marker_at(), {.nonce = nonce, .number = number, .time_ns = 1000});
    return event;
}

/// A whole stream as the origin sends it, of the numbered events.
std::string stream_of(std::uint32_t nonce, std::initializer_list<std::uint32_t> numbers) {
    std::string stream = stream_head();
    for (const std::uint32_t number : numbers) {
        stream += marked_event(nonce, number);
    }
    return stream + usage_chunk() + last_chunks();
}

/// What the client says of a stream for nonce 7 with three events, arriving in pieces.
std::string verdict_of(std::string_view stream, std::size_t piece) {
    http_answer answer;
    stream_check check(7, 3);
    std::vector<std::uint32_t> ages;
    while (!stream.empty()) {
        std::string_view part = stream.substr(0, piece);
        stream.remove_prefix(part.size());
        answer.take(part, check.text());
        check.scan(3000, ages);
        if (!part.empty()) {
            return "left over";
        }
    }
    return answer.complete() ? check.verdict() : "incomplete";
}

} // namespace

TEST_CASE("a whole stream is accepted however it is cut") {
    const std::string stream = stream_of(7, {0, 1, 2});
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        REQUIRE(verdict_of(stream, piece) == "");
    }
}

TEST_CASE("every fault of a stream is seen") {
    const std::string stream = stream_of(7, {0, 1, 2});
    CHECK(verdict_of(stream_of(7, {0, 2}), 100) == "event 2 of request 7 in place of event 1 of "
                                                   "request 7");
    CHECK(verdict_of(stream_of(7, {0, 1, 1, 2}), 100).starts_with("event 1 of request 7 in place"));
    CHECK(verdict_of(stream_of(8, {0, 1, 2}), 100).starts_with("event 0 of request 8"));
    CHECK(verdict_of(stream_of(7, {0, 1}), 100) == "2 events instead of 3");
    CHECK(verdict_of(stream.substr(0, stream.size() - 1), 100) == "incomplete");
    CHECK(verdict_of(stream + "x", 1 << 20) == "left over");
    std::string silent = stream_head();
    silent += marked_event(7, 0) + marked_event(7, 1) + marked_event(7, 2);
    CHECK(verdict_of(silent + usage_chunk() + "0\r\n\r\n", 100) == "no [DONE]");
    CHECK(verdict_of(silent + last_chunks(), 100) == "no finish reason");
    const std::string error = "data: {\"error\":{\"code\":503}}\n\n";
    CHECK(verdict_of(silent + "1e\r\n" + error + "\r\n" + usage_chunk() + last_chunks(), 100)
              .starts_with("error in the stream"));
}

TEST_CASE("the age of an event is the time since it was sent") {
    stream_check check(7, 1);
    std::vector<std::uint32_t> ages;
    check.text() = marked_event(7, 0);
    CHECK(check.scan(3500, ages) == 1);
    REQUIRE(ages.size() == 1);
    CHECK(ages[0] == 2500);
}

TEST_CASE("a comment is not an event") {
    stream_check check(7, 0);
    std::vector<std::uint32_t> ages;
    check.text() = ": still working ~000007000000000000000000\n\n";
    CHECK(check.scan(1, ages) == 0);
    CHECK(check.text().empty());
}

TEST_CASE("an answer with a length ends at its length") {
    http_answer answer;
    std::string body;
    const std::string whole = plain_answer(5) + "HTTP";
    std::string_view bytes = whole;
    answer.take(bytes, body);
    CHECK(answer.complete());
    CHECK(answer.status() == 200);
    CHECK(body.size() == 900);
    CHECK(bytes == "HTTP");
    REQUIRE(find_marker(body));
    CHECK(find_marker(body)->nonce == 5);
}

TEST_CASE("broken framing is not taken for an end") {
    for (const std::string_view wrong :
         {"HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"}) {
        http_answer answer;
        std::string body;
        std::string_view bytes = wrong;
        answer.take(bytes, body);
        CHECK(answer.broken());
    }
}

TEST_CASE("the origin reads what the client asks for") {
    const auto plan = read_plan("p10");
    REQUIRE(plan);
    const request_maker maker(*plan, {.target = std::string(target),
                                      .authority = "localhost",
                                      .authorization = "Bearer x"});
    const std::string request =
        maker.make({.model = "google/gemini-bench-paced-20-300", .nonce = 0xabcde});
    const std::size_t end = request.find("\r\n\r\n");
    const auto head = read_head(std::string_view(request).substr(0, end));
    REQUIRE(head);
    CHECK(head->method == "POST");
    CHECK(head->target == target);
    CHECK(head->authorization == "Bearer x");
    CHECK(head->content_length == request.size() - end - 4);
    const auto asked = read_behaviour(std::string_view(request).substr(end + 4));
    REQUIRE(asked);
    CHECK(asked->stream);
    CHECK(asked->rate == 20);
    CHECK(asked->events == 300);
    CHECK(read_nonce(request) == 0xabcde);
}

TEST_CASE("a body of 32 MiB has exactly that size") {
    for (const char* name : {"body32m", "body32m_dense"}) {
        const auto plan = read_plan(name);
        REQUIRE(plan);
        const request_maker maker(*plan, {.target = "/", .authority = "x", .authorization = "x"});
        const std::string request = maker.make({.model = "google/gemini-bench-ns", .nonce = 1});
        CHECK(request.size() - request.find("\r\n\r\n") - 4 == 32 * 1024 * 1024);
    }
}

TEST_CASE("names that mean nothing are refused") {
    for (const char* name : {"", "ns", "nsx", "ns0", "p", "p10x", "hold", "burst", "ns32_10k"}) {
        CHECK_FALSE(read_plan(name));
    }
    for (const char* body :
         {"{}", R"({"model":"google/gemini"})", R"({"model":"bench-burst-"})",
          R"({"model":"bench-paced-20"})", R"({"model":"bench-paced-0-5"})"}) {
        CHECK_FALSE(read_behaviour(body));
    }
}

TEST_CASE("the calendar fires in order, once, and not early") {
    constexpr std::int64_t slot = wheel<int>::slot_ns;
    wheel<int> calendar(0);
    calendar.add(5 * slot, 5);
    calendar.add(2 * slot, 2);
    CHECK(calendar.next_ns() == 2 * slot);
    std::vector<int> fired;
    const auto note = [&](int entry) { fired.push_back(entry); };
    calendar.take(2 * slot - 1, note);
    CHECK(fired.empty());
    calendar.take(100 * slot, note);
    CHECK(fired == std::vector<int>{2, 5});
    CHECK_FALSE(calendar.next_ns());
}
