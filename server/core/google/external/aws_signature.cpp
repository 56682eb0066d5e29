#include "core/google/external/aws_signature.hpp"

#include "core/ascii.hpp"
#include "core/google/form.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view scope_end = "aws4_request";

using digest = std::array<unsigned char, 32>;

std::string hex(digest const& bytes) {
    std::string out;
    for (auto byte : bytes) {
        out += fmt::format("{:02x}", byte);
    }
    return out;
}

std::string sha256_hex(std::string_view text) {
    digest out{};
    EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    return hex(out);
}

digest hmac(std::string_view key, std::string_view text) {
    digest out{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), out.data(), &size);
    return out;
}

std::string_view bytes_of(digest const& from) {
    return {reinterpret_cast<char const*>(from.data()), from.size()};
}

/// The key is derived in four steps, so that no service learns the secret itself.
digest signing_key(aws_keys const& keys, aws_scope const& scope) {
    auto text = keys.secret_access_key.reveal();
    std::string first;
    first.reserve(text.size() + 4);
    first.append("AWS4").append(text);
    auto key = hmac(first, std::string_view(scope.time).substr(0, 8));
    OPENSSL_cleanse(first.data(), first.size());
    for (std::string_view part :
         {std::string_view(scope.region), std::string_view(scope.service), scope_end}) {
        key = hmac(bytes_of(key), part);
    }
    return key;
}

struct split_url {
    std::string_view host, path, query;
};

split_url split(std::string_view url) {
    auto begin = url.find("://");
    auto rest = begin == std::string_view::npos ? url : url.substr(begin + 3);
    rest = rest.substr(0, rest.find('#'));
    auto end = rest.find_first_of("/?");
    split_url out{.host = rest.substr(0, end), .path = {}, .query = {}};
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    auto question = rest.find('?');
    out.path = rest.substr(0, question);
    out.query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
    return out;
}

/// RFC 3986 section 5.2.4, and never empty.
std::string canonical_path(std::string_view path) {
    std::vector<std::string_view> kept;
    bool directory = true; // a path that ends in `/`, `.` or `..` names one
    while (!path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        auto part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size());
        directory = part.empty() || part == "." || part == "..";
        if (part == ".." && !kept.empty()) {
            kept.pop_back();
        } else if (!directory) {
            kept.push_back(part);
        }
    }
    std::string out;
    for (auto part : kept) {
        out += "/" + std::string(part);
    }
    return out.empty() || directory ? out + "/" : out;
}

/// Leaves alone what is encoded already.
std::string encoded_once(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '%') {
            out += c;
        } else {
            append_percent_encoded(out, {&c, 1});
        }
    }
    return out;
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        auto equals = std::min(pair.size(), pair.find('='));
        pairs.emplace_back(encoded_once(pair.substr(0, equals)),
                           encoded_once(pair.substr(std::min(pair.size(), equals + 1))));
    }
    std::ranges::sort(pairs);
    std::string out;
    for (auto const& [name, value] : pairs) {
        out += (out.empty() ? "" : "&") + name + "=" + value;
    }
    return out;
}

} // namespace

std::string_view host_of(std::string_view url) {
    return split(url).host;
}

std::string aws_authorization(aws_request const& request, aws_scope const& scope,
                              aws_keys const& keys) {
    auto url = split(request.url);
    std::map<std::string, std::string_view> headers{{"host", url.host}};
    std::size_t header_bytes = 0;
    for (auto const& [name, value] : request.headers) {
        headers[ascii::to_lower(name)] = ascii::trim(value);
        header_bytes += name.size() + value.size() + 2;
    }
    std::string names;
    auto canonical =
        request.method + "\n" + canonical_path(url.path) + "\n" + canonical_query(url.query) + "\n";
    // A header may be a session token: no outgrown copy stays behind.
    canonical.reserve(canonical.size() + 2 * header_bytes + url.host.size() + 128);
    for (auto const& [name, value] : headers) {
        canonical.append(name).append(":").append(value).append("\n");
        names += (names.empty() ? "" : ";") + name;
    }
    canonical.append("\n").append(names).append("\n").append(sha256_hex(request.body));
    auto span = fmt::format("{}/{}/{}/{}", std::string_view(scope.time).substr(0, 8), scope.region,
                            scope.service, scope_end);
    auto to_sign =
        fmt::format("{}\n{}\n{}\n{}", algorithm, scope.time, span, sha256_hex(canonical));
    auto key = signing_key(keys, scope);
    auto signature = hex(hmac(bytes_of(key), to_sign));
    OPENSSL_cleanse(key.data(), key.size());
    OPENSSL_cleanse(canonical.data(), canonical.size());
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                       keys.access_key_id, span, names, signature);
}

} // namespace vertex_relay::core::google
