#include "core/config/toml_file.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string place(file_layer const& file, toml::source_position at) {
    return fmt::format("{}:{}:{}", file.name, at.line, at.column);
}

std::string_view type_word(toml::node const& node) {
    switch (node.type()) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "a list of something other than strings";
    case toml::node_type::floating_point:
        return "a number with a fraction";
    default:
        return "a date or time";
    }
}

/// The strings of a list; whole numbers are taken as their digits (`allow_uid = [1000]`).
plain_value read_list(toml::array const& list) {
    std::vector<std::string> items;
    for (auto const& item : list) {
        if (auto const* text = item.as_string()) {
            items.push_back(text->get());
        } else if (auto const* number = item.as_integer()) {
            items.push_back(std::to_string(number->get()));
        } else {
            return odd_value{type_word(list)};
        }
    }
    return items;
}

plain_value read_value(toml::node const& node) {
    if (auto const* text = node.as_string()) {
        return text->get();
    }
    if (auto const* number = node.as_integer()) {
        return number->get();
    }
    if (auto const* toggle = node.as_boolean()) {
        return toggle->get();
    }
    if (auto const* list = node.as_array()) {
        return read_list(*list);
    }
    return odd_value{type_word(node)};
}

bool is_section(std::string_view key) {
    auto inside = [&](setting const& row) { return section_of(row.key) == key; };
    return std::ranges::any_of(settings(), inside);
}

using member = std::pair<toml::key const*, toml::node const*>;

/// toml++ keeps tables sorted by name; messages should follow the file.
std::vector<member> in_file_order(toml::table const& table) {
    std::vector<member> members;
    for (auto const& [key, node] : table) {
        members.emplace_back(&key, &node);
    }
    std::ranges::sort(members, [](member const& a, member const& b) {
        auto left = a.first->source().begin;
        auto right = b.first->source().begin;
        return left.line != right.line ? left.line < right.line : left.column < right.column;
    });
    return members;
}

alias_entry read_entry(file_layer const& file, member const& entry) {
    auto const& [key, node] = entry;
    alias_entry alias{std::string(key->str()), place(file, key->source().begin), {}};
    auto const* table = node->as_table();
    if (table == nullptr) {
        alias.fields.push_back(
            {"model", read_value(*node), place(file, node->source().begin)});
        return alias;
    }
    for (auto const& [field, value] : in_file_order(*table)) {
        alias.fields.push_back({std::string(field->str()), read_value(*value),
                                place(file, field->source().begin)});
    }
    return alias;
}

void read_section(file_layer const& file, std::string const& prefix, toml::table const& table,
                  file_content& content) {
    for (auto const& entry : in_file_order(table)) {
        auto const& [key, node] = entry;
        auto name = prefix + std::string(key->str());
        auto const* inner = node->as_table();
        if (name == "models" && inner != nullptr) {
            for (auto const& alias : in_file_order(*inner)) {
                content.aliases.push_back(read_entry(file, alias));
            }
        } else if (inner != nullptr && prefix.empty() && is_section(name)) {
            read_section(file, name + ".", *inner, content);
        } else {
            content.values.push_back({name, read_value(*node), place(file, key->source().begin),
                                      place(file, node->source().begin)});
        }
    }
}

} // namespace

std::expected<file_content, config_error> read_toml_file(file_layer const& file) {
    try {
        auto table = toml::parse(file.text, file.name);
        file_content content;
        read_section(file, "", table, content);
        return content;
    } catch (toml::parse_error const& wrong) {
        return std::unexpected(config_error{place(file, wrong.source().begin), "",
                                            "not valid TOML: " + std::string(wrong.description())});
    }
}

} // namespace vertex_relay::core
