#include "simulator/request.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace vertex_relay::simulator {

namespace ascii = core::ascii;

namespace {

bool is_token(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [others](char c) {
        return ascii::is_alnum(c) || others.find(c) != std::string_view::npos;
    });
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\t') || u == 0x7F;
    });
}

std::optional<std::size_t> parse_hex(std::string_view text) {
    std::size_t value = 0;
    auto const* end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, value, 16);
    bool ok = error == std::errc{} && stop == end && !text.empty() && text.size() <= 8;
    return ok ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<std::string_view> request::find(std::string_view name) const {
    auto it = std::ranges::find(headers, name, &header::name);
    return it == headers.end() ? std::nullopt : std::optional<std::string_view>(it->value);
}

std::string_view request::host() const {
    auto authority = find("host").value_or("");
    if (authority.starts_with('[')) {
        return authority.substr(0, authority.find(']') + 1);
    }
    return authority.substr(0, authority.find(':'));
}

request_reader::state request_reader::fail(std::string why) {
    complaint_ = std::move(why);
    return state_ = state::bad;
}

void request_reader::next() {
    request_ = {};
    state_ = state::head;
    framing_ = framing::none;
    left_ = 0;
    in_chunk_ = last_chunk_ = false;
}

request_reader::state request_reader::read(std::string& input) {
    if (state_ == state::head) {
        auto end = input.find("\r\n\r\n");
        if (end == std::string::npos) {
            return input.size() > head_bytes_max ? fail("head too long") : state_;
        }
        request_.head = input.substr(0, end + 4);
        input.erase(0, end + 4);
        if (!read_head(request_.head) || !decide_framing()) {
            return state_ = state::bad;
        }
        state_ = state::body;
    }
    if (state_ != state::body) {
        return state_;
    }
    if (framing_ == framing::chunked) {
        return read_chunks(input);
    }
    auto take = std::min(left_, input.size());
    request_.body.append(input, 0, take);
    input.erase(0, take);
    left_ -= take;
    return state_ = left_ == 0 ? state::done : state::body;
}

bool request_reader::read_head(std::string_view head) {
    head.remove_suffix(2);
    auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    auto first = line.find(' ');
    auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        fail("bad request line");
        return false;
    }
    request_.method = line.substr(0, first);
    request_.target = line.substr(first + 1, last - first - 1);
    auto version = line.substr(last + 1);
    if (!is_token(request_.method) || !request_.target.starts_with('/') ||
        request_.target.find(' ') != std::string::npos || has_control(request_.target) ||
        (version != "HTTP/1.1" && version != "HTTP/1.0")) {
        fail("bad request line");
        return false;
    }
    request_.keep_alive = version == "HTTP/1.1";
    while (!head.empty()) {
        line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        if (!read_header_line(line)) {
            fail("bad header line");
            return false;
        }
    }
    return true;
}

bool request_reader::read_header_line(std::string_view line) {
    auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return false;
    }
    auto value = ascii::trim(line.substr(colon + 1));
    if (has_control(value) || request_.headers.size() >= 200) {
        return false;
    }
    request_.headers.push_back({ascii::to_lower(line.substr(0, colon)), std::string(value)});
    return true;
}

bool request_reader::decide_framing() {
    auto count = [this](std::string_view name) {
        return std::ranges::count(request_.headers, name, &request::header::name);
    };
    if (count("host") != 1 || count("content-length") > 1 || count("transfer-encoding") > 1) {
        fail("host, content-length or transfer-encoding missing or repeated");
        return false;
    }
    if (auto connection = request_.find("connection")) {
        ascii::for_each_item(*connection, [this](std::string_view item) {
            request_.keep_alive = ascii::iequals(item, "close") ? false : request_.keep_alive;
        });
    }
    auto coding = request_.find("transfer-encoding");
    auto length = request_.find("content-length");
    if (coding) {
        framing_ = framing::chunked;
        bool good = ascii::iequals(*coding, "chunked") && !length;
        return good || (fail("ambiguous framing"), false);
    }
    if (length) {
        auto bytes = ascii::parse_decimal(*length);
        if (!bytes || *bytes > body_bytes_max) {
            fail("bad content-length");
            return false;
        }
        framing_ = framing::length;
        left_ = *bytes;
        request_.body.reserve(left_ + 64); // simdjson reads past the end
    }
    return true;
}

request_reader::state request_reader::read_chunks(std::string& input) {
    std::size_t used = 0;
    auto leave = [&](state now) {
        input.erase(0, used);
        return state_ = now;
    };
    while (true) {
        if (in_chunk_) {
            auto take = std::min(left_, input.size() - used);
            request_.body.append(input, used, take);
            used += take;
            left_ -= take;
            if (left_ > 0 || input.size() - used < 2) {
                return leave(state::body);
            }
            if (input.compare(used, 2, "\r\n") != 0) {
                return fail("chunk without its line end");
            }
            used += 2;
            in_chunk_ = false;
        }
        auto end = input.find("\r\n", used);
        if (end == std::string::npos) {
            return leave(state::body);
        }
        auto line = std::string_view(input).substr(used, end - used);
        used = end + 2;
        if (last_chunk_) { // trailer fields are read and dropped
            if (line.empty()) {
                return leave(state::done);
            }
            continue;
        }
        auto size = parse_hex(ascii::trim(line.substr(0, line.find(';'))));
        if (!size || request_.body.size() + *size > body_bytes_max) {
            return fail("bad chunk size");
        }
        left_ = *size;
        in_chunk_ = *size > 0;
        last_chunk_ = *size == 0;
    }
}

} // namespace vertex_relay::simulator
