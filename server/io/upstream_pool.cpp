#include "io/upstream_pool.hpp"

namespace vertex_relay::io {

bool upstream_pool::usable(connection& line) const {
    // Readable while idle means closed, or bytes nobody asked for.
    return loop_.now() - line.idle_since < limits_.idle && !line.socket().hung_up() &&
           !line.has_unread();
}

std::unique_ptr<connection> upstream_pool::take_idle(host_lines& lines) {
    while (!lines.idle.empty()) {
        auto line = std::move(lines.idle.back());
        lines.idle.pop_back();
        --idle_;
        if (usable(*line)) {
            line->reused = true;
            return line;
        }
    }
    return nullptr;
}

task<core::result<std::unique_ptr<connection>>>
upstream_pool::acquire(fiber& sleeper, core::upstream_host const& host, bool fresh_only) {
    if (auto line = fresh_only ? nullptr : take_idle(hosts_[host])) {
        line->socket().wakes(&sleeper);
        co_return std::move(line);
    }
    sleeper.expires_after(limits_.connect);
    auto* resume = hosts_[host].session.get();
    if (resume != nullptr) {
        SSL_SESSION_up_ref(resume);
    }
    ssl_session_ptr kept(resume); // the map may change while we wait
    connect_options how{.offer = {.resume = kept.get()}};
    auto line = co_await connector_.connect(sleeper, host, how);
    if (!line) {
        co_return std::unexpected(core::connect_failure(line.error(), host));
    }
    co_return std::move(*line);
}

void upstream_pool::release(std::unique_ptr<connection> line) {
    auto& lines = hosts_[line->host];
    if (auto* tls = line->tls(); tls != nullptr && !line->reused) {
        if (auto session = tls->session()) {
            lines.session = std::move(session);
        }
    }
    line->socket().wakes(nullptr);
    line->idle_since = loop_.now();
    if (idle_ >= limits_.idle_max || !usable(*line)) {
        return;
    }
    lines.idle.push_back(std::move(line));
    ++idle_;
}

void upstream_pool::sweep() {
    for (auto& [key, lines] : hosts_) {
        idle_ -= std::erase_if(lines.idle, [&](auto const& line) { return !usable(*line); });
    }
}

} // namespace vertex_relay::io
