#pragma once
// Repairs an answer on its way, in the worker's scratch memory.

#include "core/gemini/answer_repair.hpp"
#include "core/http/event_relay.hpp"
#include "io/worker.hpp"

namespace vertex_relay::io {

class answer_editor : public core::event_editor {
public:
    answer_editor(snapshot& now, core::answer_wishes wishes)
        : repair_(std::move(wishes), now.at.tree, remember_in(now.shared.signatures)),
          worker_(now.at) {}
    ~answer_editor() override { worker_.rest_scratch(); }
    answer_editor(answer_editor const&) = delete;
    answer_editor& operator=(answer_editor const&) = delete;

    std::string_view edit(std::string_view events) override {
        return repair_.events(events, worker_.repaired_text);
    }
    /// The same for a whole answer.
    std::string_view edit_whole(std::string_view json) {
        return repair_.answer(json, worker_.repaired_text);
    }
    bool is_needed() const { return repair_.is_needed(); }
    core::repair_set const& made() const { return repair_.made(); }
    std::optional<core::token_usage> const& counts() const { return repair_.counts(); }

private:
    static core::signature_sink remember_in(signature_store& store) {
        return [&store](core::signed_call const& call, std::string_view signature) {
            store.remember(call, signature);
        };
    }

    core::answer_repair repair_;
    worker& worker_;
};

} // namespace vertex_relay::io
