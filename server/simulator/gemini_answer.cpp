#include "simulator/gemini_answer.hpp"

#include "simulator/encoding.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

// A 1x1 PNG, the image every simulated painter paints.
constexpr std::string_view pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg==";
constexpr std::string_view image_audio = R"("audio":{{"data":"{}","extra_content":{{"google":)"
                                         R"({{"mime_type":"image/png"}}}}}},)";

std::string usage_of(chat_request const& request, chat_content const& content) {
    bool google = split_model(request.model).publisher == "google";
    bool developer = request.bends.developer_api;
    std::string out = fmt::format("{{\"completion_tokens\":{}", content.completion_tokens);
    if (content.reasoning_tokens > 0 && !developer) {
        out += fmt::format(",\"completion_tokens_details\":{{\"reasoning_tokens\":{}}}",
                           content.reasoning_tokens);
    }
    if (google && !developer) {
        out += R"(,"extra_properties":{"google":{"traffic_type":"ON_DEMAND"}})";
    }
    out += fmt::format(",\"prompt_tokens\":{},\"total_tokens\":{}}}", content.prompt_tokens,
                       content.prompt_tokens + content.completion_tokens +
                           content.reasoning_tokens);
    return out;
}

std::string call_json(function_call const& call, std::string_view arguments,
                      std::string_view signature, std::string_view index) {
    std::string out = "{";
    if (!signature.empty()) {
        out += fmt::format(R"("extra_content":{{"google":{{"thought_signature":{}}}}},)",
                           json_string(signature));
    }
    out += fmt::format(R"("function":{{"arguments":{},"name":{}}},"id":{},{}"type":"function"}})",
                       json_string(arguments), json_string(call.name), json_string(call.id), index);
    return out;
}

std::string legacy_call_json(function_call const& call) {
    return fmt::format(R"("function_call":{{"arguments":{},"name":{}}},)",
                       json_string(call.arguments), json_string(call.name));
}

/// One chunk under way: its delta, which choice it belongs to, and how it ends.
struct chunk {
    std::string delta; ///< members of the delta, without braces
    std::int64_t choice = 0;
    std::string_view finish_reason = {};
};

std::string event_of(chunk const& part, answer_stamp const& stamp, std::string_view usage,
                     bool developer) {
    std::string out = "data: {\"choices\":[{\"delta\":{";
    out += part.delta;
    out += '}';
    if (!part.finish_reason.empty()) {
        out += ",\"finish_reason\":";
        append_quoted(out, part.finish_reason);
    }
    fmt::format_to(std::back_inserter(out), ",\"index\":{}{}}}],\"created\":{},\"id\":",
                   part.choice, developer ? "" : ",\"logprobs\":null", stamp.created);
    append_quoted(out, stamp.id);
    out += ",\"model\":";
    append_quoted(out, stamp.model);
    out += ",\"object\":\"chat.completion.chunk\"";
    out += developer ? "" : ",\"system_fingerprint\":\"\"";
    if (!usage.empty()) {
        out += ",\"usage\":";
        out += usage;
    }
    out += "}\n\n";
    return out;
}

std::string content_delta(std::string_view text) {
    std::string out = "\"content\":";
    append_quoted(out, text);
    out += ",\"role\":\"assistant\"";
    return out;
}

std::string calls_delta(std::string_view calls) {
    return fmt::format(R"("role":"assistant","tool_calls":[{}])", calls);
}

std::string index_member(std::size_t index) {
    return fmt::format("\"index\":{},", index);
}

/// Capture 01: a first fragment without arguments, then the arguments cut in front of quotes and
/// braces; the index of the same call flips after its first fragment.
void add_streamed_call(std::vector<chunk>& out, function_call const& call, std::size_t position) {
    auto first = index_member(position == 0 ? 1 : 0);
    auto later = index_member(position);
    out.push_back({.delta = calls_delta(call_json(call, "", call.signature, first))});
    std::string_view rest = call.arguments;
    while (!rest.empty()) {
        auto cut = rest.size() > 8 ? rest.find_first_of("\",}", 8) : std::string_view::npos;
        auto piece = rest.substr(0, cut);
        rest.remove_prefix(piece.size());
        out.push_back({.delta = calls_delta(call_json(call, piece, "", later))});
    }
}

void add_calls(std::vector<chunk>& out, chat_request const& request, chat_choice const& choice) {
    bool streamed = request.streamed_arguments || request.bends.streamed_arguments;
    for (std::size_t i = 0; i < choice.calls.size(); ++i) {
        auto const& call = choice.calls[i];
        if (request.legacy_functions) {
            out.push_back({.delta = legacy_call_json(call) + R"("role":"assistant")"});
        } else if (streamed) {
            add_streamed_call(out, call, i);
        } else {
            auto index = request.bends.developer_api ? std::string() : index_member(i);
            out.push_back(
                {.delta = calls_delta(call_json(call, call.arguments, call.signature, index))});
        }
    }
}

std::vector<chunk> chunks_of(chat_request const& request, chat_choice const& choice) {
    std::vector<chunk> out;
    if (!choice.thought.empty()) {
        out.push_back({.delta = fmt::format(R"("content":{},"extra_content":{{"google":)"
                                            R"({{"thought":true}}}},"role":"assistant")",
                                            json_string(choice.thought))});
    }
    add_calls(out, request, choice);
    for (auto piece : deltas_of(choice.text)) {
        out.push_back({.delta = content_delta(piece)});
    }
    if (request.bends.image) {
        out.push_back(
            {.delta = fmt::format(fmt::runtime(image_audio), pixel) + R"("role":"assistant")"});
    }
    if (out.empty()) {
        out.push_back({.delta = R"("role":"assistant")"});
    }
    return out;
}

std::string message_json(chat_request const& request, chat_choice const& choice) {
    std::string out = "{";
    if (request.bends.image) {
        out += fmt::format(fmt::runtime(image_audio), pixel);
        out += "\"content\":null,";
    } else if (!choice.text.empty() || !choice.thought.empty()) {
        out += fmt::format("\"content\":{},", json_string(choice.thought + choice.text));
    }
    if (!choice.thought.empty()) {
        out += R"("extra_content":{"google":{"thought":true}},)";
    }
    if (request.legacy_functions && !choice.calls.empty()) {
        out += legacy_call_json(choice.calls.front());
    }
    out += "\"role\":\"assistant\"";
    if (!request.legacy_functions && !choice.calls.empty()) {
        out += ",\"tool_calls\":[";
        for (auto const& call : choice.calls) {
            out += &call == &choice.calls.front() ? "" : ",";
            out += call_json(call, call.arguments, call.signature, "");
        }
        out += ']';
    }
    return out + "}";
}

} // namespace

answer_stamp make_stamp(chat_request const& request, std::time_t now) {
    answer_stamp stamp{.id = {}, .model = std::string(request.model), .created = now};
    auto publisher = split_model(request.model).publisher;
    if (publisher == "google" || publisher.empty()) {
        stamp.id = random_base64url(17); // 23 characters
        return stamp;
    }
    std::tm parts{};
    gmtime_r(&now, &parts);
    char day[32];
    auto size = std::strftime(day, sizeof day, "%Y-%m-%d|%H:%M:%S", &parts);
    stamp.id = fmt::format("{}.{:06}-07|9.7.144.202|-{}", std::string_view(day, size),
                           random_bits() % 1'000'000, 100'000'000 + random_bits() % 900'000'000);
    return stamp;
}

std::string gemini_document(chat_request const& request, chat_content const& content,
                            answer_stamp const& stamp) {
    bool developer = request.bends.developer_api;
    std::string out = "{\"choices\":[";
    for (std::size_t i = 0; i < content.choices.size(); ++i) {
        auto const& choice = content.choices[i];
        fmt::format_to(std::back_inserter(out),
                       R"({}{{"finish_reason":{},"index":{}{},"message":{}}})", i == 0 ? "" : ",",
                       json_string(choice.finish_reason), i, developer ? "" : R"(,"logprobs":null)",
                       message_json(request, choice));
    }
    fmt::format_to(std::back_inserter(out), R"(],"created":{},"id":{},"model":{},"object":)",
                   stamp.created, json_string(stamp.id), json_string(stamp.model));
    fmt::format_to(std::back_inserter(out), R"("chat.completion"{},"usage":{}}})",
                   developer ? "" : R"(,"system_fingerprint":"")", usage_of(request, content));
    return out;
}

std::vector<std::string> gemini_events(chat_request const& request, chat_content const& content,
                                       answer_stamp const& stamp) {
    bool developer = request.bends.developer_api;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < content.choices.size(); ++i) {
        auto const& choice = content.choices[i];
        auto chunks = chunks_of(request, choice);
        for (auto& part : chunks) {
            bool last = &part == &chunks.back();
            part.choice = static_cast<std::int64_t>(i);
            part.finish_reason = last ? std::string_view(choice.finish_reason) : "";
            bool closing = last && i + 1 == content.choices.size();
            out.push_back(
                event_of(part, stamp, closing ? usage_of(request, content) : "", developer));
        }
    }
    out.emplace_back(done_event);
    return out;
}

std::string gemini_text_event(std::string_view text, answer_stamp const& stamp) {
    return event_of({.delta = content_delta(text)}, stamp, "", false);
}

} // namespace vertex_relay::simulator
