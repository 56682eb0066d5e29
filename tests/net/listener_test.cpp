// Listening sockets: addresses, Unix sockets with their modes and leftovers, and what happens when
// descriptors run out.

#include "io/listener.hpp"
#include "net/relay_rig.hpp"
#include "net/token_rig.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

/// A loop with one listener, whose clients are greeted and closed.
class listening {
public:
    listening() { thread_.begin(); }
    ~listening() {
        close();
        thread_.stop();
    }

    int open(core::listen_address const& address, unsigned mode = 0600) {
        return begin([&](io::listener& one) { return one.open(address, mode); });
    }
    int adopt(int fd, core::listen_address const& address) {
        return begin([&](io::listener& one) { return one.adopt(fd, address); });
    }
    void close() {
        on_loop([&] { close_here(); });
    }
    void close_here() { listener_.reset(); } ///< on the loop
    void on_loop(std::function<void()> const& work) {
        std::promise<void> finished;
        thread_.loop.post([&] {
            work();
            finished.set_value();
        });
        finished.get_future().get();
    }
    std::string const& name() const { return name_; }
    int accepted() const { return accepted_; }
    io::event_loop& loop() { return thread_.loop; }

private:
    int begin(std::function<std::expected<void, int>(io::listener&)> const& how) {
        int error = 0;
        on_loop([&] {
            listener_ = std::make_unique<io::listener>(thread_.loop, [this](int fd) {
                ++accepted_;
                ::send(fd, "hello", 5, MSG_NOSIGNAL);
                ::close(fd);
            });
            auto begun = how(*listener_);
            error = begun ? 0 : begun.error();
            name_ = listener_->name();
        });
        return error;
    }

    loop_thread thread_;
    std::unique_ptr<io::listener> listener_;
    std::string name_;
    std::atomic<int> accepted_ = 0;
};

core::listen_address unix_address(std::string path) {
    core::listen_address address;
    address.path = std::move(path);
    return address;
}

core::listen_address tcp_address(std::string host, std::uint16_t port = 0) {
    return {.host = std::move(host), .port = port, .path = {}};
}

/// -1 if it is refused.
int connect_unix(std::string const& path) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
    return good ? fd : (::close(fd), -1);
}

int connect_tcp(std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(port);
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
    return good ? fd : (::close(fd), -1);
}

std::uint16_t port_in(std::string const& name) {
    return static_cast<std::uint16_t>(std::stoul(name.substr(name.rfind(':') + 1)));
}

bool is_greeted(int fd) { return fd >= 0 && relay_client(fd).wait_for("hello"); }

unsigned mode_of(std::string const& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

} // namespace

TEST_CASE("a listener tells its real address", "[listener]") {
    listening at;
    REQUIRE(at.open(tcp_address("127.0.0.1")) == 0);
    CHECK(at.name().starts_with("http://127.0.0.1:"));
    CHECK(is_greeted(connect_tcp(port_in(at.name()))));
    listening second;
    CHECK(second.open(tcp_address("127.0.0.1", port_in(at.name()))) == EADDRINUSE);
    CHECK(second.open(tcp_address("203.0.113.7")) == EADDRNOTAVAIL); // RFC 5737: nobody's
    CHECK(second.open(tcp_address("no address")) == EADDRNOTAVAIL);
    auto port = port_in(at.name());
    at.close();
    CHECK(connect_tcp(port) == -1);
    CHECK(second.open(tcp_address("127.0.0.1", port)) == 0); // at once, in spite of TIME_WAIT
}

TEST_CASE("a Unix socket has its mode from the first moment", "[listener]") {
    scratch_directory files;
    auto path = files.path("relay.sock");
    auto mode = GENERATE(0600U, 0660U, 0666U);
    auto before = ::umask(0027);
    listening at;
    REQUIRE(at.open(unix_address(path), mode) == 0);
    CHECK(mode_of(path) == mode);
    CHECK(::umask(before) == 0027); // as it was
    CHECK(at.name() == "unix:" + path);
    CHECK(is_greeted(connect_unix(path)));
    at.close();
    CHECK(mode_of(path) == 0); // gone
}

TEST_CASE("a leftover Unix socket is replaced, one in use is not", "[listener]") {
    scratch_directory files;
    auto path = files.path("relay.sock");
    int left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    REQUIRE(::bind(left, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0);
    ::close(left); // its file stays
    listening at;
    REQUIRE(at.open(unix_address(path)) == 0);
    CHECK(is_greeted(connect_unix(path)));
    {
        listening second;
        CHECK(second.open(unix_address(path)) == EADDRINUSE);
    }
    CHECK(is_greeted(connect_unix(path))); // the second one took nothing away
}

TEST_CASE("a file that is no socket stays what it is", "[listener]") {
    scratch_directory files;
    auto path = files.write("precious", "text");
    listening at;
    CHECK(at.open(unix_address(path)) == EADDRINUSE);
    CHECK(at.open(unix_address(files.path("no/such/directory"))) == ENOENT);
    at.close();
    CHECK(::access(path.c_str(), R_OK) == 0);
}

TEST_CASE("a passed socket outlives its listener, and its clients wait", "[listener]") {
    scratch_directory files;
    auto path = files.path("relay.sock");
    int owned = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    REQUIRE(::bind(owned, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0);
    REQUIRE(::listen(owned, 8) == 0);
    listening at;
    REQUIRE(at.adopt(::dup(owned), unix_address(path)) == 0);
    CHECK(at.name() == "unix:" + path);
    CHECK(is_greeted(connect_unix(path)));
    at.close();
    int waiting = connect_unix(path); // knocks at a loop whose listener has gone
    REQUIRE(waiting >= 0);
    at.on_loop([] {});
    at.on_loop([] {});
    CHECK(at.accepted() == 1);
    listening next;
    REQUIRE(next.adopt(::dup(owned), unix_address(path)) == 0);
    CHECK(is_greeted(waiting));
    ::close(owned);
}

TEST_CASE("a listener may end while clients knock", "[listener]") {
    for (int turns = 0; turns < 12; ++turns) { // one of them is the worst moment
        listening at;
        REQUIRE(at.open(tcp_address("127.0.0.1")) == 0);
        auto port = port_in(at.name());
        std::promise<void> closed;
        std::function<void(int)> close_after = [&](int left) {
            if (left > 0) {
                at.loop().post([&, left] { close_after(left - 1); });
                return;
            }
            at.close_here();
            closed.set_value();
        };
        int client = -1;
        at.loop().post([&] {
            client = connect_tcp(port);
            close_after(turns);
        });
        closed.get_future().get();
        at.on_loop([] {});
        ::close(client);
    }
}

TEST_CASE("out of descriptors, the relay breathes and recovers", "[listener]") {
    listening at;
    REQUIRE(at.open(tcp_address("127.0.0.1")) == 0);
    auto port = port_in(at.name());
    std::vector<int> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }
    int highest = ::dup(0);
    ::close(highest);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none{static_cast<rlim_t>(highest), before.rlim_max}; // all below it are in use
    ::setrlimit(RLIMIT_NOFILE, &none); // from here to its end, Catch and UBSan may want one too
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(port);
    auto began = std::chrono::steady_clock::now();
    for (int fd : clients) {
        ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
    char byte = 0;
    auto first = ::recv(clients.front(), &byte, 1, 0);
    int turned_away = 0;
    for (int fd : clients) {
        pollfd one{fd, POLLIN, 0};
        turned_away += ::poll(&one, 1, 0);
    }
    auto pauses = (std::chrono::steady_clock::now() - began) / std::chrono::milliseconds(100);
    auto accepted = at.accepted();
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(first == 0); // turned away, not left hanging
    CHECK(turned_away <= pauses + 2); // one in each pause, no busy loop
    CHECK(accepted == 0);
    relay_client last(clients.back());
    CHECK(last.wait_for("hello"));
    clients.pop_back();
    for (int fd : clients) {
        ::close(fd);
    }
    CHECK(is_greeted(connect_tcp(port)));
}
