#include "client.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>

using namespace vertex_relay::simulator;
using namespace vertex_relay::simulator::testing;

namespace fs = std::filesystem;

namespace {

unsigned mode_of(fs::path const& file) {
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
}

} // namespace

TEST_CASE("files are private and gone afterwards") {
    auto server = start();
    std::vector<fs::path> files{server->ca_file(), server->credentials_file(),
                                server->service_account_file()};
    auto dir = files.front().parent_path();
    CHECK(mode_of(dir) == 0700);
    for (auto const& file : files) {
        CHECK(mode_of(file) == 0600);
    }
    server.reset();
    CHECK_FALSE(fs::exists(dir));
}

TEST_CASE("a given directory stays, without our files") {
    auto outer = start(); // lends its private directory's parent
    auto dir = outer->ca_file().parent_path() / "given";
    fs::create_directory(dir);
    auto server = start({.dir = dir});
    CHECK(server->ca_file() == dir / "ca.pem");
    server.reset();
    CHECK(fs::is_empty(dir));
    fs::remove(dir);
}

TEST_CASE("start says why it cannot") {
    auto server = start();
    auto second = instance::start({.port = server->port()});
    REQUIRE_FALSE(second);
    CHECK(second.error().find("cannot listen on 127.0.0.1:") == 0);
    auto scripted = instance::start({.script = "/nonexistent/script"});
    REQUIRE_FALSE(scripted);
    CHECK(scripted.error() == "cannot read the fault script /nonexistent/script");
}

TEST_CASE("the certificate is good for Google's names, with HTTP/1.1 by ALPN") {
    auto server = start();
    for (auto const* name :
         {"localhost", "us-central1-aiplatform.googleapis.com", "aiplatform.googleapis.com",
          "aiplatform.eu.rep.googleapis.com", "oauth2.googleapis.com",
          "91.us-central1-123456789012.prediction.vertexai.goog"}) {
        INFO(name);
        client one(*server, name);
        CHECK(one.connected());
        CHECK(one.alpn() == "http/1.1");
    }
    CHECK_FALSE(client(*server, "example.com").connected());
}

TEST_CASE("one connection serves many requests, pipelined ones too") {
    auto server = start();
    client one(*server);
    auto request = http({}, hello("google/gemini-3.5-flash"));
    for (int i = 0; i < 5; ++i) {
        one.send(request);
        CHECK(one.read().status == 200);
    }
    one.send(request + request);
    CHECK(one.read_until([](std::string_view seen) {
        auto first = seen.find("HTTP/1.1 200 OK");
        return first != seen.npos && seen.find("HTTP/1.1 200 OK", first + 1) != seen.npos;
    }));
    CHECK(server->seen().connections == 1);
    CHECK(eventually([&] { return server->seen().chats_finished == 7; }));
    CHECK(server->seen().chats_cancelled == 0);
}

TEST_CASE("the last chat request is kept as received") {
    auto server = start();
    auto body = hello("google/gemini-3.5-flash");
    auto whole = http({}, body);
    ask(*server, body);
    auto seen = server->seen();
    CHECK(seen.last_chat_head + seen.last_chat_body == whole);
    CHECK(seen.chats_begun == 1);
}

TEST_CASE("a listener is told of chats and tokens in order") {
    std::mutex guard;
    std::vector<std::string> told;
    auto server = start({.on_event = [&](std::string_view what) {
        std::lock_guard hold(guard);
        told.emplace_back(what);
    }});
    ask(*server, hello("google/gemini-3.5-flash"));
    REQUIRE(eventually([&] { return server->seen().chats_finished == 1; }));
    ask(*server, hello("google/sim-401"));
    REQUIRE(eventually([&] { return server->seen().chats_finished == 2; }));
    server.reset();
    CHECK(told == std::vector<std::string>{"chat begun", "chat finished", "chat begun",
                                           "token refused", "chat finished"});
}

TEST_CASE("a client that leaves is noticed in every phase") {
    auto server = start();
    for (auto const* fault : {"never", "stall", "paced-10-10000", "slow-600000"}) {
        INFO(fault);
        auto before = server->seen();
        client one(*server);
        one.send(http({}, hello(std::string("google/sim-") + fault, R"("stream":true,)")));
        REQUIRE(eventually([&] { return server->seen().chats_begun == before.chats_begun + 1; }));
        one.close();
        CHECK(eventually(
            [&] { return server->seen().chats_cancelled == before.chats_cancelled + 1; }));
        CHECK(eventually([&] { return server->seen().streams_open == 0; }));
        CHECK(server->seen().chats_finished == before.chats_finished);
    }
}

TEST_CASE("a client that does not read is left when it closes") {
    auto server = start();
    client one(*server);
    one.send(http({}, hello("google/sim-events-1000000", R"("stream":true,)")));
    REQUIRE(eventually([&] { return server->seen().streams_open == 1; }));
    one.close();
    CHECK(eventually([&] { return server->seen().chats_cancelled == 1; }));
    CHECK(eventually([&] { return server->seen().streams_open == 0; }));
}

TEST_CASE("stopping does not wait for open streams") {
    auto server = start();
    client one(*server);
    one.send(http({}, hello("google/sim-stall", R"("stream":true,)")));
    REQUIRE(eventually([&] { return server->seen().streams_open == 1; }));
    server.reset();
    CHECK(one.read().end == ending::truncated);
}

TEST_CASE("broken HTTP is counted and refused") {
    auto server = start();
    client one(*server);
    one.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    CHECK(one.read().status == 400);
    CHECK(server->seen().malformed == 1);
}

TEST_CASE("Expect: 100-continue is honoured") {
    auto server = start();
    client one(*server);
    auto body = hello("google/gemini-3.5-flash");
    auto whole = http({}, body);
    auto blank = whole.find("\r\n\r\n");
    one.send(whole.substr(0, blank) + "\r\nExpect: 100-continue\r\n\r\n");
    REQUIRE(one.read_until([](auto seen) { return seen.starts_with("HTTP/1.1 100 Continue"); }));
    one.send(body);
    CHECK(one.read_until([](auto seen) { return seen.find("HTTP/1.1 200 OK") != seen.npos; }));
}
