#include "core/egress/ip_address.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

namespace {

ip_address address(std::string_view text) {
    auto parsed = ip_address::parse(text);
    INFO(text);
    REQUIRE(parsed);
    return *parsed;
}

bool holds(std::string_view network, std::string_view text) {
    auto parsed = ip_network::parse(network);
    INFO(network);
    REQUIRE(parsed);
    return parsed->contains(address(text));
}

} // namespace

TEST_CASE("different spellings are one address", "[egress][ip_address]") {
    CHECK(address("10.1.2.3") == address("::ffff:10.1.2.3"));
    CHECK(address("10.1.2.3") == address("::FFFF:a01:203"));
    CHECK(address("2001:db8::1") == address("2001:0db8:0:0:0:0:0:1"));
    CHECK(address("::") == address("0:0:0:0:0:0:0:0"));
    CHECK(address("1::") == address("1:0:0:0:0:0:0:0"));
    CHECK_FALSE(address("::1") == address("::2"));
    CHECK_FALSE(address("::10.1.2.3") == address("10.1.2.3"));
}

TEST_CASE("what is no address is none", "[egress][ip_address]") {
    for (auto const* text :
         {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "[::1]", "fe80::1%eth0",
          ":::", "1:2:3:4:5:6:7:8:9", "localhost", "1.2.3.4/8"}) {
        INFO(text);
        CHECK_FALSE(ip_address::parse(text));
    }
}

TEST_CASE("near addresses are known in every spelling", "[egress][ip_address]") {
    for (auto const* text :
         {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"}) {
        INFO(text);
        CHECK(address(text).is_loopback());
        CHECK_FALSE(address(text).is_link_local());
    }
    for (auto const* text : {"169.254.169.254", "fe80::1", "febf::1", "::ffff:169.254.0.1"}) {
        INFO(text);
        CHECK(address(text).is_link_local());
        CHECK_FALSE(address(text).is_loopback());
    }
    for (auto const* text : {"128.0.0.1", "126.255.255.255", "169.253.0.1", "169.255.0.1", "::2",
                             "fec0::1", "fe7f::1", "10.0.0.1", "0.0.0.0"}) {
        INFO(text);
        CHECK_FALSE(address(text).is_loopback());
        CHECK_FALSE(address(text).is_link_local());
    }
}

TEST_CASE("a network holds what its prefix says", "[egress][ip_address]") {
    CHECK(holds("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
    CHECK(holds("10.9.9.9/8", "10.1.1.1")); // what is behind the prefix does not count
    CHECK(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    CHECK(holds("192.168.128.0/17", "192.168.255.1"));
    CHECK_FALSE(holds("192.168.128.0/17", "192.168.127.255"));
    CHECK(holds("1.2.3.4/32", "1.2.3.4"));
    CHECK_FALSE(holds("1.2.3.4/32", "1.2.3.5"));
    CHECK(holds("0.0.0.0/0", "200.1.1.1"));
    CHECK(holds("2001:db8::/32", "2001:db8:ffff::1"));
    CHECK_FALSE(holds("2001:db8::/32", "2001:db9::1"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(holds("::1/128", "::1"));
}

TEST_CASE("a network of one family holds nothing of the other", "[egress][ip_address]") {
    CHECK(holds("::/0", "2001:db8::1"));
    CHECK_FALSE(holds("::/0", "10.0.0.1"));
    CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
}

TEST_CASE("what is no network is none", "[egress][ip_address]") {
    for (auto const* text : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
                             "/8", "::/129", "name/8", "10.0.0.0/8 ", "10.0.0.0:80/8"}) {
        INFO(text);
        CHECK_FALSE(ip_network::parse(text));
    }
}
