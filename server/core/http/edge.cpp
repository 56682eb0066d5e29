#include "core/http/edge.hpp"

#include "core/ascii.hpp"
#include "core/http/authority.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::core {

namespace {

using refusal = std::optional<failure>;

failure forbidden(std::string code, std::string message) {
    return {.status = 403,
            .type = "permission_error",
            .code = std::move(code),
            .message = std::move(message),
            .retry = retry_advice::never};
}

bool contains(std::vector<std::string> const& list, std::string_view text) {
    return std::ranges::any_of(list,
                               [&](std::string const& item) { return ascii::iequals(item, text); });
}

bool is_allowed_host(std::string_view text, edge_rules const& rules) {
    auto host = parse_authority(text);
    return host && (is_loopback_host(host->host) || contains(rules.bound_hosts, host->host) ||
                    contains(rules.allow_host, host->host) || contains(rules.allow_host, text));
}

refusal check_host(request_head const& head, edge_rules const& rules) {
    auto host = head.find("host").value_or("");
    auto named = head.target.find("://"); // absolute-form names a second authority
    if (!head.target.starts_with('/') && named != head.target.npos) {
        auto authority = head.target.substr(named + 3);
        authority = authority.substr(0, authority.find_first_of("/?#"));
        if (!is_allowed_host(authority, rules)) {
            host = authority;
        }
    }
    if (rules.any_host || is_allowed_host(host, rules)) {
        return std::nullopt;
    }
    auto known = parse_authority(host.substr(0, 200)); // any port of an allowed name will do
    auto advice = known
                      ? fmt::format("Start with --access-allow-host {} to accept it.", known->host)
                      : std::string("It is not a host name.");
    return forbidden("host_not_allowed",
                     fmt::format("Host '{}' is not allowed (DNS-rebinding guard). {}",
                                 host.substr(0, 200), advice));
}

/// Editors and desktop shells load their pages from schemes no web site can have.
bool is_editor_origin(std::string_view origin) {
    constexpr std::array<std::string_view, 4> schemes{"vscode-file://", "vscode-webview://",
                                                      "app://", "tauri://"};
    return std::ranges::any_of(
        schemes, [&](std::string_view scheme) { return origin.starts_with(scheme); });
}

bool is_allowed_origin(std::string_view origin, edge_rules const& rules) {
    bool any = rules.api_key && contains(rules.allow_origin, "*");
    bool listed = origin != "null" && origin != "*" && contains(rules.allow_origin, origin);
    return any || listed || is_editor_origin(origin);
}

/// A sandboxed page of any site can have the origin `null`, so no setting lets that one in, nor
/// what is no origin at all.
failure foreign_origin(std::string_view origin) {
    auto shown = origin.substr(0, 200);
    auto scheme = origin.find("://");
    bool named = scheme != origin.npos && parse_authority(origin.substr(scheme + 3));
    auto advice = named ? fmt::format("Start with --access-allow-origin {} to let them.", shown)
                        : std::string("No setting lets them: any page can send that.");
    return forbidden(
        "origin_not_allowed",
        fmt::format("Web pages of origin '{}' may not use this relay. {}", shown, advice));
}

result<std::string> check_origin(request_head const& head, edge_rules const& rules) {
    auto origin = head.find("origin");
    if (origin) {
        if (head.count("origin") > 1) {
            return std::unexpected(forbidden("origin_not_allowed",
                                             "More than one Origin field. No setting lets them."));
        }
        if (!is_allowed_origin(*origin, rules)) {
            return std::unexpected(foreign_origin(*origin));
        }
        return std::string(*origin);
    }
    auto site = head.find("sec-fetch-site");
    bool own = site == "same-origin" || site == "none";
    if (site && (!own || head.count("sec-fetch-site") > 1)) {
        return std::unexpected(
            forbidden("cross_site_request",
                      "A web page of another site may not use this relay. Start with "
                      "--access-allow-origin ORIGIN to let it."));
    }
    return std::string();
}

refusal check_key(request_head const& head, edge_rules const& rules) {
    if (!rules.api_key) {
        return std::nullopt;
    }
    auto given = head.find("authorization").value_or("");
    constexpr std::string_view scheme = "bearer ";
    if (ascii::istarts_with(given, scheme)) {
        secret key(std::string(ascii::trim(given.substr(scheme.size()))));
        if (same_secret(key, *rules.api_key)) {
            return std::nullopt;
        }
    }
    auto what = given.empty()
                    ? "This relay needs its own API key (access.api_key_file): send it as "
                      "`Authorization: Bearer KEY`."
                    : "What Authorization holds is not this relay's API key "
                      "(access.api_key_file): send that as `Authorization: Bearer KEY`.";
    return failure{.status = 401,
                   .type = "authentication_error",
                   .code = "invalid_api_key",
                   .message = what,
                   .retry = retry_advice::never};
}

refusal check_upgrade(request_head const& head) {
    if (!head.find("upgrade") || head.version < 11) {
        return std::nullopt;
    }
    bool websocket = false;
    ascii::for_each_item(head.find("upgrade").value_or(""), [&](std::string_view protocol) {
        websocket |= ascii::iequals(protocol, "websocket");
    });
    if (!websocket) {
        return std::nullopt; // any other upgrade may be ignored (RFC 9110 section 7.8)
    }
    auto answer = invalid_request(426, "upgrade_not_available",
                                  "WebSockets are not available here; use plain HTTP requests.");
    answer.retry = retry_advice::never;
    return answer;
}

/// No `charset`, or UTF-8 in one of its spellings.
bool is_utf8_or_silent(std::string_view parameters) {
    while (!parameters.empty()) {
        auto end = std::min(parameters.find(';'), parameters.size());
        auto parameter = ascii::trim(parameters.substr(0, end));
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
        constexpr std::string_view charset = "charset=";
        if (ascii::istarts_with(parameter, charset)) {
            auto name = parameter.substr(charset.size());
            bool quoted = name.size() > 1 && name.starts_with('"') && name.ends_with('"');
            name = quoted ? name.substr(1, name.size() - 2) : name;
            if (!ascii::iequals(name, "utf-8") && !ascii::iequals(name, "utf8")) {
                return false;
            }
        }
    }
    return true;
}

bool is_json_type(std::string_view value) {
    auto type = ascii::trim(value.substr(0, value.find(';')));
    if (!ascii::iequals(type, "application/json")) {
        return false;
    }
    if (type.size() == value.size()) {
        return true;
    }
    return is_utf8_or_silent(value.substr(std::min(value.find(';'), value.size())));
}

refusal check_body_type(request_head const& head, edge_rules const& rules) {
    auto types = head.count("content-type");
    auto type = head.find("content-type").value_or("");
    bool from_page = head.find("origin") || head.find("sec-fetch-site");
    bool form = type.empty() || ascii::istarts_with(type, "application/x-www-form-urlencoded") ||
                ascii::istarts_with(type, "text/plain");
    bool lenient = rules.lenient_content_type && !from_page && form;
    if (types > 1 || (!is_json_type(type) && !lenient)) {
        return invalid_request(415, "unsupported_media_type",
                               "Content-Type must be application/json (curl: "
                               "-H 'Content-Type: application/json'). Start with "
                               "--access-lenient-content-type to accept curl's own.");
    }
    auto coding = head.find("content-encoding");
    if (coding && !ascii::iequals(*coding, "identity")) {
        return invalid_request(415, "unsupported_media_type",
                               "Compressed request bodies are not accepted.");
    }
    return std::nullopt;
}

refusal check_expectation(request_head const& head, admission& admitted) {
    auto expect = head.find("expect");
    if (!expect) {
        return std::nullopt;
    }
    if (!ascii::iequals(*expect, "100-continue") || head.count("expect") > 1) {
        return invalid_request(417, "expectation_failed", "Only `Expect: 100-continue` is known.");
    }
    admitted.expects_continue = head.version >= 11;
    return std::nullopt;
}

refusal check_size(request_head const& head, edge_rules const& rules) {
    if (head.framing != body_framing::length || head.content_length <= rules.body_bytes) {
        return std::nullopt;
    }
    return body_too_large(rules.body_bytes);
}

result<resource_match> find_served(request_head const& head, edge_scope scope) {
    asked_at at{scope, head.find("host").value_or("")};
    auto match = find_resource(head.method, head.path, at);
    if (!match || scope == edge_scope::all) {
        return match;
    }
    if (is_probe(match->what) != (scope == edge_scope::probes)) {
        return std::unexpected(not_served(head.method, head.path, at));
    }
    return match;
}

result<admission> admit_resource(request_head const& head, edge_rules const& rules,
                                 std::string origin) {
    auto match = find_served(head, rules.scope);
    if (!match) {
        return std::unexpected(std::move(match.error()));
    }
    admission admitted{.what = match->what, .model_id = std::move(match->model_id)};
    admitted.cors_origin = std::move(origin);
    if (head.method == "POST") {
        if (auto bad = check_body_type(head, rules)) {
            return std::unexpected(std::move(*bad));
        }
    }
    if (auto bad = check_expectation(head, admitted)) {
        return std::unexpected(std::move(*bad));
    }
    if (auto bad = check_size(head, rules)) {
        return std::unexpected(std::move(*bad));
    }
    return admitted;
}

} // namespace

failure body_too_large(std::size_t limit) {
    auto refusal = invalid_request(
        413, "request_too_large",
        fmt::format("The request body is larger than {} bytes (limits.body_bytes).", limit));
    refusal.close = true;
    return refusal;
}

std::string granted_origin(request_head const& head, edge_rules const& rules) {
    auto origin = check_origin(head, rules);
    return origin && !check_host(head, rules) ? std::move(*origin) : std::string();
}

result<admission> admit(request_head const& head, edge_rules const& rules,
                        std::optional<peer> const& who) {
    if (auto bad = check_host(head, rules)) {
        return std::unexpected(std::move(*bad));
    }
    auto origin = check_origin(head, rules);
    if (!origin) {
        return std::unexpected(std::move(origin.error()));
    }
    if (head.method == "OPTIONS" && !origin->empty()) {
        return admission{.what = resource::livez, .cors_origin = std::move(*origin),
                         .preflight = true};
    }
    bool tells_nothing = head.path == "/livez" || head.path == "/readyz"; // so anybody may ask
    if (!tells_nothing) {
        if (auto bad = check_peer(rules.peers, who)) {
            return std::unexpected(std::move(*bad));
        }
        if (auto bad = check_key(head, rules)) {
            return std::unexpected(std::move(*bad));
        }
    }
    if (auto bad = check_upgrade(head)) {
        return std::unexpected(std::move(*bad));
    }
    return admit_resource(head, rules, std::move(*origin));
}

} // namespace vertex_relay::core
