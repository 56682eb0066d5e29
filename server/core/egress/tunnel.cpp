#include "core/egress/tunnel.hpp"

#include "core/ascii.hpp"
#include "core/google/credential_failure.hpp"
#include "core/http/head_syntax.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

constexpr std::size_t words_max = 80; ///< of a reason phrase or of names of schemes

std::string target_of(std::string_view host, std::uint16_t port) {
    return host.contains(':') ? fmt::format("[{}]:{}", host, port)
                              : fmt::format("{}:{}", host, port);
}

/// `403 Forbidden`, as far as it is fit to be shown.
std::string status_text(std::string_view status_line) {
    constexpr std::size_t code_at = 9;
    return google::quoted_text(ascii::trim(status_line.substr(code_at)), words_max);
}

/// The authentication schemes offered (RFC 9110 section 11.7.1), empty if Basic is one of them.
std::string schemes_without_basic(std::vector<header_field> const& fields) {
    std::string names;
    bool basic = false;
    for (auto const& field : fields) {
        if (!ascii::iequals(field.name, "Proxy-Authenticate")) {
            continue;
        }
        ascii::for_each_item(field.value, [&](std::string_view item) {
            auto word = item.substr(0, item.find(' '));
            if (!word.contains('=')) { // else a parameter of the scheme before it
                basic |= ascii::iequals(word, "Basic");
                names += names.empty() ? "" : ", ";
                names += word;
            }
        });
    }
    return basic ? std::string() : google::quoted_text(names, words_max);
}

} // namespace

secret tunnel_request(std::string_view host, std::uint16_t port, proxy const& through) {
    auto target = target_of(host, port);
    auto credentials = through.credentials.reveal();
    std::string head;
    head.reserve(2 * target.size() + credentials.size() + 128); // no outgrown copy stays behind
    for (std::string_view part : {std::string_view("CONNECT "), std::string_view(target),
                                  std::string_view(" HTTP/1.1\r\nHost: "), std::string_view(target),
                                  std::string_view("\r\nUser-Agent: vertex-relay/" RELAY_VERSION
                                                   "\r\n")}) {
        head += part;
    }
    if (!credentials.empty()) {
        head.append("Proxy-Authorization: ").append(credentials).append("\r\n");
    }
    head += "\r\n";
    return secret(std::move(head));
}

tunnel_answer::verdict tunnel_answer::fail(connect_fault fault, std::string detail) {
    fault_ = fault;
    detail_ = std::move(detail);
    return verdict::failed;
}

void tunnel_answer::take_end() {
    fail(connect_fault::proxy_failed, bytes_.empty() ? "it closed the connection"
                                                     : "it closed the connection amid its answer");
}

tunnel_answer::verdict tunnel_answer::take(std::string_view bytes) {
    bytes_ += bytes;
    while (true) {
        auto scan = find_head_end(bytes_, scanned_);
        bool whole = scan.verdict == head_scan::verdict::complete;
        auto size = whole ? scan.size : bytes_.size();
        if (scan.verdict == head_scan::verdict::malformed || size > head_bytes_max) {
            return fail(connect_fault::proxy_failed, "its answer is not HTTP");
        }
        if (!whole) {
            scanned_ = bytes_.size();
            return verdict::more;
        }
        auto judged = judge(std::string_view(bytes_).substr(0, size));
        bytes_.erase(0, size);
        scanned_ = 0;
        if (judged != verdict::more) {
            return judged;
        }
    }
}

/// Of one whole head; `more` for an interim one. A successful answer has no body, whatever its
/// fields say.
tunnel_answer::verdict tunnel_answer::judge(std::string_view head) {
    auto line = head.substr(0, head.find("\r\n"));
    response_head answer;
    if (!read_status_line(line, answer) ||
        read_fields(head.substr(line.size() + 2), answer.fields) != nullptr) {
        return fail(connect_fault::proxy_failed, "its answer is not HTTP");
    }
    auto status = answer.status;
    if (status < 200 && status != 101 && ++interim_ <= interim_max) {
        return verdict::more;
    }
    if (status >= 200 && status < 300) {
        open_ = true;
        return verdict::open;
    }
    if (status == 407) {
        return fail(connect_fault::proxy_password, schemes_without_basic(answer.fields));
    }
    bool policy = status >= 300 && status < 500; // a redirect leads to a page that says why
    return fail(policy ? connect_fault::proxy_refused : connect_fault::proxy_failed,
                "it answered " + status_text(line));
}

} // namespace vertex_relay::core
