#include "core/base64.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

TEST_CASE("base64 is padded to whole groups (RFC 4648 section 10)", "[base64]") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64("\xFB\xFF\xFE") == "+//+");
    CHECK(base64(std::string_view("\0\0\0", 3)) == "AAAA");
}

TEST_CASE("base64url has no padding and no plus or slash", "[base64]") {
    CHECK(base64url("") == "");
    CHECK(base64url("f") == "Zg");
    CHECK(base64url("fo") == "Zm8");
    CHECK(base64url("foo") == "Zm9v");
    CHECK(base64url("\xFB\xFF\xFE") == "-__-");
    CHECK(base64url(std::string_view("\0\0\0", 3)) == "AAAA");
}

TEST_CASE("Basic credentials as in RFC 7617 section 2", "[base64]") {
    auto value = basic_credentials(secret("Aladdin:open sesame"));
    CHECK(value.reveal() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(basic_credentials(secret(":")).reveal() == "Basic Og==");
}
