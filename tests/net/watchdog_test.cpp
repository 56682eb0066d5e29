// systemd is told that the loops turn, as long as all of them do.

#include "io/systemd.hpp"
#include "io/watchdog.hpp"
#include "net/relay_rig.hpp"
#include "net/token_rig.hpp"

#include <catch2/catch.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

/// The end of systemd.
class notified {
public:
    notified() {
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        path.copy(where.sun_path, sizeof where.sun_path - 1);
        ::bind(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
    ~notified() { ::close(fd_); }
    notified(notified const&) = delete;
    notified& operator=(notified const&) = delete;

    /// The next message within `limit`; empty if none comes.
    std::string next(std::chrono::milliseconds limit) {
        pollfd one{fd_, POLLIN, 0};
        if (::poll(&one, 1, static_cast<int>(limit.count())) != 1) {
            return {};
        }
        std::array<char, 256> space{};
        auto got = ::recv(fd_, space.data(), space.size(), 0);
        return {space.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
    }

    scratch_directory files;
    std::string path = files.path("notify");

private:
    int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

} // namespace

TEST_CASE("a loop that hangs is not vouched for", "[watchdog]") {
    constexpr auto silence = std::chrono::milliseconds(20);
    notified systemd;
    io::log logs{core::config()};
    io::notifier tells(systemd.path, logs);
    loop_thread control;
    loop_thread first;
    loop_thread second;
    io::watchdog watches(control.loop, tells, silence);
    for (auto* one : {&control, &first, &second}) {
        one->begin();
    }
    control.loop.post([&] { watches.start({&first.loop, &second.loop}); });
    CHECK(systemd.next(patience) == "WATCHDOG=1");
    CHECK(systemd.next(patience) == "WATCHDOG=1");

    std::promise<void> hangs;
    std::promise<void> go_on;
    second.loop.post([&] {
        hangs.set_value();
        go_on.get_future().wait();
    });
    hangs.get_future().wait();
    int late = 0; // told before it hung, or by a round that it had answered already
    while (late < 100 && !systemd.next(50 * silence).empty()) {
        ++late;
    }
    go_on.set_value();
    CHECK(late < 100);
    CHECK(systemd.next(patience) == "WATCHDOG=1");
    for (auto* one : {&first, &second, &control}) {
        one->stop();
    }
}
