// However a stream is cut into reads, its repair gives the same bytes, names the same repairs and
// remembers the same signatures; and no choice is given its role twice.

#include "core/gemini/answer_repair.hpp"
#include "fuzz/fuzz.hpp"
#include "unit/http/relayed.hpp"
#include "unit/http/wire.hpp"

#include <simdjson.h>

#include <set>
#include <vector>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

/// The repair of one stream where the relay has it, behind the cutting.
class editor : public core::event_editor {
public:
    explicit editor(core::answer_wishes wishes)
        : repair_(std::move(wishes), tree_, [this](auto const& call, std::string_view signature) {
              ((((signatures_ += call.id) += ' ') += call.arguments) += ' ') += signature;
          }) {}
    std::string_view edit(std::string_view events) override {
        return repair_.events(events, scratch_);
    }
    std::string told() const { return repair_.made().names() + '\n' + signatures_; }
    std::uint64_t tokens() const { return repair_.counts() ? repair_.counts()->total : 0; }
    std::string ending() { return repair_.ending(); }

private:
    core::located_json tree_;
    std::string scratch_;
    std::string signatures_;
    core::answer_repair repair_;
};

struct outcome {
    std::string text;
    std::string told;
    bool ended_well;
};

void check_same(outcome const& a, outcome const& b) {
    require(a.text == b.text, "other bytes: " + a.text + "\n---\n" + b.text);
    require(a.told == b.told, "other repairs: " + a.told + "\n---\n" + b.told);
    require(a.ended_well == b.ended_well, "another end");
}

outcome repaired(std::vector<std::string> pieces, unsigned choice) {
    editor one({.stream = true,
                .include_usage = (choice & 1U) != 0,
                .thought_tag = (choice & 2U) != 0 ? "thought" : ""});
    auto out = run({.framing = core::body_framing::until_close, .editor = &one}, std::move(pieces));
    require(out.valid, "an output that is no row of chunks");
    auto rest = out.ended_well && out.lacks_done ? one.ending() : std::string();
    return {out.text + rest, one.told() + std::to_string(one.tokens()), out.ended_well};
}

using simdjson::dom::element;

/// Each choice of a chunk says its role for the first time.
void check_roles(std::string_view json, std::set<std::int64_t>& seen) {
    simdjson::dom::parser parser;
    element chunk;
    simdjson::dom::array choices;
    bool said = parser.parse(std::string(json)).get(chunk) == simdjson::SUCCESS &&
                chunk["choices"].get(choices) == simdjson::SUCCESS;
    if (!said || chunk["error"].error() == simdjson::SUCCESS) {
        return;
    }
    for (element choice : choices) {
        std::int64_t index = 0;
        bool numbered = choice["index"].get(index) == simdjson::SUCCESS && index >= 0;
        if (numbered && choice["delta"]["role"].error() == simdjson::SUCCESS) {
            require(seen.insert(index).second, "a role twice: " + std::string(json));
        }
    }
}

/// In every event that is one line of JSON.
void check_chunks(std::string_view text) {
    std::set<std::int64_t> roles;
    std::vector<std::string_view> data;
    for (std::size_t at = 0; at < text.size();) {
        auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.starts_with("data:")) {
            data.push_back(line.substr(5));
        } else if (line.empty() || line == "\r") {
            if (data.size() == 1 && data.front().starts_with(" {")) {
                check_roles(data.front(), roles);
            }
            data.clear();
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto stream = text_of(bytes, size);
    auto cuts = take_choice(stream);
    auto choice = take_choice(stream);
    auto whole = repaired({stream}, choice);
    check_same(whole, repaired(pieces_of(stream, cuts), choice));
    check_same(whole, repaired(pieces_of(stream, 0), choice));
    if (stream.find('\r') == stream.npos && stream.find('\\') == stream.npos) {
        check_chunks(whole.text);
    }
    return 0;
}
