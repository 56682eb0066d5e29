// The rules of the settings table: a grammar each, with the sentence that says what was expected.

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"
#include "core/config/listen_address.hpp"
#include "core/config/near_miss.hpp"
#include "core/gemini/repair.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

namespace vertex_relay::core::grammar {

namespace {

complaint expect(bool fine, std::string_view expected) {
    return fine ? std::nullopt : complaint("expected " + std::string(expected));
}

/// A host that is already an address: no look-up, so nobody else decides where it leads.
bool is_literal(std::string_view host) { return is_ipv4(host) || is_ipv6(host); }

} // namespace

complaint listen(std::string_view text) {
    auto address = parse_listen_address(text);
    return address ? std::nullopt : complaint(address.error());
}

complaint file_mode(std::string_view text) {
    auto octal = [](char c) { return c >= '0' && c <= '7'; };
    bool fine = (text.size() == 3 || (text.size() == 4 && text.front() == '0')) &&
                std::ranges::all_of(text, octal);
    return expect(fine, "an octal file mode such as \"0600\"");
}

complaint project(std::string_view text) {
    return expect(is_project(text), "a project id such as \"my-project\", or a project number");
}

complaint location(std::string_view text) {
    return expect(is_location(text), "a location such as \"global\", \"eu\" or \"us-central1\"");
}

complaint service_accounts(std::string_view text) {
    auto in_name = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_'; };
    bool fine = true; // it becomes part of a path
    while (fine) {
        auto comma = text.find(',');
        auto item = ascii::trim(text.substr(0, comma));
        auto at = item.find('@');
        fine = at != std::string_view::npos && at > 0 && is_host_name(item.substr(at + 1)) &&
               std::ranges::all_of(item.substr(0, at), in_name);
        if (comma == std::string_view::npos) {
            break;
        }
        text.remove_prefix(comma + 1);
    }
    return expect(fine, "the e-mail address of a service account");
}

complaint host_name(std::string_view text) {
    return expect(is_host_name(text), "a host name such as \"googleapis.com\"");
}

complaint endpoint_url(std::string_view text) {
    constexpr std::string_view secure = "https://";
    constexpr std::string_view plain = "http://";
    bool tls = text.starts_with(secure);
    if (!tls && !text.starts_with(plain)) {
        return "expected https://HOST[:PORT]";
    }
    auto rest = text.substr(tls ? secure.size() : plain.size());
    if (rest.find_first_of("/?#") != std::string_view::npos) {
        return "expected https://HOST[:PORT] with nothing after it: the paths are Vertex AI's own";
    }
    auto parts = split_host_port(rest);
    if (!parts) {
        return "expected https://HOST[:PORT]";
    }
    if (!tls && !is_loopback(parts->host)) {
        return "http:// is for loopback addresses only, since an access token is sent there; "
               "write https://";
    }
    return std::nullopt;
}

complaint resolve(std::string_view text) {
    auto equals = text.find('=');
    if (equals != std::string_view::npos) {
        auto name = split_host_port(text.substr(0, equals));
        auto address = split_host_port(text.substr(equals + 1));
        if (name && address && !name->port.empty() && !address->port.empty() &&
            is_literal(address->host)) {
            return std::nullopt;
        }
    }
    return "expected HOST:PORT=ADDR:PORT such as \"aiplatform.googleapis.com:443=10.0.0.5:443\"";
}

complaint allowed_host(std::string_view text) {
    auto parts = split_host_port(text);
    return expect((parts && parts->port.empty()) || is_ipv6(text),
                  "a host name or address without a port, since any port is accepted");
}

complaint origin(std::string_view text) {
    auto separator = text.find("://");
    if (text == "*") {
        return std::nullopt;
    }
    auto scheme_char = [](char c) {
        return ascii::is_alnum(c) || c == '+' || c == '-' || c == '.';
    };
    bool fine = separator != std::string_view::npos && separator > 0 &&
                std::ranges::all_of(text.substr(0, separator), scheme_char);
    auto rest = fine ? text.substr(separator + 3) : std::string_view();
    auto visible = [](char c) { return c > ' ' && c < '\x7f' && c != '/'; };
    return expect(!rest.empty() && std::ranges::all_of(rest, visible),
                  "an origin such as \"https://app.example.com\", without a path");
}

complaint uid(std::string_view text) {
    return expect(ascii::parse_decimal<std::uint32_t>(text).has_value(), "a numeric user id");
}

complaint group(std::string_view text) {
    auto allowed = [](char c) { return ascii::is_alnum(c) || c == '_' || c == '-' || c == '.'; };
    return expect(text.size() <= 32 && text.front() != '-' && std::ranges::all_of(text, allowed),
                  "a group name or numeric group id");
}

complaint repair_name(std::string_view text) {
    if (find_repair(text)) {
        return std::nullopt;
    }
    auto near = nearest(text, repair_names());
    return near.empty() ? fmt::format("expected the name of a repair: {}",
                                      fmt::join(repair_names(), ", "))
                        : fmt::format("no repair has that name, did you mean {}?", near);
}

} // namespace vertex_relay::core::grammar
