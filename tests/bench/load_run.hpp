#pragma once
// Runs one scenario against one address: opens connections, keeps them busy, checks every answer,
// and takes the figures between the window's two ends. Single-threaded, bounded in time.

#include "channel.hpp"
#include "http_answer.hpp"
#include "load_plan.hpp"
#include "process_usage.hpp"
#include "stream_check.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vertex_relay::bench {

struct load_options {
    std::uint16_t port = 0;
    std::string target = "/v1/chat/completions";
    std::string authorization = "Bearer sk-client";
    process_ids measured;    ///< the proxy's processes; may be empty
    SSL_CTX* tls = nullptr;  ///< talk TLS to `localhost`; borrowed
    double warmup_seconds = 1;
    double window_seconds = 3;
};

struct load_figures {
    double seconds = 0;      ///< length of the window
    std::uint64_t units = 0; ///< answers, or events of streams, within the window
    std::uint64_t bytes = 0; ///< received within the window
    std::int64_t cpu_ns = 0; ///< of the measured processes within the window
    std::int64_t resident_before_kb = 0;
    std::int64_t resident_kb = 0; ///< at the window's end; for a body: one second after its answer
    std::int64_t resident_peak_kb = 0;
    std::vector<std::uint32_t> latencies_ns; ///< of each unit
    std::uint64_t answers = 0;               ///< good ones, in the window or not
    std::uint64_t errors = 0;
    std::uint64_t reconnects = 0; ///< connections the server closed between answers
    std::string first_error;
};

class load_run {
public:
    /// Borrows `options.tls`.
    load_run(load_plan plan, load_options options);

    /// Runs the scenario to its end.
    load_figures run();

private:
    struct client {
        std::unique_ptr<channel> wire; // null while not connected
        std::uint64_t generation = 0;  // of the connection, so that late events are told apart
        bool busy = false;             // an answer is outstanding
        std::uint32_t nonce = 0;
        std::int64_t sent_ns = 0;
        http_answer answer;
        stream_check check{0, 0};
    };
    enum class phase { warmup, window, drain };

    void poll(int timeout_ms);
    void on_event(std::size_t index, std::uint32_t events);
    void open(std::size_t index);
    void open_due(std::int64_t now);
    void send_request(std::size_t index);
    std::string model_for(std::int64_t now);
    void take_arrived(std::size_t index, bool open);
    void finish_answer(std::size_t index);
    void fail(std::size_t index, const std::string& reason);
    void step_phase(std::int64_t now);
    void begin_window(std::int64_t now);
    void end_window(std::int64_t now);
    bool all_started() const;

    load_plan plan_;
    load_options options_;
    request_maker requests_;
    unique_fd epoll_;
    std::vector<client> clients_;
    std::size_t opened_ = 0; // connections opened for the first time
    std::size_t busy_ = 0;
    std::uint32_t next_nonce_ = 1;
    phase now_ = phase::warmup;
    std::int64_t start_ns_ = 0;
    std::int64_t window_start_ns_ = 0;
    std::uint32_t events_ = 0; // that the stream just asked for will have
    std::string arrived_;
    std::vector<std::uint32_t> ages_;
    load_figures figures_;
};

} // namespace vertex_relay::bench
