// Edited streams: the editor sees whole events, once each and in order, whatever the reads were.

#include "unit/http/relayed.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::body_framing;

namespace {

/// Notes what it sees; lets it pass, or says it in capitals.
class noting_editor : public core::event_editor {
public:
    explicit noting_editor(bool changes) : changes_(changes) {}
    std::string_view edit(std::string_view events) override {
        seen += events;
        whole = whole && (events.ends_with("\n\n") || events == "\n"); // a stray blank line
        if (!changes_) {
            return events;
        }
        said_ = in_capitals(events);
        return said_;
    }
    static std::string in_capitals(std::string_view text) {
        std::string out(text);
        for (char& c : out) {
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        }
        return out;
    }

    std::string seen;
    bool whole = true;

private:
    bool changes_;
    std::string said_;
};

} // namespace

TEST_CASE("an editor sees every event once, whole", "[http][relay]") {
    auto stream = GENERATE(text_stream, tool_stream, mixed_stream);
    bool changes = GENERATE(false, true);
    bool chunked_downstream = GENERATE(true, false);
    auto sizes = GENERATE(values<std::vector<std::size_t>>({{100'000}, {7, 90, 1, 300}}));
    auto wanted = changes ? noting_editor::in_capitals(stream) : std::string(stream);
    for_each_split(chunked(stream, sizes), [&](auto const& pieces) {
        noting_editor editor(changes);
        auto out = run({.chunked_downstream = chunked_downstream, .editor = &editor}, pieces);
        REQUIRE(out.text == wanted);
        REQUIRE(out.valid);
        REQUIRE(out.ended_well);
        REQUIRE(editor.seen == stream);
        REQUIRE(editor.whole);
    });
}

TEST_CASE("an edited event is held to its end, however long", "[http][relay]") {
    auto long_event = "data: " + std::string(2 * core::event_relay::flow_bytes, 'x') + "\n\n";
    auto text = long_event + std::string(text_stream);
    noting_editor editor(true);
    auto out = run({.editor = &editor}, {chunked(text, {10'000})});
    CHECK(out.whole_events);
    CHECK(out.ended_well);
    bool same = out.text == noting_editor::in_capitals(text);
    CHECK(same);
}

TEST_CASE("a last event without its blank line is edited as well", "[http][relay]") {
    std::string text = R"(data: {"choices":[{"finish_reason":"stop"}]})"
                       "\n";
    noting_editor editor(true);
    auto out = run({.framing = body_framing::until_close, .editor = &editor}, {text});
    CHECK(out.text == noting_editor::in_capitals(text) + "\n\n");
    CHECK(out.ended_well);
    CHECK(out.lacks_done);
}

TEST_CASE("a missing [DONE] is edited, too", "[http][relay]") {
    core::response_head head;
    noting_editor editor(true);
    core::event_relay edited(head, true, 1000, &editor);
    CHECK(edited.done_event() == "e\r\nDATA: [DONE]\n\n\r\n");
    CHECK(core::event_relay(head, false, 1000).done_event() == "data: [DONE]\n\n");
}

TEST_CASE("no editor sees half an event or what is no event", "[http][relay]") {
    noting_editor editor(true);
    auto cut = run({.orderly = false, .editor = &editor}, {chunk("data: 1\n\ndata: 2")});
    CHECK(cut.text == "DATA: 1\n\n");
    auto foreign = run({.editor = &editor}, {chunked("{\"error\":1}\n\n", {100})});
    CHECK(foreign.text.empty());
    CHECK(foreign.foreign == "{\"error\":1}\n\n");
    CHECK(editor.seen == "data: 1\n\n");
}
