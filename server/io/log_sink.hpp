#pragma once
// Where log lines go: one descriptor, which may be full, stuck or closed. A line that it does not
// take at once is dropped and counted; nobody ever waits for a reader of logs. The journal is told
// the priority of each line.

#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace vertex_relay::io {

/// A terminal that shows colours.
bool is_colour_terminal(int fd);

class log_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    /// `fd` stays the caller's. Levels are coloured if it is a terminal that shows colours.
    explicit log_sink(int fd);

    /// The reader is a terminal that shows colours.
    bool colours() const { return colours_; }
    /// Lines dropped so far. Any thread.
    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    void sink_it_(spdlog::details::log_msg const& message) override;
    void flush_() override {}
    bool write(std::string_view line);

    int fd_;
    bool colours_;
    bool journal_;
    bool torn_ = false; ///< the last line was only written in part
    std::atomic<std::uint64_t> lost_ = 0;
};

} // namespace vertex_relay::io
