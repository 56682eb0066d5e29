// bench_load: runs one scenario and prints one line of JSON. See load_plan.hpp for the scenarios.
// Exits with 0 even when answers were wrong: `errors` counts them and `first_error` names one.

#include "load_run.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>

namespace {

using namespace vertex_relay::bench;

constexpr const char* usage =
    "usage: bench_load --port N --scenario NAME [--pid PID,PID] [--warmup S] [--window S]\n"
    "                  [--target PATH] [--authorization VALUE] [--tls-ca FILE]\n"
    "scenarios: ns1 ns32 ns32_100k burst32 p1000 p500x100 hold5000 body32m body32m_dense";

struct arguments {
    std::string scenario;
    std::string ca_file;
    load_options load;
};

process_ids read_ids(const std::string& list) {
    process_ids ids;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        ids.push_back(static_cast<pid_t>(std::strtol(list.c_str() + at, nullptr, 10)));
        at = end + 1;
    }
    return ids;
}

arguments read(int count, char** words) {
    arguments given;
    for (int at = 1; at < count; at += 2) {
        const std::string_view name = words[at];
        if (at + 1 == count) {
            die(usage);
        }
        const std::string value = words[at + 1];
        if (name == "--port") {
            given.load.port = static_cast<std::uint16_t>(std::strtoul(value.c_str(), nullptr, 10));
        } else if (name == "--scenario") {
            given.scenario = value;
        } else if (name == "--pid") {
            given.load.measured = read_ids(value);
        } else if (name == "--warmup") {
            given.load.warmup_seconds = std::strtod(value.c_str(), nullptr);
        } else if (name == "--window") {
            given.load.window_seconds = std::strtod(value.c_str(), nullptr);
        } else if (name == "--target") {
            given.load.target = value;
        } else if (name == "--authorization") {
            given.load.authorization = value;
        } else if (name == "--tls-ca") {
            given.ca_file = value;
        } else {
            die(usage);
        }
    }
    return given;
}

/// Only what JSON allows, on one line.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c < ' ' || c > '~' ? ' ' : c;
    }
    return out + "\"";
}

double at_percent(std::vector<std::uint32_t>& values, std::size_t percent) {
    if (values.empty()) {
        return 0;
    }
    const std::size_t rank = (values.size() - 1) * percent / 100;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank),
                     values.end());
    return values[rank] / 1e3;
}

void print(const arguments& given, const load_plan& plan, load_figures& figures) {
    const auto units = static_cast<double>(std::max<std::uint64_t>(figures.units, 1));
    const double seconds = std::max(figures.seconds, 1e-9);
    const auto cpu = static_cast<double>(figures.cpu_ns);
    const double sum =
        std::accumulate(figures.latencies_ns.begin(), figures.latencies_ns.end(), 0.0);
    std::printf("{\"scenario\":%s,\"connections\":%zu,\"unit\":\"%s\",\"seconds\":%.3f,"
                "\"units\":%llu,\"rate\":%.1f,\"mb_per_s\":%.2f,",
                quoted(given.scenario).c_str(), plan.connections,
                plan.streams() ? "event" : "request", seconds,
                static_cast<unsigned long long>(figures.units),
                static_cast<double>(figures.units) / seconds,
                static_cast<double>(figures.bytes) / 1e6 / seconds);
    std::printf("\"cpu_us\":%.3f,\"cpu_share\":%.3f,", cpu / 1e3 / units, cpu / 1e9 / seconds);
    std::printf("\"p50_us\":%.1f,\"p99_us\":%.1f,\"mean_us\":%.1f,",
                at_percent(figures.latencies_ns, 50), at_percent(figures.latencies_ns, 99),
                sum / 1e3 / units);
    std::printf("\"rss_before_kb\":%lld,\"rss_kb\":%lld,\"rss_peak_kb\":%lld,",
                static_cast<long long>(figures.resident_before_kb),
                static_cast<long long>(figures.resident_kb),
                static_cast<long long>(figures.resident_peak_kb));
    std::printf("\"answers\":%llu,\"reconnects\":%llu,\"errors\":%llu,\"first_error\":%s}\n",
                static_cast<unsigned long long>(figures.answers),
                static_cast<unsigned long long>(figures.reconnects),
                static_cast<unsigned long long>(figures.errors),
                quoted(figures.first_error).c_str());
}

} // namespace

int main(int count, char** words) {
    arguments given = read(count, words);
    const auto plan = read_plan(given.scenario);
    if (!plan || given.load.port == 0) {
        die(usage);
    }
    raise_descriptor_limit();
    const tls_settings tls =
        given.ca_file.empty() ? tls_settings{} : client_settings(given.ca_file);
    given.load.tls = tls.get();
    load_run run(*plan, given.load);
    load_figures figures = run.run();
    print(given, *plan, figures);
}
