// Captures are given again, byte for byte, to the same requests and to no other.

#include "client.hpp"
#include "simulator/replay.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;
namespace fs = std::filesystem;

namespace {

constexpr auto openapi = "POST /v1/projects/PROJECT/locations/global/endpoints/openapi/"
                         "chat/completions\nHTTP/1.1 200\ncontent-type: text/event-stream\n";
constexpr auto asked = R"({"model":"google/gemini-3.5-flash","stream":true,"messages":[1]})";
constexpr auto events =
    "data: {\"a\":1}\r\n\r\ndata: {\"b\":\"\xc3\xa9\"}\n\n: odd\n\ndata: [DONE]";

struct captures {
    captures() {
        std::string name = (fs::temp_directory_path() / "captures-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        dir = name;
    }
    ~captures() { fs::remove_all(dir); }
    void write(std::string const& name, std::string_view text) const {
        std::ofstream(dir / name, std::ios::binary) << text;
    }
    fs::path dir;
};

} // namespace

TEST_CASE("a captured stream comes back byte for byte, whatever the order of members") {
    captures at;
    at.write("one.request.json", asked);
    at.write("one.head.txt", openapi);
    at.write("one.sse", events);
    auto server = start({.replay = at.dir});
    auto again = ask(*server,
                     R"({ "stream":true, "messages":[1], "model":"google/gemini-3.5-flash"})");
    CHECK(again.status == 200);
    CHECK(again.body == events);
    auto other = ask(*server, hello("google/gemini-3.5-flash"));
    CHECK(other.status == 200);
    CHECK(other.body.find("answered by the simulator") != std::string::npos);
}

TEST_CASE("a captured error keeps its status; captures of 401 are left to the token check") {
    captures at;
    std::string head(openapi);
    head.replace(head.find("200"), 3, "429");
    head.replace(head.find("text/event-stream"), 17, "application/json\nretry-after: 7");
    at.write("one.request.json", asked);
    at.write("one.head.txt", head);
    at.write("one.json", "[{}\n]\n");
    auto made = replay::load(at.dir);
    REQUIRE(made);
    auto server = start({.replay = at.dir});
    auto again = ask(*server, asked);
    CHECK(again.status == 429);
    CHECK(again.body == "[{}\n]\n");
    CHECK(again.head.find("Retry-After: 7\r\n") != std::string::npos);
    head.replace(head.find("429"), 3, "401");
    at.write("one.head.txt", head);
    CHECK_FALSE(replay::load(at.dir));
}

TEST_CASE("captures that do not do are named") {
    captures at;
    CHECK_FALSE(replay::load(at.dir));
    CHECK_FALSE(replay::load(at.dir / "absent"));
    at.write("one.request.json", asked);
    auto headless = replay::load(at.dir);
    REQUIRE_FALSE(headless);
    CHECK(headless.error().find("one.head.txt") != std::string::npos);
    at.write("one.head.txt", openapi);
    auto bodiless = replay::load(at.dir);
    REQUIRE_FALSE(bodiless);
    CHECK(bodiless.error().find("one.sse") != std::string::npos);
}
