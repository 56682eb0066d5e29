#include "core/gemini/schema/sentence.hpp"

#include "core/gemini/schema/kinds.hpp"
#include "core/json_text.hpp"

#include <algorithm>

namespace vertex_relay::core::schema {

namespace {

bool ends_sentence(std::string_view text) {
    return std::string_view(".!?:;\n").contains(text.back()) || text.ends_with("\xe2\x80\xa6");
}

bool take(std::size_t& left, std::size_t bytes) {
    bool fits = bytes <= left;
    left -= fits ? bytes : left;
    return fits;
}

/// Whether a value may be as short as `left`, found out without printing one that is not.
bool take_length(simdjson::dom::element value, std::size_t& left) {
    if (std::string_view text; value.get(text) == simdjson::SUCCESS) {
        return take(left, text.size() + 2);
    }
    bool fits = take(left, 1);
    if (simdjson::dom::array array; value.get(array) == simdjson::SUCCESS) {
        for (auto element : array) {
            fits = fits && take_length(element, left);
        }
    }
    if (simdjson::dom::object object; value.get(object) == simdjson::SUCCESS) {
        for (auto [key, member] : object) {
            fits = fits && take(left, key.size()) && take_length(member, left);
        }
    }
    return fits;
}

/// At most `bytes` of the text, cut between two characters.
std::string_view start_of(std::string_view text, std::size_t bytes) {
    bytes = std::min(bytes, text.size());
    while (bytes > 0 && bytes < text.size() &&
           (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
        --bytes;
    }
    return text.substr(0, bytes);
}

std::string as_json(choice const& one) {
    return one.type == kind::string ? json_string(start_of(one.text, quote_max)) : one.text;
}

} // namespace

std::string join_sentences(std::string_view first, std::string_view second) {
    if (first.empty() || second.empty() || first.contains(second)) {
        return std::string(first.empty() ? second : first);
    }
    std::string out(first);
    out += ends_sentence(first) ? " " : ". ";
    return out += second;
}

std::string quoted_json(simdjson::dom::element value) {
    std::size_t left = quote_max;
    auto text = take_length(value, left) ? simdjson::minify(value) : std::string();
    return text.size() <= quote_max ? text : std::string();
}

std::string allowed_values(std::span<choice const> choices) {
    if (choices.size() == 1) {
        return "Must be " + as_json(choices.front()) + ".";
    }
    std::string out = "Allowed values: ";
    for (auto const& one : choices) {
        auto text = as_json(one);
        if (out.size() + text.size() > 4 * quote_max) {
            return out + "\xe2\x80\xa6"; // an ellipsis
        }
        out += text + ", ";
    }
    out.resize(out.size() - 2);
    return out + ".";
}

std::string outline(node const& one) {
    std::string out;
    for (auto const& branch : one.branches) {
        out += (out.empty() ? "" : " or ") + outline(branch);
    }
    if (one.branches.empty()) {
        out = type_name(one.type == kind::none ? one.hint : one.type);
        if (one.type == kind::array && !one.items.empty()) {
            out += " of " + outline(one.items.front());
        }
    }
    std::string_view label = one.title.empty() ? one.description : one.title;
    if (!label.empty() && label.size() <= 60) {
        out += fmt::format(" ({})", label);
    }
    return std::string(start_of(out, quote_max));
}

std::string enumerate(std::span<std::string const> names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (out.size() > quote_max) {
            return out + " \xe2\x80\xa6";
        }
        out += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
        out += json_string(start_of(names[i], 100));
    }
    return out;
}

std::string whole_description(node const& one) {
    auto out = one.description;
    for (auto const& note : one.notes) {
        out = join_sentences(out, note);
    }
    return out;
}

void add_note(node& to, std::string note) {
    if (std::ranges::find(to.notes, note) == to.notes.end()) {
        to.notes.push_back(std::move(note));
    }
}

} // namespace vertex_relay::core::schema
