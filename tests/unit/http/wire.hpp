#pragma once
// Wire forms of test messages: chunk layouts, splits, and the way back to the payload.

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

/// `text` as chunks of the given sizes, repeated as long as there is text; the last chunk and the
/// empty trailer follow.
std::string chunked(std::string_view text, std::vector<std::size_t> const& sizes);

/// One chunk, without a last one.
std::string chunk(std::string_view text);

/// The payload of chunked bytes that may lack their last chunk. Written apart from the decoder
/// under test; `whole` tells whether the last chunk was there and nothing behind it.
struct dechunked {
    std::string text;
    bool valid = true;
    bool whole = false;
};
dechunked dechunk(std::string_view wire);

/// Cuts `text` at `count` random places.
std::vector<std::string> random_pieces(std::string_view text, std::size_t count,
                                       std::mt19937& random);

/// Calls `visit(pieces)` for the text in one piece, for every cut in two, and byte by byte.
void for_each_split(std::string_view text,
                    std::function<void(std::vector<std::string> const&)> const& visit);

/// `text` with every LF replaced by `line_end`.
std::string with_line_ends(std::string_view text, std::string_view line_end);

} // namespace vertex_relay::tests
