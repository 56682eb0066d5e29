#include "core/config/plain_value.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <type_traits>

namespace vertex_relay::core {

namespace {

template <class... Visits>
struct overloaded : Visits... {
    using Visits::operator()...;
};

using stored = std::expected<void, std::string>;

/// A whole number with an optional unit: `32MiB`, `32 MiB`, `1024`.
std::optional<std::int64_t> parse_size(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, int>, 3> units{
        {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
    int shift = 0;
    for (auto [name, bits] : units) {
        if (text.size() > name.size() && ascii::iequals(text.substr(text.size() - 3), name)) {
            shift = bits;
            text = ascii::trim(text.substr(0, text.size() - 3));
            break;
        }
    }
    auto count = ascii::parse_decimal<std::int64_t>(text);
    if (!count || *count > (std::numeric_limits<std::int64_t>::max() >> shift)) {
        return std::nullopt;
    }
    return *count << shift;
}

std::string expected_number(setting const& row) {
    return is_size(row) ? "expected a number of bytes, or a size such as \"32MiB\""
                        : "expected a whole number";
}

/// The number `value` stands for, checked against the range of `row`.
std::expected<std::uint64_t, std::string> number_of(setting const& row, plain_value const& value) {
    std::optional<std::int64_t> number;
    if (auto const* direct = std::get_if<std::int64_t>(&value)) {
        number = *direct;
    } else if (auto const* text = std::get_if<std::string>(&value); text && is_size(row)) {
        number = parse_size(*text);
    }
    if (!number) {
        return std::unexpected(expected_number(row));
    }
    if (*number < 0 || static_cast<std::uint64_t>(*number) < row.minimum ||
        static_cast<std::uint64_t>(*number) > row.maximum) {
        return std::unexpected(
            fmt::format("{} is out of range {} to {}", *number, row.minimum, row.maximum));
    }
    return static_cast<std::uint64_t>(*number);
}

/// A URL as it may be shown: `https://user:secret@host` may lead into a log.
std::string without_password(std::string_view text) {
    auto scheme = text.find("://");
    auto begin = scheme == text.npos ? 0 : scheme + 3;
    auto at = text.rfind('@');
    if (scheme == text.npos || at == text.npos || at <= begin) {
        return std::string(text);
    }
    auto before = text.substr(begin, at - begin); // a password may hold what ends an authority
    bool hides = before.contains(':') || before.find_first_of("/?#") == before.npos;
    return hides ? fmt::format("{}***{}", text.substr(0, begin), text.substr(at))
                 : std::string(text);
}

stored check_text(setting const& row, std::string_view text) {
    if (!row.choices.empty()) {
        bool known = false;
        ascii::for_each_item(row.choices, [&](auto word) { known = known || word == text; });
        if (!known) {
            return std::unexpected(
                fmt::format("\"{}\" is not one of {}", text, row.choices));
        }
    }
    if (row.when_empty.empty() && text.empty()) {
        return std::unexpected("may not be empty");
    }
    if (row.rule == nullptr || text.empty()) {
        return {};
    }
    auto complaint = row.rule(text);
    return complaint ? stored(std::unexpected(fmt::format("\"{}\": {}", without_password(text),
                                                          *complaint)))
                     : stored();
}

stored check_items(setting const& row, std::vector<std::string> const& items) {
    for (auto const& item : items) {
        if (item.empty()) {
            return std::unexpected("an item of the list is empty");
        }
        if (auto fine = check_text(row, item); !fine) {
            return fine;
        }
    }
    return {};
}

} // namespace

std::expected<plain_value, std::string> parse_text(setting const& row, std::string_view text) {
    if (is_toggle(row)) {
        if (text != "true" && text != "false") {
            return std::unexpected(fmt::format("\"{}\": expected true or false", text));
        }
        return plain_value(text == "true");
    }
    if (is_list(row)) {
        std::vector<std::string> items;
        ascii::for_each_item(text, [&](auto item) { items.emplace_back(item); });
        return plain_value(std::move(items));
    }
    if (std::holds_alternative<std::string& (*)(config&)>(row.member)) {
        return plain_value(std::string(text));
    }
    auto number = is_size(row) ? parse_size(text) : ascii::parse_decimal<std::int64_t>(text);
    if (!number) {
        return std::unexpected(fmt::format("\"{}\": {}", text, expected_number(row)));
    }
    return plain_value(*number);
}

std::expected<void, std::string> assign(setting const& row, plain_value const& value,
                                        config& target) {
    auto store_number = [&](auto get) -> stored {
        auto number = number_of(row, value);
        if (!number) {
            return std::unexpected(number.error());
        }
        get(target) = static_cast<std::remove_reference_t<decltype(get(target))>>(*number);
        return {};
    };
    auto store_checked = [&]<class Type>(Type& member, auto check,
                                         std::string_view expected) -> stored {
        auto const* typed = std::get_if<Type>(&value);
        if (typed == nullptr) {
            return std::unexpected(std::string(expected));
        }
        auto fine = check(row, *typed);
        if (fine) {
            member = *typed;
        }
        return fine;
    };
    auto no_check = [](setting const&, bool) { return stored(); };
    return std::visit(
        overloaded{
            [&](bool& (*get)(config&)) {
                return store_checked(get(target), no_check, "expected true or false");
            },
            [&](std::size_t& (*get)(config&)) { return store_number(get); },
            [&](milliseconds& (*get)(config&)) { return store_number(get); },
            [&](std::string& (*get)(config&)) {
                return store_checked(get(target), check_text, "expected a string in quotes");
            },
            [&](std::vector<std::string>& (*get)(config&)) {
                return store_checked(get(target), check_items,
                                     "expected a list of strings such as [\"a\", \"b\"]");
            },
        },
        row.member);
}

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string toml_array(std::vector<std::string> const& items) {
    std::string out = "[";
    for (auto const& item : items) {
        out += (out.size() > 1 ? ", " : "") + toml_string(item);
    }
    return out + ']';
}

std::string to_toml(setting const& row, config const& source) {
    config copy = source; // the accessors of the table give writable references
    return std::visit(
        overloaded{
            [&](bool& (*get)(config&)) -> std::string { return get(copy) ? "true" : "false"; },
            [&](std::size_t& (*get)(config&)) { return std::to_string(get(copy)); },
            [&](milliseconds& (*get)(config&)) { return std::to_string(get(copy).count()); },
            [&](std::string& (*get)(config&)) { return toml_string(get(copy)); },
            [&](std::vector<std::string>& (*get)(config&)) { return toml_array(get(copy)); },
        },
        row.member);
}

} // namespace vertex_relay::core
