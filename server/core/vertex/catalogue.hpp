#pragma once
// The models Google offers: a data file with locations and retirement dates, because both age in
// weeks. It informs and warns; it never refuses.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

struct catalogue_model {
    std::string id; ///< `publisher/model`
    std::vector<std::string> locations;
    std::string released; ///< ISO date; empty: unknown
    std::string retires;  ///< ISO date; empty: none announced
    std::string successor; ///< what to use instead; empty: not said
    std::string note;
};

class catalogue {
public:
    /// Parses the catalogue TOML: `[[model]]` tables. The error names line and column of the first
    /// fault: syntax, an unknown key, a value of the wrong kind, an `id` missing or listed twice.
    static std::expected<catalogue, std::string> parse(std::string_view toml);
    /// The catalogue built into the binary (`config/models.toml`).
    static catalogue built_in();

    std::vector<catalogue_model> const& models() const { return models_; }
    catalogue_model const* find(std::string_view id) const;

private:
    std::vector<catalogue_model> models_;
};

/// The model is past its date. Dates compare as ISO text; `today` is `YYYY-MM-DD`.
bool is_retired(catalogue_model const& model, std::string_view today);

} // namespace vertex_relay::core
