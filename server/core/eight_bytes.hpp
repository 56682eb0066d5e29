#pragma once
// Eight bytes of a text at a time: which of them are of a kind, as the high bit of each.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vertex_relay::core {

constexpr std::uint64_t each_byte = 0x0101010101010101;
constexpr std::uint64_t high_bits = each_byte * 0x80;

/// Those at `at`, which must be there.
inline std::uint64_t load_eight(std::string_view text, std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    return eight;
}

/// The bytes that are `wanted`; exact up to the first of them.
constexpr std::uint64_t marks_of(std::uint64_t eight, char wanted) {
    auto zero_there = eight ^ (each_byte * static_cast<unsigned char>(wanted));
    return (zero_there - each_byte) & ~zero_there & high_bits;
}

/// The ASCII control characters, DEL among them; exact up to the first of them.
constexpr std::uint64_t controls_of(std::uint64_t eight) {
    return ((eight - each_byte * ' ') & ~eight & high_bits) | marks_of(eight, '\x7f');
}

/// The place of the first marked byte; 8: there is none.
constexpr std::size_t first_of(std::uint64_t marks) {
    static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

} // namespace vertex_relay::core
