#pragma once
// Streams as Vertex AI sends them (shortened captures and Google's documentation), LF line ends.

#include <string_view>

namespace vertex_relay::tests {

/// Two text events and the end, as the MaaS documentation shows them.
constexpr std::string_view text_stream =
    R"(data: {"choices":[{"delta":{"content":"CONTENT","role":"assistant"},"index":0,"logprobs":null}],"created":1234567890,"id":"2025-06-11|10:00:00.292195-07|9.7.144.202|-123456789","model":"MODEL","object":"chat.completion.chunk","system_fingerprint":""})"
    "\n\n"
    R"(data: {"choices":[{"delta":{"content":"CONTENT","role":"assistant"},"finish_reason":"stop","index":0,"logprobs":null}],"created":1234567890,"model":"MODEL","object":"chat.completion.chunk","system_fingerprint":"","usage":{"completion_tokens":131,"prompt_tokens":14,"total_tokens":145}})"
    "\n\n"
    "data: [DONE]\n\n";

/// A tool call whose arguments arrive in pieces; usage has nested objects.
constexpr std::string_view tool_stream =
    R"(data: {"choices":[{"delta":{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"location\":\"Boston, MA","name":"get_current_weather"},"id":"function-call-c855348a","index":0,"type":"function"}]},"index":0,"logprobs":null}],"model":"google/gemini-3.1-pro-preview"})"
    "\n\n"
    R"(data: {"choices":[{"delta":{"role":"assistant","tool_calls":[{"function":{"arguments":"\"}","name":"get_current_weather"},"id":"function-call-c855348a","index":0,"type":"function"}]},"finish_reason":"tool_calls","index":0}],"usage":{"completion_tokens":45,"completion_tokens_details":{"reasoning_tokens":504},"extra_properties":{"google":{"traffic_type":"PROVISIONED_THROUGHPUT"}},"prompt_tokens":27,"total_tokens":576}})"
    "\n\n"
    "data: [DONE]\n\n";

/// Characters of two, three and four bytes, comments, fields other than data, several data lines.
constexpr std::string_view mixed_stream =
    ": keep-alive\n\n"
    "event: message\nid: 7\nretry: 10\ndata: {\"a\":\"h\xc3\xa9 \xe2\x82\xac "
    "\xf0\x9f\x98\x80\"}\n\n"
    "\n\n"
    "data\n\n"
    "data:\n\n"
    "data: 1\ndata: 2\n:inside\n\n"
    R"(data: {"choices":[{"delta":{},"finish_reason":"length","index":0}]})"
    "\n\n"
    "data: [DONE]\n\n";

} // namespace vertex_relay::tests
