#include "simulator/chat_content.hpp"

#include "simulator/encoding.hpp"
#include "simulator/json_text.hpp"
#include "simulator/schema_sample.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::simulator {

namespace {

constexpr std::size_t echoed_bytes_max = 2000;
constexpr std::size_t bytes_per_token = 4;

std::int64_t tokens_in(std::size_t bytes) {
    return static_cast<std::int64_t>((bytes + bytes_per_token - 1) / bytes_per_token);
}

std::int64_t count_attachments(json message) {
    std::int64_t count = 0;
    if (auto parts = as_array(member(message, "content"))) {
        for (json part : *parts) {
            count += text_or(member(part, "type"), "text") == "text" ? 0 : 1;
        }
    }
    return count;
}

std::string spoken_answer(chat_request const& request) {
    auto last = std::ranges::find(request.messages.rbegin(), request.messages.rend(),
                                  std::string_view("user"), role_of);
    std::string said;
    std::int64_t attachments = 0;
    if (last != request.messages.rend()) {
        said = message_text(*last);
        attachments = count_attachments(*last);
    }
    auto echoed = utf8_prefix(said, echoed_bytes_max);
    auto out = fmt::format("You said: {}{}", echoed, echoed.size() < said.size() ? "…" : "");
    if (attachments > 0) {
        out += fmt::format(" (with {} attachment{})", attachments, attachments == 1 ? "" : "s");
    }
    if (!request.messages.empty() && (role_of(request.messages.back()) == "tool" ||
                                      role_of(request.messages.back()) == "function")) {
        auto result = message_text(request.messages.back());
        out += fmt::format(" The tool answered: {}", utf8_prefix(result, echoed_bytes_max));
    }
    return out + " – answered by the simulator ✓";
}

std::string answer_text(chat_request const& request) {
    auto spoken = spoken_answer(request);
    auto format = member(request.body, "response_format");
    auto type = text_or(member(format, "type"), "text");
    if (type == "json_schema") {
        return sample_of(member(member(format, "json_schema"), "schema"));
    }
    if (type == "json_object" || type == "application/json") {
        return fmt::format("{{\"answer\":{}}}", json_string(spoken));
    }
    return spoken;
}

/// The text before the first stop string.
std::string_view until_stop(std::string_view text, chat_request const& request) {
    auto stop = member(request.body, "stop");
    auto cut = [&text](std::optional<json> one) {
        auto word = text_or(one, "");
        if (!word.empty()) {
            text = text.substr(0, text.find(word));
        }
    };
    cut(stop);
    if (auto list = as_array(stop)) {
        for (json one : *list) {
            cut(one);
        }
    }
    return text;
}

std::string_view chosen_function(chat_request const& request) {
    auto choice = member(request.body, request.legacy_functions ? "function_call" : "tool_choice");
    auto named = request.legacy_functions ? member(choice, "name")
                                          : member(member(choice, "function"), "name");
    return text_or(named, "");
}

bool makes_calls(json message) {
    return !elements_of(member(message, "tool_calls")).empty() ||
           member(message, "function_call").has_value();
}

/// What the user wants done now: `Use a, then b.` is two steps, and each turn of calls since was
/// one.
std::string words_of_step(chat_request const& request) {
    constexpr std::string_view between = ", then ";
    auto user = std::ranges::find(request.messages.rbegin(), request.messages.rend(),
                                  std::string_view("user"), role_of);
    auto words = user == request.messages.rend() ? std::string() : message_text(*user);
    auto rounds = std::count_if(request.messages.rbegin(), user, makes_calls);
    for (; rounds > 0; --rounds) {
        auto cut = words.find(between);
        words.erase(0, cut == std::string::npos ? cut : cut + between.size());
    }
    return words.substr(0, words.find(between));
}

bool names_function(chat_request const& request, std::string_view words) {
    return std::ranges::any_of(request.functions, [&](json function) {
        auto name = text_or(member(function, "name"), "");
        return !name.empty() && words.find(name) != std::string_view::npos;
    });
}

bool wants_calls(chat_request const& request) {
    auto choice = member(request.body, request.legacy_functions ? "function_call" : "tool_choice");
    if (request.functions.empty() || request.messages.empty() ||
        text_or(choice, "auto") == "none") {
        return false;
    }
    auto role = role_of(request.messages.back());
    bool result = role == "tool" || role == "function";
    return role == "user" || (result && chosen_function(request).empty() &&
                              names_function(request, words_of_step(request)));
}

std::vector<json> functions_to_call(chat_request const& request) {
    std::vector<json> out;
    auto wanted = chosen_function(request);
    auto said = wanted.empty() ? words_of_step(request) : std::string(wanted);
    for (json function : request.functions) {
        auto name = text_or(member(function, "name"), "");
        bool named = wanted.empty() ? said.find(name) != std::string::npos : name == wanted;
        if (named && !name.empty()) {
            out.push_back(function);
        }
    }
    if (out.empty()) {
        out.push_back(request.functions.front());
    }
    auto wished = std::min<std::uint64_t>(request.bends.parallel_calls, 64);
    for (std::uint64_t i = out.size(); i < wished; ++i) {
        out.push_back(request.functions[i % request.functions.size()]);
    }
    return out;
}

std::vector<function_call> make_calls(chat_request const& request) {
    std::vector<function_call> calls;
    auto model = split_model(request.model);
    bool signs = model.publisher == "google" && model.generation >= 3;
    for (json function : functions_to_call(request)) {
        function_call call{.id = "function-call-" + random_uuid(),
                           .name = std::string(text_or(member(function, "name"), "")),
                           .arguments = sample_of(member(function, "parameters")),
                           .signature = {}};
        if (calls.empty() && signs) { // of parallel calls only the first is signed
            call.signature = base64("\x12\x9f simulated thought signature of " + call.name +
                                    " \xfb\xff " + call.id);
        }
        calls.push_back(std::move(call));
    }
    return calls;
}

std::int64_t reasoning_tokens(chat_request const& request) {
    auto effort = text_or(member(request.body, "reasoning_effort"), "");
    if (effort == "low" || effort == "medium" || effort == "high") {
        return effort == "low" ? 64 : effort == "medium" ? 256 : 512;
    }
    return request.include_thoughts || request.bends.thoughts || request.bends.no_content ? 128 : 0;
}

std::string thought_of(chat_request const& request) {
    if (!request.include_thoughts && !request.bends.thoughts) {
        return "";
    }
    constexpr std::string_view words =
        "**Considering the request**\n\nThe user wants an answer. I will give one.\n";
    auto marker = request.bends.developer_api ? "thought" : request.thought_marker;
    return marker.empty() ? std::string(words) : fmt::format("<{0}>{1}</{0}>", marker, words);
}

chat_choice make_choice(chat_request const& request, std::string const& text) {
    chat_choice choice{.thought = thought_of(request)};
    if (request.bends.no_content) {
        choice.finish_reason = "length";
        return choice;
    }
    if (!request.bends.finish_reason.empty()) {
        choice.finish_reason = request.bends.finish_reason;
        return choice;
    }
    if (wants_calls(request)) {
        choice.calls = make_calls(request);
        choice.finish_reason = request.bends.developer_api ? "stop"
                               : request.legacy_functions  ? "function_call"
                                                           : "tool_calls";
        return choice;
    }
    choice.text = until_stop(text, request);
    if (request.max_tokens > 0 && tokens_in(choice.text.size()) > request.max_tokens) {
        auto bytes = static_cast<std::size_t>(request.max_tokens) * bytes_per_token;
        choice.text = std::string(utf8_prefix(choice.text, bytes));
        choice.finish_reason = "length";
    }
    return choice;
}

} // namespace

chat_content compose(chat_request const& request) {
    chat_content out;
    out.legacy_call = request.legacy_functions;
    out.reasoning_tokens = reasoning_tokens(request);
    std::size_t prompt = 0;
    for (json message : request.messages) {
        prompt += message_text(message).size() + bytes_per_token;
        out.prompt_tokens += 256 * count_attachments(message); // an image's usual price
    }
    out.prompt_tokens += tokens_in(prompt);
    auto text = answer_text(request);
    for (std::int64_t i = 0; i < request.choices; ++i) {
        auto const& choice = out.choices.emplace_back(make_choice(request, text));
        out.completion_tokens += tokens_in(choice.text.size());
        for (auto const& call : choice.calls) {
            out.completion_tokens += tokens_in(call.name.size() + call.arguments.size());
        }
    }
    out.completion_tokens += request.bends.image ? 1120 : 0;
    return out;
}

std::vector<std::string_view> deltas_of(std::string_view text) {
    std::vector<std::string_view> out;
    auto piece = std::max<std::size_t>(12, text.size() / 4 + 1);
    while (text.size() > piece) {
        auto head = utf8_prefix(text, piece);
        auto space = head.rfind(' ');
        if (space != std::string_view::npos && space > piece / 2) {
            head = head.substr(0, space + 1);
        }
        out.push_back(head);
        text.remove_prefix(head.size());
    }
    if (!text.empty()) {
        out.push_back(text);
    }
    return out;
}

} // namespace vertex_relay::simulator
