#include "core/gemini/signature_memory.hpp"

#include "core/ascii.hpp"
#include "core/gemini/call_hash.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace vertex_relay::core {

namespace {

constexpr std::size_t signature_bytes_max = 256 * 1024;
constexpr std::size_t entry_overhead = 160; ///< list node and two index entries, roughly

std::optional<std::uint64_t> parse_hash(std::string_view text) {
    std::uint64_t value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    bool whole = end == text.data() + text.size() && !text.empty();
    return error == std::errc{} && whole ? std::optional(value) : std::nullopt;
}

/// The next space-separated word of `line`, which loses it.
std::string_view take_word(std::string_view& line) {
    auto end = std::min(line.find(' '), line.size());
    auto word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

bool is_signature(std::string_view text) {
    auto visible = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
    return !text.empty() && text.size() <= signature_bytes_max &&
           std::ranges::all_of(text, visible);
}

} // namespace

bool signature_memory::remember(signed_call const& call, std::string_view signature, seconds now) {
    if (!is_signature(signature)) {
        return false;
    }
    insert({hash_of_id(call.id), hash_of_call(call.name, call.arguments), std::string(signature),
            now});
    return true;
}

std::optional<std::string> signature_memory::find(signed_call const& call, seconds now) {
    auto known = by_id_.find(hash_of_id(call.id));
    if (known == by_id_.end()) {
        known = call.name.empty() ? by_call_.end()
                                  : by_call_.find(hash_of_call(call.name, call.arguments));
        if (known == by_call_.end()) {
            return std::nullopt;
        }
    }
    auto one = known->second;
    if (now - one->remembered > limits_.lifetime) {
        forget(one);
        return std::nullopt;
    }
    return one->signature;
}

void signature_memory::insert(entry fresh) {
    if (auto known = by_id_.find(fresh.id_hash); known != by_id_.end()) {
        forget(known->second);
    }
    bytes_ += entry_overhead + fresh.signature.size();
    entries_.push_back(std::move(fresh));
    auto last = std::prev(entries_.end());
    if (last->id_hash != 0) {
        by_id_[last->id_hash] = last;
    }
    by_call_[last->call_hash] = last; // the newest of equal calls
    while (bytes_ > limits_.bytes_max) {
        forget(entries_.begin());
    }
}

void signature_memory::forget(place one) {
    if (auto known = by_id_.find(one->id_hash); known != by_id_.end() && known->second == one) {
        by_id_.erase(known);
    }
    if (auto known = by_call_.find(one->call_hash);
        known != by_call_.end() && known->second == one) {
        by_call_.erase(known);
    }
    bytes_ -= entry_overhead + one->signature.size();
    entries_.erase(one);
}

std::string signature_memory::line_of(entry const& one) {
    return fmt::format("{} {:x} {:x} {}\n", one.remembered.count(), one.id_hash, one.call_hash,
                       one.signature);
}

std::string signature_memory::newest() const {
    return entries_.empty() ? std::string() : line_of(entries_.back());
}

std::string signature_memory::save() const {
    std::string text;
    for (auto const& one : entries_) {
        text += line_of(one);
    }
    return text;
}

void signature_memory::restore(std::string_view lines, seconds now) {
    while (!lines.empty()) {
        auto end = std::min(lines.find('\n'), lines.size());
        auto line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        auto when = ascii::parse_decimal<std::int64_t>(take_word(line));
        auto id = parse_hash(take_word(line));
        auto call = parse_hash(take_word(line));
        bool whole = when && id && call && *call != 0 && is_signature(line);
        if (whole && now - seconds(*when) <= limits_.lifetime && seconds(*when) <= now) {
            insert({*id, *call, std::string(line), seconds(*when)});
        }
    }
}

} // namespace vertex_relay::core
