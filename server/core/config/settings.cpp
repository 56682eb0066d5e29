#include "core/config/settings.hpp"

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"
#include "core/gemini/repair.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;
constexpr std::uint64_t day_ms = 24 * hour_ms;
constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t gibibyte = 1024 * mebibyte;

// One name for the key and the member, so that they cannot differ.
#define SETTING(path)                                                                              \
    .key = #path, .member = +[](config & c) -> auto& { return c.path; }

const setting table[] = {
    {SETTING(listen),
     .help = "Where to listen: ADDR:PORT, [IPV6]:PORT or unix:/path; port 0 takes any free one.",
     .rule = grammar::listen,
     .when_empty = "127.0.0.1:8642 and [::1]:8642, as far as the host has them",
     .placeholder = "ADDR:PORT"},
    {SETTING(listen_mode),
     .help = "Permissions of a Unix socket in `listen`, octal.",
     .rule = grammar::file_mode,
     .placeholder = "MODE"},
    {SETTING(workers),
     .help = "Threads, each with its own connections; one is enough for thousands of streams.",
     .minimum = 1,
     .maximum = 256},
    {SETTING(default_model),
     .help = "The alias or publisher/model that answers a request without `model`.",
     .when_empty = "the only alias if there is exactly one, else such a request is refused",
     .placeholder = "MODEL"},
    {SETTING(catalogue_file),
     .help = "A file with the models to list instead of the built-in ones.",
     .when_empty = "the catalogue built into the program",
     .placeholder = "FILE"},
    {SETTING(prices_file),
     .help = "A file with the prices of tokens to estimate by instead of the built-in ones.",
     .when_empty = "the prices built into the program",
     .placeholder = "FILE"},

    {SETTING(admin.listen),
     .help = "The one address for /livez, /readyz and /metrics, without key; may be remote.",
     .rule = grammar::listen,
     .when_empty = "on the main addresses",
     .placeholder = "ADDR:PORT"},

    {SETTING(google.project),
     .help = "The Google Cloud project that is asked and billed, by id or number.",
     .rule = grammar::project,
     .when_empty = "discovered from the credentials and gcloud's configuration",
     .placeholder = "PROJECT",
     .short_flag = "--project",
     .google_variables = "GOOGLE_CLOUD_PROJECT,GCLOUD_PROJECT"},
    {SETTING(google.location),
     .help = "Where models run, such as global, eu or us-central1; a route may name another.",
     .rule = grammar::location,
     .when_empty = "global",
     .placeholder = "LOCATION",
     .short_flag = "--location",
     .google_variables = "GOOGLE_CLOUD_LOCATION,GOOGLE_CLOUD_REGION"},
    {SETTING(google.credentials),
     .help = "`adc` searches as Google's libraries do; else `metadata`, `gcloud`, or a file.",
     .placeholder = "adc|metadata|gcloud|FILE"},
    {SETTING(google.quota_project),
     .help = "The project whose quota is used, where it is not the project asked.",
     .rule = grammar::project,
     .when_empty = "from the credentials",
     .placeholder = "PROJECT",
     .google_variables = "GOOGLE_CLOUD_QUOTA_PROJECT"},
    {SETTING(google.impersonate_service_account),
     .help = "The service account to act as; further ones behind it, comma-separated, delegate.",
     .rule = grammar::service_accounts,
     .when_empty = "none",
     .placeholder = "EMAIL"},
    {SETTING(google.service_account_mode),
     .help = "How a service account key gets its token; auto: signs its own if Google is away.",
     .choices = "exchange,self_signed,auto"},
    {SETTING(google.universe_domain),
     .help = "The domain of Google's services, for sovereign clouds.",
     .rule = grammar::host_name,
     .when_empty = "from the credentials",
     .placeholder = "DOMAIN",
     .google_variables = "GOOGLE_CLOUD_UNIVERSE_DOMAIN"},
    {SETTING(google.allow_any_token_host),
     .help = "Accept a credential file that sends its secret to a host that is not Google's."},

    {SETTING(upstream.api_version),
     .help = "The version of the Vertex AI API; a route may name another.",
     .choices = "v1,v1beta1"},
    {SETTING(upstream.endpoint),
     .help = "Replaces the host of every Vertex AI call; http:// for loopback addresses only.",
     .rule = grammar::endpoint_url,
     .when_empty = "Google's hosts, by location",
     .placeholder = "URL"},
    {SETTING(upstream.ca_file),
     .help = "A PEM file of certificate authorities trusted besides the system's.",
     .when_empty = "the system's alone",
     .placeholder = "FILE"},
    {SETTING(upstream.resolve),
     .help = "Connects to another address under the same name, like curl's --resolve.",
     .rule = grammar::resolve,
     .when_empty = "DNS",
     .placeholder = "HOST:PORT=ADDR:PORT"},
    {SETTING(upstream.connect_timeout_ms),
     .help = "The longest wait for a connection: name, TCP and TLS together.",
     .minimum = 1,
     .maximum = hour_ms},
    {SETTING(upstream.first_byte_timeout_ms),
     .help = "The longest wait for the first byte of an answer; models may think for minutes.",
     .minimum = 1,
     .maximum = day_ms},
    {SETTING(upstream.idle_timeout_ms),
     .help = "The longest silence within an answer.",
     .minimum = 1,
     .maximum = day_ms},
    {SETTING(upstream.pool_idle_ms),
     .help = "How long an unused connection to Google is kept for the next request.",
     .maximum = day_ms},
    {SETTING(upstream.pool_max_idle),
     .help = "The most unused connections a worker keeps; 0 opens one for each request.",
     .maximum = 65'536},
    {SETTING(upstream.retry_stale),
     .help = "Send a request once more if a kept connection turns out closed, before any answer."},

    {SETTING(retry.max),
     .help = "How often a 429 or 503 is tried again; 0 turns fallbacks off as well.",
     .maximum = 10},
    {SETTING(retry.min_delay_ms),
     .help = "The wait before the first retry; it doubles, with jitter.",
     .maximum = hour_ms},
    {SETTING(retry.budget_ms),
     .help = "No retry begins later than this after the first refusal; fallbacks may.",
     .maximum = hour_ms},

    {SETTING(limits.head_bytes),
     .help = "The largest request line and headers together.",
     .minimum = 256,
     .maximum = mebibyte},
    {SETTING(limits.headers),
     .help = "The most headers of a request.",
     .minimum = 1,
     .maximum = 1000},
    {SETTING(limits.target_bytes),
     .help = "The longest request target.",
     .minimum = 32,
     .maximum = mebibyte},
    {SETTING(limits.body_bytes),
     .help = "The largest request body; images travel in it as base64.",
     .minimum = 1,
     .maximum = gibibyte},
    {SETTING(limits.event_bytes),
     .help = "The largest single event of a streamed answer.",
     .minimum = 1024,
     .maximum = gibibyte},
    {SETTING(limits.buffered_bytes),
     .help = "Memory of all bodies, and of long answers while half is free; beyond it, 503.",
     .minimum = 1,
     .maximum = 1024 * gibibyte},
    {SETTING(limits.connections),
     .help = "The most client connections; beyond it, 503.",
     .minimum = 1,
     .maximum = 1'000'000},
    {SETTING(limits.streams),
     .help = "The most requests under way at once; beyond it, 503.",
     .minimum = 1,
     .maximum = 1'000'000},

    {SETTING(timeouts.head_ms),
     .help = "The longest wait for a complete request head.",
     .minimum = 1,
     .maximum = hour_ms},
    {SETTING(timeouts.body_ms),
     .help = "The longest wait for a complete request body.",
     .minimum = 1,
     .maximum = hour_ms},
    {SETTING(timeouts.keep_alive_ms),
     .help = "How long an unused client connection stays open.",
     .minimum = 1,
     .maximum = day_ms},
    {SETTING(timeouts.write_ms),
     .help = "The longest a client may take to accept more of its answer.",
     .minimum = 1,
     .maximum = hour_ms},
    {SETTING(timeouts.drain_ms),
     .help = "How long a stopping relay waits for answers under way.",
     .maximum = day_ms},
    {SETTING(timeouts.comment_ms),
     .help = "After this much silence a stream gets a comment line that keeps it open.",
     .minimum = 1,
     .maximum = hour_ms},

    {SETTING(access.allow_host),
     .help = "Further names accepted in the Host header, a guard against DNS rebinding.",
     .rule = grammar::allowed_host,
     .when_empty = "localhost, loopback addresses and the addresses listened on",
     .placeholder = "HOST"},
    {SETTING(access.allow_origin),
     .help = "Web origins whose pages may call the relay; `*` only with api_key_file.",
     .rule = grammar::origin,
     .when_empty = "none but those of desktop applications",
     .placeholder = "ORIGIN"},
    {SETTING(access.allow_uid),
     .help = "Further users of this machine, by number, who may connect.",
     .rule = grammar::uid,
     .when_empty = "the relay's own user and root",
     .placeholder = "UID"},
    {SETTING(access.allow_group),
     .help = "Groups of this machine whose members may connect.",
     .rule = grammar::group,
     .when_empty = "none",
     .placeholder = "GROUP"},
    {SETTING(access.peer_check),
     .help = "Check which user connects; auto: for login users outside containers, and for lists.",
     .choices = "auto,on,off"},
    {SETTING(access.api_key_file),
     .help = "A file with the API key clients must send.",
     .when_empty = "no key is needed",
     .placeholder = "FILE"},
    {SETTING(access.allow_remote),
     .help = "Permit a non-loopback address in `listen`; it also needs api_key_file."},
    {SETTING(access.lenient_content_type),
     .help = "Accept a request body that is not declared as application/json."},
    {SETTING(access.only_listed_models),
     .help = "Refuse every model that no entry of [models] names."},

    {SETTING(repairs.disable),
     .help = "Repairs of requests to Gemini and of its answers to leave out, by name.",
     .rule = grammar::repair_name,
     .when_empty = "none is left out",
     .placeholder = "REPAIR",
     .words = repair_names},

    {SETTING(signatures.file),
     .help = "A file that keeps Gemini's thought signatures, so that histories survive a restart.",
     .when_empty = "they are kept in memory, for a week at most",
     .placeholder = "FILE"},

    {SETTING(log.level),
     .help = "The least severe message to log.",
     .choices = "trace,debug,info,warn,error,off"},
    {SETTING(log.format),
     .help = "The shape of log lines; auto: text on a terminal, JSON otherwise.",
     .choices = "auto,text,json"},
    {SETTING(log.access), .help = "Log one line for each request."},
};

#undef SETTING

std::string joined_name(std::string_view prefix, std::string_view key, char separator) {
    std::string name(prefix);
    for (char c : key) {
        name += c == '.' || c == '_' ? separator : c;
    }
    return name;
}

} // namespace

std::span<setting const> settings() { return table; }

setting const* find_setting(std::string_view key) {
    auto const* row = std::ranges::find(table, key, &setting::key);
    return row == std::end(table) ? nullptr : row;
}

std::vector<std::string_view> setting_keys() {
    std::vector<std::string_view> keys;
    for (auto const& row : table) {
        keys.push_back(row.key);
    }
    return keys;
}

std::string flag_name(std::string_view key) { return joined_name("--", key, '-'); }

std::string variable_name(std::string_view key) {
    auto name = joined_name("VERTEX_RELAY_", key, '_');
    for (char& c : name) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return name;
}

std::string_view section_of(std::string_view key) {
    auto dot = key.find('.');
    return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

bool is_toggle(setting const& row) {
    return std::holds_alternative<bool& (*)(config&)>(row.member);
}

bool is_list(setting const& row) {
    return std::holds_alternative<std::vector<std::string>& (*)(config&)>(row.member);
}

bool is_size(setting const& row) { return row.key.ends_with("_bytes"); }

std::vector<std::string> allowed_words(setting const& row) {
    std::vector<std::string> words;
    ascii::for_each_item(row.choices, [&](std::string_view word) { words.emplace_back(word); });
    if (row.words != nullptr) {
        auto all = row.words();
        words.insert(words.end(), all.begin(), all.end());
    }
    return words;
}

} // namespace vertex_relay::core
