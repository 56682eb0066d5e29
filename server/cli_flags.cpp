#include "cli_flags.hpp"

#include "core/config/plain_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vertex_relay {

namespace {

std::string value_word(core::setting const& row) {
    if (!row.choices.empty()) {
        return fmt::format("{}", fmt::join(words_of(row.choices), "|"));
    }
    if (!row.placeholder.empty()) {
        return std::string(row.placeholder);
    }
    if (core::is_toggle(row)) {
        return {};
    }
    return core::is_size(row) ? "SIZE" : row.key.ends_with("_ms") ? "MS" : "N";
}

} // namespace

std::vector<std::string> words_of(std::string_view list, char separator) {
    std::vector<std::string> words;
    while (!list.empty()) {
        auto end = std::min(list.find(separator), list.size());
        words.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

/// `adc|metadata|gcloud|FILE`: words to choose from, and a file.
flag_text flag_of(core::setting const& row) {
    flag_text flag{.name = core::flag_name(row.key),
                   .short_name = std::string(row.short_flag),
                   .value = value_word(row),
                   .help = std::string(row.help),
                   .words = core::allowed_words(row)};
    for (auto& word : words_of(row.placeholder, '|')) {
        bool file = word == "FILE";
        flag.is_path |= file;
        if (!file && row.placeholder.contains('|')) {
            flag.words.push_back(std::move(word));
        }
    }
    return flag;
}

std::vector<flag_text> setting_flags() {
    std::vector<flag_text> flags;
    for (auto const& row : core::settings()) {
        flags.push_back(flag_of(row));
    }
    return flags;
}

std::vector<flag_text> general_flags() {
    return {{.name = "--model",
             .value = "NAME=TARGET",
             .help = "Answer model NAME with TARGET, which is publisher/model or the id of your "
                     "own endpoint; may be repeated."},
            {.name = "--config",
             .value = "FILE",
             .help = "Read this configuration file instead of the usual ones.",
             .is_path = true},
            {.name = "--help",
             .short_name = "-h",
             .help = "Print this text; after a command, what is special to it."},
            {.name = "--version", .short_name = "-V", .help = "Print the version."}};
}

std::vector<flag_text> own_flags(command_row const& row) {
    std::vector<flag_text> flags;
    for (auto const& option : row.options) {
        flags.push_back({.name = std::string(option.flag),
                         .value = std::string(option.placeholder),
                         .help = std::string(option.help),
                         .words = words_of(option.choices),
                         .is_path = option.is_path});
    }
    return flags;
}

std::string default_text(core::setting const& row) {
    auto value = core::to_toml(row, core::config{});
    return value == "\"\"" || value == "[]" ? std::string(row.when_empty) : value;
}

} // namespace vertex_relay
