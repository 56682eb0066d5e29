#include "net/tunnel_proxy.hpp"

#include "io/socket_address.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace vertex_relay::tests {

tunnel_proxy::tunnel_proxy(std::uint16_t target, proxy_behaviour behaviour)
    : target_(target), behaviour_(std::move(behaviour)),
      origin_([this](origin_line& line) { serve(line); }, behaviour_.wire) {}

std::string tunnel_proxy::url(std::string const& userinfo) const {
    bool tls = behaviour_.wire == scripted_origin::wire::tls;
    return fmt::format("{}://{}127.0.0.1:{}", tls ? "https" : "http", userinfo, port());
}

core::google::environment tunnel_proxy::variables(std::string const& no_proxy) const {
    return core::google::environment({{"HTTPS_PROXY", url()}, {"NO_PROXY", no_proxy}});
}

core::proxy_rules tunnel_proxy::rules(std::string const& no_proxy) const {
    return core::proxy_rules::from(variables(no_proxy)).value();
}

std::vector<std::string> tunnel_proxy::requests() const {
    std::scoped_lock lock(mutex_);
    return requests_;
}

std::string tunnel_proxy::traffic() const {
    std::scoped_lock lock(mutex_);
    return traffic_;
}

void tunnel_proxy::serve(origin_line& line) {
    auto head = line.read_head();
    if (!head) {
        return;
    }
    {
        std::scoped_lock lock(mutex_);
        requests_.push_back(*head);
    }
    std::size_t step = behaviour_.byte_by_byte ? 1 : behaviour_.answer.size();
    for (std::string_view rest = behaviour_.answer; !rest.empty(); rest.remove_prefix(step)) {
        if (!line.send(rest.substr(0, step))) {
            return;
        }
    }
    if (behaviour_.hold) {
        line.wait_for_end();
    } else if (target_ != 0) {
        lead(line);
    }
}

void tunnel_proxy::lead(origin_line& line) {
    auto address = io::parse_address("127.0.0.1", target_);
    int target = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    {
        std::scoped_lock lock(mutex_);
        targets_.push_back(target);
    }
    if (::connect(target, address->raw(), address->size) == 0) {
        line.join(target, [this](std::string_view piece) {
            std::scoped_lock lock(mutex_);
            traffic_ += piece;
        });
    }
    std::scoped_lock lock(mutex_);
    targets_.remove(target);
    ::close(target);
}

void tunnel_proxy::break_tunnels() {
    std::scoped_lock lock(mutex_);
    for (int target : targets_) {
        ::shutdown(target, SHUT_RDWR);
    }
}

} // namespace vertex_relay::tests
