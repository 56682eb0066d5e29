#include "io/file_read.hpp"

#include "core/google/credential_file.hpp"

#include <openssl/crypto.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace vertex_relay::io {

namespace {

using core::google::file_outcome;
using kind = file_outcome::kind;

constexpr auto pipe_patience = std::chrono::seconds(1);
constexpr std::size_t limit = core::google::credential_file_bytes_max;

class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) {}
    ~descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

/// Text whose outgrown copies are wiped.
class private_text {
public:
    ~private_text() { OPENSSL_cleanse(text_.data(), text_.size()); }

    void append(char const* bytes, std::size_t count) {
        if (text_.capacity() - text_.size() < count) {
            std::string larger;
            larger.reserve(std::max(text_.size() + count, 2 * text_.capacity()));
            larger = text_;
            OPENSSL_cleanse(text_.data(), text_.size());
            text_.swap(larger);
        }
        text_.append(bytes, count);
    }
    std::size_t size() const { return text_.size(); }
    core::secret take() { return core::secret(std::exchange(text_, {})); }

private:
    std::string text_;
};

file_outcome failed(int error) { return {.what = kind::failed, .reason = std::strerror(error)}; }

file_outcome explain_open(std::string const& path, std::string const& sibling, int error) {
    struct stat found{};
    if (error == ENOENT || error == ENOTDIR) {
        bool beside = !sibling.empty() && ::stat(sibling.c_str(), &found) == 0;
        return {.what = kind::not_found, .sibling_exists = beside};
    }
    if (error != EACCES && error != EPERM) {
        return failed(error);
    }
    file_outcome refused{.what = kind::unreadable, .process_uid = ::geteuid()};
    if (::stat(path.c_str(), &found) == 0) {
        refused.owner_uid = found.st_uid;
        refused.mode = found.st_mode & 07777U;
    }
    return refused;
}

/// False when a pipe's writer did not write in time.
bool wait_for_writer(int fd, std::chrono::steady_clock::time_point until) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd interest{.fd = fd, .events = POLLIN, .revents = 0};
    return left.count() > 0 && ::poll(&interest, 1, static_cast<int>(left.count())) > 0;
}

file_outcome read_all(int fd) {
    private_text text;
    auto until = std::chrono::steady_clock::now() + pipe_patience;
    char chunk[16 * 1024];
    file_outcome outcome;
    while (true) {
        auto got = ::read(fd, chunk, sizeof chunk);
        if (got > 0 && text.size() + static_cast<std::size_t>(got) > limit) {
            outcome.what = kind::too_large;
            break;
        }
        if (got > 0) {
            text.append(chunk, static_cast<std::size_t>(got));
        } else if (got == 0) {
            outcome = {.what = kind::text, .text = text.take()};
            break;
        } else if (errno == EAGAIN && !wait_for_writer(fd, until)) {
            outcome = {.what = kind::failed, .reason = "nothing was written to the pipe in time"};
            break;
        } else if (errno != EAGAIN && errno != EINTR) {
            outcome = failed(errno);
            break;
        }
    }
    OPENSSL_cleanse(chunk, sizeof chunk);
    return outcome;
}

} // namespace

file_outcome read_credential_file(std::string const& path, std::string const& sibling) {
    // O_NONBLOCK: opening a pipe without a writer must not stall the loop.
    descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.get() < 0) {
        return explain_open(path, sibling, errno);
    }
    struct stat found{};
    if (::fstat(file.get(), &found) != 0) {
        return failed(errno);
    }
    if (S_ISDIR(found.st_mode)) {
        return {.what = kind::is_directory};
    }
    if (!S_ISREG(found.st_mode) && !S_ISFIFO(found.st_mode)) {
        return {.what = kind::failed, .reason = "it is neither a file nor a pipe"};
    }
    auto outcome = read_all(file.get());
    outcome.mode = found.st_mode & 07777U;
    return outcome;
}

} // namespace vertex_relay::io
