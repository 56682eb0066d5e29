#include "fuzz/samples.hpp"

#include "core/json_text.hpp"
#include "fuzz/fuzz.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

namespace vertex_relay::tests {

namespace {

std::string make_key() {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048), &EVP_PKEY_free);
    std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

std::string with_key(std::string file) {
    constexpr std::string_view mark = "\"PRIVATE KEY\"";
    static std::string const key = core::json_string(make_key());
    if (auto at = file.find(mark); at != file.npos) {
        file.replace(at, mark.size(), key);
    }
    return file;
}

core::google::credential credential_of(std::string_view file) {
    auto read = core::google::parse_credential(with_key(std::string(file)), "/fuzz.json", {});
    require(read.has_value(), "a sample that is no credential");
    return std::move(*read);
}

} // namespace vertex_relay::tests
