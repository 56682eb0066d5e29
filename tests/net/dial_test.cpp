#include "io/dial.hpp"

#include "net/loop_thread.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using std::chrono::milliseconds;

/// A listener on an address of this machine's loopback network.
class landing {
public:
    enum class temper : unsigned char { accepting, silent, closed };

    landing(std::string const& host, temper how) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto where = *io::parse_address(host, 0);
        sockaddr_in bound{};
        socklen_t size = sizeof bound;
        REQUIRE(::bind(fd_, where.raw(), where.size) == 0);
        REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
        address = *io::parse_address(host, ntohs(bound.sin_port));
        if (how != temper::closed) {
            REQUIRE(::listen(fd_, how == temper::silent ? 0 : 64) == 0);
        }
        // Linux leaves attempts unanswered once the queue of a backlog of 0 is full.
        for (int i = 0; how == temper::silent && i < 2; ++i) {
            int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            ::connect(filler, address.raw(), address.size);
            fillers_.push_back(filler);
        }
    }
    ~landing() {
        for (int filler : fillers_) {
            ::close(filler);
        }
        ::close(fd_);
    }
    landing(landing const&) = delete;
    landing& operator=(landing const&) = delete;

    io::socket_address address;

private:
    int fd_;
    std::vector<int> fillers_;
};

struct attempt {
    std::vector<io::socket_address> addresses;
    milliseconds limit = patience;
    std::string peer = {}; ///< the address that won, or the reason
    milliseconds took{0};
    bool kept_deadline = false;
};

std::string peer_of(int fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size);
    return ::inet_ntoa(peer.sin_addr);
}

io::task<> run(io::fiber& sleeper, loop_thread& here, attempt& one) {
    auto begun = std::chrono::steady_clock::now();
    sleeper.expires_after(one.limit);
    auto limit = sleeper.limit();
    auto line = co_await io::dial(sleeper, here.buffers, one.addresses);
    one.took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
    one.kept_deadline = sleeper.limit() == limit;
    one.peer = line ? peer_of((*line)->socket().native()) : line.error();
}

attempt dial(std::vector<io::socket_address> addresses, milliseconds limit = patience) {
    loop_thread here;
    here.begin();
    attempt one{.addresses = std::move(addresses), .limit = limit};
    here.run([&](io::fiber& sleeper, std::size_t) { return run(sleeper, here, one); });
    CHECK(one.kept_deadline);
    return one;
}

std::ptrdiff_t open_files() {
    return std::ranges::distance(std::filesystem::directory_iterator("/proc/self/fd"));
}

using enum landing::temper;

} // namespace

TEST_CASE("a dead address does not keep the next one waiting", "[dial]") {
    landing dead("127.0.0.2", closed);
    landing good("127.0.0.3", accepting);
    auto one = dial({dead.address, good.address});
    CHECK(one.peer == "127.0.0.3");
}

TEST_CASE("a silent address gets its head start and no more", "[dial]") {
    landing silent_one("127.0.0.2", silent);
    landing silent_two("127.0.0.4", silent);
    landing good("127.0.0.3", accepting);
    auto one = dial({silent_one.address, silent_two.address, good.address});
    CHECK(one.peer == "127.0.0.3");
    CHECK(one.took >= milliseconds(490)); // two head starts, less the clock's grain
}

TEST_CASE("the first address wins when it answers", "[dial]") {
    landing first("127.0.0.2", accepting);
    landing second("127.0.0.3", accepting);
    for (int i = 0; i < 20; ++i) {
        CHECK(dial({first.address, second.address}).peer == "127.0.0.2");
    }
}

TEST_CASE("when all addresses fail, each reason is told", "[dial]") {
    landing one("127.0.0.2", closed);
    landing two("127.0.0.3", closed);
    CHECK(dial({one.address}).peer == "Connection refused");
    CHECK(dial({one.address, two.address}).peer ==
          "Connection refused (127.0.0.2), Connection refused (127.0.0.3)");
    auto many = dial({one.address, two.address, one.address, two.address, one.address});
    CHECK_THAT(many.peer, Catch::EndsWith(" and 2 more"));
}

TEST_CASE("silence everywhere ends at the deadline", "[dial]") {
    landing one("127.0.0.2", silent);
    landing two("127.0.0.3", silent);
    auto before = open_files();
    CHECK(dial({one.address, two.address}, milliseconds(100)).peer == "stopped");
    CHECK(dial({one.address, two.address}, milliseconds(400)).peer == "stopped");
    CHECK(open_files() == before);
}

TEST_CASE("the attempts that lost are closed", "[dial]") {
    landing dead("127.0.0.2", silent);
    landing good("127.0.0.3", accepting);
    auto before = open_files();
    CHECK(dial({dead.address, good.address}).peer == "127.0.0.3");
    CHECK(open_files() == before);
}
