#include "core/google/private_key.hpp"

#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using vertex_relay::test::key_form;

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string complaint(std::string const& pem) {
    auto checked = check_private_key(with_line_breaks(pem));
    return checked ? "" : checked.error();
}

} // namespace

TEST_CASE("both PEM forms of a key sign alike", "[google][private_key]") {
    secret pkcs8(std::string(vertex_relay::test::private_key(key_form::pkcs8)));
    secret pkcs1(std::string(vertex_relay::test::private_key(key_form::pkcs1)));
    CHECK(pkcs8.reveal().starts_with("-----BEGIN PRIVATE KEY"));
    CHECK(pkcs1.reveal().starts_with("-----BEGIN RSA PRIVATE KEY"));
    auto one = sign_rs256(pkcs8, "header.claims");
    auto two = sign_rs256(pkcs1, "header.claims");
    REQUIRE(one);
    REQUIRE(two);
    CHECK(*one == *two); // PKCS#1 v1.5 has no randomness
    CHECK(one->size() == 256);
    CHECK(vertex_relay::test::verifies("header.claims", *one));
    CHECK_FALSE(vertex_relay::test::verifies("header.claimz", *one));
}

TEST_CASE("what stands for a line break is read as one", "[google][private_key]") {
    auto const& key = vertex_relay::test::private_key();
    CHECK(complaint(key).empty());
    CHECK(complaint(replaced(key, "\n", "\\n")).empty());
    CHECK(complaint(replaced(key, "\n", "\\r\\n")).empty());
    CHECK(complaint(replaced(key, "\n", "\r\n")).empty());
    CHECK(complaint(replaced(key, "\n", " ")).empty());
    CHECK(complaint(replaced(key, "\n", " \n")).empty());
    CHECK(complaint("  " + replaced(key, "\n", "\n  ")).empty());
    CHECK(with_line_breaks("-----BEGIN KEY----- a b -----END KEY----- ").reveal() ==
          "-----BEGIN KEY-----\na\nb\n-----END KEY-----\n");
    CHECK(with_line_breaks("a\\nb\\rc\\td\\").reveal() == "a\nbc\\td\\");
}

TEST_CASE("a key that cannot sign is named for what it is", "[google][private_key]") {
    auto const& key = vertex_relay::test::private_key();
    CHECK(complaint("") == "holds no PEM key (no -----BEGIN PRIVATE KEY----- line)");
    CHECK(complaint("hunter2") == "holds no PEM key (no -----BEGIN PRIVATE KEY----- line)");
    CHECK(complaint(replaced(key, "\n", "")) == "has lost its line breaks");
    CHECK(complaint(key.substr(0, key.size() / 2)) == "is cut off (no -----END line)");
    CHECK(complaint(replaced(key, "MII", "!!!")) == "is not a readable PEM key");
    CHECK(complaint(vertex_relay::test::private_key(key_form::pkcs8_encrypted)) ==
          "is protected by a password; Google's keys are not");
    CHECK(complaint(vertex_relay::test::private_key(key_form::ec)) == "is not an RSA key");
    CHECK(complaint(vertex_relay::test::private_key(key_form::rsa_1024)) ==
          "is an RSA key of fewer than 2048 bits");
}
