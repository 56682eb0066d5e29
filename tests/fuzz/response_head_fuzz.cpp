// Whatever an upstream sends, its head is whole, refused or awaited, and byte by byte the same.
// What is passed on of it can neither end a field nor add one.

#include "core/ascii.hpp"
#include "core/http/head.hpp"
#include "core/http/response_writer.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_head.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

void check_framing(core::response_head const& head) {
    std::size_t lengths = 0;
    std::size_t codings = 0;
    for (auto const& field : head.fields) {
        require(is_storm_word(field.name) && is_storm_value(field.value), "a field that is none");
        lengths += core::ascii::iequals(field.name, "content-length") ? 1 : 0;
        codings += core::ascii::iequals(field.name, "transfer-encoding") ? 1 : 0;
    }
    bool bodiless = head.status < 200 || head.status == 204 || head.status == 304;
    require(bodiless || lengths + codings <= 1, "framed in two ways");
    require(!bodiless || head.framing == core::body_framing::none, "a body where none can be");
    require(head.framing != core::body_framing::chunked || head.version == 11, "chunks in 1.0");
    require(head.framing != core::body_framing::until_close || !head.keep_alive,
            "a connection that must end is kept");
}

void check_answer(core::response_head const& head) {
    core::response_plan plan;
    plan.content_type = head.find("content-type").value_or("application/json");
    plan.cors_origin = head.find("origin").value_or("");
    plan.request_id = "req-0000000000000000";
    plan.length = 5;
    auto text = core::build_response_head(plan);
    auto again = core::parse_response_head(text);
    require(again && core::find_head_end(text).size == text.size(), "the answer's head");
    require(again->content_length == 5, "its length");
    std::size_t expected = plan.cors_origin.empty() ? 4 : 6;
    require(again->fields.size() == expected, "a field too many");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto text = text_of(bytes, size);
    auto scan = core::find_head_end(text);
    for (std::size_t i = 1; i < text.size(); ++i) {
        auto slow = core::find_head_end(std::string_view(text).substr(0, i), i - 1);
        if (slow.verdict != core::head_scan::verdict::incomplete) {
            require(slow.verdict == scan.verdict && slow.size == scan.size, "byte by byte");
            break;
        }
    }
    if (scan.verdict != core::head_scan::verdict::complete) {
        return 0;
    }
    auto head = core::parse_response_head(std::string_view(text).substr(0, scan.size));
    if (!head) {
        require(head.error().status == 502, "an upstream's fault is no client's");
        return 0;
    }
    require(head->status >= 100 && head->status <= 599, "a status nobody knows");
    check_framing(*head);
    check_answer(*head);
    return 0;
}
