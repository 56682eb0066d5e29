#include "core/vertex/price_table.hpp"

#include "core/vertex/table_file.hpp"

#include "built_in_prices.hpp" // generated from config/prices.toml

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vertex_relay::core {

namespace {

constexpr double tokens_a_price = 1e6;

complaint read_amount(toml::node const& from, std::string_view key, double& into) {
    auto amount = from.value<double>();
    if (!amount || !std::isfinite(*amount) || *amount < 0) {
        return complain_at(from, fmt::format("`{}` must be a price in US dollars", key));
    }
    into = *amount;
    return std::nullopt;
}

complaint read_amount(toml::node const& from, std::string_view key, std::optional<double>& into) {
    return read_amount(from, key, into.emplace());
}

complaint read_model(toml::node const& from, std::string& into) {
    into = from.value<std::string>().value_or(std::string());
    return into.empty() ? complain_at(from, "`model` must be of the form publisher/model")
                        : std::nullopt;
}

complaint read_limit(toml::node const& from, std::optional<std::uint64_t>& into) {
    auto tokens = from.value<std::int64_t>().value_or(0);
    if (tokens <= 0) {
        return complain_at(from, "`long_input` must be a number of tokens");
    }
    into = static_cast<std::uint64_t>(tokens);
    return std::nullopt;
}

complaint read_field(toml::key const& key, toml::node const& value, price& out) {
    auto name = key.str();
    if (name == "model") {
        return read_model(value, out.model);
    }
    if (name == "long_input") {
        return read_limit(value, out.long_input);
    }
    if (name == "from" || name == "until") {
        return read_date(value, name, name == "from" ? out.from : out.until);
    }
    bool beyond = name.starts_with("long_");
    auto& rates = beyond ? out.long_rates : out.rates;
    auto rate = name.substr(beyond ? std::string_view("long_").size() : 0);
    if (rate == "input_price") {
        return read_amount(value, name, rates.input);
    }
    if (rate == "cached_price") {
        return read_amount(value, name, rates.cached_input);
    }
    if (rate == "output_price") {
        return read_amount(value, name, rates.output);
    }
    return fmt::format("{}: unknown key `{}`", place_of(key.source()), name);
}

complaint read_price(toml::table const& table, price& out) {
    for (auto const& [key, value] : table) {
        if (auto bad = read_field(key, value, out)) {
            return bad;
        }
    }
    for (std::string_view needed : {"model", "input_price", "output_price"}) {
        if (!table.contains(needed)) {
            return complain_at(table, fmt::format("a price needs `{}`", needed));
        }
    }
    for (std::string_view needed : {"long_input_price", "long_output_price"}) {
        if (out.long_input && !table.contains(needed)) {
            return complain_at(table, fmt::format("`long_input` needs `{}`", needed));
        }
    }
    return std::nullopt;
}

bool holds_on(price const& one, std::string_view today) {
    return (one.from.empty() || one.from <= today) && (one.until.empty() || today <= one.until);
}

} // namespace

std::expected<price_table, std::string> price_table::parse(std::string_view text) {
    price_table out;
    auto tables = read_tables(text, "price", [&](toml::table const& table) {
        return read_price(table, out.prices_.emplace_back());
    });
    if (!tables) {
        return std::unexpected(std::move(tables.error()));
    }
    if (!*tables) {
        return std::unexpected("there are no [[price]] tables");
    }
    return out;
}

price_table price_table::built_in() { return parse(built_in_prices).value_or(price_table{}); }

std::optional<double> price_table::cost(std::string_view model, token_usage const& used,
                                        std::string_view today) const {
    auto found = std::ranges::find_if(prices_, [&](price const& one) {
        return one.model == model && holds_on(one, today);
    });
    if (found == prices_.end()) {
        return std::nullopt;
    }
    bool beyond = found->long_input && used.input > *found->long_input;
    auto const& rates = beyond ? found->long_rates : found->rates;
    auto cached = std::min(used.cached.value_or(0), used.input);
    return (static_cast<double>(used.input - cached) * rates.input +
            static_cast<double>(cached) * rates.cached_input.value_or(rates.input) +
            static_cast<double>(used.generated()) * rates.output) /
           tokens_a_price;
}

} // namespace vertex_relay::core
