#include "core/google/private_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace vertex_relay::core::google {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_pointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr int key_bits_min = 2048;

/// Without it OpenSSL asks on the terminal, and the relay would hang there.
int refuse_password(char*, int, int, void*) { return -1; }

/// Leaves OpenSSL's per-thread error queue as empty as TLS code expects to find it.
struct clean_errors {
    clean_errors() { ERR_clear_error(); }
    ~clean_errors() { ERR_clear_error(); }
    clean_errors(clean_errors const&) = delete;
    clean_errors& operator=(clean_errors const&) = delete;
};

key_pointer load(secret const& pem) {
    auto text = pem.reveal();
    bio_pointer bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
    return {bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_password, nullptr) : nullptr,
            EVP_PKEY_free};
}

std::string why_unreadable(std::string_view pem) {
    if (pem.find("ENCRYPTED") != std::string_view::npos) {
        return "is protected by a password; Google's keys are not";
    }
    if (pem.find("-----BEGIN") == std::string_view::npos) {
        return "holds no PEM key (no -----BEGIN PRIVATE KEY----- line)";
    }
    if (pem.find('\n') == std::string_view::npos) {
        return "has lost its line breaks";
    }
    if (pem.find("-----END") == std::string_view::npos) {
        return "is cut off (no -----END line)";
    }
    return "is not a readable PEM key";
}

} // namespace

secret with_line_breaks(std::string_view pem) {
    std::string out;
    out.reserve(pem.size()); // no reallocation leaves a copy behind
    bool in_marker = false;  // "-----BEGIN PRIVATE KEY-----" has blanks of its own
    for (std::size_t i = 0; i < pem.size(); ++i) {
        char c = pem[i];
        bool dashes = c == '-' && (i == 0 || pem[i - 1] != '-');
        in_marker = in_marker != dashes;
        if (c == '\\' && i + 1 < pem.size() && (pem[i + 1] == 'n' || pem[i + 1] == 'r')) {
            c = pem[++i] == 'n' ? '\n' : '\r';
        }
        if (c == '\n' || (c == ' ' && !in_marker)) {
            bool begun = !out.empty() && out.back() != '\n'; // OpenSSL takes no empty line
            out.append(begun ? "\n" : "");
        } else if (c != '\r') {
            out.push_back(c);
        }
    }
    return secret(std::move(out));
}

std::expected<void, std::string> check_private_key(secret const& pem) {
    clean_errors scope;
    auto key = load(pem);
    if (!key) {
        return std::unexpected(why_unreadable(pem.reveal()));
    }
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        return std::unexpected("is not an RSA key");
    }
    if (EVP_PKEY_get_bits(key.get()) < key_bits_min) {
        return std::unexpected("is an RSA key of fewer than 2048 bits");
    }
    return {};
}

std::expected<std::string, std::string> sign_rs256(secret const& pem, std::string_view text) {
    clean_errors scope;
    auto key = load(pem);
    digest_pointer digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!key || !digest) {
        return std::unexpected("is not a readable PEM key");
    }
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    std::size_t size = 0;
    if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) != 1) {
        return std::unexpected("cannot sign with RS256");
    }
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(digest.get(), out, &size, bytes, text.size()) != 1) {
        return std::unexpected("cannot sign with RS256");
    }
    signature.resize(size);
    return signature;
}

} // namespace vertex_relay::core::google
