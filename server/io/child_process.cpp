#include "io/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace vertex_relay::io {

namespace {

constexpr int patience_of_destructor_ms = 1000;

struct spawn_actions {
    spawn_actions() { ::posix_spawn_file_actions_init(&list); }
    ~spawn_actions() { ::posix_spawn_file_actions_destroy(&list); }
    spawn_actions(spawn_actions const&) = delete;
    spawn_actions& operator=(spawn_actions const&) = delete;
    posix_spawn_file_actions_t list{};
};

struct spawn_attributes {
    spawn_attributes() { ::posix_spawnattr_init(&list); }
    ~spawn_attributes() { ::posix_spawnattr_destroy(&list); }
    spawn_attributes(spawn_attributes const&) = delete;
    spawn_attributes& operator=(spawn_attributes const&) = delete;
    posix_spawnattr_t list{};
};

/// A process group of its own and the signals as a program expects them: ours ignores SIGPIPE.
void set_up(posix_spawnattr_t& list) {
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setpgroup(&list, 0);
    ::posix_spawnattr_setsigmask(&list, &none);
    ::posix_spawnattr_setsigdefault(&list, &all);
    ::posix_spawnattr_setflags(&list, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                          POSIX_SPAWN_SETSIGDEF);
}

std::vector<char*> pointers_to(std::vector<std::string> const& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (auto const& text : texts) {
        out.push_back(const_cast<char*>(text.c_str()));
    }
    out.push_back(nullptr);
    return out;
}

/// The child's end stays blocking, as a program expects it.
bool open_pipe(watched_descriptor& reading, int& writing) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return false;
    }
    writing = ends[1];
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return reading.adopt(ends[0]);
}

bool is_executable(std::string const& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

} // namespace

bool watched_descriptor::adopt(int fd) {
    close();
    fd_ = fd;
    if (fd < 0 || !sleeper_.loop().watch(fd, *this)) {
        close();
        return false;
    }
    return true;
}

void watched_descriptor::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
}

void watched_descriptor::on_readiness(std::uint32_t) {
    sleeper_.wake();
}

int child_process::start(std::string const& path, std::vector<std::string> const& arguments,
                         std::vector<std::string> const& variables) {
    int out = -1;
    int err = -1;
    bool piped = open_pipe(output, out) && open_pipe(errors, err);
    int failed = piped ? 0 : EMFILE;
    if (piped) {
        spawn_actions actions;
        ::posix_spawn_file_actions_addopen(&actions.list, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions.list, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions.list, err, STDERR_FILENO);
#ifdef __GLIBC__ // ours are all close-on-exec; this is for those of libraries and of our parent
        ::posix_spawn_file_actions_addclosefrom_np(&actions.list, STDERR_FILENO + 1);
#endif
        spawn_attributes attributes;
        set_up(attributes.list);
        auto words = pointers_to(arguments);
        auto values = pointers_to(variables);
        failed = ::posix_spawn(&pid_, path.c_str(), &actions.list, &attributes.list, words.data(),
                               values.data());
    }
    ::close(out);
    ::close(err);
    if (failed != 0) {
        pid_ = 0;
        return failed;
    }
    bool watched = end_.adopt(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    return watched ? 0 : errno;
}

std::optional<child_process::end> child_process::ended() const {
    siginfo_t found{};
    bool known = pid_ > 0 &&
                 ::waitid(P_PID, static_cast<id_t>(pid_), &found, WEXITED | WNOHANG | WNOWAIT) == 0;
    if (!known || found.si_pid != pid_) {
        return std::nullopt;
    }
    return end{.exited = found.si_code == CLD_EXITED, .status = found.si_status};
}

void child_process::signal(int number) {
    signalled_ = true;
    ::kill(-pid_, number);
}

child_process::~child_process() {
    if (pid_ <= 0) {
        return;
    }
    if (signalled_ || !ended()) {
        signal(SIGKILL);
        pollfd gone{.fd = end_.get(), .events = POLLIN, .revents = 0};
        ::poll(&gone, 1, patience_of_destructor_ms);
    }
    ::waitpid(pid_, nullptr, WNOHANG);
}

std::string find_program(std::string const& name, std::string_view path) {
    if (name.find('/') != std::string::npos) {
        return is_executable(name) ? name : std::string();
    }
    while (!path.empty()) {
        auto entry = path.substr(0, path.find(':'));
        path.remove_prefix(std::min(path.size(), entry.size() + 1));
        auto candidate = std::string(entry) + "/" + name;
        if (entry.starts_with('/') && is_executable(candidate)) {
            return candidate;
        }
    }
    return {};
}

} // namespace vertex_relay::io
