#pragma once
// Faults in sequence, for any model or path: JSON lines, tried from the top.
//
//   {"model": "google/gemini-3.5-flash", "fault": "503", "times": 2}
//   {"path": "/token", "fault": "slow-2000"}

#include "simulator/fault_catalogue.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

class fault_script {
public:
    /// The error names the line.
    static std::expected<fault_script, std::string> load(std::filesystem::path const& file);

    /// Adds one line; blank lines and lines that begin with `#` are ignored.
    std::expected<void, std::string> add(std::string_view line);

    /// Whether a rule names this model: then it exists, whatever the catalogue says, so that a rule
    /// with the fault `pass` adds a model.
    bool knows(std::string_view model) const;

    /// The fault for this request, using up one of its times. A rule matches if the model (when it
    /// names one) is equal and the path (when it names one) is equal or begins with it.
    std::optional<fault> take(std::string_view model, std::string_view path);

private:
    struct rule {
        std::string model;
        std::string path;
        fault wanted;
        std::int64_t left; ///< negative: for ever
    };
    std::vector<rule> rules_;
};

} // namespace vertex_relay::simulator
