#pragma once
// Data files of `config/`: one list of TOML tables each. What is wrong is told with its line and
// column.

#include <toml++/toml.h>

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// What is wrong, with its place; nothing: it is fine.
using complaint = std::optional<std::string>;

/// `line 3, column 9`
std::string place_of(toml::source_region const& source);
complaint complain_at(toml::node const& where, std::string_view what);
/// As `2027-03-31`.
complaint read_date(toml::node const& from, std::string_view key, std::string& into);

/// Gives each `[[name]]` of the document to `read`, until it complains. Nothing: there is no such
/// list. Otherwise how many there were, or the first complaint.
std::expected<std::optional<std::size_t>, std::string>
read_tables(std::string_view text, std::string_view name,
            std::function<complaint(toml::table const&)> const& read);

} // namespace vertex_relay::core
