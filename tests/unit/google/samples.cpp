#include "unit/google/samples.hpp"

#include "core/json_text.hpp"

#include <catch2/catch.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

namespace vertex_relay::test {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

EVP_PKEY* rsa_key() {
    static key_pointer key(EVP_RSA_gen(2048), EVP_PKEY_free);
    return key.get();
}

std::string text_of(BIO* bio) {
    char* start = nullptr;
    auto size = BIO_get_mem_data(bio, &start);
    return {start, static_cast<std::size_t>(size)};
}

std::string written(key_form form) {
    bio_pointer out(BIO_new(BIO_s_mem()), BIO_free);
    key_pointer own(nullptr, EVP_PKEY_free);
    std::array<unsigned char, 2> password = {'p', 'w'};
    switch (form) {
    case key_form::pkcs8:
        PEM_write_bio_PKCS8PrivateKey(out.get(), rsa_key(), nullptr, nullptr, 0, nullptr, nullptr);
        break;
    case key_form::pkcs1:
        PEM_write_bio_PrivateKey_traditional(out.get(), rsa_key(), nullptr, nullptr, 0, nullptr,
                                             nullptr);
        break;
    case key_form::pkcs8_encrypted:
        PEM_write_bio_PrivateKey(out.get(), rsa_key(), EVP_aes_128_cbc(), password.data(), 2,
                                 nullptr, nullptr);
        break;
    case key_form::rsa_1024:
        own.reset(EVP_RSA_gen(1024));
        PEM_write_bio_PrivateKey(out.get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
        break;
    case key_form::ec:
        own.reset(EVP_EC_gen("P-256"));
        PEM_write_bio_PrivateKey(out.get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
        break;
    }
    return text_of(out.get());
}

core::google::credential parsed(std::string const& text) {
    auto found = core::google::parse_credential(text, "/adc.json", {});
    REQUIRE(found);
    return std::move(*found);
}

} // namespace

std::string const& private_key(key_form form) {
    static std::array<std::string, 5> keys;
    auto& key = keys.at(static_cast<std::size_t>(form));
    if (key.empty()) {
        key = written(form);
    }
    return key;
}

bool verifies(std::string_view text, std::string_view signature) {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    auto const* signed_bytes = reinterpret_cast<unsigned char const*>(signature.data());
    return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, rsa_key()) == 1 &&
           EVP_DigestVerify(digest.get(), signed_bytes, signature.size(), bytes, text.size()) == 1;
}

std::string from_base64url(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    unsigned bits = 0;
    int held = 0;
    for (char c : text) {
        auto value = alphabet.find(c);
        REQUIRE(value != std::string_view::npos);
        bits = (bits << 6U) | static_cast<unsigned>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU));
        }
    }
    return out;
}

std::string json_string(std::string_view text) {
    std::string out;
    core::append_json_string(out, text);
    return out;
}

std::string user_file(std::string_view more) {
    return R"({"type":"authorized_user","client_id":"123","client_secret":"secret",)"
           R"("refresh_token":"alabalaportocala")" +
           std::string(more) + "}";
}

std::string account_file(std::string_view more, key_form form) {
    return R"({"type":"service_account","client_email":"service-account@example.com",)"
           R"("private_key_id":"1","project_id":"example-project","private_key":)" +
           json_string(private_key(form)) + std::string(more) + "}";
}

core::google::credential user_credential() { return parsed(user_file(R"(,"account":"a@b.org")")); }

core::google::credential account_credential(std::string_view more) {
    return parsed(account_file(more));
}

core::google::credential metadata_credential() {
    return {.source = core::google::metadata_server{}, .origin = "metadata server"};
}

} // namespace vertex_relay::test
