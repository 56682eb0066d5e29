#include "simulator/asio.hpp"
#include "simulator/certificate.hpp"
#include "simulator/credential_files.hpp"
#include "simulator/files.hpp"
#include "simulator/origin.hpp"
#include "simulator/session.hpp"
#include "simulator/simulator.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace vertex_relay::simulator {

namespace fs = std::filesystem;

namespace {

using boost::system::error_code;

int select_http11(SSL*, unsigned char const** out, unsigned char* size, unsigned char const* in,
                  unsigned in_size, void*) {
    static constexpr unsigned char offered[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    int result = SSL_select_next_proto(&chosen, size, offered, sizeof offered, in, in_size);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/// Clients may show a certificate, and those of the token exchange must: it is compared there.
int take_any_certificate(int, X509_STORE_CTX*) { return 1; }

error_code prepare_tls(net::ssl::context& tls, identity const& own) {
    error_code error;
    tls.set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
                        net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 |
                        net::ssl::context::no_tlsv1_1,
                    error);
    tls.use_certificate_chain(net::buffer(own.certificate_pem), error);
    if (!error) {
        tls.use_private_key(net::buffer(own.key_pem), net::ssl::context::pem, error);
    }
    auto* native = tls.native_handle();
    SSL_CTX_set_alpn_select_cb(native, select_http11, nullptr);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, take_any_certificate);
    static constexpr unsigned char name[] = "vertex-simulator";
    SSL_CTX_set_session_id_context(native, name, sizeof name - 1);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_SERVER);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    return error;
}

error_code listen_on(tcp::acceptor& acceptor, std::uint16_t port) {
    error_code error;
    tcp::endpoint address(net::ip::address_v4::loopback(), port);
    acceptor.open(address.protocol(), error);
    if (!error) {
        acceptor.set_option(net::socket_base::reuse_address(true), error);
        acceptor.bind(address, error);
    }
    if (!error) {
        acceptor.listen(4096, error);
    }
    return error;
}

} // namespace

class instance::impl {
public:
    explicit impl(options settings) : settings_(std::move(settings)) {}

    ~impl() {
        if (thread_.joinable()) {
            loop_.stop();
            thread_.join();
        }
    }

    /// Empty on success.
    std::string prepare() {
        auto own = make_identity();
        auto rsa = make_rsa_pair();
        auto foreign = make_foreign_identity();
        if (!own || !rsa || !foreign) {
            return !own ? own.error() : !rsa ? rsa.error() : foreign.error();
        }
        if (auto error = prepare_tls(tls_, *own)) {
            return "cannot set up TLS: " + error.message();
        }
        for (auto [acceptor, port] : {std::pair(&acceptor_, settings_.port),
                                      std::pair(&metadata_acceptor_, settings_.metadata_port)}) {
            if (auto error = listen_on(*acceptor, port)) {
                return fmt::format("cannot listen on 127.0.0.1:{}: {}", port, error.message());
            }
        }
        port_ = acceptor_.local_endpoint().port();
        metadata_port_ = metadata_acceptor_.local_endpoint().port();
        auto script = settings_.script.empty() ? fault_script()
                                               : fault_script::load(settings_.script);
        if (!script) {
            return script.error();
        }
        auto captures = settings_.replay.empty() ? replay() : replay::load(settings_.replay);
        if (!captures) {
            return captures.error();
        }
        auto clients = register_clients(settings_.project,
                                        fmt::format("https://127.0.0.1:{}/token", port_),
                                        rsa->private_pem, rsa->public_pem);
        origin::identities known{std::move(clients), std::move(*foreign)};
        auto written = write_files(*own, known);
        origin_.emplace(settings_, std::move(known),
                        origin::scripts{std::move(*script), std::move(*captures)});
        return written;
    }

    void run() {
        net::co_spawn(loop_, accept_tls(), net::detached);
        net::co_spawn(loop_, accept_metadata(), net::detached);
        thread_ = std::thread([this] { loop_.run(); });
    }

    /// Runs `action` on the simulator's thread and waits for its value.
    template <class Action>
    auto on_thread(Action action) {
        std::packaged_task<decltype(action())()> work(std::move(action));
        auto value = work.get_future();
        net::post(loop_, [&work] { work(); });
        return value.get();
    }

    origin& world() { return *origin_; }

    std::uint16_t port_ = 0;
    std::uint16_t metadata_port_ = 0;
    fs::path dir_;

private:
    std::string write_files(identity const& own, origin::identities const& known) {
        auto opened = file_set::open(settings_.dir);
        if (!opened) {
            return opened.error();
        }
        files_.emplace(std::move(*opened));
        auto const& clients = known.clients;
        dir_ = files_->dir();
        places at{.base = fmt::format("https://127.0.0.1:{}", port_),
                  .metadata = fmt::format("http://127.0.0.1:{}", metadata_port_),
                  .dir = fs::absolute(dir_)};
        auto texts = federated_files(clients, known.foreign, at);
        texts.push_back({"ca.pem", own.ca_pem});
        texts.push_back({"adc.json", authorized_user_file(clients)});
        texts.push_back({"sa.json", simulator::service_account_file(clients)});
        for (auto const& one : texts) {
            if (auto path = files_->write(one.name, one.text); !path) {
                return path.error();
            }
        }
        return "";
    }

    task<void> accept_tls() {
        while (true) {
            auto [failed, socket] = co_await acceptor_.async_accept(awaited);
            if (!failed) {
                socket.set_option(tcp::no_delay(true), failed);
                spawn_tls_session(std::move(socket), tls_, *origin_);
            } else {
                co_await pause(); // out of descriptors: let some close
            }
        }
    }

    task<void> accept_metadata() {
        while (true) {
            auto [failed, socket] = co_await metadata_acceptor_.async_accept(awaited);
            if (!failed) {
                spawn_metadata_session(std::move(socket), *origin_);
            } else {
                co_await pause();
            }
        }
    }

    task<void> pause() {
        net::steady_timer timer(loop_, std::chrono::milliseconds(50));
        auto [ignored] = co_await timer.async_wait(awaited);
        static_cast<void>(ignored);
    }

    options settings_;
    std::optional<file_set> files_;
    std::optional<origin> origin_; // outlives the sessions in loop_
    net::ssl::context tls_{net::ssl::context::tls_server};
    net::io_context loop_{1};
    tcp::acceptor acceptor_{loop_};
    tcp::acceptor metadata_acceptor_{loop_};
    std::thread thread_;
};

instance::instance(std::unique_ptr<impl> owned) : impl_(std::move(owned)) {}
instance::~instance() = default;

std::expected<std::unique_ptr<instance>, std::string> instance::start(options settings) {
    auto made = std::make_unique<impl>(std::move(settings));
    auto complaint = made->prepare();
    if (!complaint.empty()) {
        return std::unexpected(std::move(complaint));
    }
    made->run();
    return std::unique_ptr<instance>(new instance(std::move(made)));
}

std::uint16_t instance::port() const { return impl_->port_; }
std::uint16_t instance::metadata_port() const { return impl_->metadata_port_; }
fs::path instance::ca_file() const { return file("ca.pem"); }
fs::path instance::credentials_file() const { return file("adc.json"); }
fs::path instance::service_account_file() const { return file("sa.json"); }
fs::path instance::file(std::string_view name) const { return impl_->dir_ / name; }
snapshot instance::seen() const { return impl_->world().seen().read(); }

std::expected<void, std::string> instance::add_rule(std::string_view line) {
    return impl_->on_thread([this, line] { return impl_->world().add_rule(line); });
}

void instance::advance_clock(std::chrono::seconds by) {
    impl_->on_thread([this, by] { impl_->world().advance_clock(by); });
}

void instance::revoke_tokens() {
    impl_->on_thread([this] { impl_->world().revoke_tokens(); });
}

namespace {

/// What `settings.dir` holds that would have to be overwritten; empty: nothing.
fs::path file_in_the_way(options const& settings) {
    for (auto const* name : {"ca.pem", "adc.json", "sa.json"}) {
        std::error_code error;
        if (!settings.dir.empty() && fs::exists(settings.dir / name, error)) {
            return settings.dir / name;
        }
    }
    return {};
}

/// What points a relay at it, on stderr: stdout is for programs.
void print_command(instance const& one, options const& settings) {
    fmt::print(stderr,
               "point a relay at it:\n  vertex-relay serve --project {} "
               "--upstream-endpoint https://127.0.0.1:{} --upstream-ca-file {} "
               "--google-credentials {} --google-allow-any-token-host\n",
               settings.project, one.port(), one.ca_file().string(),
               one.credentials_file().string());
}

} // namespace

int run(options const& settings) {
    if (auto taken = file_in_the_way(settings); !taken.empty()) {
        fmt::print(stderr,
                   "simulate: {} exists already and is not overwritten: remove it, or give --dir "
                   "another directory\n",
                   taken.string());
        return 2;
    }
    net::io_context loop{1};
    net::signal_set signals(loop, SIGINT, SIGTERM);
    auto started = instance::start(settings);
    if (!started) {
        fmt::print(stderr, "simulate: {}\n", started.error());
        return 1;
    }
    if (!settings.quiet) {
        auto const& one = **started;
        fmt::print("simulating https://127.0.0.1:{} metadata=127.0.0.1:{} ca={} credentials={}\n",
                   one.port(), one.metadata_port(), one.ca_file().string(),
                   one.credentials_file().string());
        std::fflush(stdout);
        print_command(one, settings);
    }
    signals.async_wait([](error_code, int) {});
    loop.run();
    return 0;
}

} // namespace vertex_relay::simulator
