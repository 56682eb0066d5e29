#include "faults/fault_stage.hpp"

#include "unit/http/wire.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::tests {

namespace {

constexpr std::string_view good_answer = R"({"choices":[]})";
constexpr auto soon = core::milliseconds(150);
constexpr std::size_t large_bytes = 8'000'000; ///< more than loopback's buffers take

std::string request_of(scenario const& one) {
    auto body = chat_body(open_model, one.stream);
    if (one.large) {
        body.insert(1, std::string(large_bytes, ' '));
    }
    return post_chat(body);
}

/// The client has it: of an answer's head or of its body, chunks taken off.
bool has_come(std::string_view received, std::string_view text) {
    auto head_end = received.find("\r\n\r\n");
    if (head_end == received.npos) {
        return false;
    }
    auto body = received.substr(head_end + 4);
    bool chunks = received.substr(0, head_end).find("chunked") != received.npos;
    return received.substr(0, head_end + 4).find(text) != received.npos ||
           (chunks ? dechunk(body).text : std::string(body)).find(text) != std::string::npos;
}

/// Of a kind that no client should accept.
simulator::identity make_identity_of(listener_kind kind) {
    using hours = std::chrono::hours;
    auto made = simulator::make_identity(
        kind == listener_kind::expired      ? simulator::leaf_terms{.valid_until = hours(-1)}
        : kind == listener_kind::not_yet    ? simulator::leaf_terms{.valid_from = hours(1)}
        : kind == listener_kind::other_name ? simulator::leaf_terms{.names = "DNS:other.example"}
                                            : simulator::leaf_terms{});
    if (kind == listener_kind::unknown) {
        made->ca_pem = simulator::make_identity()->ca_pem;
    }
    if (kind == listener_kind::self_signed) {
        auto own = simulator::make_client_pair();
        made->certificate_pem = own->certificate_pem;
        made->key_pem = own->key_pem;
    }
    return *made;
}

std::unique_ptr<scripted_origin> make_origin(listener_kind kind, scripted_origin::script each) {
    if (is_untrusted(kind)) {
        return std::make_unique<scripted_origin>(std::move(each), make_identity_of(kind));
    }
    return std::make_unique<scripted_origin>(std::move(each), kind == listener_kind::tls
                                                                  ? scripted_origin::wire::tls
                                                                  : scripted_origin::wire::plain);
}

void send(origin_line& line, std::string_view bytes, bool dribble) {
    for (std::size_t at = 0; dribble && at < bytes.size(); ++at) {
        line.send(bytes.substr(at, 1));
    }
    if (!dribble) {
        line.send(bytes);
    }
}

} // namespace

fault_stage::fault_stage(surroundings around) : around_(around) {
    origin_ = make_origin(around.upstream, [this](origin_line& line) { serve(line); });
    auto port = origin_->port();
    if (around.upstream == listener_kind::nobody) {
        origin_.reset(); // its port stays free for the moment
    }
    rig_ = std::make_unique<relay_rig>([&](core::config& settings, auto const&) {
        adjust(settings);
        if (around.upstream == listener_kind::tls || is_untrusted(around.upstream)) {
            origin_->stand_in(settings);
        } else {
            settings.upstream.endpoint = fmt::format("https://127.0.0.1:{}", port);
        }
    });
}

void fault_stage::adjust(core::config& settings) const {
    settings.log.access = true;
    settings.limits.event_bytes = 100'000;
    switch (around_.soon) {
    case deadline::connect: settings.upstream.connect_timeout_ms = soon; break;
    case deadline::write: settings.timeouts.write_ms = soon; break;
    case deadline::first_byte: settings.upstream.first_byte_timeout_ms = soon; break;
    case deadline::idle: settings.upstream.idle_timeout_ms = soon; break;
    case deadline::none: break;
    }
}

// ------------------------------------------------------------------------------------ the origin

void fault_stage::serve(origin_line& line) {
    std::shared_ptr<turn> now;
    {
        std::scoped_lock lock(mutex_);
        now = now_;
    }
    auto number = now->connections++;
    if (around_.upstream == listener_kind::no_tls) {
        line.skip(1); // the relay's hello is there
        line.send(now->one.instead);
        strike(line, *now);
    } else if (now->one.reused && number == 0) {
        serve_twice(line, *now);
    } else if (now->one.reused) {
        serve_well(line, *now);
    } else {
        serve_badly(line, *now);
    }
}

void fault_stage::serve_well(origin_line& line, turn& now) {
    if (line.read()) {
        ++now.requests;
        line.send(json_answer(good_answer));
    }
}

/// Once well. Then the fault comes while nothing is asked, or inside the second answer.
void fault_stage::serve_twice(origin_line& line, turn& now) {
    line.read();
    line.send(json_answer(good_answer));
    now.go.wait();
    if (!now.one.before.empty() && line.read()) {
        ++now.requests;
        line.send(now.one.before);
    }
    line.send(now.one.instead);
    strike(line, now);
}

void fault_stage::serve_badly(origin_line& line, turn& now) {
    if (now.one.large) {
        line.bound_unread();
        line.read_head();
    } else if (line.read()) {
        ++now.requests;
    }
    send(line, now.one.before, now.one.dribble);
    now.go.wait();
    send(line, now.one.instead, now.one.dribble);
    strike(line, now);
}

void fault_stage::strike(origin_line& line, turn& now) {
    switch (now.one.upstream) {
    case fault::cut: line.cut(); break;
    case fault::reset: line.reset(); break;
    case fault::stall: break;
    default: line.close();
    }
    now.struck.open();
    if (now.one.large && now.one.upstream == fault::stall) {
        now.over.wait(); // who reads does not stall an upload
    }
    if (line.wait_for_end()) {
        now.left.open();
    }
}

// ------------------------------------------------------------------------------------ the client

/// The connection that will be struck has served a request and is idle, or has been struck by now.
void fault_stage::warm_up(turn& now) {
    rig_->ask(chat(open_model, false));
    rig_->settles();
    new_log_lines();
    now.go.open();
    if (now.one.before.empty()) {
        now.struck.wait();
        rig_->on_worker([](io::worker&) {});
        rig_->on_worker([](io::worker&) {}); // the relay has seen it
    }
}

http_answer fault_stage::ask(turn& now) {
    auto const& one = now.one;
    auto client = rig_->connect();
    bool sent = client.send(request_of(one));
    bool waited = one.seen.empty() || client.wait_until([&](std::string_view received) {
        return has_come(received, one.seen);
    });
    if (one.client == fault::none && !one.half_close) {
        now.go.open();
        return sent && waited ? read(client, one) : http_answer{};
    }
    // It leaves while the origin is at work on its request, and not before.
    bool at_work = eventually([&] { return now.connections == 1; });
    now.go.open();
    now.struck.wait();
    if (one.half_close) {
        client.half_close();
        return at_work ? read(client, one) : http_answer{};
    }
    one.client == fault::reset ? client.reset() : client.close();
    return {};
}

/// An answer that is not whole ends with the connection.
http_answer fault_stage::read(relay_client& client, scenario const& one) {
    auto answer = client.read();
    bool ended = one.wanted.complete || client.wait_for_end() != ending::open;
    answer.complete = answer.complete || !ended;
    return answer;
}

/// Lets go of the connections that the origin has ended.
bool fault_stage::empty_pool() {
    return eventually([this] {
        rig_->on_worker([](io::worker& at) { at.current()->upstream->pool.sweep(); });
        return rig_->idle_upstream() == 0;
    });
}

std::string fault_stage::new_log_lines() {
    auto text = rig_->log_text();
    auto fresh = text.substr(log_read_);
    log_read_ = text.size();
    return fresh;
}

std::string fault_stage::play(scenario const& one) {
    auto now = std::make_shared<turn>(one);
    {
        std::scoped_lock lock(mutex_);
        now_ = now;
    }
    if (one.reused) {
        warm_up(*now);
    }
    auto answer = ask(*now);
    now->over.open();
    std::string wrong;
    if (!rig_->settles() || !empty_pool()) {
        wrong += "the relay does not come to rest; ";
    }
    bool met = origin_ && !is_untrusted(around_.upstream);
    if (met ? !now->left.wait() : now->connections != 0) {
        wrong += met ? "the relay keeps the connection that broke; "
                     : "the relay speaks to whom it cannot trust; ";
    }
    if (now->requests != one.wanted.requests) {
        wrong += fmt::format("{} requests instead of {}; ", now->requests.load(),
                             one.wanted.requests);
    }
    return wrong + judge(one, answer, new_log_lines());
}

} // namespace vertex_relay::tests
