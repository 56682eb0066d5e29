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
    explicit secret(std::string value) : value_(std::move(value)) {
        OPENSSL_cleanse(value.data(), value.size()); // a short string was copied, not moved
    }
    secret(secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = std::move(other.value_);
            other.wipe();
        }
        return *this;
    }
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret() { wipe(); }

    /// The one way to read it; grep for `reveal` to see every place a secret is used.
    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    secret clone() const { return secret(std::string(value_)); }

private:
    void wipe() noexcept {
        OPENSSL_cleanse(value_.data(), value_.size());
        value_.clear();
    }
    std::string value_;
};

inline bool same_secret(secret const& a, secret const& b) {
    auto x = a.reveal();
    auto y = b.reveal();
    return x.size() == y.size() && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

} // namespace vertex_relay::core
