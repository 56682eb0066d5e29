#include "core/gemini/call_hash.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace vertex_relay::core {

namespace {

using simdjson::dom::element_type;

/// FNV-1a.
class stable_hash {
public:
    void add(char c) { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U; }
    /// With its end, so that two texts are not one.
    void add(std::string_view text) {
        for (char c : text) {
            add(c);
        }
        add('\0');
    }
    void add(std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8) {
            add(static_cast<char>(number >> shift));
        }
    }
    std::uint64_t value() const { return value_ == 0 ? 1 : value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// 1.0 and 1 are one number, and -0 is 0.
void add_double(stable_hash& hash, double number) {
    constexpr double exact = 9'007'199'254'740'992.0; // 2^53
    bool whole = number >= -exact && number <= exact && number == std::trunc(number);
    hash.add(whole ? 'n' : 'd');
    hash.add(whole ? static_cast<std::uint64_t>(static_cast<std::int64_t>(number))
                   : std::bit_cast<std::uint64_t>(number));
}

void add_value(stable_hash& hash, simdjson::dom::element value);

void add_object(stable_hash& hash, simdjson::dom::object object) {
    using member = simdjson::dom::key_value_pair;
    std::vector<member> members(object.begin(), object.end());
    std::ranges::sort(members, {}, [](member const& one) { // those of one name as they came
        return std::pair(one.key, one.key.data());
    });
    hash.add('{');
    for (auto const& one : members) {
        hash.add(one.key);
        add_value(hash, one.value);
    }
    hash.add('}');
}

void add_array(stable_hash& hash, simdjson::dom::array array) {
    hash.add('[');
    for (auto one : array) {
        add_value(hash, one);
    }
    hash.add(']');
}

void add_value(stable_hash& hash, simdjson::dom::element value) {
    switch (value.type()) {
    case element_type::OBJECT: add_object(hash, value.get_object().value_unsafe()); break;
    case element_type::ARRAY: add_array(hash, value.get_array().value_unsafe()); break;
    case element_type::STRING:
        hash.add('"');
        hash.add(value.get_string().value_unsafe());
        break;
    case element_type::INT64:
        hash.add('n');
        hash.add(static_cast<std::uint64_t>(value.get_int64().value_unsafe()));
        break;
    case element_type::UINT64: // beyond the former
        hash.add('u');
        hash.add(value.get_uint64().value_unsafe());
        break;
    case element_type::DOUBLE: add_double(hash, value.get_double().value_unsafe()); break;
    case element_type::BOOL: hash.add(value.get_bool().value_unsafe() ? 't' : 'f'); break;
    case element_type::NULL_VALUE: hash.add('0'); break;
    }
}

} // namespace

std::uint64_t hash_of_id(std::string_view id) {
    stable_hash hash;
    hash.add(id);
    return id.empty() ? 0 : hash.value();
}

std::uint64_t hash_of_call(std::string_view name, std::string_view arguments) {
    stable_hash hash;
    hash.add(name);
    bool none = arguments.find_first_not_of(" \t\r\n") == arguments.npos;
    simdjson::dom::parser parser;
    simdjson::dom::element value;
    if (parser.parse(simdjson::padded_string(none ? "{}" : arguments)).get(value)) {
        hash.add(arguments); // cut off, or never JSON
    } else {
        add_value(hash, value);
    }
    return hash.value();
}

} // namespace vertex_relay::core
