#pragma once
// Writes Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/
// exposition_formats): families one after the other, each with HELP and TYPE, then its samples.

#include "core/metrics/histogram.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace vertex_relay::core {

inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

struct label {
    std::string_view name;
    std::string_view value; ///< any bytes; without one the label is left out
};
using labels = std::initializer_list<label>;

class exposition {
public:
    /// What follows belongs to this family. `name` stays the caller's.
    void counter(std::string_view name, std::string_view help) { begin(name, "counter", help); }
    void gauge(std::string_view name, std::string_view help) { begin(name, "gauge", help); }
    void histogram(std::string_view name, std::string_view help) { begin(name, "histogram", help); }

    void sample(labels which, std::uint64_t value);
    void sample(labels which, double value);
    /// `scale` of the histogram's units are one of the family's: a million microseconds a second.
    void sample(labels which, histogram_total const& total, std::span<std::uint64_t const> bounds,
                double scale);

    std::string const& text() const { return text_; }

private:
    void begin(std::string_view name, std::string_view type, std::string_view help);
    void series(std::string_view suffix, labels which, std::string_view le = {});

    std::string_view name_;
    std::string text_;
};

} // namespace vertex_relay::core
