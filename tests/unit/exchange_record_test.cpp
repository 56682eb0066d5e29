// The access line: stable keys for programs, one line for people, nothing that breaks either.

#include "core/exchange_record.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using std::chrono::microseconds;

namespace {

exchange_record full_record() {
    repair_set repairs;
    repairs.add(repair::usage);
    repairs.add(repair::roles);
    return {.began = {},
            .id = "req-1",
            .route = "google/gemini-3.5-flash",
            .model = "gpt-4o",
            .status = 200,
            .cause = "client_gone",
            .where = phase::relay,
            .first_byte = microseconds(1500),
            .total = microseconds(2'000'001),
            .bytes_in = 1,
            .bytes_out = 18'446'744'073'709'551'615U,
            .tokens_in = 3,
            .tokens_out = 0,
            .attempts = 5,
            .repairs = repairs};
}

std::vector<std::string> keys_of(std::string const& line) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    REQUIRE(parser.parse(line).get(object) == simdjson::SUCCESS);
    std::vector<std::string> keys;
    for (auto member : object) {
        keys.emplace_back(member.key);
    }
    return keys;
}

} // namespace

TEST_CASE("the keys and their order are a promise", "[record]") {
    std::vector<std::string> promised{"time",       "id",       "route",     "model",
                                      "status",     "cause",    "phase",     "ttfb_ms",
                                      "total_ms",   "bytes_in", "bytes_out", "tokens_in",
                                      "tokens_out", "attempts", "repairs"};
    CHECK(keys_of(access_line_json({}, "2026-11-24T00:00:00Z")) == promised);
    CHECK(keys_of(access_line_json(full_record(), "")) == promised);
}

TEST_CASE("an access line is these bytes", "[record]") {
    CHECK(access_line_json(full_record(), "2026-11-24T00:00:00.123Z") ==
          R"({"time":"2026-11-24T00:00:00.123Z","id":"req-1","route":"google/gemini-3.5-flash",)"
          R"("model":"gpt-4o","status":200,"cause":"client_gone","phase":"relay",)"
          R"("ttfb_ms":1.500,"total_ms":2000.001,"bytes_in":1,"bytes_out":18446744073709551615,)"
          R"("tokens_in":3,"tokens_out":0,"attempts":5,"repairs":"roles,usage"})");
}

TEST_CASE("what is not known is null, what is nothing is zero or empty", "[record]") {
    CHECK(access_line_json({}, "t") ==
          R"({"time":"t","id":"","route":"","model":"","status":0,"cause":"ok","phase":"head",)"
          R"("ttfb_ms":null,"total_ms":0.000,"bytes_in":0,"bytes_out":0,"tokens_in":null,)"
          R"("tokens_out":null,"attempts":0,"repairs":""})");
}

TEST_CASE("what only some requests have stands behind the promised keys", "[record]") {
    auto record = full_record();
    record.tokens_cached = 2;
    record.tokens_reasoning = 0;
    record.cost_usd = 0.00000125;
    record.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    CHECK_THAT(access_line_json(record, ""),
               Catch::EndsWith(R"("repairs":"roles,usage","tokens_cached":2,"tokens_reasoning":0,)"
                               R"("cost_usd":0.000001250,)"
                               R"("trace":"4bf92f3577b34da6a3ce929d0e0e4736"})"));
    CHECK(keys_of(access_line_json(record, "")).size() == 19);
}

TEST_CASE("each phase has its name", "[record]") {
    struct row {
        phase where;
        std::string name;
    };
    auto line = GENERATE(
        row{phase::head, "head"}, row{phase::body, "body"}, row{phase::route, "route"},
        row{phase::token, "token"}, row{phase::connect, "connect"}, row{phase::send, "send"},
        row{phase::wait, "wait"}, row{phase::relay, "relay"}, row{phase::done, "done"});
    exchange_record record{.where = line.where};
    CHECK(name_of(line.where) == line.name);
    CHECK_THAT(access_line_json(record, ""), Catch::Contains("\"phase\":\"" + line.name + "\""));
}

TEST_CASE("a client's bytes cannot forge a member or a line", "[record]") {
    auto text = GENERATE(
        values<std::string>({"\",\"status\":200,\"x\":\"", "a\nb", "\r\n{\"time\":\"\"}", "\x1b[2J",
                             "\xff\xfe", "\xc3", std::string("\0", 1), "\\", "\xe2\x80\xa8"}));
    auto record = full_record();
    record.id = record.route = record.model = record.cause = text;
    auto line = access_line_json(record, text);
    CAPTURE(line);
    CHECK(keys_of(line).size() == 15);
    CHECK(std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST_CASE("the line for people says what matters, in columns", "[record]") {
    auto record = full_record();
    record.bytes_out = 4096;
    record.cost_usd = 0.00125;
    record.tokens_cached = 2;
    record.alias = "gpt-*";
    CHECK(access_line_text(record) ==
          "req-1  200  google/gemini-3.5-flash                        1.5 of    2000.0 ms  "
          "       1 > 4096     B        3 > 0      tokens  client_gone in relay  $0.001250  "
          "2 cached  as gpt-*  5 attempts  repaired roles,usage");
    record = {.id = "req-2",
              .route = "/livez",
              .status = 200,
              .where = phase::done,
              .total = microseconds(40),
              .bytes_out = 80};
    CHECK(access_line_text(record) ==
          "req-2  200  /livez                                           - of       0.0 ms  "
          "       0 > 80       B        - > -      tokens");
}

TEST_CASE("a terminal gets colours by status, and columns stay", "[record]") {
    struct row {
        int status;
        std::string colour;
    };
    auto line = GENERATE(row{404, "\x1b[33m"}, row{499, "\x1b[33m"},
                         row{503, "\x1b[31m"});
    auto record = full_record();
    record.status = line.status;
    auto coloured = access_line_text(record, true);
    CHECK_THAT(coloured,
               Catch::Contains(line.colour + std::to_string(line.status) + "\x1b[m  google/") &&
                   Catch::Contains(line.colour + "client_gone in relay\x1b[m"));
    for (auto const& code : {line.colour, std::string("\x1b[2m"), std::string("\x1b[m")}) {
        for (auto at = coloured.find(code); at != coloured.npos; at = coloured.find(code)) {
            coloured.erase(at, code.size());
        }
    }
    CHECK(coloured == access_line_text(record));
    record.status = 200;
    record.cause = "ok";
    CHECK_THAT(access_line_text(record, true), Catch::Contains("\x1b[32m200\x1b[m"));
}

TEST_CASE("a stream that broke is not shown in green", "[record]") {
    auto record = full_record();
    record.status = 200;
    record.cause = "stream_incomplete";
    CHECK_THAT(access_line_text(record, true), Catch::Contains("\x1b[31m200\x1b[m"));
}

TEST_CASE("the line for people is one line, whatever was asked for", "[record]") {
    exchange_record record{.id = "req_1",
                           .route = "/v1/models/a",
                           .model = "a\nb\x1b[2J",
                           .status = 404,
                           .cause = "model_not_found",
                           .where = phase::route};
    auto line = access_line_text(record);
    CHECK(line.find_first_of("\n\r\x1b") == std::string::npos);
    CHECK_THAT(line, Catch::Contains("404") && Catch::Contains("model_not_found in route") &&
                         Catch::Contains("/v1/models/a") && Catch::Contains("- > -"));
}
