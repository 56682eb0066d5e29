// Names, addresses, connections: every address is tried, nothing unverified is spoken to.

#include "net/scripted_origin.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using connected = core::result<std::unique_ptr<io::connection>>;

void wait_for_end(origin_line& line) { line.wait_for_end(); }

/// A connector that trusts the origin and knows names for it.
struct connecting {
    explicit connecting(scripted_origin const& origin, std::vector<std::string> const& resolve = {})
        : loop((origin.stand_in(settings), settings.upstream.ca_file), resolve) {
        loop.begin();
    }

    /// Connects and hangs up again; the failure's code, or nothing.
    core::failure connect(core::upstream_host const& host,
                          std::chrono::milliseconds limit = patience) {
        core::failure failure;
        loop.run([&](io::fiber& sleeper, std::size_t) {
            return keep(sleeper, host, limit, failure);
        });
        return failure;
    }

private:
    io::task<> keep(io::fiber& sleeper, core::upstream_host const& host,
                    std::chrono::milliseconds limit, core::failure& into) {
        sleeper.expires_after(limit);
        auto line = co_await loop.connects.connect(sleeper, host);
        if (!line) {
            into = core::connect_failure(line.error(), host);
        }
    }

    core::config settings;

public:
    loop_thread loop;
};

core::upstream_host host_of(std::string name, std::uint16_t port) {
    return {.tls = true, .name = name, .port = port, .tls_name = name};
}

/// A port at which nobody listens.
std::uint16_t closed_port() {
    scripted_origin origin(wait_for_end, scripted_origin::wire::plain);
    return origin.port();
}

} // namespace

TEST_CASE("each address of a name is tried", "[connector]") {
    scripted_origin origin(wait_for_end);
    connecting from(origin);
    // The origin listens on 127.0.0.1 alone; where localhost is ::1 first, that one is refused.
    CHECK(from.connect(host_of("localhost", origin.port())).code.empty());
    CHECK(from.connect(host_of("127.0.0.1", origin.port())).code.empty());
    CHECK(origin.connections() == 2);
}

TEST_CASE("upstream.resolve gives real names another address", "[connector]") {
    scripted_origin origin(wait_for_end);
    auto const name = "us-central1-aiplatform.googleapis.com";
    connecting from(origin, {fmt::format("{}:443=127.0.0.1:{}", name, origin.port()),
                             fmt::format("oauth2.googleapis.com:443=[::1]:{}", closed_port()),
                             fmt::format("other.example:443=127.0.0.1:{}", origin.port())});
    CHECK(from.connect(host_of(name, 443)).code.empty());
    CHECK(from.connect(host_of("oauth2.googleapis.com", 443)).code == "upstream_unreachable");
    // The certificate must carry the name, whoever answers.
    auto other = from.connect(host_of("other.example", 443));
    CHECK(other.code == "upstream_tls_failed");
    CHECK(other.message.find("is for another name (hostname mismatch)") != std::string::npos);
    auto private_name = host_of("other.example", 443);
    private_name.tls_name = name;
    CHECK(from.connect(private_name).code.empty());
}

TEST_CASE("an authority nobody named is not trusted", "[connector]") {
    scripted_origin origin(wait_for_end);
    scripted_origin other(wait_for_end);
    connecting from(other);
    auto refused = from.connect(host_of("127.0.0.1", origin.port()));
    CHECK(refused.code == "upstream_tls_failed");
    CHECK(refused.message.find("which this machine does not trust") != std::string::npos);
    CHECK(refused.message.find("--upstream-ca-file") != std::string::npos);
}

TEST_CASE("a connection that cannot be had says why", "[connector]") {
    constexpr auto plain = scripted_origin::wire::plain;
    scripted_origin silent(wait_for_end, plain);
    scripted_origin babbling([](origin_line& line) { line.send("220 smtp.example\r\n"); }, plain);
    scripted_origin closing([](origin_line& line) { line.cut(); }, plain);
    scripted_origin resetting([](origin_line& line) { line.reset(); }, plain);
    scripted_origin trusted(wait_for_end);
    connecting from(trusted);
    auto refused = from.connect(host_of("127.0.0.1", closed_port()));
    CHECK(refused.status == 502);
    CHECK(refused.code == "upstream_unreachable");
    CHECK(refused.message.find("Connection refused") != std::string::npos);
    CHECK(from.connect(host_of("127.0.0.1", trusted.port())).code.empty()); // the CAs are read
    auto late = from.connect(host_of("127.0.0.1", silent.port()), std::chrono::milliseconds(100));
    CHECK(late.status == 504);
    CHECK(late.code == "upstream_connect_timeout");
    for (auto const* origin : {&babbling, &closing, &resetting}) {
        auto failure = from.connect(host_of("127.0.0.1", origin->port()));
        INFO(failure.message);
        CHECK(failure.status == 502); // a reset may come before or during the handshake
    }
    auto no_name = std::string(64, 'n') + ".invalid"; // longer than DNS allows: nobody is asked
    auto unknown = from.connect(host_of(no_name, 443));
    CHECK(unknown.code == "upstream_unreachable");
    CHECK(unknown.message.find("Cannot resolve " + no_name) != std::string::npos);
}
