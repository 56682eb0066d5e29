// Whose connection is it: the kernel's answers, and what the relay makes of them.

#include "io/peer_check.hpp"
#include "io/user_group.hpp"
#include "net/other_user.hpp"
#include "net/relay_rig.hpp"
#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>

#include <cstddef>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::uint32_t nobody = 65'534;

socket_pair v4_pair() { return make_socket_pair(); }

socket_pair unix_pair() {
    int ends[2] = {-1, -1};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    return {ends[0], ends[1]};
}

socket_pair v6_pair() {
    int listener = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 where{};
    where.sin6_family = AF_INET6;
    where.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof where;
    auto* raw = reinterpret_cast<sockaddr*>(&where);
    bool good = ::bind(listener, raw, size) == 0 && ::listen(listener, 1) == 0 &&
                ::getsockname(listener, raw, &size) == 0;
    int client = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    good = good && ::connect(client, raw, size) == 0;
    socket_pair ends{good ? ::accept(listener, nullptr, nullptr) : -1, client};
    ::close(listener);
    return ends;
}

void close_both(socket_pair ends) {
    ::close(ends.relay);
    ::close(ends.client);
}

/// The peer's end has come: it would only have to be read.
void wait_for_end(int fd) {
    pollfd one{fd, POLLIN | POLLRDHUP, 0};
    REQUIRE(::poll(&one, 1, 20'000) == 1);
}

void checked(core::config& settings, simulator::instance const&) {
    settings.access.peer_check = "on";
}

std::string code_of(http_answer const& answer) {
    auto problem = problem_of(answer.body);
    return problem ? problem->code : std::to_string(answer.status);
}

constexpr auto list_models = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// From now on this thread cannot open netlink sockets, as under systemd's RestrictAddressFamilies.
void forbid_netlink() {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog whole{static_cast<unsigned short>(std::size(program)), program};
    REQUIRE(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0);
}

} // namespace

TEST_CASE("the kernel tells our own connections", "[peer]") {
    io::peer_check kernel;
    CHECK(kernel.prove());
    for (auto ends : {v4_pair(), v6_pair(), unix_pair()}) {
        auto who = kernel.who(ends.relay);
        REQUIRE(who);
        CHECK(who->uid == ::geteuid());
        close_both(ends);
    }
}

TEST_CASE("the kernel tells another user's connections", "[peer]") {
    if (!may_change_user()) {
        WARN("not root: nobody else to be");
        return;
    }
    io::peer_check kernel;
    for (auto make : {v4_pair, v6_pair, unix_pair}) {
        socket_pair ends{-1, -1};
        as_user(nobody, [&] { ends = make(); });
        auto who = kernel.who(ends.relay);
        REQUIRE(who);
        CHECK(who->uid == nobody);
        ::shutdown(ends.client, SHUT_WR); // it sends no more, but is still there
        wait_for_end(ends.relay);
        CHECK(kernel.who(ends.relay)->uid == nobody);
        close_both(ends);
    }
}

TEST_CASE("a closed socket is nobody's, least of all root's", "[peer]") {
    io::peer_check kernel;
    for (bool reset : {false, true}) {
        auto ends = make_socket_pair();
        linger now{1, 0};
        if (reset) {
            ::setsockopt(ends.client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        ::close(ends.client);
        wait_for_end(ends.relay);
        auto who = kernel.who(ends.relay);
        REQUIRE(who);
        CHECK_FALSE(who->uid);
        ::close(ends.relay);
    }
}

TEST_CASE("questions stand apart, however many", "[peer]") {
    io::peer_check kernel;
    std::vector<socket_pair> open;
    for (int i = 0; i < 200; ++i) {
        open.push_back(make_socket_pair());
    }
    for (auto ends : open) {
        CHECK(kernel.who(ends.relay)->uid == ::geteuid());
        ::close(ends.client);
        close_both({ends.relay, -1});
    }
}

TEST_CASE("a kernel that cannot be asked is noticed at the start", "[peer]") {
    std::string why;
    std::string refusal;
    std::thread([&] {
        forbid_netlink();
        io::peer_check kernel;
        auto proven = kernel.prove();
        why = proven ? "" : proven.error();
        auto ends = make_socket_pair();
        CHECK(kernel.who(ends.relay).has_value());
        CHECK_FALSE(kernel.who(ends.relay)->uid); // fails closed
        close_both(ends);
        try {
            relay_rig rig(checked);
        } catch (std::runtime_error const& error) {
            refusal = error.what();
        }
    }).join();
    CHECK_THAT(why, Catch::Contains("AF_NETLINK"));
    CHECK_THAT(refusal, Catch::Contains("access.peer_check") &&
                            Catch::Contains("--access-peer-check off"));
}

TEST_CASE("the relay serves its own user", "[peer][relay]") {
    relay_rig rig(checked);
    auto client = rig.connect();
    CHECK(client.ask(list_models).status == 200);
    CHECK(client.ask(chat("google/gemini-3.5-flash", true)).status == 200);
}

TEST_CASE("the relay keeps other users out", "[peer][relay]") {
    if (!may_change_user()) {
        WARN("not root: nobody else to be");
        return;
    }
    relay_rig rig([](core::config& settings, auto const& vertex) {
        checked(settings, vertex);
        settings.access.allow_uid = {"1234"};
    });
    as_user(nobody, [&] {
        auto client = rig.connect();
        auto answer = client.ask(chat("google/gemini-3.5-flash", true));
        CHECK(answer.status == 403);
        CHECK(code_of(answer) == "peer_not_allowed");
        CHECK(answer.field("x-should-retry") == "false");
        CHECK_THAT(answer.body, Catch::Contains("65534") && Catch::Contains("--access-allow-uid"));
        CHECK(code_of(rig.ask(list_models)) == "peer_not_allowed");
        CHECK(rig.ask("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200);
    });
    as_user(1234, [&] { CHECK(rig.ask(list_models).status == 200); });
    CHECK(rig.ask(list_models).status == 200);
    CHECK(rig.seen().chats_begun == 0);
}

TEST_CASE("a request left behind by a client that closed is not served", "[peer][relay]") {
    relay_rig rig(checked);
    std::promise<void> go;
    std::thread blocker([&] { rig.on_worker([&](io::worker&) { go.get_future().get(); }); });
    auto client = rig.connect();
    REQUIRE(client.send(chat("google/gemini-3.5-flash", true)));
    client.close();
    go.set_value();
    blocker.join();
    CHECK(rig.settles());
    CHECK(rig.seen().chats_begun == 0);
}

TEST_CASE("members of a group get in", "[peer]") {
    auto root = io::find_group("0");
    REQUIRE(root);
    CHECK(root->gid == 0);
    CHECK(std::ranges::count(root->members, 0U) > 0); // by root's primary group
    CHECK(io::find_group("root")->members == root->members);
    CHECK(io::find_group("4294967294")->members.empty());
    auto missing = io::find_group("no-such-group");
    REQUIRE_FALSE(missing);
    CHECK_THAT(missing.error(), Catch::Contains("no-such-group"));
}
