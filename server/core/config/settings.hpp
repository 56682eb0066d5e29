#pragma once
// The one table of settings. TOML keys, flags, variables, `check-config`, `--help` and the shipped
// config.toml all come from it, so that a setting is added in one place. `[models]` is the one part
// of the configuration that is no row here: see aliases.hpp.

#include "core/config/config.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vertex_relay::core {

/// Reads or writes the member a setting stands for. The alternative is also the setting's type.
using member_access =
    std::variant<bool& (*)(config&), std::size_t& (*)(config&), milliseconds& (*)(config&),
                 std::string& (*)(config&), std::vector<std::string>& (*)(config&)>;

/// Checks one text, or each item of a list: nullopt if it is fine, else what was expected.
using text_rule = std::optional<std::string> (*)(std::string_view);

struct setting {
    std::string_view key; ///< the dotted TOML key, `google.project`
    member_access member;
    std::string_view help;           ///< one sentence
    std::uint64_t minimum = 0;       ///< numbers: smallest value, in the unit of the key
    std::uint64_t maximum = 0;       ///< numbers: largest value
    std::string_view choices = {};   ///< texts: the words allowed, comma-separated; empty: any
    text_rule rule = nullptr;        ///< texts and lists: grammar of a non-empty item
    std::string_view when_empty = {}; ///< texts and lists: what an empty value means
    std::string_view placeholder = {}; ///< the value's name in `--help`, such as `HOST:PORT`
    std::string_view short_flag = {}; ///< a second, shorter flag, such as `--project`
    std::span<std::string_view const> (*words)() = nullptr; ///< lists: the words allowed
    std::string_view google_variables = {}; ///< Google's own variables, first one set counts
};

/// Every setting, in the order of config.toml.
std::span<setting const> settings();

/// The row of `key`, or nullptr.
setting const* find_setting(std::string_view key);

/// The key of each setting, in the same order; the texts are static.
std::vector<std::string_view> setting_keys();

/// `google.quota_project` → `--google-quota-project`
std::string flag_name(std::string_view key);

/// `google.quota_project` → `VERTEX_RELAY_GOOGLE_QUOTA_PROJECT`
std::string variable_name(std::string_view key);

/// `google` of `google.project`; empty for a top-level key.
std::string_view section_of(std::string_view key);

bool is_toggle(setting const& row);
bool is_list(setting const& row);
/// Sizes are written as bytes or as text with a unit, `"32MiB"`.
bool is_size(setting const& row);

/// What the value may be: each choice, or each word of a list; empty: anything.
std::vector<std::string> allowed_words(setting const& row);

} // namespace vertex_relay::core
