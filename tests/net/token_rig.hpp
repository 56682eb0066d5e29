#pragma once
// A token source on a loop of its own, with a clock the test moves and a log it can wait for.

#include "io/token_source.hpp"
#include "net/loop_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

/// Both clocks of a test; begins at the real time, because assertions are checked against it.
class test_clock {
public:
    /// `wrong_by` is how far the wall clock is off.
    explicit test_clock(std::chrono::milliseconds wrong_by) { begin_.wall += wrong_by; }

    core::google::instant now() const {
        return {.boot = core::google::milliseconds(moved_.load()) + begin_.boot,
                .wall = core::google::milliseconds(moved_.load()) + begin_.wall};
    }
    void move(std::chrono::milliseconds by) { moved_ += by.count(); }

private:
    core::google::instant begin_ = io::system_instant();
    std::atomic<std::int64_t> moved_ = 0;
};

/// What the token source reported.
class event_log {
public:
    void add(io::token_event what, std::string line);
    /// True once `count` events of that kind were reported; false after `patience`.
    bool wait_for(io::token_event what, std::size_t count);
    std::size_t count(io::token_event what) const;
    std::string text() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<io::token_event, std::string>> lines_;
};

/// A directory under the temporary one, removed with what is in it.
class scratch_directory {
public:
    scratch_directory();
    ~scratch_directory();
    scratch_directory(scratch_directory const&) = delete;
    scratch_directory& operator=(scratch_directory const&) = delete;

    std::string path(std::string const& name) const { return (dir_ / name).string(); }
    /// Replaces the file in one step, as editors and Kubernetes do.
    std::string write(std::string const& name, std::string_view text) const;

private:
    std::filesystem::path dir_;
};

/// An authorized_user document whose token endpoint is `token_uri`.
std::string user_file(std::string const& token_uri, std::string const& refresh_token = "1//fresh");

struct rig_options {
    std::string credentials = "adc";
    core::google::environment variables = {};
    std::string ca_file = {};
    std::chrono::milliseconds clock_wrong_by{0};
    std::string impersonate = {}; ///< `google.impersonate_service_account`
    core::google::account_mode mode = core::google::account_mode::exchange;
    std::vector<std::string> resolve = {}; ///< `upstream.resolve`
};

class token_rig {
public:
    explicit token_rig(rig_options const& options);
    ~token_rig();

    /// Asks on another loop than the source's, as a second worker does.
    io::token_source::answer get();
    io::token_source::answer replace(std::uint64_t generation);
    std::vector<io::token_source::answer> get_many(std::size_t count);
    std::vector<io::token_source::answer> replace_many(std::size_t count, std::uint64_t generation);

    test_clock clock;
    event_log log;
    loop_thread owner;
    loop_thread other;
    io::token_source source;

private:
    using work = std::function<io::task<io::token_source::answer>(io::fiber&)>;
    std::vector<io::token_source::answer> ask(work const& question, std::size_t count);
};

} // namespace vertex_relay::tests
