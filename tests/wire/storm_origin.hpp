#pragma once
// An origin that answers every request at once and remembers what it was asked. It reads strictly:
// anything but the one request the relay may send counts as malformed.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace vertex_relay::tests {

/// The body of each of its answers.
inline constexpr std::string_view storm_answer = R"({"storm":true})";

class storm_origin {
public:
    /// Listens on a free port of 127.0.0.1.
    storm_origin();
    ~storm_origin();
    storm_origin(storm_origin const&) = delete;
    storm_origin& operator=(storm_origin const&) = delete;

    std::uint16_t port() const { return port_; }

    struct tally {
        std::map<std::string, int> bodies;  ///< how often each came
        std::vector<std::string> malformed; ///< heads that must not be, and requests cut short
    };
    /// What came since the last call.
    tally take();

private:
    void serve(std::stop_token stop);
    bool receive(int fd, std::string& inbox);
    bool answer_next(int fd, std::string& inbox);
    void complain(std::string what);

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    tally seen_;
    std::jthread thread_;
};

} // namespace vertex_relay::tests
