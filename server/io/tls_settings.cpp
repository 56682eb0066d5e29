#include "io/tls_settings.hpp"

namespace vertex_relay::io {

tls_settings::tls_settings(std::string ca_file)
    : loader_([this, ca_file = std::move(ca_file)] {
          context_ = make_client_context(ca_file);
          ready_.store(true, std::memory_order_release);
          loaded_.notify();
      }) {}

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
