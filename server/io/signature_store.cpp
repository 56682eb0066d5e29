#include "io/signature_store.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace vertex_relay::io {

namespace {

/// The file may hold what was replaced since; beyond this it is written anew.
constexpr std::size_t appended_max = 64U * 1024 * 1024;
constexpr std::chrono::seconds pause_max(64);

core::signature_memory::seconds now() {
    auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since);
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        auto wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

} // namespace

signature_store::signature_store(std::string path) : path_(std::move(path)) {
    if (path_.empty()) {
        return;
    }
    restore();
    if (!open_to_append() || (owned_ && !rewrite())) {
        give_up("written");
    }
}

signature_store::~signature_store() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void signature_store::restore() {
    std::ifstream file(path_, std::ios::binary);
    if (!file) {
        if (errno == ENOENT) {
            return;
        }
        give_up("read");
    }
    bool ours = file.peek() == std::ifstream::traits_type::eof();
    std::string line; // one at a time: the file may hold twice what the memory does
    while (std::getline(file, line)) {
        ours |= !line.empty() && core::ascii::is_digit(line.front()); // the time of an entry
        if (!file.eof()) { // a last line without its end was cut
            memory_.restore(line, now());
        }
    }
    if (!ours) { // it would be written anew
        throw std::runtime_error(fmt::format(
            "signatures.file: '{}' holds something else; name another file, or remove it", path_));
    }
}

/// Another relay may have the file, such as one that ends while its successor starts: then both
/// append, and neither writes it anew under the other. Once that one has ended this may, without
/// the lines it had added meanwhile.
bool signature_store::open_to_append() {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    owned_ = fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
    return fd_ >= 0;
}

/// Beside the old file, then in its place: a crash leaves one of the two whole.
bool signature_store::rewrite() {
    auto fresh = path_ + ".new";
    ::unlink(fresh.c_str());
    int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
                    0600);
    bool whole = fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0 &&
                 write_all(fd, memory_.save()) && ::rename(fresh.c_str(), path_.c_str()) == 0;
    if (!whole) {
        int why = errno;
        if (fd >= 0) {
            ::close(fd);
            ::unlink(fresh.c_str());
        }
        errno = why;
        return false;
    }
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = fd;
    appended_ = 0;
    return true;
}

/// Nobody else has the file (any more), and a disk that is full was not asked lately: all workers
/// wait while it is, so it is asked ever more seldom.
bool signature_store::may_rewrite() {
    owned_ = owned_ || ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
    auto moment = std::chrono::steady_clock::now();
    if (!owned_ || moment < ask_again_) {
        return false;
    }
    pause_ = std::clamp(2 * pause_, std::chrono::seconds(1), pause_max);
    ask_again_ = moment + pause_;
    return true;
}

void signature_store::give_up(std::string_view what) const {
    throw std::runtime_error(fmt::format("signatures.file: '{}' cannot be {}: {}", path_, what,
                                         std::strerror(errno)));
}

void signature_store::remember(core::signed_call const& call, std::string_view signature) {
    std::lock_guard lock(mutex_);
    if (!memory_.remember(call, signature, now()) || fd_ < 0) {
        return;
    }
    auto line = memory_.newest();
    appended_ += line.size();
    bool wrote = !torn_ && write_all(fd_, line);
    if (!wrote) {
        torn_ = true;
    }
    if ((torn_ || appended_ > appended_max) && may_rewrite() && rewrite()) {
        torn_ = false;
        pause_ = {};
        ask_again_ = {};
    }
}

std::optional<std::string> signature_store::find(core::signed_call const& call) {
    std::lock_guard lock(mutex_);
    return memory_.find(call, now());
}

} // namespace vertex_relay::io
