#pragma once
// Logs on stderr: one line per event, text on a terminal, JSON otherwise. No secrets, no bodies.

#include "core/config/config.hpp"
#include "core/exchange_record.hpp"

#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace vertex_relay::io {

class log {
public:
    explicit log(core::config const& settings);
    ~log();

    void error(std::string_view text) const;
    void warn(std::string_view text) const;
    void info(std::string_view text) const;
    void debug(std::string_view text) const;

    bool wants_access() const { return access_; }
    void access(core::exchange_record const& record) const;

private:
    std::shared_ptr<spdlog::logger> events_;
    std::shared_ptr<spdlog::logger> access_log_;
    bool json_ = false;
    bool access_ = true;
};

} // namespace vertex_relay::io
