#include "io/connection.hpp"

#include "io/carrier.hpp"

#include <openssl/crypto.h>

namespace vertex_relay::io {

namespace {

/// Plain text encrypted before the ciphertext is handed to the kernel.
constexpr std::size_t burst_bytes = 64 * 1024;

} // namespace

connection::connection(event_loop& loop, wire_buffers& buffers)
    : socket_(loop), buffers_(buffers) {}

connection::connection(event_loop& loop, wire_buffers& buffers, std::unique_ptr<carrier> outer)
    : socket_(loop), buffers_(buffers), carrier_(std::move(outer)) {}

connection::~connection() = default;

io::socket& connection::socket() { return carrier_ ? carrier_->socket() : socket_; }

bool connection::has_unread() {
    return socket().readable() || (carrier_ && carrier_->has_rest());
}

io_result connection::pull(std::span<char> into) {
    return carrier_ ? carrier_->read_some(into) : socket_.read_some(into);
}

connection::received connection::read() {
    if (auto kept = std::exchange(early_, std::nullopt)) {
        return {kept->status, scratch(kept->bytes)};
    }
    auto got = receive();
    if (!buffers_.cipher_out.empty()) { // a key update asks for an answer; best effort
        std::string_view answer = buffers_.cipher_out;
        carrier_ ? carrier_->write_some(answer) : socket_.write_some({&answer, 1});
        buffers_.cipher_out.clear();
    }
    return got;
}

connection::received connection::receive() {
    if (!tls_) {
        auto got = pull(buffers_.plain);
        return {got.status, std::span(buffers_.plain).first(got.bytes)};
    }
    buffers_.cipher_out.clear(); // a write that failed may have left its records there
    while (!closed_) {
        auto got = pull(buffers_.cipher_in);
        if (got.status != io_status::ok) {
            // An end without TLS's own close may be a cut: say so.
            return {got.status == io_status::end ? io_status::error : got.status, {}};
        }
        buffers_.unread = {buffers_.cipher_in.data(), got.bytes};
        std::size_t plain = 0;
        auto progress = tls_->decrypt(plain);
        closed_ = progress == tls_session::progress::done; // told once, maybe behind the last bytes
        if (plain > 0) {
            return {io_status::ok, std::span(buffers_.plain).first(plain)};
        }
        if (progress == tls_session::progress::failed) {
            return {io_status::error, {}};
        }
        if (!closed_ && !has_unread()) {
            return {io_status::again, {}};
        }
    }
    return {io_status::end, {}};
}

std::span<char> connection::scratch(std::string_view bytes) {
    bytes.copy(buffers_.plain.data(), buffers_.plain.size());
    return std::span(buffers_.plain).first(bytes.size());
}

/// Whether the peer has answered or ended. Bytes alone do not tell: TLS 1.3 servers send session
/// tickets when they like (RFC 8446 section 4.6.1).
bool connection::has_early_answer() {
    auto got = receive();
    if (got.status == io_status::again) {
        return false;
    }
    early_ = early_bytes{got.status, std::string(got.bytes.data(), got.bytes.size())};
    return true;
}

task<connection::sent> connection::write(fiber& sleeper, std::span<std::string_view const> parts) {
    if (tls_) {
        co_return co_await write_tls(sleeper, parts);
    }
    co_return co_await write_plain(sleeper, parts);
}

task<connection::sent> connection::write_plain(fiber& sleeper,
                                               std::span<std::string_view const> parts) {
    for (auto part : parts) {
        auto result = co_await flush(sleeper, part, true);
        if (result != sent::all) {
            co_return result;
        }
    }
    co_return sent::all;
}

/// Copies the parts from `index` on that fit into one burst; `index` moves behind them.
std::string_view connection::pack(std::span<std::string_view const> parts, std::size_t& index) {
    auto end = index;
    std::size_t bytes = 0;
    while (end < parts.size() && bytes + parts[end].size() <= burst_bytes) {
        bytes += parts[end++].size();
    }
    auto& text = buffers_.plain_out;
    text.clear();
    text.reserve(bytes); // growing later would leave the token in memory given back
    while (index < end) {
        text += parts[index++];
    }
    return text;
}

task<connection::sent> connection::write_tls(fiber& sleeper,
                                             std::span<std::string_view const> parts) {
    std::size_t index = 0;
    while (index < parts.size()) {
        auto rest = pack(parts, index); // head and a small body travel in one record
        if (rest.empty()) {
            rest = parts[index++];
        }
        while (!rest.empty()) {
            auto burst = rest.substr(0, burst_bytes);
            rest.remove_prefix(burst.size());
            buffers_.cipher_out.clear();
            bool good = tls_->encrypt(burst);
            // The head holds the token.
            auto& copied = buffers_.plain_out;
            OPENSSL_cleanse(copied.data(), std::min(copied.size(), parts[0].size()));
            copied.clear();
            if (!good) {
                co_return sent::failed;
            }
            auto result = co_await flush(sleeper, buffers_.cipher_out, true);
            if (result != sent::all) {
                co_return result;
            }
        }
    }
    buffers_.cipher_out.clear();
    co_return sent::all;
}

/// The common case is one `send` that takes everything; only what is left is copied, because the
/// loop's buffer belongs to others as soon as this fiber sleeps.
task<connection::sent> connection::flush(fiber& sleeper, std::string_view bytes,
                                         bool watch_answer) {
    if (carrier_) {
        co_return co_await carrier_->write(sleeper, std::string(bytes));
    }
    std::string left;
    while (!bytes.empty()) {
        auto wrote = socket_.write_some({&bytes, 1});
        if (wrote.status == io_status::error) {
            bool told = watch_answer && has_early_answer() && early_->status == io_status::ok;
            co_return told ? sent::answered_early : sent::failed;
        }
        bytes.remove_prefix(wrote.bytes);
        if (bytes.empty()) {
            break;
        }
        if (left.empty()) {
            left.assign(bytes);
            bytes = left;
            buffers_.cipher_out.clear();
        }
        while (!socket_.writable()) {
            if (sleeper.stopped() != cause::none) {
                co_return sent::stopped;
            }
            if (watch_answer && has_early_answer()) {
                co_return sent::answered_early;
            }
            if (!buffers_.cipher_out.empty()) { // a key update's answer waits for its turn
                left = std::string(bytes) + std::exchange(buffers_.cipher_out, {});
                bytes = left;
            }
            co_await sleeper.sleep();
        }
    }
    co_return sent::all;
}

task<std::expected<void, tls_fault>> connection::handshake(fiber& sleeper, SSL_CTX& context,
                                                           tls_opening how) {
    auto broken = [](std::string reason) {
        return std::unexpected(tls_fault{.untrusted = false, .reason = std::move(reason)});
    };
    tls_.emplace(context, buffers_, how.name, how.offer);
    buffers_.unread = how.early;
    while (true) {
        buffers_.cipher_out.clear();
        auto progress = tls_->handshake();
        auto outgoing = std::exchange(buffers_.cipher_out, {});
        auto result = co_await flush(sleeper, outgoing, false);
        if (progress == tls_session::progress::failed) {
            co_return std::unexpected(tls_->fault());
        }
        if (result != sent::all) {
            co_return broken(result == sent::stopped ? "timed out" : "connection closed");
        }
        if (progress == tls_session::progress::done) {
            std::size_t early = 0;
            bool clean = buffers_.unread.empty() ||
                         tls_->decrypt(early) == tls_session::progress::wants_read;
            if (!clean || early > 0) {
                co_return broken("unexpected data after the handshake");
            }
            co_return std::expected<void, tls_fault>();
        }
        while (!has_unread()) {
            if (sleeper.stopped() != cause::none) {
                co_return broken("timed out");
            }
            co_await sleeper.sleep();
        }
        auto got = pull(buffers_.cipher_in);
        if (got.status == io_status::end || got.status == io_status::error) {
            co_return broken("connection closed during the TLS handshake");
        }
        buffers_.unread = {buffers_.cipher_in.data(), got.bytes};
    }
}

} // namespace vertex_relay::io
