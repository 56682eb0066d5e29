#include "core/base64.hpp"

#include <openssl/evp.h>

#include <utility>

namespace vertex_relay::core {
namespace {

/// Grows `out` once, so that what it held so far is the only copy left behind.
void append_base64(std::string& out, std::string_view bytes) {
    auto at = out.size();
    out.resize(at + 4 * ((bytes.size() + 2) / 3) + 1); // EVP_EncodeBlock ends with a zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + at),
                    reinterpret_cast<unsigned char const*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    out.pop_back();
}

} // namespace

std::string base64(std::string_view bytes) {
    std::string out;
    append_base64(out, bytes);
    return out;
}

std::string base64url(std::string_view bytes) {
    auto out = base64(bytes);
    while (!out.empty() && out.back() == '=') {
        out.pop_back();
    }
    for (char& c : out) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return out;
}

secret basic_credentials(secret const& pair) {
    std::string text = "Basic ";
    append_base64(text, pair.reveal());
    return secret(std::move(text));
}

} // namespace vertex_relay::core
