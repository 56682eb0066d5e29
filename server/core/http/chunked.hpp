#pragma once
// The chunked transfer coding (RFC 9112 section 7.1), decoded in place and without copies.
//
//     4\r\n  data  \r\n  6;ext=1\r\n  : {}\n\n  \r\n  0\r\n  [trailers]  \r\n
//     ^size  ^payload    ^extension   ^payload        ^last chunk
//
// Trailers and extensions are read, bounded and dropped. Blanks may stand in front of an extension,
// and a trailer is a field: anything else could be read as a size or a message by others.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vertex_relay::core {

class chunked_decoder {
public:
    struct step {
        std::size_t consumed;     ///< bytes of the input that are done with
        std::string_view payload; ///< a view into the input; may be empty
    };

    /// Consumes input up to the end of one payload span, or all of it. Call again with the rest
    /// until everything is consumed, `done()` or `failed()`.
    step next(std::string_view input);

    bool done() const { return state_ == state::done; }
    bool failed() const { return state_ == state::failed; }
    /// Nothing of an unfinished chunk has been consumed: a cut here leaves no chunk half sent.
    bool between_chunks() const { return state_ == state::size && digits_ == 0; }

private:
    enum class state : std::uint8_t {
        size, blanks, extension, size_lf, payload, payload_cr, payload_lf,
        trailer_start, trailer_name, trailer, trailer_lf, last_lf, done, failed
    };

    void accept(char c);
    void accept_size(char c);
    void accept_extension(char c);
    void accept_trailer(char c);

    state state_ = state::size;
    std::uint8_t digits_ = 0;       ///< hex digits of the current size
    std::uint16_t extension_ = 0;   ///< bytes of the current extension, at most 256
    std::uint32_t overhead_ = 0;    ///< bytes of all extensions and trailers, at most 4096
    std::uint64_t remaining_ = 0;   ///< payload bytes left in the current chunk
};

} // namespace vertex_relay::core
