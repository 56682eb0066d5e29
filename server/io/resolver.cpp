#include "io/resolver.hpp"

#include "core/ascii.hpp"
#include "io/asio.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace vertex_relay::io {

namespace {

constexpr auto fresh_for = std::chrono::seconds(60);
constexpr auto last_good_for = std::chrono::minutes(10);
constexpr std::size_t answers_max = 256;

std::string key_of(std::string const& host, std::uint16_t port) {
    return fmt::format("{}:{}", host, port);
}

socket_address from_endpoint(tcp::endpoint const& endpoint) {
    socket_address out;
    std::memcpy(&out.storage, endpoint.data(), endpoint.size());
    out.size = static_cast<socklen_t>(endpoint.size());
    out.text = endpoint.address().to_string();
    return out;
}

core::failure unreachable(std::string const& host, std::string const& reason) {
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_unreachable",
            .message = fmt::format("Cannot resolve {}: {}. Check the network and the name server.",
                                   host, reason)};
}

} // namespace

std::optional<socket_address> parse_address(std::string const& host, std::uint16_t port) {
    boost::system::error_code error;
    auto address = net::ip::make_address(host, error);
    if (error) {
        return std::nullopt;
    }
    return from_endpoint({address, port});
}

/// Shared by the asker and Asio's handler; whoever comes last frees it.
struct resolver::lookup {
    explicit lookup(event_loop& loop) : asio(loop.context()) {}
    tcp::resolver asio;
    fiber* sleeper = nullptr; ///< null once the asker has given up
    bool done = false;
    boost::system::error_code error;
    std::vector<socket_address> addresses;
};

resolver::resolver(event_loop& loop, std::vector<std::string> const& overrides) : loop_(loop) {
    for (auto const& entry : overrides) {
        auto equals = entry.find('=');
        auto colon = entry.rfind(':');
        if (equals == entry.npos || colon == entry.npos || colon < equals) {
            continue;
        }
        auto host = entry.substr(equals + 1, colon - equals - 1);
        if (host.starts_with('[')) {
            host = host.substr(1, host.size() - 2);
        }
        auto port = core::ascii::parse_decimal<std::uint16_t>(entry.substr(colon + 1));
        auto address = parse_address(host, port.value_or(0));
        if (address && port) {
            overrides_.emplace(entry.substr(0, equals), *address);
        }
    }
}

resolver::~resolver() = default;

task<std::shared_ptr<resolver::lookup>> resolver::ask(fiber& sleeper, std::string const& host,
                                                      std::uint16_t port) {
    auto question = std::make_shared<lookup>(loop_);
    question->sleeper = &sleeper;
    question->asio.async_resolve(
        host, std::to_string(port),
        [question](boost::system::error_code error, tcp::resolver::results_type results) {
            question->done = true;
            question->error = error;
            for (auto const& entry : results) {
                question->addresses.push_back(from_endpoint(entry.endpoint()));
            }
            if (question->sleeper != nullptr) {
                question->sleeper->wake();
            }
        });
    while (!question->done && sleeper.stopped() == cause::none) {
        co_await sleeper.sleep();
    }
    question->sleeper = nullptr;
    co_return question;
}

task<core::result<std::vector<socket_address>>> resolver::resolve(fiber& sleeper, std::string host,
                                                                  std::uint16_t port) {
    using addresses = std::vector<socket_address>;
    auto key = key_of(host, port);
    if (auto found = overrides_.find(key); found != overrides_.end()) {
        co_return addresses{found->second};
    }
    if (auto numeric = parse_address(host, port)) {
        co_return addresses{*numeric};
    }
    auto known = answers_.find(key);
    if (known != answers_.end() && loop_.now() - known->second.at < fresh_for) {
        co_return known->second.addresses;
    }
    auto question = co_await ask(sleeper, host, port);
    if (question->done && !question->error && !question->addresses.empty()) {
        if (answers_.size() >= answers_max) {
            answers_.clear();
        }
        answers_[key] = {question->addresses, loop_.now()};
        co_return question->addresses;
    }
    known = answers_.find(key);
    if (known != answers_.end() && loop_.now() - known->second.at < last_good_for) {
        co_return known->second.addresses;
    }
    auto reason = question->done ? question->error.message() : std::string("no answer in time");
    co_return std::unexpected(unreachable(host, reason));
}

} // namespace vertex_relay::io
