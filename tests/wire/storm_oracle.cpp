#include "wire/storm_oracle.hpp"

#include "wire/storm_head.hpp"
#include "wire/storm_json.hpp"
#include "wire/storm_payload.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace vertex_relay::tests {

namespace {

using ending = storm_verdict::ending;

std::regex const chat_path("(/+v1)*/+chat/+completions/*");

constexpr std::uint64_t body_bytes_max = 32 * 1024 * 1024;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool is_number(std::string_view text, unsigned long max) {
    bool digits =
        !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == text.npos;
    return digits && std::stoul(std::string(text)) <= max;
}

bool is_loopback(std::string name) {
    name = lower(name);
    auto colon = name.starts_with('[') ? name.find("]:") : name.find(':');
    if (colon != name.npos) {
        colon += name.starts_with('[') ? 1 : 0;
        if (!is_number(name.substr(colon + 1), 65535)) {
            return false;
        }
        name.resize(colon);
    }
    if (name == "localhost" || name == "[::1]") {
        return true;
    }
    for (int octets = 1;; ++octets) {
        auto dot = name.find('.');
        auto octet = name.substr(0, dot);
        if (!is_number(octet, 255) || (octets == 1 && std::stoul(octet) != 127)) {
            return false;
        }
        if (dot == name.npos) {
            return octets == 4;
        }
        name.erase(0, dot + 1);
    }
}

/// Scheme and authority come off the front of an absolute target.
bool split_target(std::string target, std::string& path) {
    auto scheme = target.starts_with('/') ? target.npos : target.find("://");
    if (scheme != target.npos) {
        auto end = std::min(target.find_first_of("/?#", scheme + 3), target.size());
        if (!is_loopback(target.substr(scheme + 3, end - scheme - 3))) {
            return false;
        }
        target.erase(0, end);
    }
    path = target.substr(0, target.find_first_of("?#"));
    return true;
}

bool is_json(std::string const& type) {
    auto name = lower(type.substr(0, type.find(';')));
    while (name.ends_with(' ') || name.ends_with('\t')) {
        name.pop_back();
    }
    return name == "application/json";
}

bool asks_for_websocket(storm_head const& head) {
    auto wanted = head.all("upgrade");
    return !head.is_old && !wanted.empty() &&
           lower(wanted[0]).find("websocket") != std::string::npos;
}

/// What the edge makes of a head, before any body.
enum class admission : unsigned char { chat, local, refused };

admission admit(storm_head const& head) {
    std::string path;
    bool here = is_loopback(head.all("host")[0]) && split_target(head.target, path);
    auto expectations = head.all("expect");
    bool patient = expectations.empty() ||
                   (expectations.size() == 1 && lower(expectations[0]) == "100-continue");
    if (!here || !head.all("origin").empty() || !head.all("sec-fetch-site").empty() ||
        asks_for_websocket(head) || !patient || head.length > body_bytes_max) {
        return admission::refused;
    }
    bool reads = head.method == "GET" || head.method == "HEAD";
    if (reads && path == "/livez") {
        return admission::local;
    }
    auto types = head.all("content-type");
    bool chat = head.method == "POST" &&
                std::regex_match(std::string(path), chat_path) &&
                types.size() == 1 && is_json(types[0]) && head.all("content-encoding").empty();
    return chat ? admission::chat : admission::refused;
}

storm_message ask_google(std::string const& body) {
    auto read = read_storm_body(body);
    storm_message out;
    if (read.valid && read.good_types && read.model == storm_alias) {
        out.odd = read.odd;
        out.upstream = body;
        out.upstream->replace(read.model_at, read.model_size,
                              "\"" + std::string(storm_model) + "\"");
    }
    return out;
}

} // namespace

bool storm_verdict::all_good() const {
    return end != ending::cut && std::ranges::all_of(messages, [](storm_message const& one) {
               return one.local || (one.upstream && !one.odd);
           });
}

storm_verdict judge(std::string_view bytes) {
    storm_verdict out;
    auto ends = [&out](ending how) {
        out.end = how;
        return out;
    };
    while (true) {
        while (bytes.starts_with("\r\n")) {
            bytes.remove_prefix(2);
        }
        if (bytes.empty()) {
            return out;
        }
        auto read = read_storm_head(bytes);
        if (read.what == storm_head_reading::verdict::cut) {
            return ends(ending::cut);
        }
        storm_message message{.head_only = read.head.method == "HEAD"};
        auto admitted =
            read.what == storm_head_reading::verdict::bad ? admission::refused : admit(read.head);
        bool unread = read.head.framing != storm_head::body::none;
        if (read.what == storm_head_reading::verdict::bad ||
            (admitted == admission::refused && unread)) {
            out.messages.push_back(message);
            return ends(ending::over);
        }
        bytes.remove_prefix(read.size);
        auto body = read_storm_payload(read.head, bytes);
        if (body.what == storm_payload::verdict::cut) {
            return ends(ending::cut);
        }
        if (body.what == storm_payload::verdict::bad) {
            out.messages.push_back(message);
            return ends(ending::over);
        }
        bytes.remove_prefix(body.size);
        if (admitted == admission::chat) {
            message = ask_google(body.text);
        }
        message.local = admitted == admission::local;
        out.messages.push_back(std::move(message));
        if (!read.head.keeps_alive()) {
            return ends(ending::over);
        }
    }
}

} // namespace vertex_relay::tests
