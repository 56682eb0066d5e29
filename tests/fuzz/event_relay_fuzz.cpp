// However a stream is cut into reads, the client gets the same bytes and the same verdict: whole
// events in whole chunks, nothing added but what ends the last event.

#include "fuzz/fuzz.hpp"
#include "unit/http/relayed.hpp"
#include "unit/http/wire.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

relay_setup setup_of(unsigned choice, std::size_t size) {
    using core::body_framing;
    constexpr body_framing framings[] = {body_framing::chunked, body_framing::length,
                                         body_framing::until_close, body_framing::chunked};
    return {.framing = framings[choice & 3U],
            .content_length = size,
            .chunked_downstream = (choice & 4U) == 0,
            .orderly = (choice & 8U) == 0};
}

void check_same(relayed const& a, relayed const& b) {
    require(a.valid && b.valid, "an output that is no row of chunks");
    require(a.text == b.text, "other bytes");
    require(a.complete == b.complete && a.ended_well == b.ended_well, "another end");
    require(a.broken.has_value() == b.broken.has_value(), "another failure");
    require(a.foreign == b.foreign && a.lacks_done == b.lacks_done, "another verdict");
    require(a.usage.has_value() == b.usage.has_value(), "another usage");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto stream = text_of(bytes, size);
    auto cuts = take_choice(stream);
    auto choice = take_choice(stream);
    auto setup = setup_of(choice, stream.size());
    bool wrap = (choice & 16U) == 0 && setup.framing == core::body_framing::chunked;
    auto wire = wrap ? chunked(stream, {1 + (choice >> 5U), 40}) : stream;
    auto whole = run(setup, {wire});
    check_same(whole, run(setup, pieces_of(wire, cuts)));
    check_same(whole, run(setup, pieces_of(wire, 0)));
    if (wrap && !whole.broken && whole.foreign.empty()) {
        require(whole.text.starts_with(stream) || stream.starts_with(whole.text),
                "the stream itself");
    }
    return 0;
}
