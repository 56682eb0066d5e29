#include "core/gemini/request/tools.hpp"

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

/// The schema of `holder` as Vertex takes it. `omit` is what to do when it says nothing.
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
        omit();
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
        repair_schema(*parameters, schema_purpose::parameters, job, [&] { drops_schema = true; });
    }
    std::vector<std::string_view> known{"name", "description"};
    if (!drops_schema) {
        known.emplace_back("parameters");
    }
    bool strips = job.wants(repair::message_keys);
    if (strips) {
        job.keep_keys(function, known, job.out.edits);
    } else if (drops_schema) {
        append_removals(job.out.edits, function,
                        [&](located_value member) { return member == *parameters; });
    }
}

/// `{"function":{"name":…}}`, or the name beside `type` as /v1/responses has it.
std::string chosen_name(located_value chosen) {
    auto name = name_in(chosen.find("function"));
    return name ? *name : name_in(chosen).value_or("");
}

/// The functions a choice allows; none named: all.
struct choice {
    std::vector<std::string> allowed;
    std::string_view mode; ///< empty: as written
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
    auto name = chosen_name(value);
    return name.empty() ? choice{} : choice{{std::move(name)}, "required"};
}

bool is_allowed(located_value tool, choice const& wanted) {
    auto name = name_in(tool.find("function")).value_or("");
    return wanted.allowed.empty() ||
           std::ranges::find(wanted.allowed, name) != wanted.allowed.end();
}

/// A named function becomes `required`, with that one tool left to choose from.
choice repair_choice(located_value root, located_value tools, repair_job& job) {
    auto value = root.find("tool_choice");
    if (!value || !job.wants(repair::tool_choice)) {
        return {};
    }
    auto wanted = read_choice(*value);
    bool known = std::ranges::any_of(tools.children(), [&](located_value tool) {
        return is_function(tool) && is_allowed(tool, wanted);
    });
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
        job.tell(fmt::format("tools of type {} are not available on Gemini",
                             type->string().substr(0, 40)));
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
    }
    job.names = tool_names(names);
}

void repair_tools(located_value root, repair_job& job) {
    if (auto functions = root.find("functions")) {
        for (auto function : functions->children()) {
            repair_function(function, job);
        }
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
    if (job.wants(repair::parameters) && std::ranges::all_of(tools->children(), goes)) {
        take_out_tools(root, *tools, job);
        return;
    }
    append_removals(job.out.edits, *tools, goes);
    for (auto tool : tools->children()) {
        if (goes(tool)) {
            tell_what_goes(tool, job);
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
    repair_schema(*schema, schema_purpose::response, job, [&] { says_nothing = true; });
    if (says_nothing) {
        job.out.edits.push_back(
            {format->offset(), format->length(), R"({"type":"json_object"})"});
        return;
    }
    constexpr std::array<std::string_view, 3> known{"name", "description", "schema"};
    job.keep_keys(*holder, known, job.out.edits);
}

} // namespace vertex_relay::core
