// Locations decide hosts, and hosts see the token.

#include "core/config/grammar.hpp"
#include "core/vertex/location.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace vertex_relay::core;

TEST_CASE("a location becomes the host Google names for it", "[vertex][location]") {
    CHECK(location_host("global", "") == "aiplatform.googleapis.com");
    CHECK(location_host("us", "") == "aiplatform.us.rep.googleapis.com");
    CHECK(location_host("eu", "") == "aiplatform.eu.rep.googleapis.com");
    CHECK(location_host("us-central1", "") == "us-central1-aiplatform.googleapis.com");
    CHECK(location_host("northamerica-northeast1", "googleapis.com") ==
          "northamerica-northeast1-aiplatform.googleapis.com");
}

TEST_CASE("another universe replaces the whole domain", "[vertex][location]") {
    CHECK(location_host("global", "apis-tpc.example") == "aiplatform.apis-tpc.example");
    CHECK(location_host("us", "apis-tpc.example") == "aiplatform.us.rep.apis-tpc.example");
    CHECK(location_host("u-west1", "apis-tpc.example") == "u-west1-aiplatform.apis-tpc.example");
}

TEST_CASE("every location the grammar allows gives a host of Google", "[vertex][location]") {
    std::mt19937 random(6);
    constexpr std::string_view characters = "abuse-019./:@#?%\\ \r\nAZ_";
    std::size_t accepted = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        auto size = random() % 9;
        for (std::size_t i = 0; i < size; ++i) { // mostly letters, hyphens and digits
            text += characters[random() % (random() % 4 == 0 ? characters.size() : 9)];
        }
        if (!grammar::is_location(text)) {
            continue;
        }
        ++accepted;
        CAPTURE(text);
        auto host = location_host(text, "");
        REQUIRE(host.ends_with("googleapis.com"));
        REQUIRE(host.find("aiplatform.") != std::string::npos);
        REQUIRE(grammar::is_host_name(host));
    }
    CHECK(accepted > 1000);
}

TEST_CASE("a looked-up host is trusted if it is exactly the endpoint's", "[vertex][location]") {
    constexpr std::string_view good = "123.us-central1-987.prediction.vertexai.goog";
    auto trusted = [](std::string_view dns) {
        return trusted_dedicated_host(dns, "123", "us-central1");
    };
    CHECK(trusted(good) == std::string(good));
    CHECK(trusted("https://" + std::string(good)) == std::string(good));
    CHECK(trusted("https://" + std::string(good) + "/") == std::string(good));
    auto bad = GENERATE(as<std::string>{}, "", "evil.example",
                        "123.us-central1-987.prediction.vertexai.goog.evil.example",
                        "evil.example/123.us-central1-987.prediction.vertexai.goog",
                        "x123.us-central1-987.prediction.vertexai.goog",
                        "124.us-central1-987.prediction.vertexai.goog",
                        "123.us-east5-987.prediction.vertexai.goog",
                        "123.us-central1-.prediction.vertexai.goog",
                        "123.us-central1-98x7.prediction.vertexai.goog",
                        "123.us-central1-987.prediction.vertexai.goog:444",
                        "123.us-central1-987.prediction.vertexai.goog//",
                        "123.us-central1-987.prediction.vertexai.goog/path",
                        "123.us-central1-987.prediction.vertexai.goog.",
                        "123.us-central1-987.prediction.vertexai.goog\r\nX: y",
                        "123.US-CENTRAL1-987.prediction.vertexai.goog",
                        "123.us-central1-987.prediction.vertexai.google",
                        "http://123.us-central1-987.prediction.vertexai.goog",
                        "https://https://123.us-central1-987.prediction.vertexai.goog",
                        "user@123.us-central1-987.prediction.vertexai.goog",
                        "123.us-central1.prediction.vertexai.goog", "123.us-central1-987.evil.goog",
                        " 123.us-central1-987.prediction.vertexai.goog");
    CAPTURE(bad);
    CHECK_FALSE(trusted(bad));
}

TEST_CASE("the id and the location asked for are part of the trusted name", "[vertex][location]") {
    auto dns =
        "mg-endpoint-0b4c9d4e-1111-4222-8333-444455556666.europe-west4-1.prediction.vertexai.goog";
    CHECK(trusted_dedicated_host(dns, "mg-endpoint-0b4c9d4e-1111-4222-8333-444455556666",
                                 "europe-west4"));
    CHECK_FALSE(trusted_dedicated_host(dns, "mg-endpoint-0b4c9d4e-1111-4222-8333-444455556667",
                                       "europe-west4"));
    CHECK_FALSE(trusted_dedicated_host(dns, "mg-endpoint-0b4c9d4e-1111-4222-8333-444455556666",
                                       "europe-west1"));
}
