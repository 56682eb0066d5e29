// What a relay tells its followers can be shown as its own log would have.

#include "core/access_line.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using std::chrono::microseconds;

namespace {

exchange_record full_record() {
    exchange_record one;
    one.id = "req-1";
    one.route = "google/gemini-3.5-flash";
    one.model = "say \"hi\"";
    one.status = 499;
    one.cause = "client_gone";
    one.where = phase::relay;
    one.first_byte = microseconds(1500);
    one.total = microseconds(2'000'001);
    one.bytes_in = 1;
    one.bytes_out = 18'446'744'073'709'551'615U;
    one.tokens_in = 3;
    one.tokens_out = 0;
    one.attempts = 5;
    one.repairs.add(repair::usage);
    one.repairs.add(repair::roles);
    one.tokens_cached = 1;
    one.tokens_reasoning = 2;
    one.cost_usd = 0.25;
    one.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    return one;
}

constexpr std::string_view some_time = "2026-11-24T12:34:56.789Z";

} // namespace

TEST_CASE("an access line read again says the same", "[record]") {
    for (auto const& record : {full_record(), exchange_record{}}) {
        auto json = access_line_json(record, some_time);
        auto again = read_access_line(json);
        REQUIRE(again);
        CHECK(access_line_json(*again, some_time) == json);
        CHECK(access_line_text(*again) == access_line_text(record));
    }
}

TEST_CASE("each phase is read again", "[record]") {
    for (auto where : {phase::head, phase::body, phase::route, phase::token, phase::connect,
                       phase::send, phase::wait, phase::relay, phase::done}) {
        exchange_record record;
        record.where = where;
        auto again = read_access_line(access_line_json(record, some_time));
        REQUIRE(again);
        CHECK(again->where == where);
    }
}

TEST_CASE("people see the time of day, and what is no access line as it came", "[record]") {
    auto record = full_record();
    CHECK(access_line_for_people(access_line_json(record, some_time), false) ==
          "12:34:56.789 " + access_line_text(record));
    CHECK(access_line_for_people(access_line_json(record, some_time), true) ==
          "12:34:56.789 " + access_line_text(record, true));
    for (auto const* other : {R"({"lost":3})", "", "no JSON", "[1]", "{}"}) {
        CHECK(access_line_for_people(other, false) == other);
    }
}
