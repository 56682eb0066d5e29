#include "core/http/chunked.hpp"

#include "core/ascii.hpp"

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

bool is_blank(char c) { return c == ' ' || c == '\t'; }
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
    } else if (digits_ > 0 && (c == ';' || is_blank(c))) {
        extension_ = 0;
        state_ = c == ';' ? state::extension : state::blanks;
    } else {
        state_ = state::failed;
    }
}

void chunked_decoder::accept_extension(char c) {
    bool fits = state_ == state::extension ? !is_control(c) : is_blank(c) || c == ';';
    if (c == '\r') {
        state_ = state::size_lf;
    } else if (!fits || ++extension_ > extension_bytes_max || ++overhead_ > overhead_bytes_max) {
        state_ = state::failed;
    } else if (c == ';') {
        state_ = state::extension;
    }
}

void chunked_decoder::accept_trailer(char c) {
    bool begins = state_ == state::trailer_start;
    bool named = state_ == state::trailer;
    if (c == '\r' && (begins || named)) {
        state_ = begins ? state::last_lf : state::trailer_lf;
        return;
    }
    bool colon = state_ == state::trailer_name && c == ':';
    bool fits = named ? !is_control(c) : colon || ascii::is_token(c);
    if (!fits || ++overhead_ > overhead_bytes_max) {
        state_ = state::failed;
    } else if (!named) {
        state_ = colon ? state::trailer : state::trailer_name;
    }
}

void chunked_decoder::accept(char c) {
    auto expect = [&](char wanted, state then) { state_ = c == wanted ? then : state::failed; };
    switch (state_) {
    case state::size:
        accept_size(c);
        break;
    case state::blanks:
    case state::extension:
        accept_extension(c);
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
    case state::trailer_name:
    case state::trailer:
        accept_trailer(c);
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
