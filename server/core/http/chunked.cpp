#include "core/http/chunked.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::uint8_t digits_max = 8; // 4 GiB in one chunk is beyond every body limit
constexpr std::uint16_t extension_bytes_max = 256;
constexpr std::uint32_t overhead_bytes_max = 4096;

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; }

} // namespace

chunked_decoder::step chunked_decoder::next(std::string_view input) {
    std::size_t at = 0;
    while (at < input.size() && state_ != state::done && state_ != state::failed) {
        if (state_ == state::payload) {
            auto size = static_cast<std::size_t>(
                std::min<std::uint64_t>(remaining_, input.size() - at));
            remaining_ -= size;
            if (remaining_ == 0) {
                state_ = state::payload_cr;
            }
            auto payload = input.substr(at, size);
            at += size;
            // Take the line end along, so that a whole chunk is consumed in one step.
            while (at < input.size() &&
                   (state_ == state::payload_cr || state_ == state::payload_lf)) {
                accept(input[at++]);
            }
            return {at, payload};
        }
        accept(input[at++]);
    }
    return {at, {}};
}

void chunked_decoder::accept_size(char c) {
    if (auto value = hex_value(c); value >= 0 && digits_ < digits_max) {
        remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(value);
        ++digits_;
    } else if (digits_ > 0 && c == '\r') {
        state_ = state::size_lf;
    } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
        extension_ = 0;
        state_ = state::extension;
    } else {
        state_ = state::failed;
    }
}

void chunked_decoder::accept(char c) {
    auto expect = [&](char wanted, state then) { state_ = c == wanted ? then : state::failed; };
    switch (state_) {
    case state::size:
        accept_size(c);
        break;
    case state::extension:
        if (c == '\r') {
            state_ = state::size_lf;
        } else if (is_control(c) || ++extension_ > extension_bytes_max ||
                   ++overhead_ > overhead_bytes_max) {
            state_ = state::failed;
        }
        break;
    case state::size_lf:
        expect('\n', remaining_ > 0 ? state::payload : state::trailer_start);
        digits_ = 0;
        break;
    case state::payload_cr:
        expect('\r', state::payload_lf);
        break;
    case state::payload_lf:
        expect('\n', state::size);
        break;
    case state::trailer_start:
    case state::trailer:
        if (c == '\r') {
            state_ = state_ == state::trailer ? state::trailer_lf : state::last_lf;
        } else {
            bool fine = !is_control(c) && ++overhead_ <= overhead_bytes_max;
            state_ = fine ? state::trailer : state::failed;
        }
        break;
    case state::trailer_lf:
        expect('\n', state::trailer_start);
        break;
    case state::last_lf:
        expect('\n', state::done);
        break;
    case state::payload:
    case state::done:
    case state::failed:
        break;
    }
}

} // namespace vertex_relay::core
