// Every value of a valid body is found where it stands: its text parses to the value simdjson has
// there, and taking values out leaves valid JSON without them.

#include "core/gemini/located_json.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_json.hpp"

#include <simdjson.h>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

using simdjson::dom::element;

core::json_kind kind_of(element value) {
    switch (value.type()) {
    case simdjson::dom::element_type::OBJECT:
        return core::json_kind::object;
    case simdjson::dom::element_type::ARRAY:
        return core::json_kind::array;
    case simdjson::dom::element_type::STRING:
        return core::json_kind::string;
    case simdjson::dom::element_type::BOOL:
        return core::json_kind::boolean;
    case simdjson::dom::element_type::NULL_VALUE:
        return core::json_kind::null;
    default:
        return core::json_kind::number;
    }
}

void check(core::located_value found, element value);

void check_object(core::located_value found, simdjson::dom::object object) {
    auto child = found.children().begin();
    for (auto [key, value] : object) {
        require(child != found.children().end(), "a member that is not found");
        require((*child).key() == key && (*child).key_is(key), "its key");
        check(*child, value);
        ++child;
    }
    require(child == found.children().end(), "a member too many");
}

void check(core::located_value found, element value) {
    require(found.kind() == kind_of(value), "the kind of a value");
    if (value.is_string()) {
        require(found.string() == value.get_string().value_unsafe(), "a string");
    } else if (value.is_object()) {
        check_object(found, value.get_object().value_unsafe());
    } else if (value.is_array()) {
        auto child = found.children().begin();
        for (auto item : value.get_array().value_unsafe()) {
            require(child != found.children().end(), "an item that is not found");
            check(*child, item);
            ++child;
        }
        require(child == found.children().end(), "an item too many");
    }
}

void check_removal(std::string const& body, core::located_value root, unsigned choice) {
    std::vector<core::edit> edits;
    std::size_t turn = 0;
    std::size_t kept = 0;
    core::append_removals(edits, root, [&](core::located_value) {
        bool doomed = ((choice >> (turn++ % 8)) & 1U) != 0;
        kept += doomed ? 0 : 1;
        return doomed;
    });
    std::string left;
    for (auto span : core::gather(body, edits)) {
        left += span;
    }
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    require(!parser.parse(left).get(object), "what is left is no object");
    require(object.size() == kept, "what is left is not what was kept");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto body = text_of(bytes, size);
    auto choice = take_choice(body);
    simdjson::dom::parser parser;
    element document;
    core::located_json located;
    auto root = located.read(body); // within bounds whatever it is
    if (parser.parse(body).get(document) || !document.is_object()) {
        return 0;
    }
    require(root.has_value(), "a small body has few values");
    check(*root, document);
    check_removal(body, *root, choice);
    return 0;
}
