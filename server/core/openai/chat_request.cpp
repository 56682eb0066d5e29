#include "core/openai/chat_request.hpp"

#include "core/json_text.hpp"
#include "core/openai/json_fault.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t depth_max = 128;
constexpr std::size_t choices_max = 128; // as OpenAI; Vertex AI takes fewer
constexpr std::size_t members_max = 1024; // keeps the search for duplicates short

failure invalid_json(std::string message) {
    return invalid_request(400, "invalid_json", std::move(message));
}

failure wrong_type(std::string_view member, std::string_view wanted) {
    return invalid_request(400, "invalid_type",
                           fmt::format("`{}` must be {}.", member, wanted), std::string(member));
}

failure explain(simdjson::error_code error, std::string_view body) {
    if (error == simdjson::MEMALLOC) {
        return overloaded("There is not enough memory to read the body. Try again.");
    }
    if (error == simdjson::DEPTH_ERROR) {
        return invalid_json(fmt::format("The body nests deeper than {} levels.", depth_max));
    }
    if (auto fault = find_json_fault(body)) {
        return invalid_json(fmt::format("The body is not valid JSON at byte {}: {}.",
                                        fault->offset, fault->reason));
    }
    return invalid_json(fmt::format("The body cannot be read as JSON: {}",
                                    simdjson::error_message(error)));
}

/// The parser keeps one byte of state a document of at most `capacity` bytes; grow it in steps.
simdjson::error_code make_room(simdjson::dom::parser& parser, std::size_t bytes) {
    bool fits = parser.capacity() >= bytes && parser.max_depth() == depth_max;
    return fits ? simdjson::SUCCESS
                : parser.allocate(std::max<std::size_t>(bytes, 16 * 1024), depth_max);
}

std::optional<failure> read_member(std::string_view key, simdjson::dom::element value,
                                   member_span place, chat_request& out) {
    if (key == "model") {
        if (!value.is_string()) {
            return wrong_type("model", "a string");
        }
        out.model = std::string(value.get_string().value_unsafe());
        out.model_member = place;
    } else if (key == "stream") {
        if (!value.is_bool() && !value.is_null()) {
            return wrong_type("stream", "true or false");
        }
        out.stream = value.is_bool() && value.get_bool().value_unsafe();
    } else if (std::uint64_t n = 1; key == "n" && !value.get(n)) {
        out.choices = std::clamp<std::uint64_t>(n, 1, choices_max);
    }
    return std::nullopt;
}

std::optional<failure> read_members(simdjson::dom::object object,
                                    std::vector<member_span> const& places, chat_request& out) {
    if (places.size() > members_max) {
        return invalid_json(fmt::format("The body has more than {} top-level keys.", members_max));
    }
    out.has_members = !places.empty();
    std::vector<std::string_view> keys;
    keys.reserve(places.size());
    for (auto [key, value] : object) {
        if (std::ranges::find(keys, key) != keys.end()) {
            auto shown = std::string(key.substr(0, 100));
            return invalid_request(
                400, "duplicate_key",
                fmt::format("The key {} stands twice in the body.", json_string(shown)), shown);
        }
        if (auto bad = read_member(key, value, places.at(keys.size()), out)) {
            return bad;
        }
        keys.push_back(key);
    }
    return std::nullopt;
}

} // namespace

result<chat_request> read_chat_request(simdjson::dom::parser& parser, std::string_view body) {
    if (body.empty()) {
        return std::unexpected(invalid_json("The body is empty; a JSON object is needed."));
    }
    if (body.starts_with("\xEF\xBB\xBF")) {
        return std::unexpected(invalid_json("The body starts with a byte order mark."));
    }
    if (auto error = make_room(parser, body.size())) {
        return std::unexpected(explain(error, body));
    }
    simdjson::dom::element document;
    if (auto error = parser.parse(body.data(), body.size(), false).get(document)) {
        return std::unexpected(explain(error, body));
    }
    simdjson::dom::object object;
    if (document.get(object)) {
        return std::unexpected(invalid_json("The body must be a JSON object."));
    }
    chat_request out;
    auto places = find_members(body, tokens_of(parser), members_max + 1);
    if (auto bad = read_members(object, places, out)) {
        return std::unexpected(std::move(*bad));
    }
    return out;
}

edit set_model(chat_request const& request, std::string_view body, std::string_view value) {
    if (auto const& member = request.model_member) {
        return {member->value_offset, member->value_length, json_string(value)};
    }
    auto open = body.find('{') + 1;
    return {open, 0,
            fmt::format(R"("model":{}{})", json_string(value), request.has_members ? "," : "")};
}

std::optional<edit> drop_model(chat_request const& request, std::string_view body) {
    auto const& member = request.model_member;
    if (!member) {
        return std::nullopt;
    }
    auto begin = member->key_offset;
    auto end = member->value_offset + member->value_length;
    auto next = body.find_first_not_of(" \t\r\n", end);
    if (next != body.npos && body[next] == ',') {
        end = next + 1;
    } else if (auto before = body.find_last_not_of(" \t\r\n", begin - 1);
               before != body.npos && body[before] == ',') {
        begin = before;
    }
    return edit{begin, end - begin, {}};
}

} // namespace vertex_relay::core
