// Which trace contexts are taken, after the examples of W3C Trace Context.

#include "core/http/trace_context.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

namespace {

std::string const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

trace_context of(std::vector<header_field> fields) {
    request_head head;
    head.fields = std::move(fields);
    return find_trace(head);
}

std::string state_of(std::string_view state) {
    return of({{"traceparent", parent}, {"tracestate", state}}).state;
}

} // namespace

TEST_CASE("a valid context is passed on as it is", "[trace]") {
    auto found = of({{"Host", "localhost"},
                     {"TraceParent", parent},
                     {"tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}});
    CHECK(found.parent == parent);
    CHECK(found.state == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    CHECK(found.trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_CASE("where there is none, none is made up", "[trace]") {
    CHECK(of({}).parent.empty());
    CHECK(of({}).trace_id().empty());
    CHECK(of({{"tracestate", "a=b"}}).state.empty());
}

TEST_CASE("an invalid traceparent counts as none, and its state too", "[trace]") {
    auto text = GENERATE(values<std::string>(
        {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
         "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
         "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
         "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
         "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
         "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more"}));
    auto found = of({{"traceparent", text}, {"tracestate", "a=b"}});
    CAPTURE(text);
    CHECK(found.parent.empty());
    CHECK(found.state.empty());
    CHECK(found.trace_id().empty());
}

TEST_CASE("a traceparent given twice counts as none", "[trace]") {
    CHECK(of({{"traceparent", parent}, {"traceparent", parent}}).parent.empty());
}

TEST_CASE("of a later version what version 00 knows is kept", "[trace]") {
    CHECK(of({{"traceparent", "cc" + parent.substr(2) + "-what the future will be like"}}).parent ==
          parent);
    CHECK(of({{"traceparent", "01" + parent.substr(2)}}).parent == parent);
}

TEST_CASE("a tracestate may come in several fields", "[trace]") {
    auto found = of({{"tracestate", "a=1"}, {"traceparent", parent}, {"tracestate", "b=2"}});
    CHECK(found.state == "a=1,b=2");
}

TEST_CASE("a tracestate is checked, and its limits are kept", "[trace]") {
    CHECK(state_of("a@vendor=x y, ,b-c/d*e_f=1") == "a@vendor=x y, ,b-c/d*e_f=1");
    CHECK(state_of("a=" + std::string(256, 'x')).size() == 258);
    for (auto const& bad : {std::string(""), std::string(","), std::string("a"), std::string("=b"),
                            std::string("A=b"), std::string("a="), std::string("a=b=c"),
                            std::string("a b=c"), std::string("a=\xc3\xbc"),
                            "a=" + std::string(257, 'x'), std::string(257, 'k') + "=v",
                            "a=" + std::string(256, 'x') + ",b=" + std::string(256, 'x')}) {
        CAPTURE(bad);
        CHECK(state_of(bad).empty());
    }
    std::string many;
    for (int i = 0; i < 32; ++i) {
        many += (i == 0 ? "k" : ",k") + std::to_string(i) + "=v";
    }
    CHECK(state_of(many) == many);
    CHECK(state_of(many + ",one=more").empty());
}
