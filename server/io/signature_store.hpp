#pragma once
// The one memory of thought signatures for all workers, and the file that lets histories survive a
// restart. Tool calls are rare beside events: a short lock and one `write` for each.

#include "core/gemini/signature_memory.hpp"

#include <chrono>
#include <mutex>
#include <string>

namespace vertex_relay::io {

class signature_store {
public:
    /// Reads the file at `path`, if there is one, and writes it anew without what is outdated, for
    /// its owner alone (mode 0600); while another process has it, it is only appended to. `path`
    /// empty: kept in memory only. Throws std::runtime_error with a sentence if the file cannot be
    /// read or written, or holds something else.
    explicit signature_store(std::string path);
    ~signature_store();
    signature_store(signature_store const&) = delete;
    signature_store& operator=(signature_store const&) = delete;

    /// Any thread, like `find`. A full disk costs the file its newest lines, until there is room
    /// again, and no request.
    void remember(core::signed_call const& call, std::string_view signature);
    std::optional<std::string> find(core::signed_call const& call);

private:
    void restore();
    bool open_to_append();
    bool rewrite();
    bool may_rewrite();
    [[noreturn]] void give_up(std::string_view what) const;

    std::string path_;
    std::mutex mutex_; ///< of all below
    core::signature_memory memory_;
    int fd_ = -1;              ///< open for appending
    bool owned_ = false;       ///< nobody else had the file
    bool torn_ = false;        ///< it ends in half a line: nothing may be appended
    std::chrono::seconds pause_{0}; ///< between two attempts to write it anew
    std::chrono::steady_clock::time_point ask_again_;
    std::size_t appended_ = 0; ///< bytes since the file was written anew
};

} // namespace vertex_relay::io
