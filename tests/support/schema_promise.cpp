#include "support/schema_promise.hpp"

#include "simulator/schema_check.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

using core::schema_purpose;
using core::schema_verdict;

std::string refusal(simdjson::dom::element schema, schema_purpose purpose) {
    bool parameters = purpose == schema_purpose::parameters;
    auto error = simulator::check_schema(
        schema, {.use = parameters ? simulator::schema_use::parameters
                                   : simulator::schema_use::response,
                 .path = "schema",
                 .function = "f"});
    return error ? error->message : "";
}

/// The new text: the simulator takes it, and the relay leaves it alone.
std::string broken_by(std::string const& text, schema_purpose purpose) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(text).get(root) != simdjson::SUCCESS) {
        return "the text is no JSON";
    }
    if (auto complaint = refusal(root, purpose); !complaint.empty()) {
        return "the text is refused: " + complaint;
    }
    auto again = core::convert_schema(root, purpose, "param");
    if (!again || again->verdict != schema_verdict::keep) {
        return "converting again changes it: " +
               (again ? fmt::format("{} {} {}", fmt::join(again->repairs, " "),
                                    fmt::join(again->dropped, " "), again->text)
                      : again.error().message);
    }
    return {};
}

} // namespace

std::string broken_promise(std::string_view schema, schema_purpose purpose) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(std::string(schema)).get(root) != simdjson::SUCCESS) {
        return {};
    }
    auto done = core::convert_schema(root, purpose, "param");
    if (!done) {
        bool expected = (purpose == schema_purpose::parameters &&
                         done.error().code == "invalid_function_parameters") ||
                        (schema.size() > 50'000 && done.error().code == "schema_too_large");
        return expected ? "" : "refused with " + done.error().code;
    }
    if (done->verdict == schema_verdict::keep) {
        auto complaint = refusal(root, purpose);
        return complaint.empty() ? "" : "kept, but refused: " + complaint;
    }
    if (done->verdict == schema_verdict::omit) {
        return {};
    }
    auto twice = core::convert_schema(root, purpose, "param");
    if (!twice || twice->text != done->text) {
        return "another result the second time";
    }
    if (done->text.size() > core::schema_growth_max + 2 * schema.size()) {
        return fmt::format("{} bytes of {}", done->text.size(), schema.size());
    }
    auto broken = broken_by(done->text, purpose);
    return broken.empty() ? "" : broken + "\n" + done->text.substr(0, 4000);
}

} // namespace vertex_relay::tests
