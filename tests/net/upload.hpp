#pragma once
// Request bodies in chunks, as unusual as RFC 9112 section 7.1 lets them be.

#include <random>
#include <string>
#include <string_view>

namespace vertex_relay::tests {

/// `body` in chunks of random sizes with extensions and trailers, size lines in all spellings.
std::string random_chunks(std::string_view body, std::mt19937& random);

/// A chat request whose body is already framed.
std::string post_chunked(std::string_view chunks);

} // namespace vertex_relay::tests
