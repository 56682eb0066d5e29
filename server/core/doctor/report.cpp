#include "core/doctor/report.hpp"

#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core::doctor {

namespace {

struct mark {
    std::string_view plain;
    std::string_view coloured;
    std::string_view word;
};

mark mark_of(verdict outcome) {
    switch (outcome) {
    case verdict::good: return {"ok  ", "\x1b[32m✓\x1b[0m", "ok"};
    case verdict::failed: return {"FAIL", "\x1b[31m✗\x1b[0m", "failed"};
    case verdict::skipped: break;
    }
    return {"skip", "\x1b[33m–\x1b[0m", "skipped"};
}

auto count(std::span<check const> checks, verdict outcome) {
    return std::ranges::count(checks, outcome, &check::outcome);
}

std::string closing_line(std::span<check const> checks) {
    auto failed = count(checks, verdict::failed);
    auto skipped = count(checks, verdict::skipped);
    auto text = failed == 0 ? std::string("All well")
                            : fmt::format("{} of {} checks failed", failed, checks.size());
    return text + (skipped > 0 ? fmt::format(", {} skipped.\n", skipped) : ".\n");
}

std::string as_text(std::span<check const> checks, bool coloured) {
    std::string out;
    std::size_t width = 0;
    for (auto const& one : checks) {
        width = std::max(width, one.name.size());
    }
    for (auto const& one : checks) {
        auto sign = mark_of(one.outcome);
        out += fmt::format("{} {:<{}}  {}\n", coloured ? sign.coloured : sign.plain, one.name,
                           width, one.found);
        for (auto const& step : one.steps) {
            out += fmt::format("       {}\n", step);
        }
        if (!one.remedy.empty()) {
            out += fmt::format("     → {}\n", one.remedy);
        }
    }
    return out + '\n' + closing_line(checks);
}

std::string as_json(std::span<check const> checks) {
    std::string items;
    for (auto const& one : checks) {
        std::string steps;
        for (auto const& step : one.steps) {
            steps += (steps.empty() ? "" : ",") + json_string(step);
        }
        items += fmt::format(
            R"({}{{"name":{},"outcome":"{}","found":{},"remedy":{},"steps":[{}]}})",
            items.empty() ? "" : ",", json_string(one.name), mark_of(one.outcome).word,
            json_string(one.found), one.remedy.empty() ? "null" : json_string(one.remedy), steps);
    }
    return fmt::format("{{\"ok\":{},\"checks\":[{}]}}\n", exit_code(checks) == 0, items);
}

} // namespace

std::string report(std::span<check const> checks, report_style style) {
    return style == report_style::json ? as_json(checks)
                                       : as_text(checks, style == report_style::coloured);
}

int exit_code(std::span<check const> checks) {
    return count(checks, verdict::failed) > 0 ? 1 : 0;
}

} // namespace vertex_relay::core::doctor
