#include "core/config/aliases.hpp"

#include "core/config/grammar.hpp"
#include "core/config/near_miss.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::core {

namespace {

using grammar::complaint;

complaint check_model(std::string_view text) {
    if (grammar::is_publisher_model(text)) {
        return std::nullopt;
    }
    if (grammar::is_endpoint_id(text)) {
        return fmt::format("expected publisher/model; for an own endpoint write "
                           "{{ endpoint = \"{}\", location = \"…\" }}",
                           text);
    }
    if (text.starts_with("gemini-")) {
        return fmt::format("expected publisher/model: write \"google/{}\"", text);
    }
    return "expected publisher/model such as \"google/gemini-3.5-flash\"";
}

complaint check_endpoint(std::string_view text) {
    return grammar::is_endpoint_id(text)
               ? std::nullopt
               : complaint("expected the id of an endpoint: digits, or mg-endpoint- and a UUID");
}

complaint check_api_version(std::string_view text) {
    return text == "v1" || text == "v1beta1" ? std::nullopt : complaint("expected v1 or v1beta1");
}

complaint check_host(std::string_view text) {
    return grammar::split_host_port(text)
               ? std::nullopt
               : complaint("expected HOST or HOST:PORT, without https://");
}

complaint check_send_model(std::string_view text) {
    return text.size() <= 256 ? std::nullopt : complaint("expected at most 256 bytes");
}

complaint check_fallback(std::string_view text) {
    return grammar::is_publisher_model(text) || grammar::is_location(text)
               ? std::nullopt
               : complaint("expected a location or publisher/model");
}

struct text_field {
    std::string_view name;
    std::string model_route::* member;
    complaint (*rule)(std::string_view);
};

constexpr std::array<text_field, 8> text_fields{{
    {"model", &model_route::model, check_model},
    {"endpoint", &model_route::endpoint, check_endpoint},
    {"project", &model_route::project, grammar::project},
    {"location", &model_route::location, grammar::location},
    {"api_version", &model_route::api_version, check_api_version},
    {"host", &model_route::host, check_host},
    {"tls_name", &model_route::tls_name, grammar::host_name},
    {"send_model", &model_route::send_model, check_send_model},
}};

complaint read_text(text_field const& field, plain_value const& value, model_route& route) {
    auto const* text = std::get_if<std::string>(&value);
    if (text == nullptr) {
        return "expected a string in quotes";
    }
    auto wrong = field.rule(*text);
    if (wrong) {
        return fmt::format("\"{}\": {}", *text, *wrong);
    }
    route.*field.member = *text;
    return std::nullopt;
}

complaint read_fallbacks(plain_value const& value, model_route& route) {
    auto const* items = std::get_if<std::vector<std::string>>(&value);
    if (items == nullptr) {
        return "expected a list of strings such as [\"us-central1\", \"google/gemini-3.5-flash\"]";
    }
    for (auto const& item : *items) {
        if (auto wrong = check_fallback(item)) {
            return fmt::format("\"{}\": {}", item, *wrong);
        }
    }
    route.fallbacks = *items;
    return std::nullopt;
}

complaint read_passthrough(plain_value const& value, model_route& route) {
    auto const* on = std::get_if<bool>(&value);
    if (on == nullptr) {
        return "expected true or false";
    }
    route.passthrough = *on;
    return std::nullopt;
}

complaint unknown_field(alias_field const& field) {
    auto near = nearest(field.name, alias_field_names());
    return near.empty() ? "unknown key (the name of a model that has a dot needs quotes)"
                        : fmt::format("unknown key, did you mean {}?", near);
}

complaint read_field(alias_field const& field, model_route& route) {
    for (auto const& known : text_fields) {
        if (known.name == field.name) {
            return read_text(known, field.value, route);
        }
    }
    if (field.name == "fallbacks") {
        return read_fallbacks(field.value, route);
    }
    if (field.name == "passthrough") {
        return read_passthrough(field.value, route);
    }
    return unknown_field(field);
}

/// What is wrong with the entry as a whole, once each field is fine.
complaint check_whole(model_route const& route) {
    if (route.name.empty()) {
        return "the name of a model is empty";
    }
    if (route.model.empty() == route.endpoint.empty()) {
        return route.model.empty() ? "needs model or endpoint"
                                   : "has both model and endpoint, give one";
    }
    if (!route.endpoint.empty() && !route.fallbacks.empty()) {
        return "fallbacks need model: an endpoint exists in one place only";
    }
    if (!route.model.empty() && !route.send_model.empty()) {
        return "send_model is for endpoints; write the name as model";
    }
    return std::nullopt;
}

} // namespace

std::expected<model_route, std::vector<alias_problem>> read_alias(alias_entry const& entry) {
    model_route route;
    route.name = entry.name;
    std::vector<alias_problem> problems;
    for (auto const& field : entry.fields) {
        if (auto wrong = read_field(field, route)) {
            problems.push_back({field.where, field.name, *wrong});
        }
    }
    if (problems.empty()) {
        if (auto wrong = check_whole(route)) {
            problems.push_back({entry.where, "", *wrong});
        }
    }
    if (!problems.empty()) {
        return std::unexpected(std::move(problems));
    }
    return route;
}

std::expected<alias_entry, std::string> parse_alias(std::string_view text) {
    auto equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
        return std::unexpected(fmt::format(
            "\"{}\": expected NAME=TARGET such as gpt-4o=google/gemini-3.5-flash", text));
    }
    auto target = text.substr(equals + 1);
    std::string field = grammar::is_endpoint_id(target) ? "endpoint" : "model";
    alias_entry entry;
    entry.name = text.substr(0, equals);
    entry.fields.push_back({std::move(field), std::string(target), {}});
    return entry;
}

std::string route_to_toml(model_route const& route) {
    std::string fields;
    int count = 0;
    auto add = [&](std::string_view name, std::string const& value) {
        fields += fmt::format("{}{} = {}", count++ == 0 ? "" : ", ", name, value);
    };
    for (auto const& field : text_fields) {
        auto const& value = route.*field.member;
        if (!value.empty()) {
            add(field.name, toml_string(value));
        }
    }
    if (!route.fallbacks.empty()) {
        add("fallbacks", toml_array(route.fallbacks));
    }
    if (route.passthrough) {
        add("passthrough", "true");
    }
    bool plain = count == 1 && !route.model.empty();
    return plain ? toml_string(route.model) : "{ " + fields + " }";
}

std::vector<std::string_view> alias_field_names() {
    std::vector<std::string_view> names;
    for (auto const& field : text_fields) {
        names.push_back(field.name);
    }
    names.insert(names.end(), {"fallbacks", "passthrough"});
    return names;
}

} // namespace vertex_relay::core
