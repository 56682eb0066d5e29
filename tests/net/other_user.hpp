#pragma once
// Doing things as another user of this machine.

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <thread>

namespace vertex_relay::tests {

/// Only root may become somebody else.
inline bool may_change_user() { return ::geteuid() == 0; }

/// Runs `work` on a thread whose effective user is `uid`. The kernel keeps users by thread; it is
/// glibc that changes all of them, so it is left out.
inline void as_user(std::uint32_t uid, std::function<void()> const& work) {
    std::thread([&] {
        ::syscall(SYS_setresgid, -1, uid, -1);
        ::syscall(SYS_setresuid, -1, uid, -1);
        work();
    }).join();
}

} // namespace vertex_relay::tests
