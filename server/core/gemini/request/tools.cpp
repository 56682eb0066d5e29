#include "core/gemini/request/tools.hpp"

#include "core/ascii.hpp"
#include "core/gemini/edited_text.hpp"
#include "core/gemini/schema.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

bool is_function(located_value tool) {
    auto type = tool.find("type");
    return tool.find("function") && (!type || type->string_is("function"));
}

std::optional<std::string> name_in(std::optional<located_value> holder) {
    auto name = holder ? holder->find("name") : std::nullopt;
    return name && name->is(json_kind::string) ? std::optional(name->string()) : std::nullopt;
}

/// `schema` as Vertex takes it. `omit` is what to do when it says nothing but perhaps in words.
template <class Omit>
void repair_schema(located_value schema, schema_purpose purpose, repair_job& job, Omit omit) {
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    if (!job.wants(repair::schemas) ||
        parser.parse(simdjson::padded_string(schema.text())).get(parsed)) {
        return;
    }
    auto converted = convert_schema(parsed, purpose, purpose == schema_purpose::parameters
                                                         ? "tools"
                                                         : "response_format");
    if (!converted) {
        job.fail(std::move(converted.error()));
    } else if (converted->verdict == schema_verdict::replace) {
        job.replace(repair::schemas, schema, std::move(converted->text));
    } else if (converted->verdict == schema_verdict::omit) {
        job.made(repair::schemas);
        omit(converted->text);
    }
}

/// What a schema said that Vertex has no form for at all, such as a map: the function says it.
void describe_arguments(located_value function, std::string_view words, repair_job& job) {
    if (words.empty()) {
        return;
    }
    auto text = fmt::format("Arguments: {}", words);
    auto old = function.find("description");
    if (old && (old->is(json_kind::string) || old->is(json_kind::null))) {
        auto before = old->string();
        job.replace(repair::schemas, *old,
                    json_string(before + (before.empty() ? "" : "\n\n") + text));
    } else if (!old && function.find("name")) {
        insert_member(job.out.edits, function, "\"description\":" + json_string(text));
    }
}

/// One function: unknown keys such as `strict` go, its schema and name become Vertex's.
void repair_function(located_value function, repair_job& job) {
    if (auto name = function.find("name"); name && name->is(json_kind::string)) {
        job.map_name(*name, job.out.edits);
    }
    bool drops_schema = false;
    auto parameters = function.find("parameters");
    if (parameters) {
        repair_schema(*parameters, schema_purpose::parameters, job, [&](std::string_view words) {
            drops_schema = true;
            describe_arguments(function, words, job);
        });
    }
    constexpr std::array<std::string_view, 3> known{"name", "description", "parameters"};
    bool strips = job.wants(repair::message_keys);
    append_removals(job.out.edits, function, [&](located_value member) {
        bool unknown = strips && !member.key_is_one_of(known);
        if (unknown) {
            job.made(repair::message_keys);
        }
        return unknown || (drops_schema && member == *parameters);
    });
}

/// `{"function":{"name":…}}`, or the name beside `type` as /v1/responses has it; empty for tools
/// of other types.
std::string chosen_name(located_value chosen) {
    auto type = chosen.find("type");
    if (type && !type->string_is("function")) {
        return {};
    }
    auto name = name_in(chosen.find("function"));
    return name ? *name : name_in(chosen).value_or("");
}

/// The functions a choice allows; none named: all.
struct choice {
    std::vector<std::string> allowed;
    std::string_view mode; ///< empty: as written

    /// It allows tools of other types.
    bool foreign() const { return std::ranges::any_of(allowed, &std::string::empty); }
};

choice read_choice(located_value value) {
    if (value.is(json_kind::string)) {
        return {{}, value.string_is("any") ? "required" : ""};
    }
    auto type = value.find("type");
    if (type && type->string_is("allowed_tools")) {
        auto inner = value.find("allowed_tools");
        auto holder = inner ? *inner : value;
        choice found{{}, "auto"};
        if (auto mode = holder.find("mode"); mode && mode->string_is("required")) {
            found.mode = "required";
        }
        if (auto tools = holder.find("tools")) {
            for (auto tool : tools->children()) {
                found.allowed.push_back(chosen_name(tool));
            }
        }
        return found;
    }
    if (!value.is(json_kind::object)) {
        return {};
    }
    auto name = chosen_name(value);
    bool named = !name.empty() || (type && !type->string_is("function"));
    return named ? choice{{std::move(name)}, "required"} : choice{};
}

bool is_allowed(located_value tool, choice const& wanted) {
    auto name = name_in(tool.find("function")).value_or("");
    return wanted.allowed.empty() ||
           std::ranges::find(wanted.allowed, name) != wanted.allowed.end();
}

/// A named function becomes `required`, with that one tool left to choose from. Where none is left
/// of those that are allowed, no other may be called either.
choice repair_choice(located_value root, located_value tools, repair_job& job) {
    auto value = root.find("tool_choice");
    if (!value || !job.wants(repair::tool_choice)) {
        return {};
    }
    auto wanted = read_choice(*value);
    bool known = std::ranges::any_of(tools.children(), [&](located_value tool) {
        return is_function(tool) && is_allowed(tool, wanted);
    });
    if (wanted.foreign() && !known) {
        job.replace(repair::tool_choice, *value, "\"none\"");
        return {};
    }
    if (wanted.mode.empty() || !known) {
        return {};
    }
    job.replace(repair::tool_choice, *value, fmt::format("\"{}\"", wanted.mode));
    return wanted;
}

void tell_what_goes(located_value tool, repair_job& job) {
    auto type = tool.find("type");
    if (!is_function(tool) && type) {
        job.made(repair::parameters);
        auto name = type->string();
        bool word = name.size() <= 40 && std::ranges::all_of(name, ascii::is_token);
        job.tell(fmt::format("tools of type {} are not available on Gemini",
                             word ? name : "of no known name"));
    }
}

void take_out_tools(located_value root, located_value tools, repair_job& job) {
    job.take_out(repair::parameters, tools);
    if (auto value = root.find("tool_choice")) {
        std::erase_if(job.out.edits,
                      [&](edit const& one) { return one.offset == value->offset(); });
        job.take_out(repair::parameters, *value);
    }
}

} // namespace

void read_tool_names(located_value root, repair_job& job) {
    if (!job.wants(repair::tool_names)) {
        return;
    }
    std::vector<std::string> names;
    auto add = [&](std::optional<std::string> name) {
        if (name && !name->empty()) {
            names.push_back(std::move(*name));
        }
    };
    auto add_functions = [&](std::optional<located_value> list) {
        if (!list) {
            return;
        }
        for (auto one : list->children()) {
            add(name_in(one.find("function")));
            add(name_in(one.find("custom")));
        }
    };
    add_functions(root.find("tools"));
    if (auto functions = root.find("functions")) {
        for (auto function : functions->children()) {
            add(name_in(function));
        }
    }
    for (auto message : root.find("messages")->children()) {
        add_functions(message.find("tool_calls"));
        add(name_in(message.find("function_call")));
    }
    job.names = tool_names(names);
}

void repair_tools(located_value root, repair_job& job) {
    if (auto functions = root.find("functions")) {
        for (auto function : functions->children()) {
            repair_function(function, job);
        }
    }
    auto called = root.find("function_call");
    if (auto name = called ? called->find("name") : std::nullopt) {
        job.map_name(*name, job.out.edits);
    }
    auto tools = root.find("tools");
    if (!tools || !tools->is(json_kind::array)) {
        auto lonely = root.find("tool_choice");
        if (lonely && !tools && job.wants(repair::tool_choice)) {
            job.take_out(repair::tool_choice, *lonely);
        }
        return;
    }
    auto wanted = repair_choice(root, *tools, job);
    auto goes = [&](located_value tool) {
        bool hosted = !is_function(tool) && job.wants(repair::parameters);
        return hosted || !is_allowed(tool, wanted);
    };
    for (auto tool : tools->children()) {
        if (goes(tool)) {
            tell_what_goes(tool, job);
        }
    }
    if (job.wants(repair::parameters) && std::ranges::all_of(tools->children(), goes)) {
        take_out_tools(root, *tools, job);
        return;
    }
    append_removals(job.out.edits, *tools, goes);
    for (auto tool : tools->children()) {
        if (goes(tool)) {
            continue;
        }
        constexpr std::array<std::string_view, 2> known{"type", "function"};
        job.keep_keys(tool, known, job.out.edits);
        if (auto function = tool.find("function")) {
            repair_function(*function, job);
        }
    }
}

void repair_response_format(located_value root, repair_job& job) {
    auto format = root.find("response_format");
    auto holder = format ? format->find("json_schema") : std::nullopt;
    auto schema = holder ? holder->find("schema") : std::nullopt;
    if (!schema) {
        return;
    }
    bool says_nothing = false;
    repair_schema(*schema, schema_purpose::response, job,
                  [&](std::string_view) { says_nothing = true; });
    if (says_nothing) {
        job.out.edits.push_back(
            {format->offset(), format->length(), R"({"type":"json_object"})"});
        return;
    }
    constexpr std::array<std::string_view, 3> known{"name", "description", "schema"};
    job.keep_keys(*holder, known, job.out.edits);
}

} // namespace vertex_relay::core
