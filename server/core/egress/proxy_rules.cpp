#include "core/egress/proxy_rules.hpp"

#include "core/ascii.hpp"
#include "core/google/credential_failure.hpp"

#include <initializer_list>
#include <utility>

namespace vertex_relay::core {

namespace {

struct variable {
    std::string_view name;
    std::string_view value; ///< empty: none is set
};

variable first_set(google::environment const& variables,
                   std::initializer_list<std::string_view> names) {
    for (auto name : names) {
        if (variables.has(name)) {
            return {name, variables.get(name)};
        }
    }
    return {};
}

bool is_near(std::string_view host) {
    constexpr std::string_view under_localhost = ".localhost";
    if (auto address = ip_address::parse(host)) {
        return address->is_loopback() || address->is_link_local();
    }
    auto name = ascii::to_lower(host);
    return name == "localhost" || name.ends_with(under_localhost);
}

} // namespace

std::expected<proxy_rules, std::string> proxy_rules::from(google::environment const& variables) {
    proxy_rules rules;
    auto named = first_set(variables, {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"});
    auto excepted = first_set(variables, {"NO_PROXY", "no_proxy"});
    rules.bypass_ = proxy_bypass(excepted.value);
    if (named.value.empty() || rules.bypass_.covers_everything()) {
        return rules;
    }
    auto parsed = parse_proxy(ascii::trim(named.value), named.name);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    rules.proxy_ = std::move(*parsed);
    rules.bypass_text_ = google::quoted_text(excepted.value);
    return rules;
}

proxy const* proxy_rules::proxy_for(std::string_view host, std::uint16_t port) const {
    bool direct = !proxy_ || is_near(host) || bypass_.covers(host, port);
    return direct ? nullptr : &*proxy_;
}

std::string proxy_rules::text() const {
    if (!proxy_) {
        return {};
    }
    auto line = "connecting through " + proxy_->text();
    return bypass_text_.empty() ? line : line + ", except for NO_PROXY=" + bypass_text_;
}

} // namespace vertex_relay::core
