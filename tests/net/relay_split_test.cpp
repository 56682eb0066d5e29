// A small stream cut at every byte, so that chunk framing and events end anywhere in a read.

#include "net/recital.hpp"
#include "unit/http/streams.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

void check_every_cut(recital_rig& rig, std::string_view text,
                     std::vector<std::size_t> const& sizes) {
    auto client = rig.relay.connect();
    auto wire = stream_head() + chunked(text, sizes);
    std::size_t wrong = 0;
    for_each_split(wire, [&](std::vector<std::string> const& pieces) {
        auto answer = rig.play(client, {pieces, true});
        bool same = answer.complete && answer.body == text;
        INFO("first piece of " << pieces.front().size() << " bytes\n" << answer.body);
        wrong += same ? 0 : 1;
        if (!same && wrong < 3) {
            FAIL_CHECK("wrong bytes");
        }
    });
    CHECK(wrong == 0);
}

} // namespace

TEST_CASE("a stream may be cut anywhere", "[relay][stream][split]") {
    recital_rig rig;
    auto const short_stream = text_event("h\xc3\xa9") + ": c\n\n" + final_events();
    for (auto const* line_end : {"\n", "\r\n", "\r"}) {
        auto text = with_line_ends(short_stream, line_end);
        CAPTURE(line_end);
        check_every_cut(rig, text, {text.size()});
        check_every_cut(rig, text, {1, 20, 5});
    }
    check_every_cut(rig, mixed_stream, {60});
    CHECK(rig.connections() == 1);
}
