#include "core/gemini/request/calls.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

constexpr std::string_view dummy_signature = "skip_thought_signature_validator";

/// A JSON object as Vertex wants it; nullopt if `text` is one already.
std::optional<std::string> as_object(std::string const& text) {
    auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) {
        return "{}";
    }
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    bool valid = parser.parse(text).get(parsed) == simdjson::SUCCESS;
    if (valid && parsed.is_object()) {
        return std::nullopt;
    }
    if (valid && parsed.is_null()) {
        return "{}";
    }
    return fmt::format("{{\"arguments\":{}}}", valid ? text : json_string(text));
}

/// Some clients send the object itself instead of its text.
std::string written_arguments(located_value arguments) {
    return arguments.is(json_kind::string) ? arguments.string() : std::string(arguments.text());
}

/// `{"type":"custom","custom":{"name","input"}}`: a call whose argument is any text.
std::optional<located_value> custom_of(located_value call) {
    auto type = call.find("type");
    auto custom = type && type->string_is("custom") ? call.find("custom") : std::nullopt;
    return custom && custom->is(json_kind::object) ? custom : std::nullopt;
}

/// Gemini knows calls of functions alone: the text becomes the argument `input`.
void repair_custom(located_value call, located_value custom, turn& one, repair_job& job) {
    auto input = custom.find("input");
    auto arguments = fmt::format(R"({{"input":{}}})", input ? input->text() : "\"\"");
    auto called = called_name(call);
    auto type = *call.find("type");
    auto from = custom.member_offset();
    job.made(repair::call_arguments);
    one.edits.push_back({type.offset(), type.length(), "\"function\""});
    one.edits.push_back({from, custom.end_offset() - from,
                         fmt::format(R"("function":{{"name":{},"arguments":{}}})",
                                     json_string(job.names.to_vertex(called)),
                                     json_string(arguments))});
}

void repair_arguments(located_value function, turn& one, repair_job& job) {
    if (!job.wants(repair::call_arguments)) {
        return;
    }
    auto arguments = function.find("arguments");
    if (!arguments) {
        job.made(repair::call_arguments);
        insert_member(one.edits, function, R"("arguments":"{}")");
        return;
    }
    auto written = written_arguments(*arguments);
    auto object = as_object(written);
    if (object || !arguments->is(json_kind::string)) {
        job.made(repair::call_arguments);
        one.edits.push_back({arguments->offset(), arguments->length(),
                             json_string(object ? *object : written)});
    }
}

/// `index` and the like, which clients echo from streams.
void repair_call_keys(located_value call, bool custom, turn& one, repair_job& job) {
    std::array<std::string_view, 4> const known{"id", "type", custom ? "custom" : "function",
                                                "extra_content"};
    job.keep_keys(call, known, one.edits);
}

std::optional<located_value> google_of(located_value call) {
    auto extra = call.find("extra_content");
    return extra ? extra->find("google") : std::nullopt;
}

bool is_signed(located_value call) {
    auto google = google_of(call);
    auto signature = google ? google->find("thought_signature") : std::nullopt;
    return signature && signature->is(json_kind::string) && signature->length() > 2;
}

/// Of calls made at once only the first is signed: another that looks like one of an earlier
/// answer is none, so only its id tells.
std::optional<std::string> remembered(located_value call, bool first, repair_job& job) {
    auto function = call.find("function");
    if (!function || !job.rules.signatures) {
        return std::nullopt;
    }
    auto id = call.find("id");
    auto arguments = function->find("arguments");
    auto id_text = id ? id->string() : std::string();
    auto name = first ? called_name(call) : std::string();
    auto written = arguments ? written_arguments(*arguments) : std::string();
    return job.rules.signatures({id_text, job.names.to_vertex(name), written});
}

void attach(located_value call, std::string_view signature, turn& one) {
    auto member = fmt::format("\"thought_signature\":{}", json_string(signature));
    auto extra = call.find("extra_content");
    auto google = google_of(call);
    if (google && google->is(json_kind::object)) {
        auto old = google->find("thought_signature"); // there, but empty or null
        if (old) {
            one.edits.push_back({old->offset(), old->length(), json_string(signature)});
        } else {
            insert_member(one.edits, *google, std::move(member));
        }
        return;
    }
    auto whole = fmt::format("\"google\":{{{}}}", member);
    if (extra && extra->is(json_kind::object) && !google) {
        insert_member(one.edits, *extra, std::move(whole));
    } else if (extra) {
        one.edits.push_back({extra->offset(), extra->length(), fmt::format("{{{}}}", whole)});
    } else {
        insert_member(one.edits, call, fmt::format("\"extra_content\":{{{}}}", whole));
    }
}

} // namespace

std::string called_name(located_value call) {
    auto custom = custom_of(call);
    auto called = custom ? custom : call.find("function");
    auto name = called ? called->find("name") : std::nullopt;
    return name ? name->string() : std::string();
}

void repair_called(located_value function, turn& one, repair_job& job) {
    repair_arguments(function, one, job);
    if (function.find("name")) { // else nothing may be left of it
        constexpr std::array<std::string_view, 2> known{"name", "arguments"};
        job.keep_keys(function, known, one.edits); // `parsed_arguments` of an SDK's helpers
    }
    if (auto name = function.find("name"); name && name->is(json_kind::string)) {
        job.map_name(*name, one.edits);
    }
}

void repair_calls(turn& one, repair_job& job) {
    for (auto call : one.calls) {
        auto custom = job.wants(repair::call_arguments) ? custom_of(call) : std::nullopt;
        repair_call_keys(call, custom.has_value(), one, job);
        if (custom) {
            repair_custom(call, *custom, one, job);
        } else if (auto function = call.find("function");
                   function && function->is(json_kind::object)) {
            repair_called(*function, one, job);
        }
    }
}

void sign_calls(turn& one, bool current, repair_job& job) {
    if (!job.rules.model.signs_calls() || !job.wants(repair::signatures)) {
        return;
    }
    for (std::size_t i = 0; i < one.calls.size(); ++i) {
        auto call = one.calls[i];
        if (is_signed(call) || called_name(call).empty()) {
            continue;
        }
        auto signature = remembered(call, i == 0, job);
        if (!signature && current && i == 0) {
            signature = dummy_signature;
        }
        if (signature) {
            job.made(repair::signatures);
            attach(call, *signature, one);
        }
    }
}

} // namespace vertex_relay::core
