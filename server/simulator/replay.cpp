#include "simulator/replay.hpp"

#include "core/conformance/capture.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

namespace vertex_relay::simulator {

namespace fs = std::filesystem;
namespace captured = core::conformance;

namespace {

std::optional<std::string> read_whole(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return file.is_open() && !file.bad() ? std::optional(std::move(text)) : std::nullopt;
}

/// Whole events, so that each can travel in a chunk of its own.
std::vector<std::string> events_in(std::string_view body) {
    std::vector<std::string> out;
    while (!body.empty()) {
        auto end = std::min(body.find("\n\n"), body.find("\n\r\n"));
        auto size = end == body.npos ? body.size() : body.find('\n', end + 1) + 1;
        out.emplace_back(body.substr(0, size));
        body.remove_prefix(size);
    }
    return out;
}

answer answer_of(captured::captured_head const& head, std::string body) {
    answer out{.status = static_cast<int>(head.status), .content_type = head.content_type};
    if (!head.retry_after.empty()) {
        out.extra_headers = fmt::format("Retry-After: {}\r\n", head.retry_after);
    }
    out.stream = head.content_type.starts_with("text/event-stream");
    if (out.stream) {
        out.events = events_in(body);
    } else {
        out.body = std::move(body);
    }
    return out;
}

std::string key_of(json body, bool openapi) {
    return (openapi ? "openapi " : "endpoint ") + canonical(body);
}

void append_member(std::string& out, std::string_view key, json value) {
    append_quoted(out, key);
    out += ':';
    out += canonical(value);
}

} // namespace

std::string canonical(json value) {
    std::string out;
    if (auto list = as_array(value)) {
        for (json one : *list) {
            out += (out.empty() ? "" : ",") + canonical(one);
        }
        return "[" + out + "]";
    }
    if (auto object = as_object(value)) {
        std::vector<std::pair<std::string_view, json>> members;
        for (auto one : *object) {
            members.emplace_back(one.key, one.value);
        }
        std::ranges::sort(members, {}, [](auto const& one) { return one.first; });
        for (auto const& [key, one] : members) {
            out += out.empty() ? "" : ",";
            append_member(out, key, one);
        }
        return "{" + out + "}";
    }
    return simdjson::minify(value);
}

std::expected<replay, std::string> replay::load(fs::path const& dir) {
    replay out;
    std::error_code failed;
    for (auto const& entry : fs::directory_iterator(dir, failed)) {
        auto name = entry.path().filename().string();
        if (!name.ends_with(captured::request_ending)) {
            continue;
        }
        auto stem = name.substr(0, name.size() - captured::request_ending.size());
        auto wrong = [&](std::string_view file, std::string_view why) {
            return std::unexpected(fmt::format("{}: {}", (dir / file).string(), why));
        };
        auto head_name = stem + std::string(captured::head_ending);
        auto request = read_whole(entry.path());
        auto head = captured::read_captured_head(read_whole(dir / head_name).value_or(""));
        if (!head) {
            return wrong(head_name, head.error());
        }
        bool chat = head->path.ends_with("/chat/completions");
        if (!chat || head->status == 401) { // tokens are judged here as ever
            continue;
        }
        auto body_name = stem + std::string(captured::body_ending(head->content_type));
        auto body = read_whole(dir / body_name);
        if (!body) {
            return wrong(body_name, "cannot be read");
        }
        simdjson::dom::parser parser;
        json document;
        if (!request || parser.parse(*request).get(document) != simdjson::SUCCESS) {
            return wrong(name, "is no JSON");
        }
        bool openapi = head->path.find("/endpoints/openapi/") != std::string::npos;
        out.answers_.try_emplace(key_of(document, openapi), answer_of(*head, std::move(*body)));
    }
    if (failed) {
        return std::unexpected(fmt::format("{}: {}", dir.string(), failed.message()));
    }
    return out.size() > 0 ? std::expected<replay, std::string>(std::move(out))
                          : std::unexpected(fmt::format("{}: there is no capture in it, no file "
                                                        "that ends in {}",
                                                        dir.string(), captured::request_ending));
}

std::optional<answer> replay::find(json body, bool openapi) const {
    auto found = answers_.empty() ? answers_.end() : answers_.find(key_of(body, openapi));
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace vertex_relay::simulator
