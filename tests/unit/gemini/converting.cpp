#include "unit/gemini/converting.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

core::result<core::converted_schema> convert(std::string_view schema,
                                             core::schema_purpose purpose) {
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    INFO(schema);
    REQUIRE(parser.parse(std::string(schema)).get(document) == simdjson::SUCCESS);
    return core::convert_schema(document, purpose, "tools[0].function.parameters");
}

} // namespace

std::string converted(std::string_view schema, core::schema_purpose purpose) {
    auto done = convert(schema, purpose);
    if (!done) {
        CHECK(done.error().status == 400);
        CHECK(done.error().param == "tools[0].function.parameters");
        return "400 " + done.error().code + ": " + done.error().message;
    }
    switch (done->verdict) {
    case core::schema_verdict::keep:
        CHECK(done->repairs.empty());
        CHECK(done->dropped.empty());
        return "keep";
    case core::schema_verdict::omit:
        return "omit";
    case core::schema_verdict::replace:
        break;
    }
    CHECK(done->repairs.size() + done->dropped.size() > 0);
    return done->text;
}

std::string property(std::string_view schema, core::schema_purpose purpose) {
    constexpr std::string_view before = R"({"type":"object","properties":{"p":)";
    auto text = converted(std::string(before) + std::string(schema) + "}}", purpose);
    INFO(text);
    if (text == "keep") {
        return text;
    }
    REQUIRE(text.starts_with(before));
    return text.substr(before.size(), text.size() - before.size() - 2);
}

std::string repairs(std::string_view schema, core::schema_purpose purpose) {
    auto done = convert(schema, purpose);
    REQUIRE(done);
    return fmt::format("{} | {}", fmt::join(done->repairs, " "), fmt::join(done->dropped, " "));
}

} // namespace vertex_relay::tests
