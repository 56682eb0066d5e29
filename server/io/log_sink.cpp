#include "io/log_sink.hpp"

#include <spdlog/details/os.h>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <climits>
#include <cstdlib>
#include <string_view>

namespace vertex_relay::io {

namespace {

/// Room for at least PIPE_BUF bytes, so that a write of so many does not block (pipe(7)).
bool takes_bytes(int fd) {
    pollfd one{fd, POLLOUT, 0};
    return ::poll(&one, 1, 0) == 1 && (one.revents & POLLOUT) != 0;
}

std::string_view colour_of(spdlog::level::level_enum level) {
    switch (level) {
    case spdlog::level::warn: return "\x1b[33m\x1b[1m";
    case spdlog::level::err: return "\x1b[31m\x1b[1m";
    case spdlog::level::debug: return "\x1b[36m";
    default: return "\x1b[32m";
    }
}

/// systemd.exec(5): the variable names device and inode of the stream that the journal reads.
bool is_journal(int fd) {
    auto const* named = std::getenv("JOURNAL_STREAM");
    struct stat file{};
    return named != nullptr && ::fstat(fd, &file) == 0 &&
           fmt::format("{}:{}", file.st_dev, file.st_ino) == named;
}

/// sd-daemon(3): the journal takes it off again.
std::string_view priority_of(spdlog::level::level_enum level) {
    switch (level) {
    case spdlog::level::warn: return "<4>";
    case spdlog::level::err: return "<3>";
    case spdlog::level::debug: return "<7>";
    default: return "<6>";
    }
}

} // namespace

bool is_colour_terminal(int fd) {
    auto const* unwanted = std::getenv("NO_COLOR"); // https://no-color.org
    bool wanted = unwanted == nullptr || *unwanted == '\0';
    return wanted && ::isatty(fd) == 1 && spdlog::details::os::is_color_terminal();
}

log_sink::log_sink(int fd) : fd_(fd), colours_(is_colour_terminal(fd)), journal_(is_journal(fd)) {}

void log_sink::sink_it_(spdlog::details::log_msg const& message) {
    spdlog::memory_buf_t line;
    if (torn_) {
        line.push_back('\n');
    }
    if (journal_) {
        line.append(priority_of(message.level));
    }
    auto start = line.size();
    message.color_range_start = message.color_range_end = 0; // set by the pattern, if it has one
    formatter_->format(message, line);
    if (colours_ && message.color_range_end > message.color_range_start) {
        std::string text(line.data() + start, line.size() - start);
        text.insert(message.color_range_end, "\x1b[m");
        text.insert(message.color_range_start, colour_of(message.level));
        line.resize(start);
        line.append(text);
    }
    if (!write({line.data(), line.size()})) {
        lost_.fetch_add(1, std::memory_order_relaxed);
    }
}

bool log_sink::write(std::string_view line) {
    bool begun = false;
    while (!line.empty()) {
        auto piece = line.substr(0, PIPE_BUF);
        auto wrote = takes_bytes(fd_) ? ::write(fd_, piece.data(), piece.size()) : -1;
        if (wrote <= 0) {
            torn_ = torn_ || begun;
            return false;
        }
        begun = true;
        line.remove_prefix(static_cast<std::size_t>(wrote));
    }
    torn_ = false;
    return true;
}

} // namespace vertex_relay::io
