#pragma once
// Thought signatures of past tool calls. Gemini 3 refuses a call in the history without the
// signature it came with, and most OpenAI tools drop it (Google: "Thought signatures").
//
// Found by the id of the call, or, when a client rewrites ids, by the function's name and
// arguments. Bounded and forgetful; time is passed in. Not for several threads at once: the owner
// locks.

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vertex_relay::core {

/// A tool call as it stands in an answer or in a history. Views of the caller's bytes.
struct signed_call {
    std::string_view id;        ///< may be empty
    std::string_view name;      ///< of the function, as Vertex knows it; empty: only its id tells
    std::string_view arguments; ///< JSON text
};

struct signature_limits {
    std::size_t bytes_max = 64U * 1024 * 1024; ///< keys and signatures together
    std::chrono::seconds lifetime = std::chrono::hours(24 * 7);
};

class signature_memory {
public:
    using seconds = std::chrono::seconds; ///< since 1970, so that a file outlives a restart

    explicit signature_memory(signature_limits limits = {}) : limits_(limits) {}

    /// A signature that is there already is replaced. Empty or absurdly long ones (> 256 KiB) are
    /// not kept: false. The oldest go when the memory is full.
    bool remember(signed_call const& call, std::string_view signature, seconds now);

    /// The signature the call came with; nullopt if it is unknown or too old.
    std::optional<std::string> find(signed_call const& call, seconds now);

    std::size_t bytes() const { return bytes_; }
    std::size_t size() const { return entries_.size(); }

    /// One line per entry, oldest first; `restore` takes such lines back and skips what it cannot
    /// read. The text holds signatures and hashes, no prompt and no arguments.
    std::string save() const;
    /// The line of the entry remembered last; empty if there is none.
    std::string newest() const;
    void restore(std::string_view lines, seconds now);

private:
    struct entry {
        std::uint64_t id_hash;   ///< 0: had no id
        std::uint64_t call_hash; ///< of name and arguments
        std::string signature;
        seconds remembered;
    };
    using place = std::list<entry>::iterator;

    static std::string line_of(entry const& one);
    void forget(place one);
    void insert(entry fresh);

    signature_limits limits_;
    std::list<entry> entries_; ///< oldest first
    std::unordered_map<std::uint64_t, place> by_id_;
    std::unordered_map<std::uint64_t, place> by_call_;
    std::size_t bytes_ = 0;
};

} // namespace vertex_relay::core
