#include "core/metrics/exposition.hpp"

#include "core/json_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace vertex_relay::core {

namespace {

/// Backslash, quote and line feed are escaped, what is not UTF-8 becomes U+FFFD.
void append_label_value(std::string& out, std::string_view value) {
    while (!value.empty()) {
        auto size = utf8_size(value);
        auto c = value.front();
        if (size == 0) {
            out += "\xef\xbf\xbd";
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '"' || c == '\\' ? "\\" : "";
            out += value.substr(0, size);
        }
        value.remove_prefix(std::max<std::size_t>(size, 1));
    }
}

} // namespace

void exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void exposition::series(std::string_view suffix, labels which, std::string_view le) {
    text_ += name_;
    text_ += suffix;
    char before = '{';
    auto append = [&](std::string_view name, std::string_view value) {
        text_ += std::exchange(before, ',');
        text_ += name;
        text_ += "=\"";
        append_label_value(text_, value);
        text_ += '"';
    };
    for (auto const& one : which) {
        if (!one.value.empty()) { // to Prometheus an empty label is none
            append(one.name, one.value);
        }
    }
    if (!le.empty()) {
        append("le", le);
    }
    text_ += before == '{' ? " " : "} ";
}

void exposition::sample(labels which, std::uint64_t value) {
    series("", which);
    text_ += fmt::format("{}\n", value);
}

void exposition::sample(labels which, double value) {
    series("", which);
    text_ += fmt::format("{}\n", value);
}

void exposition::sample(labels which, histogram_total const& total,
                        std::span<std::uint64_t const> bounds, double scale) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        below += total.buckets.at(i);
        series("_bucket", which, fmt::format("{}", static_cast<double>(bounds[i]) / scale));
        text_ += fmt::format("{}\n", below);
    }
    series("_bucket", which, "+Inf");
    text_ += fmt::format("{}\n", total.count());
    series("_sum", which);
    text_ += fmt::format("{}\n", static_cast<double>(total.sum) / scale);
    series("_count", which);
    text_ += fmt::format("{}\n", total.count());
}

} // namespace vertex_relay::core
