#include "support/plausible_chat.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::tests {

namespace {

using std::string_view;

constexpr std::array<string_view, 6> ids{"c1", "c2", "c3", "", "call/4", "c\\u00e9"};
constexpr std::array<string_view, 6> names{"f", "get.it", "mcp:a/b", "9 lives", "g_2",
                                           "\\u00fcber"};
constexpr std::array<string_view, 5> texts{"hi", "", " ", "a \\\"b\\\"", "\xe2\x82\xac"};
constexpr std::array<string_view, 7> arguments{
    R"("{}")", R"("{\"a\":1}")", R"("")", R"("[1]")", R"("{\"a\":")", R"({"a":1})", "null"};
constexpr std::array<string_view, 12> parts{
    R"({"type":"text","text":"part"})",
    R"({"type":"text","text":""})",
    R"({"type":"text","text":"kept","cache_control":{"type":"ephemeral"}})",
    R"({"type":"image_url","image_url":{"url":"https://a.test/i.png","detail":"low"}})",
    R"({"type":"image_url","image_url":{"url":"data:image/png;base64,QQ==","detail":"auto"}})",
    R"({"type":"image_url","image_url":"gs://b/o.png"})",
    R"({"type":"input_audio","input_audio":{"data":"QQ==","format":"flac"}})",
    R"({"type":"file","file":{"file_data":"QQ==","filename":"a.pdf"}})",
    R"({"type":"file","file":{"file_data":"data:text/plain;base64,QQ=="}})",
    R"({"type":"input_text","text":"as responses"})",
    R"({"type":"input_image","image_url":"https://a.test/i.png"})",
    R"({"type":"refusal","refusal":"no"})"};
constexpr std::array<string_view, 4> text_parts{
    R"({"type":"text","text":"part"})", R"({"type":"text","text":""})",
    R"({"type":"text","text":"kept","annotations":[]})", R"({"type":"refusal","refusal":"no"})"};
constexpr std::array<string_view, 8> schemas{
    "{}",
    "null",
    R"({"type":"object","properties":{}})",
    R"({"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a","b"]})",
    R"({"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"n":{"$ref":"#/$defs/A"}}}}})",
    R"({"type":"object","properties":{"a":{"oneOf":[{"const":1},{"const":"x"}]}}})",
    R"({"type":"object","properties":{"a":{"type":"array","uniqueItems":true}},"strict":true})",
    R"({"type":"object","additionalProperties":{"type":"number","exclusiveMinimum":0}})"};
constexpr std::array<string_view, 40> parameters{
    R"("store":true)", R"("metadata":{"a":"b"})", R"("n":2)", R"("seed":7)", R"("user":"u")",
    R"("logprobs":true,"top_logprobs":3)", R"("logit_bias":{"1":-100})", R"("temperature":0.2)",
    R"("top_p":1)", R"("stop":["a","b"])", R"("stop":null)", R"("stream":true)",
    R"("stream_options":{"include_usage":true})", R"("max_tokens":128000)",
    R"("max_completion_tokens":1000000)", R"("reasoning_effort":"xhigh")",
    R"("reasoning_effort":null)", R"("reasoning_effort":"none")",
    R"("reasoning":{"effort":"max","enabled":true})", R"("verbosity":"low")",
    R"("service_tier":"flex")", R"("prediction":{"type":"content","content":"x"})",
    R"("modalities":["text"])", R"("modalities":["text","audio"],"audio":{"voice":"alloy"})",
    R"("web_search_options":{"search_context_size":"low"})", R"("parallel_tool_calls":false)",
    R"("prompt_cache_key":"k")", R"("safety_identifier":"s")",
    R"("response_format":{"type":"json_object"})", R"("response_format":null)",
    R"("response_format":{"type":"text"})",
    R"("response_format":{"type":"json_schema","json_schema":{"name":"r","strict":true,"schema":)"
    R"({"$schema":"x","type":"object","properties":{"a":{"const":1}}}}})",
    R"("google":{"thinking_config":{"include_thoughts":true}})",
    R"("extra_body":{"google":{"thinking_config":{"thinking_budget":9}}})", R"("tool_choice":"none")",
    R"("tool_choice":{"type":"function","function":{"name":"f"}})",
    R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":)"
    R"([{"type":"function","function":{"name":"get.it"}}]}})",
    R"("tool_choice":{"type":"custom","custom":{"name":"patch"}})", R"("tools":[])",
    R"("tool_choice":null)"};

/// Draws from the bytes; they end, and then every choice is the first.
class drawer {
public:
    explicit drawer(string_view choices) : left_(choices) {}

    bool empty() const { return left_.empty(); }
    std::size_t below(std::size_t count) {
        if (left_.empty()) {
            return 0;
        }
        auto drawn = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return drawn % count;
    }
    template <std::size_t Size>
    string_view one_of(std::array<string_view, Size> const& choices) {
        return choices[below(Size)];
    }

private:
    string_view left_;
};

template <class Make>
std::string list_of(std::size_t count, Make make) {
    std::string out = "[";
    for (std::size_t i = 0; i < count; ++i) {
        out += (i > 0 ? "," : "") + std::string(make());
    }
    return out + "]";
}

template <std::size_t Size>
std::string content_of(drawer& draw, std::array<string_view, Size> const& kinds) {
    auto kind = draw.below(4);
    if (kind == 3) {
        return "null";
    }
    return kind < 2 ? fmt::format("\"{}\"", draw.one_of(texts))
                    : list_of(draw.below(4), [&] { return draw.one_of(kinds); });
}

std::string call_of(drawer& draw) {
    auto id = draw.one_of(ids);
    auto name = draw.one_of(names);
    return fmt::format(
        R"({{"id":"{}","type":"function","index":0,"function":{{"name":"{}","arguments":{}}}}})", id,
        name, draw.one_of(arguments));
}

std::string message_of(drawer& draw) {
    switch (draw.below(8)) {
    case 0:
    case 1:
        return fmt::format(R"({{"role":"user","name":"n","content":{}}})", content_of(draw, parts));
    case 2:
        return fmt::format(R"({{"role":"system","content":{}}})", content_of(draw, text_parts));
    case 3:
        return fmt::format(R"({{"role":"developer","content":{}}})", content_of(draw, text_parts));
    case 4:
        return fmt::format(R"({{"role":"assistant","refusal":null,"audio":null,"content":{}}})",
                           content_of(draw, text_parts));
    case 5:
    case 6: {
        auto content = content_of(draw, text_parts);
        auto calls = list_of(draw.below(4), [&] { return call_of(draw); });
        return fmt::format(R"({{"role":"assistant","content":{},"tool_calls":{}}})", content,
                           calls);
    }
    default: {
        auto id = draw.one_of(ids);
        return fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":{}}})", id,
                           content_of(draw, text_parts));
    }
    }
}

std::string tool_of(drawer& draw) {
    auto kind = draw.below(8);
    if (kind == 7) {
        return R"({"type":"custom","custom":{"name":"patch"}})";
    }
    auto name = names[kind % names.size()];
    return fmt::format(
        R"({{"type":"function","function":{{"name":"{}","strict":true,"parameters":{}}}}})", name,
        draw.one_of(schemas));
}

/// OpenAI refuses the choice of a function that is not among the tools.
bool names_known_tool(string_view parameter, string_view body) {
    auto name = parameter.find(R"("name":")");
    bool chooses = parameter.starts_with("\"tool_choice\"") && name != parameter.npos;
    auto end = chooses ? parameter.find('"', name + 8) : name;
    return !chooses || body.find(parameter.substr(name, end - name + 1)) != body.npos;
}

} // namespace

std::string plausible_chat(std::string_view choices) {
    constexpr std::array<string_view, 4> models{
        "google/gemini-3.5-flash", "google/gemini-2.5-pro", "google/gemini-3.6-flash",
        "google/gemini-3.1-pro-preview"};
    drawer draw(choices);
    auto body = fmt::format(R"({{"model":"{}")", draw.one_of(models));
    if (draw.below(2) == 1) {
        body += ",\"tools\":" + list_of(1 + draw.below(4), [&] { return tool_of(draw); });
    }
    for (auto count = draw.below(6); count > 0; --count) {
        auto which = draw.below(parameters.size());
        auto key = parameters[which].substr(0, parameters[which].find(':'));
        bool twice = body.find(std::string(key) + ":") != body.npos; // no client does that
        if (!twice && names_known_tool(parameters[which], body)) {
            (body += ',') += parameters[which];
        }
    }
    body += R"(,"messages":[)" + message_of(draw);
    while (!draw.empty()) {
        body += "," + message_of(draw);
    }
    return body + "]}";
}

} // namespace vertex_relay::tests
