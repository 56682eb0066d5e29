#include "core/vertex/table_file.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

std::string place_of(toml::source_region const& source) {
    return fmt::format("line {}, column {}", source.begin.line, source.begin.column);
}

complaint complain_at(toml::node const& where, std::string_view what) {
    return fmt::format("{}: {}", place_of(where.source()), what);
}

complaint read_date(toml::node const& from, std::string_view key, std::string& into) {
    auto date = from.value<toml::date>();
    if (!date) {
        return complain_at(from, fmt::format("`{}` must be a date such as 2027-03-31", key));
    }
    into = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    return std::nullopt;
}

std::expected<std::optional<std::size_t>, std::string>
read_tables(std::string_view text, std::string_view name,
            std::function<complaint(toml::table const&)> const& read) {
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (toml::parse_error const& error) {
        return std::unexpected(
            fmt::format("{}: {}", place_of(error.source()), error.description()));
    }
    auto const* list = document[name].as_array();
    if (list == nullptr) {
        return std::nullopt;
    }
    for (auto const& item : *list) {
        auto const* table = item.as_table();
        auto bad = table != nullptr
                       ? read(*table)
                       : complain_at(item, fmt::format("expected a [[{}]] table", name));
        if (bad) {
            return std::unexpected(std::move(*bad));
        }
    }
    return list->size();
}

} // namespace vertex_relay::core
