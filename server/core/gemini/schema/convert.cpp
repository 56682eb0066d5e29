#include "core/gemini/schema.hpp"
#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/read.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/gemini/schema/settle.hpp"
#include "core/gemini/schema/union.hpp"
#include "core/gemini/schema/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vertex_relay::core {

namespace {

using namespace schema;

constexpr std::size_t nodes_max = 20'000; ///< about 15 MB of them
constexpr std::size_t given_max = 1U << 20U; ///< of the given text that counts for the bounds

/// What one attempt may cost, how long its text may be, how far it follows references.
struct effort {
    std::size_t bytes = schema_growth_max;
    std::size_t text_max = schema_growth_max;
    std::size_t refs_max = 32;
    std::string_view param = {}; ///< for the failure
};

struct attempt {
    schema_verdict verdict = schema_verdict::replace;
    std::string text;
    ledger log;
    bool exhausted = false;
};

failure not_an_object(std::string_view found, std::string_view param) {
    return invalid_request(
        400, "invalid_function_parameters",
        fmt::format("The parameters of a function must be a JSON Schema of type object, but this "
                    "one is of type {}. Make it a property of an object.",
                    found),
        std::string(param));
}

failure too_large(std::size_t bytes, std::string_view param) {
    return invalid_request(
        400, "schema_too_large",
        fmt::format(
            "The JSON Schema of {} KiB is too large for Vertex AI's form of it. Shorten it, "
            "or define what it repeats once, under $defs.",
            bytes / 1024),
        std::string(param));
}

/// Whether the root can stand for the parameters of a function, as the object they have to be.
bool make_object(node& root, conversion& work) {
    if (!root.branches.empty() && !merge_alternatives(root, work)) {
        return false;
    }
    if (root.type == kind::none && root.hint == kind::object) {
        work.log.repaired("type");
        root.type = kind::object;
    }
    return root.type == kind::object;
}

result<attempt> convert_once(simdjson::dom::element schema, references& targets,
                             schema_purpose purpose, effort allowed) {
    conversion work{.purpose = purpose,
                    .bytes_left = allowed.bytes,
                    .nodes_left = nodes_max,
                    .refs_max = allowed.refs_max};
    auto root = reader(targets, work).read_root(schema);
    bool parameters = purpose == schema_purpose::parameters;
    bool says_nothing = root.never || is_anything(root);
    if (!says_nothing && parameters && root.type != kind::object) {
        auto found = outline(root);
        if (!make_object(root, work)) {
            return std::unexpected(not_an_object(found, allowed.param));
        }
    }
    if (parameters && std::exchange(root.nullable, false)) {
        work.log.repaired("nullable");
    }
    if (!says_nothing) {
        settle(root, 1, work);
        says_nothing = parameters && root.properties.empty();
    }
    attempt out{.exhausted = work.exhausted};
    if (says_nothing) {
        work.log.repaired("empty");
        out.verdict = schema_verdict::omit;
        out.text = root.notes.empty() ? std::string() : whole_description(root);
    } else if (work.log.empty()) {
        out.verdict = schema_verdict::keep;
    } else {
        out.text = write(root);
        out.exhausted = out.exhausted || out.text.size() > allowed.text_max;
    }
    out.log = std::move(work.log);
    return out;
}

/// References that multiply are followed less and less far, so that what is cut is cut at the same
/// depth everywhere.
result<attempt> convert_within_bounds(simdjson::dom::element schema, schema_purpose purpose,
                                      std::string_view param) {
    references targets(schema);
    effort allowed{.param = param};
    auto tried = convert_once(schema, targets, purpose, allowed);
    if (!tried || !tried->exhausted) {
        return tried;
    }
    auto given = simdjson::minify(schema).size();
    auto counted = std::min(given, given_max);
    allowed.bytes = schema_growth_max + 6 * counted; // short names in a list cost that much
    allowed.text_max = schema_growth_max + 2 * counted;
    for (std::size_t refs_max : {8U, 4U, 2U, 1U, 0U}) {
        allowed.refs_max = refs_max;
        tried = convert_once(schema, targets, purpose, allowed);
        if (!tried || !tried->exhausted) {
            break;
        }
    }
    if (tried && tried->exhausted) {
        return std::unexpected(too_large(given, param));
    }
    return tried;
}

} // namespace

result<converted_schema> convert_schema(simdjson::dom::element schema, schema_purpose purpose,
                                        std::string_view param) {
    auto done = convert_within_bounds(schema, purpose, param);
    if (!done) {
        return std::unexpected(std::move(done.error()));
    }
    return converted_schema{.verdict = done->verdict,
                            .text = std::move(done->text),
                            .repairs = done->log.take_repairs(),
                            .dropped = done->log.take_dropped()};
}

} // namespace vertex_relay::core
