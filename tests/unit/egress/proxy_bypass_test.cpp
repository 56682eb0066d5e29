#include "core/egress/proxy_bypass.hpp"

#include <catch2/catch.hpp>

using vertex_relay::core::proxy_bypass;

namespace {

struct row {
    char const* list;
    char const* host;
    std::uint16_t port;
    bool direct;
};

constexpr row names[] = {
    {"", "example.com", 443, false},
    {"example.com", "example.com", 443, true},
    {"example.com", "www.example.com", 443, true},
    {"example.com", "a.b.example.com", 443, true},
    {"example.com", "notexample.com", 443, false},
    {"example.com", "example.com.evil", 443, false},
    {"example.com", "com", 443, false},
    {".example.com", "www.example.com", 443, true},
    {".example.com", "example.com", 443, false},
    {"*.example.com", "www.example.com", 443, true},
    {"*.example.com", "example.com", 443, false},
    {"EXAMPLE.com", "www.example.COM", 443, true},
    {"com", "example.com", 443, true},
    {"ex*ple.com", "example.com", 443, false},
    {"*", "example.com", 443, true},
    {"*", "10.0.0.1", 1, true},
    {"a.org,*,b.org", "example.com", 443, true},
    {"googleapis.com", "aiplatform.us.rep.googleapis.com", 443, true},
};

constexpr row ports[] = {
    {"example.com:443", "example.com", 443, true},
    {"example.com:443", "www.example.com", 443, true},
    {"example.com:443", "example.com", 8443, false},
    {".example.com:443", "www.example.com", 443, true},
    {".example.com:443", "www.example.com", 80, false},
    {"*.example.com:443", "www.example.com", 443, true},
    {"example.com:", "example.com", 9, true},
    {"10.0.0.1:443", "10.0.0.1", 443, true},
    {"10.0.0.1:443", "10.0.0.1", 80, false},
    {"[2001:db8::1]:443", "2001:db8::1", 443, true},
    {"[2001:db8::1]:443", "2001:db8::1", 80, false},
};

constexpr row addresses[] = {
    {"10.0.0.1", "10.0.0.1", 443, true},
    {"10.0.0.1", "10.0.0.2", 443, false},
    {"10.0.0.1", "::ffff:10.0.0.1", 443, true},
    {"10.0.0.0/8", "10.200.0.1", 443, true},
    {"10.0.0.0/8", "11.0.0.1", 443, false},
    {"10.0.0.0/8", "internal.example.com", 443, false}, // names are not looked up
    {"2001:db8::1", "2001:db8::1", 443, true},
    {"2001:db8::1", "2001:0db8:0::1", 443, true},
    {"[2001:db8::1]", "2001:db8::1", 443, true},
    {"2001:db8::/32", "2001:db8:1::1", 443, true},
    {"2001:db8::/32", "2001:db9::1", 443, false},
    {"0.0.1", "10.0.0.1", 443, false}, // no suffix of an address
};

constexpr row lists[] = {
    {"a.org, example.com", "example.com", 443, true},
    {" a.org ,\texample.com ", "example.com", 443, true},
    {"a.org example.com", "example.com", 443, true},
    {",,a.org,,,example.com,", "example.com", 443, true},
    {"a.org,example.com", "b.org", 443, false},
};

constexpr row malformed[] = {
    {"example.com:port", "example.com", 443, false},
    {"example.com:99999", "example.com", 443, false},
    {"example.com:0", "example.com", 443, false},
    {":443", "example.com", 443, false},
    {"[example.com", "example.co", 443, false},
    {"[::1", "::1", 443, false},
    {"[::1]x", "::1", 443, false},
    {"[]", "example.com", 443, false},
    {"[", "example.com", 443, false},
    {".", "example.com", 443, false},
    {"*.", "example.com", 443, false},
    {"http://example.com", "example.com", 443, false},
    {"10.0.0.0/99", "10.0.0.1", 443, false},
    {"[::1]x,example.com", "example.com", 443, true}, // the next entry counts all the same
};

template <std::size_t Size>
void check(row const (&rows)[Size]) {
    for (auto const& one : rows) {
        INFO(one.list << " for " << one.host << " port " << one.port);
        CHECK(proxy_bypass(one.list).covers(one.host, one.port) == one.direct);
    }
}

} // namespace

TEST_CASE("NO_PROXY names stand for themselves and what is under them", "[egress][proxy_bypass]") {
    check(names);
}

TEST_CASE("NO_PROXY ports narrow an entry", "[egress][proxy_bypass]") { check(ports); }

TEST_CASE("NO_PROXY addresses and networks match addresses", "[egress][proxy_bypass]") {
    check(addresses);
}

TEST_CASE("NO_PROXY entries are separated by commas or blanks", "[egress][proxy_bypass]") {
    check(lists);
}

TEST_CASE("NO_PROXY entries that cannot be read are ignored", "[egress][proxy_bypass]") {
    check(malformed);
}
