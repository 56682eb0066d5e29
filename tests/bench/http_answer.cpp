#include "http_answer.hpp"

#include <algorithm>
#include <charconv>

namespace vertex_relay::bench {

namespace {

constexpr std::size_t partial_bytes_max = 64 * 1024;

/// The value of a field in a lower-case head, or nothing.
std::string_view field_value(std::string_view head, std::string_view name) {
    const std::string sought = "\r\n" + std::string(name) + ":";
    const std::size_t at = head.find(sought);
    if (at == head.npos) {
        return {};
    }
    const std::size_t start = head.find_first_not_of(" \t", at + sought.size());
    return start == head.npos ? head.substr(head.size())
                              : head.substr(start, head.find("\r\n", start) - start);
}

} // namespace

void http_answer::take(std::string_view& arrived, std::string& body) {
    while (!arrived.empty() && !complete() && !broken()) {
        switch (now_) {
        case state::head:
            if (take_until(arrived, "\r\n\r\n")) {
                read_head();
            }
            break;
        case state::chunk_head:
            if (take_until(arrived, "\r\n")) {
                read_chunk_head();
            }
            break;
        case state::chunk_end:
            if (take_until(arrived, "\r\n")) {
                now_ = partial_.size() == 2 ? state::chunk_head : state::broken;
                partial_.clear();
            }
            break;
        case state::trailer:
            if (take_until(arrived, "\r\n")) {
                now_ = partial_.size() == 2 ? state::complete : state::trailer;
                partial_.clear();
            }
            break;
        case state::sized:
        case state::chunk:
            take_bytes(arrived, body);
            break;
        case state::complete:
        case state::broken:
            break;
        }
    }
}

/// Moves bytes to `partial_` until it ends with `end`.
bool http_answer::take_until(std::string_view& arrived, std::string_view end) {
    const std::size_t before = partial_.size();
    const std::size_t overlap = std::min(before, end.size() - 1);
    const std::size_t window = std::min<std::size_t>(arrived.size(), 4096);
    partial_.append(arrived.substr(0, window));
    const std::size_t at = partial_.find(end, before - overlap);
    if (at == partial_.npos) {
        arrived.remove_prefix(window);
        now_ = partial_.size() > partial_bytes_max ? state::broken : now_;
        return false;
    }
    partial_.resize(at + end.size());
    arrived.remove_prefix(partial_.size() - before);
    return true;
}

void http_answer::read_head() {
    std::string head = std::move(partial_);
    partial_.clear();
    std::ranges::transform(head, head.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    const bool is_http = head.starts_with("http/1.1 ") && head.size() > 12;
    if (!is_http || std::from_chars(head.data() + 9, head.data() + 12, status_).ptr !=
                        head.data() + 12) {
        now_ = state::broken;
        return;
    }
    if (status_ == 100) {
        status_ = 0;
        return;
    }
    closes_ = field_value(head, "connection").find("close") != std::string_view::npos;
    const std::string_view length = field_value(head, "content-length");
    if (field_value(head, "transfer-encoding") == "chunked") {
        now_ = state::chunk_head;
    } else if (std::from_chars(length.data(), length.data() + length.size(), left_).ec ==
               std::errc{}) {
        now_ = left_ == 0 ? state::complete : state::sized;
    } else {
        now_ = state::broken; // An end by close cannot be told from a cut.
    }
}

void http_answer::read_chunk_head() {
    const auto [end, error] =
        std::from_chars(partial_.data(), partial_.data() + partial_.size(), left_, 16);
    if (error != std::errc{} || (*end != '\r' && *end != ';')) {
        now_ = state::broken;
    } else {
        now_ = left_ == 0 ? state::trailer : state::chunk;
    }
    partial_.clear();
}

void http_answer::take_bytes(std::string_view& arrived, std::string& body) {
    const std::size_t count = std::min(left_, arrived.size());
    body.append(arrived.substr(0, count));
    arrived.remove_prefix(count);
    left_ -= count;
    if (left_ == 0) {
        now_ = now_ == state::sized ? state::complete : state::chunk_end;
    }
}

} // namespace vertex_relay::bench
