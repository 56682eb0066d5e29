#pragma once
// Follows one event stream and checks that nothing is lost, doubled, crossed or cut.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::bench {

class stream_check {
public:
    stream_check(std::uint32_t nonce, std::uint32_t events) : nonce_(nonce), expected_(events) {}

    /// Where arrived bytes are to be appended.
    std::string& text() { return text_; }

    /// Takes the whole events off the text and appends the age in nanoseconds of each marked one
    /// to `ages`. Returns how many marked events there were.
    std::size_t scan(std::int64_t now_ns, std::vector<std::uint32_t>& ages);

    /// What is wrong after the answer's end; empty when all is well.
    std::string verdict() const;

private:
    void check(std::string_view event, std::int64_t now_ns, std::vector<std::uint32_t>& ages);

    std::uint32_t nonce_;
    std::uint32_t expected_;
    std::uint32_t seen_ = 0;
    bool stopped_ = false;
    bool done_ = false;
    std::string fault_; // the first
    std::string text_;
};

} // namespace vertex_relay::bench
