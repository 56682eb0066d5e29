#include "load_run.hpp"

#include "marker.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace vertex_relay::bench {

namespace {

constexpr double second_ns = 1e9;
constexpr std::uint32_t burst_events = 200;
constexpr double opens_per_second = 500; // of streams: a handshake costs a proxy about 0.4 ms
constexpr double ramp_slack_seconds = 4;
constexpr double drain_seconds = 20;
constexpr double body_seconds = 60;
constexpr unsigned index_bits = 16; // of an epoll tag; the rest is the generation

std::int64_t after(std::int64_t start, double seconds) {
    return start + static_cast<std::int64_t>(seconds * second_ns);
}

double ramp_seconds(const load_plan& plan) {
    return plan.what == load_plan::kind::paced
               ? static_cast<double>(plan.connections) / opens_per_second
               : 0;
}

} // namespace

load_run::load_run(load_plan plan, load_options options)
    : plan_(plan), options_(std::move(options)),
      requests_(plan_, {.target = options_.target,
                        .authority = "localhost:" + std::to_string(options_.port),
                        .authorization = options_.authorization}),
      epoll_(epoll_create1(EPOLL_CLOEXEC)), clients_(plan.connections) {
    figures_.latencies_ns.reserve(std::size_t{1} << 20U);
}

load_figures load_run::run() {
    figures_.resident_before_kb = resident_kb(options_.measured);
    start_ns_ = now_ns();
    const double planned = ramp_seconds(plan_) + options_.warmup_seconds +
                           options_.window_seconds + ramp_slack_seconds;
    const std::int64_t deadline = after(
        start_ns_, plan_.what == load_plan::kind::body ? body_seconds : planned + drain_seconds);
    for (;;) {
        const std::int64_t now = now_ns();
        open_due(now);
        step_phase(now);
        if ((now_ == phase::drain && busy_ == 0) || now > deadline) {
            break;
        }
        poll(1);
    }
    if (busy_ > 0) {
        figures_.errors += busy_;
        figures_.first_error += figures_.first_error.empty() ? "unfinished at the deadline" : "";
    }
    if (plan_.what == load_plan::kind::body) {
        // Memory is given back after the answer, not before it; a second is ample.
        const timespec pause{.tv_sec = 1, .tv_nsec = 0};
        nanosleep(&pause, nullptr);
        figures_.resident_kb = resident_kb(options_.measured);
    }
    figures_.resident_peak_kb = resident_peak_kb(options_.measured);
    return std::move(figures_);
}

void load_run::poll(int timeout_ms) {
    std::array<epoll_event, 512> ready{};
    const int count =
        epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), timeout_ms);
    for (int at = 0; at < count; ++at) {
        const epoll_event& event = ready[static_cast<std::size_t>(at)];
        const std::size_t index = event.data.u64 & ((std::uint64_t{1} << index_bits) - 1);
        if (clients_[index].wire && clients_[index].generation == event.data.u64 >> index_bits) {
            on_event(index, event.events);
        }
    }
}

void load_run::on_event(std::size_t index, std::uint32_t events) {
    client& of = clients_[index];
    const bool hung_up = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    bool open = true;
    if ((events & EPOLLIN) != 0 || hung_up) {
        arrived_.clear();
        open = of.wire->receive(arrived_, hung_up) && !hung_up;
        take_arrived(index, open);
    }
    if (of.wire && !of.wire->flush()) {
        fail(index, "connection lost while sending");
    }
}

void load_run::open(std::size_t index) {
    client& of = clients_[index];
    unique_fd fd = connect_loopback(options_.port);
    if (fd.get() < 0) {
        fail(index, "cannot connect");
        return;
    }
    ++of.generation;
    watch(epoll_.get(), fd.get(), of.generation << index_bits | index);
    of.wire = options_.tls != nullptr
                  ? std::make_unique<channel>(std::move(fd), *options_.tls, "localhost")
                  : std::make_unique<channel>(std::move(fd));
    send_request(index);
}

void load_run::open_due(std::int64_t now) {
    const bool paced = plan_.what == load_plan::kind::paced;
    const double elapsed = static_cast<double>(now - start_ns_) / second_ns;
    const std::size_t due =
        paced ? std::min(plan_.connections, static_cast<std::size_t>(elapsed * opens_per_second))
              : plan_.connections;
    while (opened_ < due && now_ != phase::drain) {
        open(opened_++);
    }
}

void load_run::send_request(std::size_t index) {
    client& of = clients_[index];
    const std::string model = model_for(now_ns());
    of.nonce = next_nonce_++ & 0xffffffU;
    of.answer = {};
    of.check = stream_check(of.nonce, events_);
    of.wire->write(requests_.make({.model = model, .nonce = of.nonce}));
    of.sent_ns = now_ns();
    if (!std::exchange(of.busy, true)) {
        ++busy_;
    }
    if (!of.wire->flush()) {
        fail(index, "connection lost while sending");
    }
}

/// Paced streams all end shortly after the latest end of the window, whenever they start.
std::string load_run::model_for(std::int64_t now) {
    switch (plan_.what) {
    case load_plan::kind::burst:
        events_ = burst_events;
        return "google/gemini-bench-burst-" + std::to_string(events_);
    case load_plan::kind::paced: {
        const std::int64_t end =
            after(start_ns_, ramp_seconds(plan_) + options_.warmup_seconds + ramp_slack_seconds +
                                 options_.window_seconds + 0.5);
        events_ = static_cast<std::uint32_t>(
            std::ceil(static_cast<double>(end - now) / second_ns * plan_.rate));
        std::array<char, 16> rate{};
        std::to_chars(rate.data(), rate.data() + rate.size() - 1, plan_.rate);
        return std::string("google/gemini-bench-paced-") + rate.data() + "-" +
               std::to_string(events_);
    }
    case load_plan::kind::plain:
    case load_plan::kind::body:
        events_ = 0;
        return "google/gemini-bench-ns";
    }
    return {};
}

void load_run::take_arrived(std::size_t index, bool open) {
    client& of = clients_[index];
    const std::int64_t now = now_ns();
    const bool counts = now_ == phase::window;
    std::string_view bytes = arrived_;
    figures_.bytes += counts ? bytes.size() : 0;
    if (of.busy) {
        of.answer.take(bytes, of.check.text());
        if (plan_.streams() && of.answer.status() == 200) {
            ages_.clear();
            const std::size_t events = of.check.scan(now, ages_);
            if (counts) {
                figures_.units += events;
                figures_.latencies_ns.insert(figures_.latencies_ns.end(), ages_.begin(),
                                             ages_.end());
            }
        }
    }
    if (!bytes.empty() || of.answer.broken()) {
        fail(index, "answer with broken framing");
    } else if (of.busy && of.answer.complete()) {
        if (!open || of.answer.closes()) {
            of.wire.reset();
        }
        finish_answer(index);
    } else if (!open && of.busy) {
        fail(index, "connection closed within an answer");
    } else if (!open) {
        of.wire.reset();
    }
}

void load_run::finish_answer(std::size_t index) {
    client& of = clients_[index];
    std::string fault;
    if (of.answer.status() != 200) {
        fault = "status " + std::to_string(of.answer.status()) + ": " +
                of.check.text().substr(0, 300);
    } else if (plan_.streams()) {
        fault = of.check.verdict();
    } else {
        const auto found = find_marker(of.check.text());
        fault = found && found->nonce == of.nonce && of.check.text().ends_with("}")
                    ? ""
                    : "the answer is not that of the request";
    }
    if (!fault.empty()) {
        fail(index, fault);
        return;
    }
    ++figures_.answers;
    of.busy = false;
    --busy_;
    if (!plan_.streams() && now_ == phase::window) {
        ++figures_.units;
        figures_.latencies_ns.push_back(static_cast<std::uint32_t>(
            std::min<std::int64_t>(now_ns() - of.sent_ns, 0xffffffff)));
    }
    const bool again = plan_.what == load_plan::kind::plain || plan_.what == load_plan::kind::burst;
    if (!again || now_ == phase::drain) {
        return;
    }
    if (of.wire) {
        send_request(index);
    } else {
        ++figures_.reconnects;
        open(index);
    }
}

/// Counts the fault; the connection is not used again, so that faults cannot flood.
void load_run::fail(std::size_t index, const std::string& reason) {
    client& of = clients_[index];
    ++figures_.errors;
    if (figures_.first_error.empty()) {
        figures_.first_error = reason;
    }
    if (std::exchange(of.busy, false)) {
        --busy_;
    }
    of.wire.reset();
}

bool load_run::all_started() const {
    return opened_ == clients_.size() &&
           std::ranges::all_of(clients_, [](const client& of) {
               return !of.busy || of.answer.started();
           });
}

void load_run::step_phase(std::int64_t now) {
    const std::int64_t earliest =
        after(start_ns_, ramp_seconds(plan_) + options_.warmup_seconds);
    if (plan_.what == load_plan::kind::body) {
        if (now_ == phase::warmup) {
            begin_window(start_ns_);
        } else if (now_ == phase::window && opened_ > 0 && busy_ == 0) {
            end_window(now);
        }
    } else if (now_ == phase::warmup && now >= earliest) {
        const bool overdue = now > after(earliest, ramp_slack_seconds);
        if (overdue) {
            ++figures_.errors;
            figures_.first_error = "not every stream started in time; " + figures_.first_error;
        }
        const bool paced = plan_.what == load_plan::kind::paced;
        if (!paced || overdue || all_started()) {
            begin_window(now);
        }
    } else if (now_ == phase::window && now >= after(window_start_ns_, options_.window_seconds)) {
        end_window(now);
    }
}

void load_run::begin_window(std::int64_t now) {
    now_ = phase::window;
    window_start_ns_ = now;
    figures_.cpu_ns = cpu_ns(options_.measured);
}

void load_run::end_window(std::int64_t now) {
    figures_.cpu_ns = cpu_ns(options_.measured) - figures_.cpu_ns;
    figures_.seconds = static_cast<double>(now - window_start_ns_) / second_ns;
    now_ = phase::drain;
    figures_.resident_kb = resident_kb(options_.measured);
}

} // namespace vertex_relay::bench
