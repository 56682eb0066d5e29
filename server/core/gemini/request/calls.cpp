#include "core/gemini/request/calls.hpp"

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

void repair_arguments(located_value call, turn& one, repair_job& job) {
    auto function = call.find("function");
    if (!function || !job.wants(repair::call_arguments)) {
        return;
    }
    auto arguments = function->find("arguments");
    if (!arguments) {
        job.made(repair::call_arguments);
        one.edits.push_back(first_member(*function, R"("arguments":"{}")"));
        return;
    }
    bool text = arguments->is(json_kind::string); // some clients send the object itself
    auto written = text ? arguments->string() : std::string(arguments->text());
    auto object = as_object(written);
    if (object || !text) {
        job.made(repair::call_arguments);
        one.edits.push_back({arguments->offset(), arguments->length(),
                             json_string(object ? *object : written)});
    }
}

/// `index` and the like, which clients echo from streams.
void repair_call_keys(located_value call, turn& one, repair_job& job) {
    constexpr std::array<std::string_view, 4> known{"id", "type", "function", "extra_content"};
    job.keep_keys(call, known, one.edits);
}

void map_name(located_value call, turn& one, repair_job& job) {
    auto function = call.find("function");
    auto name = function ? function->find("name") : std::nullopt;
    if (name && name->is(json_kind::string)) {
        job.map_name(*name, one.edits);
    }
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

std::optional<std::string> remembered(located_value call, repair_job& job) {
    auto function = call.find("function");
    if (!function || !job.rules.signatures) {
        return std::nullopt;
    }
    auto id = call.find("id");
    auto arguments = function->find("arguments");
    auto id_text = id ? id->string() : std::string();
    auto name = called_name(call);
    auto arguments_text = arguments ? arguments->string() : std::string();
    return job.rules.signatures({id_text, job.names.to_vertex(name), arguments_text});
}

void attach(located_value call, std::string_view signature, turn& one) {
    auto member = fmt::format("\"thought_signature\":{}", json_string(signature));
    auto extra = call.find("extra_content");
    auto google = google_of(call);
    if (google && google->is(json_kind::object)) {
        auto old = google->find("thought_signature"); // there, but empty or null
        one.edits.push_back(old ? edit{old->offset(), old->length(), json_string(signature)}
                                : first_member(*google, std::move(member)));
        return;
    }
    auto whole = fmt::format("\"google\":{{{}}}", member);
    if (extra && extra->is(json_kind::object) && !google) {
        one.edits.push_back(first_member(*extra, std::move(whole)));
    } else if (extra) {
        one.edits.push_back({extra->offset(), extra->length(), fmt::format("{{{}}}", whole)});
    } else {
        one.edits.push_back(first_member(call, fmt::format("\"extra_content\":{{{}}}", whole)));
    }
}

} // namespace

std::string called_name(located_value call) {
    auto function = call.find("function");
    auto name = function ? function->find("name") : std::nullopt;
    return name ? name->string() : std::string();
}

void repair_calls(turn& one, repair_job& job) {
    for (auto call : one.calls) {
        repair_call_keys(call, one, job);
        repair_arguments(call, one, job);
        map_name(call, one, job);
    }
}

void sign_calls(turn& one, bool current, repair_job& job) {
    if (!job.rules.model.signs_calls() || !job.wants(repair::signatures)) {
        return;
    }
    for (std::size_t i = 0; i < one.calls.size(); ++i) {
        auto call = one.calls[i];
        if (is_signed(call) || !call.is(json_kind::object)) {
            continue;
        }
        auto signature = remembered(call, job);
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
