#pragma once
// A child process in a group of its own: its output through pipes, its end through a descriptor.

#include "io/event_loop.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// An open descriptor that wakes a fiber whenever it becomes readable or ends.
class watched_descriptor final : readiness_sink {
public:
    explicit watched_descriptor(fiber& sleeper) : sleeper_(sleeper) {}
    ~watched_descriptor() { close(); }
    watched_descriptor(watched_descriptor const&) = delete;
    watched_descriptor& operator=(watched_descriptor const&) = delete;

    /// Takes over `fd`. False if it cannot be watched; it is closed then.
    bool adopt(int fd);
    void close();
    int get() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }

private:
    void on_readiness(std::uint32_t events) override;

    fiber& sleeper_;
    int fd_ = -1;
};

class child_process {
public:
    explicit child_process(fiber& sleeper) : output(sleeper), errors(sleeper), end_(sleeper) {}
    /// Kills the group of a child that has not ended by itself, and waits a moment for its end.
    ~child_process();

    /// `path` is that of an executable file. Returns 0 or an errno.
    int start(std::string const& path, std::vector<std::string> const& arguments,
              std::vector<std::string> const& variables);

    struct end {
        bool exited; ///< else killed
        int status;  ///< exit status or signal
    };
    /// Nullopt while it runs. It stays a zombie, so that its number belongs to nobody else.
    std::optional<end> ended() const;
    /// To every process of the group.
    void signal(int number);

    watched_descriptor output; ///< non-blocking
    watched_descriptor errors; ///< non-blocking

private:
    watched_descriptor end_; ///< pidfd
    pid_t pid_ = 0;
    bool signalled_ = false;
};

/// The file that a command's name stands for: itself if it has a slash, else the first executable
/// of that name in a directory of `path`; entries that are not absolute do not count. Empty if
/// there is none.
std::string find_program(std::string const& name, std::string_view path);

} // namespace vertex_relay::io
