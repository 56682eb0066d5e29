#include "simulator/encoding.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <random>

namespace vertex_relay::simulator {

namespace {

unsigned char const* octets(std::string_view bytes) {
    return reinterpret_cast<unsigned char const*>(bytes.data());
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional<unsigned>(lower - 'a' + 10) : std::nullopt;
}

std::string decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            auto high = hex_digit(text[i + 1]);
            auto low = hex_digit(text[i + 2]);
            if (high && low) {
                out += static_cast<char>(*high * 16 + *low);
                i += 2;
                continue;
            }
        }
        out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
    return out;
}

std::uint32_t crc32(std::string_view bytes) {
    static auto const table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            auto c = i;
            for (int bit = 0; bit < 8; ++bit) {
                c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
            }
            made[i] = c;
        }
        return made;
    }();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (char c : bytes) {
        crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
    }
    return ~crc;
}

void append_little_endian(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        out += static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xFFU);
    }
}

} // namespace

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(bytes),
                                static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string base64url(std::string_view bytes) {
    auto out = base64(bytes);
    for (char& c : out) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    out.resize(out.find_last_not_of('=') + 1);
    return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (char c : text.substr(0, text.find('='))) {
        auto value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>((bits >> have) & 0xFFU);
        }
    }
    return out;
}

std::optional<std::string> form_value(std::string_view form, std::string_view name) {
    while (!form.empty()) {
        auto pair = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(form.size(), pair.size() + 1));
        auto equals = pair.find('=');
        if (decoded(pair.substr(0, equals), true) == name) {
            return equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), true);
        }
    }
    return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
    return decoded(text, false);
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += fmt::format("{:02x}", digest[i]);
    }
    return out;
}

std::string gzip_stored(std::string_view bytes) {
    std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    auto rest = bytes;
    do {
        auto block = rest.substr(0, 0xFFFF);
        rest.remove_prefix(block.size());
        out += rest.empty() ? '\1' : '\0';
        auto size = static_cast<std::uint32_t>(block.size());
        append_little_endian(out, size, 2);
        append_little_endian(out, ~size, 2);
        out += block;
    } while (!rest.empty());
    append_little_endian(out, crc32(bytes), 4);
    append_little_endian(out, static_cast<std::uint32_t>(bytes.size()), 4);
    return out;
}

std::uint64_t random_bits() {
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return generator();
}

std::string random_base64url(std::size_t bytes) {
    std::string raw;
    while (raw.size() < bytes) {
        auto bits = random_bits();
        raw.append(reinterpret_cast<char const*>(&bits), sizeof bits);
    }
    raw.resize(bytes);
    return base64url(raw);
}

std::string random_uuid() {
    auto a = random_bits();
    auto b = random_bits();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xFFFFU,
                       a & 0xFFFU, 0x8000U | ((b >> 48U) & 0x3FFFU), b & 0xFFFFFFFFFFFFU);
}

} // namespace vertex_relay::simulator
