#include "simulator/turn_check.hpp"

#include "simulator/json_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace vertex_relay::simulator {

namespace {

using refusal = std::optional<google_error>;

constexpr std::string_view no_parts = "Unable to submit request because it must include at least "
                                      "one parts field, which describes the prompt input.";
constexpr std::string_view unequal_results =
    "Please ensure that the number of function response parts is equal to the number of function "
    "call parts of the function call turn.";
constexpr std::string_view vague = "Request contains an invalid argument.";

google_error refuse(std::string_view message) {
    return invalid_argument(std::string(message));
}

std::vector<json> calls_of(json message) {
    return elements_of(member(message, "tool_calls"));
}

bool is_media_url(std::string_view url) {
    bool embedded = url.starts_with("data:") && url.find(";base64,") != std::string_view::npos;
    return embedded || url.starts_with("gs://") || url.starts_with("https://") ||
           url.starts_with("http://");
}

refusal check_part(json part) {
    auto type = text_or(member(part, "type"), "");
    if (type == "image_url") {
        auto image = member(part, "image_url");
        auto url = as_text(image);
        url = url ? url : as_text(member(image, "url"));
        return url && is_media_url(*url)
                   ? refusal()
                   : refuse("Invalid image_url: expected a gs://, http(s):// or data: URI.");
    }
    constexpr std::array accepted{"text", "input_audio", "refusal"};
    if (std::ranges::find(accepted, type) != accepted.end()) {
        return std::nullopt;
    }
    return refuse(fmt::format("Unrecognized 'type' field in an object element of an array "
                              "'content' field; found: '{}'.",
                              type));
}

refusal check_content(json message) {
    auto content = member(message, "content");
    bool absent = !content || content->is_null();
    if (auto parts = as_array(content)) {
        for (json part : *parts) {
            if (auto wrong = check_part(part)) {
                return wrong;
            }
        }
        return parts->size() == 0 ? refusal(refuse(no_parts)) : std::nullopt;
    }
    bool empty = absent || text_or(content, "x").empty();
    bool excused = role_of(message) == "tool" || role_of(message) == "function" ||
                   (absent && (!calls_of(message).empty() || member(message, "function_call")));
    return empty && !excused ? refusal(refuse(no_parts)) : std::nullopt;
}

refusal check_arguments(json message) {
    for (json call : calls_of(message)) {
        auto arguments = as_text(member(member(call, "function"), "arguments"));
        simdjson::dom::parser parser;
        json parsed;
        bool object = arguments && (arguments->empty() ||
                                    (parser.parse(std::string(*arguments)).get(parsed) ==
                                         simdjson::SUCCESS &&
                                     parsed.is_object()));
        if (!object) {
            return refuse(vague);
        }
    }
    return std::nullopt;
}

refusal check_roles(chat_request const& chat) {
    constexpr std::array known{"system", "user", "assistant", "tool", "function"};
    for (json message : chat.messages) {
        if (std::ranges::find(known, role_of(message)) == known.end()) {
            return refuse("Please use a valid role: user, model.");
        }
        auto wrong = check_content(message);
        wrong = wrong ? wrong : check_arguments(message);
        if (wrong) {
            return wrong;
        }
    }
    return std::nullopt;
}

/// Text beside calls is refused by two models only.
bool refuses_preamble(std::string_view model) {
    return model == "google/gemini-3.6-flash" || model == "google/gemini-3.5-flash-lite";
}

/// Every turn of calls is followed at once by as many results, one for each id.
refusal check_results(chat_request const& chat) {
    std::multiset<std::string> open;
    bool due = false; // calls were made, results must follow
    for (json message : chat.messages) {
        bool result = role_of(message) == "tool";
        if (result) {
            auto answered = open.find(std::string(text_or(member(message, "tool_call_id"), "")));
            if (answered == open.end()) {
                return refuse(unequal_results);
            }
            open.erase(answered); // one of those of that id
        }
        if (!result && due && !open.empty()) {
            return refuse(unequal_results);
        }
        auto calls = calls_of(message);
        if (!calls.empty() && refuses_preamble(chat.model) && !message_text(message).empty()) {
            return refuse(vague);
        }
        due = due || !calls.empty();
        for (json call : calls) {
            open.emplace(text_or(member(call, "id"), ""));
        }
    }
    return open.empty() ? refusal() : refuse(unequal_results);
}

bool is_signed(json call) {
    for (auto const* place : {"extra_content", "extra_part"}) {
        auto google = member(member(call, place), "google");
        if (!text_or(member(google, "thought_signature"), "").empty()) {
            return true;
        }
    }
    return false;
}

/// From Gemini 3 on, the first call of each step of the current turn carries a signature. Blocks
/// are counted as Google counts contents: without system messages, results of one step together.
refusal check_signatures(chat_request const& chat) {
    auto name = split_model(chat.model);
    if (name.publisher != "google" || name.generation < 3) {
        return std::nullopt;
    }
    auto last_user = std::ranges::find(chat.messages.rbegin(), chat.messages.rend(),
                                       std::string_view("user"), role_of);
    auto turn = chat.messages.rend() - last_user;
    std::int64_t block = 0;
    std::int64_t at = 0;
    std::string_view before;
    for (json message : chat.messages) {
        auto role = role_of(message);
        block += role == "system" || (role == "tool" && before == "tool") ? 0 : 1;
        before = role;
        ++at;
        auto calls = calls_of(message);
        if (!calls.empty() && at > turn && !is_signed(calls.front())) {
            auto called = text_or(member(member(calls.front(), "function"), "name"), "");
            return refuse(fmt::format(
                "Unable to submit request because function call `default_api:{}` in the {}. "
                "content block is missing a `thought_signature`. Learn more: "
                "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures",
                called, block));
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<google_error> check_turns(chat_request const& chat) {
    if (chat.messages.empty()) {
        return refuse("Unable to submit request because Model input cannot be empty.");
    }
    if (auto wrong = check_roles(chat)) {
        return wrong;
    }
    if (std::ranges::all_of(chat.messages, [](json one) { return role_of(one) == "system"; })) {
        return refuse(no_parts);
    }
    if (role_of(chat.messages.back()) == "assistant") {
        return refuse("Requests ending with a model turn are not supported.");
    }
    auto wrong = check_results(chat);
    return wrong ? wrong : check_signatures(chat);
}

} // namespace vertex_relay::simulator
