#include "unit/http/relayed.hpp"

#include "unit/http/wire.hpp"

namespace vertex_relay::tests {

namespace {

void take(relayed& out, core::event_relay::output const& output, bool chunked_downstream) {
    std::string bytes;
    for (auto part : output.parts) {
        bytes += part;
    }
    if (bytes.size() != output.size()) {
        out.valid = false;
    }
    if (!chunked_downstream) {
        out.text += bytes;
        return;
    }
    auto plain = dechunk(bytes);
    out.valid = out.valid && plain.valid && !plain.whole;
    out.text += plain.text;
}

bool ends_event(std::string_view text) {
    return text.empty() || text.ends_with("\n\n") || text.ends_with("\n\r\n") || text == "\n";
}

} // namespace

relayed run(relay_setup const& setup, std::vector<std::string> pieces) {
    core::response_head head;
    head.status = 200;
    head.framing = setup.framing;
    head.content_length = setup.content_length;
    core::event_relay relay(head, setup.chunked_downstream, setup.event_bytes_max,
                            setup.editor);
    relay.expect_choices(setup.choices);
    relayed out;
    for (auto& piece : pieces) {
        if (relay.complete() || relay.broken()) {
            break;
        }
        auto output = relay.feed(piece);
        out.verbatim += output.size() > 0 && output.parts[0].data() == piece.data() &&
                                output.size() == piece.size()
                            ? 1
                            : 0;
        take(out, output, setup.chunked_downstream);
        out.whole_events = out.whole_events && (ends_event(out.text) || !relay.may_insert());
    }
    take(out, relay.finish(setup.orderly), setup.chunked_downstream);
    out.complete = relay.complete();
    out.ended_well = relay.ended_well();
    out.lacks_done = relay.lacks_done();
    out.may_insert = relay.may_insert();
    out.foreign = relay.foreign_text();
    out.broken = relay.broken();
    out.usage = relay.usage();
    return out;
}

std::string_view whole_part(std::string_view stream) {
    auto end = stream.rfind("\n\n");
    return end == stream.npos ? "" : stream.substr(0, end + 2);
}

} // namespace vertex_relay::tests
