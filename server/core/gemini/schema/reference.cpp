#include "core/gemini/schema/reference.hpp"

#include "core/ascii.hpp"
#include "core/gemini/schema/dom.hpp"

#include <charconv>

namespace vertex_relay::core::schema {

namespace {

using simdjson::dom::element;

/// `%24defs` → `$defs` (RFC 3986 section 2.1); a stray percent sign stays.
std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        auto const* digits = text.data() + i + 1;
        bool escape = text[i] == '%' && i + 2 < text.size() &&
                      std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
        out += escape ? static_cast<char>(value) : text[i];
        i += escape ? 2 : 0;
    }
    return out;
}

/// One part of a pointer: `~1` is a slash, `~0` a tilde (RFC 6901 section 4).
std::string unescaped(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        bool escape = part[i] == '~' && i + 1 < part.size() &&
                      (part[i + 1] == '0' || part[i + 1] == '1');
        out += !escape ? part[i] : part[i + 1] == '0' ? '~' : '/';
        i += escape ? 1 : 0;
    }
    return out;
}

std::string_view text_member(element of, std::string_view key) {
    simdjson::dom::object members;
    auto found = of.get(members) == simdjson::SUCCESS ? member_of(members, key) : std::nullopt;
    return found ? text_of(*found) : std::string_view();
}

} // namespace

std::string ref_target::name() const {
    return pointer.empty() ? "the root" : unescaped(pointer.substr(pointer.rfind('/') + 1));
}

std::optional<ref_target> references::find(std::string_view ref) {
    auto id = text_member(root_, "$id");
    auto hash = ref.find('#');
    auto document = ref.substr(0, hash);
    if (!document.empty() && document != id.substr(0, id.find('#'))) {
        return std::nullopt;
    }
    auto pointer = percent_decoded(hash == ref.npos ? "" : ref.substr(hash + 1));
    if (!pointer.empty() && pointer.front() != '/') {
        return find_anchor(pointer);
    }
    auto schema = walk(pointer);
    return schema ? std::optional(ref_target{std::move(pointer), *schema}) : std::nullopt;
}

references::names const& references::definitions(std::string_view keyword) {
    auto [at, fresh] = indexed_.try_emplace(keyword);
    simdjson::dom::object members;
    if (fresh && root_.is_object() && root_.at_key(keyword).get(members) == simdjson::SUCCESS) {
        for (auto [name, schema] : members) {
            at->second.try_emplace(name, schema);
        }
    }
    return at->second;
}

std::optional<element> references::walk(std::string_view pointer) {
    std::string_view rest = pointer;
    element at = root_;
    for (std::string_view keyword : {"$defs", "definitions"}) {
        if (rest.size() < keyword.size() + 2 || rest.substr(1, keyword.size()) != keyword ||
            rest[keyword.size() + 1] != '/') {
            continue;
        }
        rest.remove_prefix(keyword.size() + 2);
        auto part = rest.substr(0, rest.find('/'));
        auto const& known = definitions(keyword);
        auto found = known.find(unescaped(part));
        if (found == known.end()) {
            return std::nullopt;
        }
        at = found->second;
        rest.remove_prefix(part.size());
        break;
    }
    while (!rest.empty()) {
        rest.remove_prefix(1);
        auto part = rest.substr(0, rest.find('/'));
        auto next = step(at, unescaped(part));
        if (!next) {
            return std::nullopt;
        }
        at = *next;
        rest.remove_prefix(part.size());
    }
    return at;
}

std::optional<element> references::step(element from, std::string const& part) {
    simdjson::dom::object object;
    if (from.get(object) == simdjson::SUCCESS) {
        for (auto [key, value] : object) {
            if (steps_left_ == 0) {
                return std::nullopt;
            }
            --steps_left_;
            if (key == part) {
                return value;
            }
        }
        return std::nullopt;
    }
    auto index = ascii::parse_decimal(part);
    simdjson::dom::array array;
    element found;
    bool inside = index && from.get(array) == simdjson::SUCCESS &&
                  array.at(*index).get(found) == simdjson::SUCCESS;
    return inside ? std::optional(found) : std::nullopt;
}

std::optional<ref_target> references::find_anchor(std::string_view name) {
    auto id = "#" + std::string(name);
    for (auto const* keyword : {"$defs", "definitions"}) {
        simdjson::dom::object members;
        if (!root_.is_object() || root_.at_key(keyword).get(members) != simdjson::SUCCESS) {
            continue;
        }
        for (auto [definition, schema] : members) {
            bool may = steps_left_ > 0;
            steps_left_ -= may ? 1 : 0;
            if (may &&
                (text_member(schema, "$anchor") == name || text_member(schema, "$id") == id)) {
                return ref_target{id, schema};
            }
        }
    }
    return std::nullopt;
}

} // namespace vertex_relay::core::schema
