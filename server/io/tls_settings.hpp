#pragma once
// The client TLS context, shared by all loops. Reading the CA bundle takes about 20 ms, so it is
// made on a thread of its own while the listeners already accept.

#include "io/broadcast.hpp"
#include "io/tls.hpp"
#include "io/watched_files.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace vertex_relay::io {

class tls_settings {
public:
    explicit tls_settings(std::string ca_file);

    /// The context, waiting for it if need be; the error is a sentence. Any loop.
    task<std::expected<SSL_CTX*, std::string>> context(fiber& sleeper);

    /// Blocks until the context is there, for threads without a loop; the error as above.
    std::expected<void, std::string> wait() const;

    /// Whether the files it was made of are others now, or could not be read. Any thread.
    bool outdated() const {
        return files_.changed() || (ready_.load(std::memory_order_acquire) && !context_);
    }

private:
    watched_files const files_;
    std::atomic<bool> ready_ = false;
    std::expected<ssl_ctx_ptr, std::string> context_; ///< written once, before `ready_`
    broadcast loaded_;
    std::jthread loader_;
};

} // namespace vertex_relay::io
