// Whatever bytes come, a request head is whole, refused or awaited: the same in one piece as byte
// by byte, and the same as a second reader finds it. What is whole has one framing and plain
// fields.

#include "core/http/edge.hpp"
#include "core/http/head.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_head.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

constexpr core::head_limits limits{32 * 1024, 100, 8 * 1024};

/// As a session looks for the end: again after each byte.
core::head_scan scan_slowly(std::string_view bytes) {
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        auto scan = core::find_head_end(bytes.substr(0, size), size - 1);
        if (scan.verdict != core::head_scan::verdict::incomplete) {
            return scan;
        }
    }
    return core::find_head_end(bytes, bytes.empty() ? 0 : bytes.size() - 1);
}

void check_head(core::request_head const& head, storm_head const& second) {
    require(head.method == second.method && head.target == second.target, "the request line");
    require((head.version == 10) == second.is_old, "the version");
    require(head.fields.size() == second.fields.size(), "the number of fields");
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
        require(head.fields[i].value == second.fields[i].second, "a value");
        require(is_storm_word(head.fields[i].name), "a name that is no word");
        require(is_storm_value(head.fields[i].value), "a value that could end its field");
    }
    require(head.keep_alive == second.keeps_alive(), "whether the connection goes on");
    bool chunked = second.framing == storm_head::body::chunked;
    require((head.framing == core::body_framing::chunked) == chunked, "the framing");
    require(head.framing != core::body_framing::until_close, "a request has no such framing");
    require(chunked || head.content_length == second.length, "the length");
}

void check_admission(core::request_head const& head) {
    core::edge_rules rules;
    rules.body_bytes = 1024;
    auto admitted = core::admit(head, rules);
    require(admitted || (admitted.error().status >= 400 && admitted.error().status < 500 &&
                         !admitted.error().code.empty() && !admitted.error().message.empty()),
            "a refusal without a reason");
    bool granted = !core::granted_origin(head, rules).empty();
    require(!granted || head.find("origin"), "a grant for no origin");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto text = text_of(bytes, size);
    auto scan = core::find_head_end(text);
    auto slow = scan_slowly(text);
    require(scan.verdict == slow.verdict && scan.size == slow.size, "the end, byte by byte");
    auto second = read_storm_head(text);
    if (scan.verdict != core::head_scan::verdict::complete) {
        require(second.what != storm_head_reading::verdict::whole, "a head that is not seen");
        return 0;
    }
    auto head = core::parse_request_head(std::string_view(text).substr(0, scan.size), limits);
    require(head.has_value() == (second.what == storm_head_reading::verdict::whole),
            "what one reader takes and the other refuses");
    if (!head) {
        require(head.error().close && head.error().status >= 400, "a refusal that goes on");
        return 0;
    }
    check_head(*head, second.head);
    check_admission(*head);
    return 0;
}
