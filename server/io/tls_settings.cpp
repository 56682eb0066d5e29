#include "io/tls_settings.hpp"

namespace vertex_relay::io {

namespace {

watched_files noted(std::vector<std::string> const& paths) {
    watched_files files;
    for (auto const& path : paths) {
        files.note(path);
    }
    return files;
}

} // namespace

tls_settings::tls_settings(std::string ca_file)
    : files_(noted(trusted_files(ca_file))), loader_([this, ca_file = std::move(ca_file)] {
          context_ = make_client_context(ca_file);
          ready_.store(true, std::memory_order_release);
          ready_.notify_all();
          loaded_.notify();
      }) {}

std::expected<void, std::string> tls_settings::wait() const {
    ready_.wait(false, std::memory_order_acquire);
    return context_ ? std::expected<void, std::string>() : std::unexpected(context_.error());
}

task<std::expected<SSL_CTX*, std::string>> tls_settings::context(fiber& sleeper) {
    using result = std::expected<SSL_CTX*, std::string>;
    if (!ready_.load(std::memory_order_acquire)) {
        auto seat = loaded_.join(sleeper);
        while (!ready_.load(std::memory_order_acquire)) {
            if (sleeper.stopped() != cause::none) {
                co_return result(std::unexpect, "timed out reading the CA certificates");
            }
            co_await sleeper.sleep();
        }
    }
    if (!context_) {
        co_return result(std::unexpect, context_.error());
    }
    co_return result(context_->get());
}

} // namespace vertex_relay::io
