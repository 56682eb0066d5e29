#include "load_plan.hpp"

#include "marker.hpp"

#include <algorithm>
#include <charconv>

namespace vertex_relay::bench {

namespace {

constexpr std::string_view sentence =
    "Summarise the change below in two sentences for a release note, name what a user notices, "
    "and leave out what only matters to those who build it. ";
constexpr std::size_t body_front_bytes = 192; // model, stream and nonce, with fixed widths

template <class Number> bool take_number(std::string_view& text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{};
}

bool take_word(std::string_view& text, std::string_view word) {
    const bool there = text.starts_with(word);
    text.remove_prefix(there ? word.size() : 0);
    return there;
}

std::string long_string(std::size_t bytes) {
    const std::string_view back = R"("}]})";
    std::string rest;
    rest.reserve(bytes);
    while (rest.size() + sentence.size() + back.size() <= bytes) {
        rest.append(sentence);
    }
    rest.resize(bytes - back.size(), '.');
    return rest.append(back);
}

std::string many_messages(std::size_t bytes) {
    const std::string_view more =
        R"("},{"role":"assistant","content":"b"},{"role":"user","content":"a)";
    const std::string_view back = R"("}]})";
    std::string rest;
    rest.reserve(bytes);
    while (rest.size() + more.size() + back.size() <= bytes) {
        rest.append(more);
    }
    rest.resize(bytes - back.size(), 'a');
    return rest.append(back);
}

} // namespace

std::optional<load_plan> read_plan(std::string_view name) {
    using kind = load_plan::kind;
    load_plan plan;
    bool good = true;
    if (take_word(name, "ns")) {
        good = take_number(name, plan.connections);
        plan.body_bytes = take_word(name, "_100k") ? 100'000 : 0;
    } else if (take_word(name, "burst")) {
        plan.what = kind::burst;
        good = take_number(name, plan.connections);
    } else if (take_word(name, "body32m")) {
        plan.what = kind::body;
        plan.body_bytes = 32 * 1024 * 1024;
        plan.dense = take_word(name, "_dense");
    } else if (take_word(name, "hold")) {
        plan.what = kind::paced;
        plan.rate = 0.5;
        good = take_number(name, plan.connections);
    } else if (take_word(name, "p")) {
        plan.what = kind::paced;
        plan.rate = 20;
        good = take_number(name, plan.connections) &&
               (!take_word(name, "x") || take_number(name, plan.rate));
    } else {
        good = false;
    }
    good = good && name.empty() && plan.connections > 0 && plan.connections <= 10'000;
    return good ? std::optional(plan) : std::nullopt;
}

request_maker::request_maker(const load_plan& plan, request_place place)
    : place_(std::move(place)), stream_(plan.streams()) {
    const std::size_t bytes = plan.body_bytes == 0 ? 560 : plan.body_bytes;
    rest_ = plan.dense ? many_messages(bytes - body_front_bytes)
                       : long_string(bytes - body_front_bytes);
}

std::string request_maker::make(const request_terms& terms) const {
    std::string front = R"({"model":")" + terms.model + R"(",)";
    front += stream_ ? R"("stream":true,"stream_options":{"include_usage":true},)" : "";
    front += R"("messages":[{"role":"user","content":"nonce=000000 )";
    put_hex(front.data() + front.size() - 7, terms.nonce, 6);
    // Spaces make up the width, so that the whole body has the planned size.
    front.resize(std::max(front.size(), body_front_bytes), ' ');

    std::string request = "POST " + place_.target + " HTTP/1.1\r\n";
    request += "Host: " + place_.authority + "\r\n";
    request += "Accept-Encoding: gzip, deflate\r\n"
               "Connection: keep-alive\r\n"
               "Accept: application/json\r\n"
               "Content-Type: application/json\r\n"
               "User-Agent: OpenAI/Python 2.8.0\r\n"
               "X-Stainless-Lang: python\r\n"
               "X-Stainless-Package-Version: 2.8.0\r\n"
               "X-Stainless-OS: Linux\r\n"
               "X-Stainless-Arch: x64\r\n"
               "X-Stainless-Retry-Count: 0\r\n";
    request += "Authorization: " + place_.authorization + "\r\n";
    request += "Content-Length: " + std::to_string(front.size() + rest_.size()) + "\r\n\r\n";
    return request + front + rest_;
}

} // namespace vertex_relay::bench
