#include "unit/config/loading.hpp"

#include <catch2/catch.hpp>

using vertex_relay::core::test::errors_in;

TEST_CASE("other machines get in only with two deliberate settings", "[config][safety]") {
    for (auto address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "192.168.1.1:1"}) {
        CAPTURE(address);
        auto listen = "listen = [\"" + std::string(address) + "\"]\n[access]\n";
        auto errors = errors_in(listen);
        REQUIRE(errors.size() == 1);
        CHECK(errors[0].starts_with("relay.toml:1:1: listen: "));
        CHECK(errors[0].find("--access-allow-remote") != std::string::npos);
        CHECK(errors[0].find("--access-api-key-file") != std::string::npos);
        CHECK(errors_in(listen + "allow_remote = true\n").size() == 1);
        CHECK(errors_in(listen + "api_key_file = \"/key\"\n").size() == 1);
        CHECK(errors_in(listen + "allow_remote = true\napi_key_file = \"/key\"\n").empty());
    }
}

TEST_CASE("loopback, Unix sockets and the admin address need neither", "[config][safety]") {
    CHECK(errors_in("listen = [\"127.0.0.1:1\", \"[::1]:1\", \"unix:/run/a.sock\"]\n").empty());
    CHECK(errors_in("[admin]\nlisten = \"0.0.0.0:9090\"\n").empty());
}

TEST_CASE("every web page is let in only with a key", "[config][safety]") {
    auto text = std::string("[access]\nallow_origin = [\"*\"]\n");
    CHECK(errors_in(text).size() == 1);
    CHECK(errors_in(text + "api_key_file = \"/key\"\n").empty());
}

TEST_CASE("default_model must be an alias or a model", "[config]") {
    for (auto good : {"gemini-3.5-flash", "meta/llama-4", "publishers/google/models/gemini-x"}) {
        CHECK(errors_in("default_model = \"" + std::string(good) + "\"\n").empty());
    }
    CHECK(errors_in("default_model = \"gpt-5\"\n[models]\n\"gpt-*\" = \"meta/b\"\n").empty());
    CHECK(errors_in("default_model = \"gpt-5\"\n").size() == 1);
    CHECK(errors_in("default_model = \"a:b\"\n").size() == 1);
    auto listed = std::string("[access]\nonly_listed_models = true\n");
    CHECK(errors_in("default_model = \"meta/llama-4\"\n" + listed).size() == 1);
}

TEST_CASE("an address is listed once, free ports aside", "[config]") {
    CHECK(errors_in("listen = [\"127.0.0.1:1\", \"127.0.0.1:1\"]\n").size() == 1);
    CHECK(errors_in("listen = [\"127.0.0.1:1\"]\n[admin]\nlisten = \"127.0.0.1:1\"\n").size() == 1);
    CHECK(errors_in("listen = [\"127.0.0.1:0\", \"127.0.0.1:0\"]\n").empty());
}
