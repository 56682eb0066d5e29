#pragma once
// Logs on stderr: one line per event, text on a terminal, JSON otherwise. No secrets, no bodies. A
// reader that does not keep up costs lines, never time.

#include "core/config/config.hpp"
#include "core/exchange_record.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace vertex_relay::io {

class log_sink;

class log {
public:
    /// `fd` stays the caller's.
    explicit log(core::config const& settings, int fd = STDERR_FILENO);
    ~log();

    /// Takes `log.*` of other settings from now on. Any thread.
    void follow(core::config const& settings);

    void error(std::string_view text) const;
    void warn(std::string_view text) const;
    void info(std::string_view text) const;
    void debug(std::string_view text) const;

    bool wants_access() const { return access_.load(std::memory_order_relaxed); }
    void access(core::exchange_record const& record) const;
    /// The access line of now, as JSON.
    static std::string line_of(core::exchange_record const& record);

    /// Lines that could not be written: full disk, stuck or closed pipe.
    std::uint64_t lost() const;

private:
    std::shared_ptr<log_sink> sink_;
    std::shared_ptr<spdlog::logger> events_;
    std::shared_ptr<spdlog::logger> access_log_;
    bool terminal_;
    std::atomic<bool> json_ = false;
    std::atomic<bool> access_ = true;
};

} // namespace vertex_relay::io
