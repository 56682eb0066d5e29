#pragma once
// What tokens cost: a data file, because prices change without notice. The result is an estimate
// for the access line and `/metrics`, never a bill.

#include "core/http/event_scan.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// US dollars for a million tokens.
struct token_rates {
    double input = 0;
    double output = 0; ///< reasoning included
    std::optional<double> cached_input = {}; ///< nullopt: as `input`
};

struct price {
    std::string model; ///< as the access line's `route` names it: `publisher/model`
    token_rates rates;
    std::optional<std::uint64_t> long_input = {}; ///< from more input tokens than this on …
    token_rates long_rates = {};                  ///< … all tokens cost this
    std::string from = {};                        ///< ISO date; empty: since ever
    std::string until = {};                       ///< ISO date, included; empty: for good
};

class price_table {
public:
    /// Parses TOML with `[[price]]` tables. The error names line and column of the first fault:
    /// syntax, an unknown key, a value of the wrong kind, a missing key.
    static std::expected<price_table, std::string> parse(std::string_view toml);
    /// The table built into the binary (`config/prices.toml`).
    static price_table built_in();

    /// US dollars; nullopt where no price is known on `today` (`YYYY-MM-DD`).
    std::optional<double> cost(std::string_view model, token_usage const& used,
                               std::string_view today) const;

    std::vector<price> const& prices() const { return prices_; }

private:
    std::vector<price> prices_;
};

} // namespace vertex_relay::core
