#include "origin_answers.hpp"

#include "marker.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace vertex_relay::bench {

namespace {

constexpr std::string_view answer_headers = "Vary: Origin\r\n"
                                            "Vary: X-Origin\r\n"
                                            "Vary: Referer\r\n"
                                            "Date: Tue, 24 Nov 2026 00:00:00 GMT\r\n"
                                            "Server: scaffolding on HTTPServer2\r\n"
                                            "X-XSS-Protection: 0\r\n"
                                            "X-Frame-Options: SAMEORIGIN\r\n"
                                            "X-Content-Type-Options: nosniff\r\n";
constexpr std::size_t event_bytes = 250;
constexpr std::size_t plain_bytes = 900;

constexpr std::string_view event_front = R"(data: {"choices":[{"delta":{"content":")";
constexpr std::string_view event_back =
    R"(","role":"assistant"},"index":0,"logprobs":null}],"created":1770850461,)"
    R"("id":"nQiNafGyF5rw998PstqooAY","model":"google/bench","object":"chat.completion.chunk",)"
    R"("system_fingerprint":""})"
    "\n\n";
static_assert(event_front.size() + marker::size + event_back.size() <= event_bytes);

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char one, char other) {
        return (one >= 'A' && one <= 'Z' ? one + ('a' - 'A') : one) == other;
    });
}

std::string whole_answer(std::string_view status, std::string_view body) {
    std::string answer = "HTTP/1.1 ";
    answer.append(status).append("\r\nContent-Type: application/json; charset=UTF-8\r\n");
    answer.append(answer_headers);
    answer.append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    answer.append(body);
    return answer;
}

std::string chunk(std::string_view bytes) {
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    std::string framed(size.data(), end);
    framed.append("\r\n").append(bytes).append("\r\n");
    return framed;
}

template <class Number> bool read_number(std::string_view digits, Number& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size();
}

std::string_view model_of(std::string_view body) {
    static constexpr std::string_view key = "\"model\"";
    const std::size_t at = body.find(key);
    const std::size_t open = at == body.npos ? at : body.find('"', at + key.size());
    const std::size_t close = open == body.npos ? open : body.find('"', open + 1);
    return close == body.npos ? std::string_view{} : body.substr(open + 1, close - open - 1);
}

} // namespace

std::optional<request_head> read_head(std::string_view head) {
    request_head found;
    const std::size_t first_end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, first_end);
    const std::size_t space = line.find(' ');
    if (space == line.npos || !line.ends_with(" HTTP/1.1") || line.size() < space + 10) {
        return std::nullopt;
    }
    found.method = line.substr(0, space);
    found.target = line.substr(space + 1, line.size() - space - 10);
    for (std::size_t at = first_end; at + 2 < head.size();) {
        const std::size_t start = at + 2;
        at = std::min(head.find("\r\n", start), head.size());
        const std::string_view field = head.substr(start, at - start);
        const std::size_t colon = std::min(field.find(':'), field.size());
        const std::size_t value_at = field.find_first_not_of(": \t", colon);
        const std::string_view value =
            value_at == field.npos ? std::string_view{} : field.substr(value_at);
        std::size_t length = 0;
        if (same_name(field.substr(0, colon), "authorization")) {
            found.authorization = value;
        } else if (same_name(field.substr(0, colon), "content-length") &&
                   read_number(value, length)) {
            found.content_length = length;
        }
    }
    return found;
}

std::optional<behaviour> read_behaviour(std::string_view body) {
    std::string_view name = model_of(body);
    const std::size_t at = name.find("bench-");
    if (at == name.npos) {
        return std::nullopt;
    }
    name.remove_prefix(at + 6);
    behaviour asked;
    if (name == "ns") {
        return asked;
    }
    asked.stream = true;
    if (name.starts_with("burst-")) {
        return read_number(name.substr(6), asked.events) ? std::optional(asked) : std::nullopt;
    }
    const std::size_t dash = name.rfind('-');
    const bool paced = name.starts_with("paced-") && dash > 6 &&
                       read_number(name.substr(6, dash - 6), asked.rate) &&
                       read_number(name.substr(dash + 1), asked.events) && asked.rate > 0;
    return paced ? std::optional(asked) : std::nullopt;
}

std::uint32_t read_nonce(std::string_view body) {
    const std::size_t at = body.find("nonce=");
    std::uint32_t nonce = 0;
    return at != body.npos && read_hex(body.substr(at + 6, 6), nonce) ? nonce : 0;
}

std::string plain_answer(std::uint32_t nonce) {
    std::string content(marker::size, ' ');
    put_marker(content.data(), {.nonce = nonce});
    const std::string front = R"({"choices":[{"finish_reason":"stop","index":0,"logprobs":null,)"
                              R"("message":{"content":")";
    const std::string back =
        R"(","role":"assistant"}}],"created":1770850461,"id":"nQiNafGyF5rw998PstqooAY",)"
        R"("model":"google/bench","object":"chat.completion","system_fingerprint":"","usage":)"
        R"({"completion_tokens":131,"prompt_tokens":120,"total_tokens":251}})";
    content.resize(plain_bytes - front.size() - back.size(), 'x');
    return whole_answer("200 OK", front + content + back);
}

std::string token_answer() {
    return whole_answer("200 OK",
                        R"({"access_token":"up-token","expires_in":3599,"token_type":"Bearer"})");
}

std::string refusal(std::string_view reason) {
    return whole_answer("400 Bad Request", R"([{"error":{"code":400,"message":")" +
                                               std::string(reason) +
                                               R"(","status":"INVALID_ARGUMENT"}}])");
}

std::string stream_head() {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                       "Content-Disposition: attachment\r\n";
    head.append(answer_headers).append("Transfer-Encoding: chunked\r\n\r\n");
    return head;
}

std::string event_chunk() {
    std::string event(event_front);
    event.append(event_bytes - event_front.size() - event_back.size(), 'x');
    event.append(event_back);
    return chunk(event);
}

std::size_t marker_at() { return std::string_view("fa\r\n").size() + event_front.size(); }

std::string usage_chunk() {
    return chunk(
        R"(data: {"choices":[{"delta":{"content":"","role":"assistant"},"finish_reason":"stop",)"
        R"("index":0,"logprobs":null}],"created":1770850461,"id":"nQiNafGyF5rw998PstqooAY",)"
        R"("model":"google/bench","object":"chat.completion.chunk","system_fingerprint":"",)"
        R"("usage":{"completion_tokens":131,"prompt_tokens":120,"total_tokens":251}})"
        "\n\n");
}

std::string last_chunks() { return chunk("data: [DONE]\n\n") + "0\r\n\r\n"; }

} // namespace vertex_relay::bench
