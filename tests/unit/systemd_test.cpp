// What systemd says in the environment, and what is made of it.

#include "core/systemd.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay::core;
using variables = google::environment::variables;

std::expected<systemd_words, std::string> read(variables values) {
    return read_systemd(google::environment(std::move(values)), 77);
}

passed_address at(std::string_view text, bool admin = false) {
    return {parse_listen_address(text).value(), admin};
}

} // namespace

TEST_CASE("without systemd nothing is said", "[systemd]") {
    auto said = read({});
    REQUIRE(said);
    CHECK(said->sockets.empty());
    CHECK(said->notify_socket.empty());
    CHECK(said->watchdog.count() == 0);
}

TEST_CASE("passed sockets are numbered from 3 and have their names", "[systemd]") {
    auto said = read({{"LISTEN_PID", "77"}, {"LISTEN_FDS", "3"}, {"LISTEN_FDNAMES", "a:admin"}});
    REQUIRE(said);
    REQUIRE(said->sockets.size() == 3);
    CHECK(said->sockets[0].fd == 3);
    CHECK(said->sockets[0].name == "a");
    CHECK(said->sockets[1].name == "admin");
    CHECK(said->sockets[2].fd == 5);
    CHECK(said->sockets[2].name.empty());
    CHECK(read({{"LISTEN_PID", "77"}, {"LISTEN_FDS", "0"}})->sockets.empty());
}

TEST_CASE("sockets and a watchdog of another process are not ours", "[systemd]") {
    auto said = read({{"LISTEN_PID", "78"},
                      {"LISTEN_FDS", "x"},
                      {"WATCHDOG_PID", "78"},
                      {"WATCHDOG_USEC", "10"}});
    REQUIRE(said);
    CHECK(said->sockets.empty());
    CHECK(said->watchdog.count() == 0);
}

TEST_CASE("a number of sockets that is none is an error", "[systemd]") {
    auto text = GENERATE("", "-1", "x", "3 ", "65", "4294967296");
    auto said = read({{"LISTEN_PID", "77"}, {"LISTEN_FDS", text}});
    REQUIRE(!said);
    CHECK(said.error().starts_with("LISTEN_FDS is '" + std::string(text) + "'"));
}

TEST_CASE("the watchdog's time may be longer than an hour, and needs no process", "[systemd]") {
    CHECK(read({{"WATCHDOG_USEC", "7200000000"}})->watchdog == std::chrono::hours(2));
    CHECK(read({{"WATCHDOG_USEC", "5"}, {"WATCHDOG_PID", "77"}})->watchdog.count() == 5);
    CHECK(read({{"NOTIFY_SOCKET", "@n"}})->notify_socket == "@n");
}

TEST_CASE("passed addresses stand for the default ones", "[systemd]") {
    config settings;
    listen_on_passed(settings, {at("127.0.0.1:1"), at("unix:/run/r.sock"), at("[::1]:1")});
    CHECK(settings.listen == std::vector<std::string>{"127.0.0.1:1", "unix:/run/r.sock",
                                                      "[::1]:1"});
    CHECK(settings.admin.listen.empty());
}

TEST_CASE("addresses of the configuration are kept, each once", "[systemd]") {
    config settings;
    settings.listen = {"127.0.0.1:2", "127.0.0.1:1"};
    settings.admin.listen = "127.0.0.1:9";
    listen_on_passed(settings, {at("127.0.0.1:1"), at("0.0.0.0:3", true)});
    CHECK(settings.listen == std::vector<std::string>{"127.0.0.1:1", "127.0.0.1:2"});
    CHECK(settings.admin.listen == "0.0.0.0:3");
}

TEST_CASE("a socket for probes alone leaves the default addresses", "[systemd]") {
    config settings;
    listen_on_passed(settings, {at("127.0.0.1:3", true)});
    CHECK(settings.listen.empty());
    CHECK(settings.admin.listen == "127.0.0.1:3");
}

TEST_CASE("what systemd is told", "[systemd]") {
    CHECK(reloading_lines(std::chrono::microseconds(12)) == "RELOADING=1\nMONOTONIC_USEC=12");
    CHECK(stopping_lines(std::chrono::milliseconds(3), "soon") ==
          "STOPPING=1\nEXTEND_TIMEOUT_USEC=3000\nSTATUS=soon");
}
