#include "simulator/container_answer.hpp"

#include "simulator/encoding.hpp"
#include "simulator/gemini_answer.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::simulator {

namespace {

constexpr std::string_view tgi_fingerprint = "3.3.4-sha-0000000";

bool is_vllm(container const& dress) {
    return dress.engine == engine::vllm;
}

std::string usage_of(chat_content const& content, container const& dress) {
    auto completion = content.completion_tokens + content.reasoning_tokens;
    if (is_vllm(dress)) {
        return fmt::format(R"({{"prompt_tokens":{},"total_tokens":{},"completion_tokens":{},)"
                           R"("prompt_tokens_details":null}})",
                           content.prompt_tokens, content.prompt_tokens + completion, completion);
    }
    return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})",
                       content.prompt_tokens, completion, content.prompt_tokens + completion);
}

/// The front of every document and chunk, up to and including `"choices":`.
std::string preamble(std::string_view object, container const& dress) {
    if (is_vllm(dress)) {
        return fmt::format(R"({{"id":"{}","object":"{}","created":{},"model":{},"choices":)",
                           dress.id, object, dress.now, json_string(served_model));
    }
    return fmt::format(R"({{"object":"{}","id":"","created":{},"model":{},)"
                       R"("system_fingerprint":"{}","choices":)",
                       object, dress.now, json_string(served_model), tgi_fingerprint);
}

std::string call_json(function_call const& call, std::string_view index, container const& dress) {
    auto id = "chatcmpl-tool-" + call.id.substr(std::min<std::size_t>(14, call.id.size()));
    if (is_vllm(dress)) {
        return fmt::format(
            R"({{"id":"{}","type":"function",{}"function":{{"name":{},"arguments":{}}}}})", id,
            index, json_string(call.name), json_string(call.arguments));
    }
    return fmt::format(
        R"({{{}"id":"{}","type":"function","function":{{"name":{},"arguments":{}}}}})", index, id,
        json_string(call.name), json_string(call.arguments));
}

std::string calls_json(chat_choice const& choice, bool indexed, container const& dress) {
    std::string out = "[";
    for (std::size_t i = 0; i < choice.calls.size(); ++i) {
        out += i == 0 ? "" : ",";
        out += call_json(choice.calls[i], indexed ? fmt::format("\"index\":{},", i) : "", dress);
    }
    return out + "]";
}

std::string message_json(chat_choice const& choice, container const& dress) {
    bool called = !choice.calls.empty();
    auto content = called ? std::string("null") : json_string(choice.text);
    if (is_vllm(dress)) {
        return fmt::format(
            R"({{"role":"assistant","content":{},"refusal":null,"annotations":null,"audio":null,)"
            R"("function_call":null,"tool_calls":{},"reasoning_content":null}})",
            content, called ? calls_json(choice, false, dress) : "[]");
    }
    return called ? fmt::format(R"({{"role":"assistant","tool_calls":{}}})",
                                calls_json(choice, false, dress))
                  : fmt::format(R"({{"role":"assistant","content":{}}})", content);
}

/// One event; `choices` is the whole array, `usage` JSON or empty.
std::string event_of(std::string_view choices, std::string_view usage, container const& dress) {
    auto out = "data: " + preamble("chat.completion.chunk", dress);
    out += choices;
    if (!usage.empty()) {
        out += ",\"usage\":";
        out += usage;
    }
    return out + "}\n\n";
}

std::string choice_of(std::size_t index, std::string_view delta, std::string_view finish) {
    return fmt::format(R"([{{"index":{},"delta":{{{}}},"logprobs":null,"finish_reason":{}}}])",
                       index, delta, finish.empty() ? "null" : json_string(finish));
}

std::vector<std::string> deltas_for(chat_choice const& choice, container const& dress) {
    std::vector<std::string> out;
    std::string role = is_vllm(dress) ? "" : R"("role":"assistant",)";
    if (is_vllm(dress)) {
        out.emplace_back(R"("role":"assistant","content":"")");
    }
    if (!choice.calls.empty()) {
        out.push_back(fmt::format(R"({}"tool_calls":{})", role, calls_json(choice, true, dress)));
    }
    for (auto piece : deltas_of(choice.text)) {
        out.push_back(fmt::format(R"({}"content":{})", role, json_string(piece)));
    }
    return out;
}

} // namespace

engine engine_of(std::string_view endpoint_id) {
    auto digit = endpoint_id.find_last_of("0123456789");
    bool odd = digit != std::string_view::npos && (endpoint_id[digit] - '0') % 2 == 1;
    return odd ? engine::tgi : engine::vllm;
}

container make_container(std::string_view endpoint_id, std::int64_t now) {
    auto id = random_uuid();
    std::erase(id, '-');
    return {.engine = engine_of(endpoint_id), .now = now, .id = "chatcmpl-" + id};
}

bool serves(chat_request const& chat) {
    return chat.model.empty() || chat.model == served_model;
}

answer container_model_not_found(chat_request const& chat, container const& dress) {
    auto message = json_string(fmt::format("The model `{}` does not exist.", chat.model));
    return {.status = 404,
            .content_type = "application/json",
            .body = is_vllm(dress)
                        ? fmt::format(R"({{"object":"error","message":{},"type":"NotFoundError",)"
                                      R"("param":null,"code":404}})",
                                      message)
                        : fmt::format(R"({{"error":{},"error_type":"validation"}})", message)};
}

std::string container_document(chat_content const& content, container const& dress) {
    auto out = preamble("chat.completion", dress) + "[";
    for (std::size_t i = 0; i < content.choices.size(); ++i) {
        auto const& choice = content.choices[i];
        fmt::format_to(std::back_inserter(out),
                       R"({}{{"index":{},"message":{},"logprobs":null,"finish_reason":{}{}}})",
                       i == 0 ? "" : ",", i, message_json(choice, dress),
                       json_string(choice.finish_reason),
                       is_vllm(dress) ? R"(,"stop_reason":null)" : "");
    }
    out += "],";
    out += is_vllm(dress) ? R"("service_tier":null,"system_fingerprint":null,)" : "";
    out += "\"usage\":" + usage_of(content, dress);
    out += is_vllm(dress) ? R"(,"prompt_logprobs":null,"kv_transfer_params":null)" : "";
    return out + "}";
}

std::vector<std::string> container_events(chat_request const& chat, chat_content const& content,
                                          container const& dress) {
    std::string_view no_usage = is_vllm(dress) ? "" : "null";
    std::vector<std::string> out;
    for (std::size_t i = 0; i < content.choices.size(); ++i) {
        auto const& choice = content.choices[i];
        for (auto const& delta : deltas_for(choice, dress)) {
            out.push_back(event_of(choice_of(i, delta, ""), no_usage, dress));
        }
        auto last = is_vllm(dress) ? R"("content":"")" : R"("role":"assistant","content":"")";
        out.push_back(event_of(choice_of(i, last, choice.finish_reason), no_usage, dress));
    }
    if (chat.include_usage) {
        out.push_back(event_of("[]", usage_of(content, dress), dress));
    }
    out.emplace_back(done_event);
    return out;
}

std::string container_text_event(std::string_view text, container const& dress) {
    return event_of(choice_of(0, fmt::format("\"content\":{}", json_string(text)), ""),
                    is_vllm(dress) ? "" : "null", dress);
}

} // namespace vertex_relay::simulator
