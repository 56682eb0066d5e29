#include "simulator/session.hpp"

#include <memory>
#include <type_traits>

namespace vertex_relay::simulator {

namespace {

constexpr std::size_t record_bytes = 16 * 1024;
constexpr std::size_t inbox_bytes_max = 1024 * 1024;

/// DER; empty if the client has none.
std::string certificate_shown(SSL& connection) {
    std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(&connection),
                                                      X509_free);
    unsigned char* bytes = nullptr;
    auto size = shown ? i2d_X509(shown.get(), &bytes) : 0;
    std::string der(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

/// Shared by two coroutines: one reads all the time, so that a peer that leaves is seen at once;
/// the other answers.
template <class Stream>
class session : public std::enable_shared_from_this<session<Stream>> {
public:
    session(Stream stream, origin& world)
        : stream_(std::move(stream)), wake_(stream_.get_executor()), room_(stream_.get_executor()),
          world_(world) {
        wake_.expires_at(net::steady_timer::time_point::max());
        room_.expires_at(net::steady_timer::time_point::max());
    }

    static constexpr bool is_tls = !std::is_same_v<Stream, tcp::socket>;

    task<void> serve(std::shared_ptr<session> self) {
        if constexpr (is_tls) {
            auto server = net::ssl::stream_base::server;
            auto [failed] = co_await stream_.async_handshake(server, awaited);
            if (failed) {
                co_return;
            }
            client_certificate_ = certificate_shown(*stream_.native_handle());
        }
        net::co_spawn(stream_.get_executor(), read_on(self), net::detached);
        while (!gone_) {
            bool more = co_await answer_next();
            if (!more) {
                break;
            }
        }
        close_socket();
    }

private:
    tcp::socket::lowest_layer_type& socket() { return stream_.lowest_layer(); }

    task<void> read_on([[maybe_unused]] std::shared_ptr<session> self) {
        std::string buffer(32 * 1024, '\0');
        while (!gone_) {
            auto [failed, size] = co_await stream_.async_read_some(net::buffer(buffer), awaited);
            if (failed) {
                break;
            }
            inbox_.append(buffer, 0, size);
            ++arrived_;
            wake_.cancel();
            while (inbox_.size() > inbox_bytes_max && !gone_) {
                auto [ignored] = co_await room_.async_wait(awaited);
                static_cast<void>(ignored);
            }
        }
        leave();
    }

    /// The peer is gone: whatever is being sent or waited for ends now.
    void leave() {
        if (!gone_ && chat_running_) {
            world_.seen().count(world_.seen().chats_cancelled, "chat cancelled");
        }
        gone_ = true;
        chat_running_ = false;
        wake_.cancel();
        close_socket();
    }

    void close_socket() {
        gone_ = true;
        boost::system::error_code ignored;
        socket().close(ignored);
        room_.cancel();
    }

    /// Waits until the reader brought something, the peer left, or the time is over.
    task<void> pause_until(net::steady_timer::time_point until) {
        wake_.expires_at(until);
        auto [ignored] = co_await wake_.async_wait(awaited);
        static_cast<void>(ignored);
    }

    /// False when the connection is to end.
    task<bool> answer_next() {
        std::optional<plan> early;
        auto seen = arrived_;
        auto state = reader_.read(inbox_);
        room_.cancel();
        while (state == request_reader::state::head || state == request_reader::state::body) {
            if (state == request_reader::state::body) {
                early = is_tls ? world_.reply_early(reader_.current(), reader_.body_so_far())
                               : std::nullopt;
                bool invited = co_await invite_body();
                if (early || !invited) {
                    break;
                }
            }
            if (arrived_ == seen && !gone_) {
                co_await pause_until(net::steady_timer::time_point::max());
            }
            if (gone_) {
                co_return false;
            }
            seen = arrived_;
            state = reader_.read(inbox_);
            room_.cancel();
        }
        auto made = early ? std::move(*early) : answer_to(state);
        bool last = made.close || early || !reader_.current().keep_alive;
        bool sent = co_await carry_out(made);
        reader_.next();
        invited_ = false;
        if (sent && last) {
            co_await end_cleanly();
        }
        co_return sent && !last;
    }

    plan answer_to(request_reader::state state) {
        if (state == request_reader::state::bad) {
            return world_.reply_malformed(reader_.complaint());
        }
        reader_.current().client_certificate = client_certificate_;
        return is_tls ? world_.reply(reader_.current()) : world_.reply_metadata(reader_.current());
    }

    task<bool> invite_body() {
        auto expect = reader_.current().find("expect");
        if (invited_ || !expect) {
            co_return true;
        }
        invited_ = true;
        out_ = "HTTP/1.1 100 Continue\r\n\r\n";
        bool sent = co_await flush();
        co_return sent;
    }

    task<bool> carry_out(plan& made) {
        chat_running_ = made.chat;
        world_.seen().streams_open += made.stream ? 1 : 0;
        bool good = true;
        for (auto& one : made.steps) {
            good = co_await carry_out(one);
            if (!good) {
                break;
            }
        }
        if (good) {
            good = co_await flush();
        }
        world_.seen().streams_open -= made.stream ? 1 : 0;
        if (chat_running_ && (good || ended_by_us_)) {
            world_.seen().count(world_.seen().chats_finished, "chat finished");
        }
        chat_running_ = false;
        co_return good;
    }

    task<bool> carry_out(step& one) {
        if (one.what == step::kind::write) {
            out_ = out_.empty() ? std::move(one.bytes) : out_ + one.bytes;
            co_return true;
        }
        if (one.what == step::kind::repeat) {
            bool all = co_await repeat(one);
            co_return all;
        }
        bool sent = co_await flush();
        if (!sent || one.what == step::kind::flush) {
            co_return sent;
        }
        if (one.what == step::kind::wait || one.what == step::kind::stall) {
            bool stall = one.what == step::kind::stall;
            auto until = stall ? net::steady_timer::time_point::max()
                               : net::steady_timer::clock_type::now() + one.pause;
            co_await rest_until(until);
            co_return !gone_;
        }
        ended_by_us_ = true;
        if (one.what == step::kind::reset) {
            boost::system::error_code ignored;
            socket().set_option(net::socket_base::linger(true, 0), ignored);
        }
        close_socket();
        co_return false;
    }

    /// Early requests of the peer do not end the wait.
    task<void> rest_until(net::steady_timer::time_point until) {
        while (!gone_ && net::steady_timer::clock_type::now() < until) {
            co_await pause_until(until);
        }
    }

    /// At full speed whole events are gathered into one TLS record; paced ones go one by one.
    task<bool> repeat(step const& one) {
        auto begun = net::steady_timer::clock_type::now();
        for (std::uint64_t sent = 0; sent < one.count; ++sent) {
            bool paced = one.per_second > 0;
            if (paced || (!out_.empty() && out_.size() + one.bytes.size() > record_bytes)) {
                bool flushed = co_await flush();
                if (!flushed) {
                    co_return false;
                }
            }
            if (paced) {
                std::chrono::nanoseconds since(1'000'000'000 / one.per_second * sent);
                co_await rest_until(begun + since);
            }
            out_ += one.bytes;
        }
        co_return !gone_;
    }

    task<bool> flush() {
        if (gone_) {
            co_return false;
        }
        if (!out_.empty()) {
            auto [failed, size] = co_await net::async_write(stream_, net::buffer(out_), awaited);
            static_cast<void>(size);
            out_.clear();
            if (failed) {
                leave();
            }
        }
        co_return !gone_;
    }

    /// Says goodbye and reads what the peer is still sending: no reset may overtake the answer.
    task<void> end_cleanly() {
        auto until = net::steady_timer::clock_type::now() + std::chrono::seconds(2);
        net::co_spawn(stream_.get_executor(), say_goodbye(this->shared_from_this()), net::detached);
        while (!gone_ && net::steady_timer::clock_type::now() < until) {
            inbox_.clear();
            room_.cancel();
            co_await pause_until(until);
        }
    }

    task<void> say_goodbye([[maybe_unused]] std::shared_ptr<session> self) {
        boost::system::error_code ignored;
        if constexpr (is_tls) {
            auto [failed] = co_await stream_.async_shutdown(awaited);
            ignored = failed;
        } else {
            socket().shutdown(tcp::socket::shutdown_send, ignored);
        }
        co_return;
    }

    Stream stream_;
    net::steady_timer wake_; // cancelled when the inbox grew or the peer left
    net::steady_timer room_; // cancelled when the inbox was emptied
    origin& world_;
    request_reader reader_;
    std::string inbox_;
    std::string out_;
    std::string client_certificate_; // DER
    std::uint64_t arrived_ = 0; // reads so far, to tell a missed wake-up
    bool gone_ = false;
    bool invited_ = false;
    bool chat_running_ = false;
    bool ended_by_us_ = false;
};

} // namespace

void spawn_tls_session(tcp::socket socket, net::ssl::context& tls, origin& world) {
    using stream = net::ssl::stream<tcp::socket>;
    auto executor = socket.get_executor();
    ++world.seen().connections;
    auto made = std::make_shared<session<stream>>(stream(std::move(socket), tls), world);
    net::co_spawn(executor, made->serve(made), net::detached);
}

void spawn_metadata_session(tcp::socket socket, origin& world) {
    auto executor = socket.get_executor();
    auto made = std::make_shared<session<tcp::socket>>(std::move(socket), world);
    net::co_spawn(executor, made->serve(made), net::detached);
}

} // namespace vertex_relay::simulator
