#pragma once
// Passing Vertex AI's answer on: an event stream as whole events, anything else as it is.

#include "core/exchange_record.hpp"
#include "core/http/event_scan.hpp"
#include "core/http/response_writer.hpp"
#include "io/answer_editor.hpp"
#include "io/downstream.hpp"
#include "io/vertex_call.hpp"

namespace vertex_relay::io {

class answer_relay {
public:
    answer_relay(snapshot& now, fiber& sleeper, downstream& client, core::target const& where,
                 core::exchange_record& record)
        : now_(now), fiber_(sleeper), client_(client), where_(where), record_(record) {}

    enum class outcome : unsigned char {
        delivered, ///< whole and well: both connections may go on
        refused,   ///< nothing was sent: answer with `problem()`
        broken,    ///< something was sent: the client's connection must end uncleanly
    };

    /// Relays a successful answer, which must outlive the call. `plan` describes the client's side
    /// (version, keep-alive, id).
    task<outcome> relay(vertex_answer& answer, core::response_plan plan);

    /// The answer is to be repaired as `wishes` say.
    void repair(core::answer_wishes wishes) { editor_.emplace(now_, std::move(wishes)); }

    /// The request's `n`; 1 unless said.
    void expect_choices(std::size_t count) { choices_ = count; }

    core::failure& problem() { return problem_; }
    /// The client's connection must end: nothing else tells it where the answer ends.
    bool needs_end() const { return needs_end_; }

private:
    struct stream_state;
    task<outcome> relay_stream(vertex_answer& answer, core::response_plan plan);
    task<outcome> relay_whole(vertex_answer& answer, core::response_plan plan);
    task<outcome> relay_long(vertex_answer& answer, core::body_decoder decoder, bool chunked);
    task<bool> send_first(stream_state& state, std::string_view head, std::span<char> bytes);
    bool bridge_silence(stream_state& state);
    task<outcome> end_stream(stream_state& state, bool orderly);
    task<outcome> break_off(stream_state& state);
    memory_share share_memory() const;
    void note_usage(std::optional<core::token_usage> usage);
    std::string begin_answer(core::response_plan& plan);
    void note_repairs();
    task<answer_body> read_held(vertex_answer& answer, memory_share& memory);
    bool send_held(std::string head, std::string text, bool chunked);
    void repair_whole(std::string& text);

    snapshot& now_;
    fiber& fiber_;
    downstream& client_;
    core::target const& where_;
    core::exchange_record& record_;
    core::failure problem_;
    std::optional<answer_editor> editor_; ///< set: the answer is repaired
    std::size_t choices_ = 1;
    bool needs_end_ = false;
};

} // namespace vertex_relay::io
