// Chunks decode to the same payload in one piece, in any pieces and by a second reader, and what is
// refused is refused by all. Bytes behind the last chunk are left alone.

#include "core/http/body_decoder.hpp"
#include "core/http/event_relay.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_payload.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

struct decoded {
    std::string text;
    std::size_t consumed = 0;
    bool complete = false;
    bool failed = false;
    bool operator==(decoded const&) const = default;
};

decoded decode(std::vector<std::string> pieces) {
    core::body_decoder body(core::body_framing::chunked, 0);
    decoded out;
    for (auto& piece : pieces) {
        if (body.complete() || body.failed()) {
            break;
        }
        auto slid = body.slide(piece);
        require(slid.payload <= slid.consumed && slid.consumed <= piece.size(), "bounds");
        out.text += piece.substr(0, slid.payload);
        out.consumed += slid.consumed;
    }
    out.complete = body.complete();
    out.failed = body.failed();
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto wire = text_of(bytes, size);
    auto choice = take_choice(wire);
    auto whole = decode({wire});
    require(whole == decode(pieces_of(wire, choice)), "pieces decode as the whole");

    storm_head head;
    head.framing = storm_head::body::chunked;
    auto second = read_storm_payload(head, wire);
    using verdict = storm_payload::verdict;
    require(whole.complete == (second.what == verdict::whole), "whole for both");
    require(second.what != verdict::bad || whole.failed, "bad for both");
    if (whole.complete) {
        require(whole.text == second.text && whole.consumed == second.size, "the same payload");
    }
    auto again = core::frame_text(wire, true) + "0\r\n\r\n";
    require(wire.empty() || decode({again}).text == wire, "what is framed decodes to itself");
    return 0;
}
