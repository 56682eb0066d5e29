#pragma once
// What the fuzz targets share. Each target is one file that states its invariant in its first
// lines, and one folder of seeds in corpus/ of the same name.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// libFuzzer's door into a target. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size);

namespace vertex_relay::tests {

/// Ends the process at a broken invariant, as a fuzzer expects it; `what` says which.
inline void require(bool holds, std::string_view what) {
    if (!holds) {
        std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
        std::abort();
    }
}

inline std::string text_of(std::uint8_t const* bytes, std::size_t size) {
    return {reinterpret_cast<char const*>(bytes), size};
}

/// The last byte of an input, taken off; 0 if there is none. Choices stand at the end, so that
/// seeds can be read from the front.
inline unsigned take_choice(std::string& input) {
    if (input.empty()) {
        return 0;
    }
    auto choice = static_cast<unsigned char>(input.back());
    input.pop_back();
    return choice;
}

/// Cuts `text` into pieces of sizes that follow from `choice`; 0 cuts byte by byte.
inline std::vector<std::string> pieces_of(std::string_view text, unsigned choice) {
    std::vector<std::string> pieces;
    for (unsigned turn = 0; !text.empty(); ++turn) {
        auto piece = text.substr(0, choice == 0 ? 1 : 1 + (choice * (turn + 1)) % 23);
        pieces.emplace_back(piece);
        text.remove_prefix(piece.size());
    }
    return pieces;
}

} // namespace vertex_relay::tests
