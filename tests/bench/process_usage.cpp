#include "process_usage.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

namespace {

std::string proc_path(pid_t process, std::string_view file) {
    return "/proc/" + std::to_string(process) + "/" + std::string(file);
}

std::int64_t field_kb(const std::string& file, std::string_view name) {
    std::ifstream lines(file);
    for (std::string word; lines >> word;) {
        std::int64_t value = 0;
        if (word == name && lines >> value) {
            return value;
        }
    }
    return 0;
}

} // namespace

std::int64_t cpu_ns(const process_ids& processes) {
    std::int64_t sum = 0;
    for (const pid_t process : processes) {
        std::error_code gone;
        const auto tasks = std::filesystem::directory_iterator(proc_path(process, "task"), gone);
        for (const auto& task : tasks) {
            std::int64_t ran = 0;
            std::ifstream(task.path() / "schedstat") >> ran;
            sum += ran;
        }
    }
    return sum;
}

std::int64_t resident_kb(const process_ids& processes) {
    std::int64_t sum = 0;
    for (const pid_t process : processes) {
        sum += field_kb(proc_path(process, "smaps_rollup"), "Rss:");
    }
    return sum;
}

std::int64_t resident_peak_kb(const process_ids& processes) {
    std::int64_t sum = 0;
    for (const pid_t process : processes) {
        sum += field_kb(proc_path(process, "status"), "VmHWM:");
    }
    return sum;
}

} // namespace vertex_relay::bench
