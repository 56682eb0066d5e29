#include "io/log.hpp"

#include "core/json_text.hpp"
#include "io/log_sink.hpp"

#include <spdlog/spdlog.h>

#include <ctime>

namespace vertex_relay::io {

namespace {

std::string timestamp() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       now.tv_nsec / 1'000'000);
}

} // namespace

log::log(core::config const& settings, int fd)
    : sink_(std::make_shared<log_sink>(fd)),
      events_(std::make_shared<spdlog::logger>("events", sink_)),
      access_log_(std::make_shared<spdlog::logger>("access", sink_)), terminal_(::isatty(fd) == 1) {
    access_log_->set_level(spdlog::level::info);
    follow(settings);
}

void log::follow(core::config const& settings) {
    bool json = settings.log.format == "json" || (settings.log.format == "auto" && !terminal_);
    json_.store(json, std::memory_order_relaxed);
    access_.store(settings.log.access, std::memory_order_relaxed);
    events_->set_level(spdlog::level::from_str(settings.log.level));
    events_->set_pattern(json ? "%v" : "%H:%M:%S.%e %^%-5l%$ %v");
}

log::~log() = default;

std::uint64_t log::lost() const { return sink_->lost(); }

namespace {

void write(spdlog::logger& out, bool json, spdlog::level::level_enum level, std::string_view text) {
    if (!out.should_log(level)) {
        return;
    }
    auto name = spdlog::level::to_string_view(level);
    if (json) {
        out.log(level, "{{\"time\":\"{}\",\"level\":\"{}\",\"message\":{}}}", timestamp(),
                std::string_view(name.data(), name.size()), core::json_string(text));
    } else {
        out.log(level, "{}", text);
    }
}

} // namespace

void log::error(std::string_view text) const { write(*events_, json_, spdlog::level::err, text); }
void log::warn(std::string_view text) const { write(*events_, json_, spdlog::level::warn, text); }
void log::info(std::string_view text) const { write(*events_, json_, spdlog::level::info, text); }
void log::debug(std::string_view text) const {
    write(*events_, json_, spdlog::level::debug, text);
}

std::string log::line_of(core::exchange_record const& record) {
    return core::access_line_json(record, timestamp());
}

void log::access(core::exchange_record const& record) const {
    access_log_->info("{}", json_ ? line_of(record)
                                  : core::access_line_text(record, sink_->colours()));
}

} // namespace vertex_relay::io
