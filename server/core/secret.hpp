#pragma once
// A string that wipes itself and that nothing can format, print or copy by accident.

#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <utility>

namespace vertex_relay::core {

class secret {
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) { wipe(value); }
    secret(secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe(value_);
            value_ = std::move(other.value_);
            wipe(other.value_);
        }
        return *this;
    }
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret() { wipe(value_); }

    /// The one way to read it; grep for `reveal` to see every place a secret is used.
    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    secret clone() const { return secret(std::string(value_)); }

private:
    /// All of its memory: a short text is moved by copying, and stays behind in a string that
    /// calls itself empty.
    static void wipe(std::string& text) noexcept {
        text.resize(text.capacity());
        OPENSSL_cleanse(text.data(), text.size());
        text.clear();
    }
    std::string value_;
};

inline bool same_secret(secret const& a, secret const& b) {
    auto x = a.reveal();
    auto y = b.reveal();
    return x.size() == y.size() && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

} // namespace vertex_relay::core
