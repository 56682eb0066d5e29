#pragma once
// What one conversion shares between its steps: what it is for, what it may cost, what it did.

#include "core/gemini/schema.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::schema {

/// Levels of schemas inside schemas that are written. Google names no limit (js-genai issue 882).
constexpr std::size_t depth_max = 32;

/// Names of repairs, as they are counted and logged.
class ledger {
public:
    void repaired(std::string_view name) {
        if (std::ranges::find(repairs_, name) == repairs_.end()) {
            repairs_.emplace_back(name);
        }
    }

    /// `keyword` is the client's text: at most 32 are kept, and none that could not stand in a log.
    void dropped(std::string_view keyword) {
        bool plain = keyword.size() <= 40 && std::ranges::all_of(keyword, [](char c) {
            return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != ',';
        });
        auto name = plain ? keyword : "(other)";
        if (dropped_.size() < 32 && std::ranges::find(dropped_, name) == dropped_.end()) {
            dropped_.emplace_back(name);
        }
    }

    bool empty() const { return repairs_.empty() && dropped_.empty(); }
    std::vector<std::string>&& take_repairs() { return std::move(repairs_); }
    std::vector<std::string>&& take_dropped() { return std::move(dropped_); }

private:
    std::vector<std::string> repairs_;
    std::vector<std::string> dropped_;
};

struct conversion {
    schema_purpose purpose;
    std::size_t bytes_left; ///< of what may still be read or copied
    std::size_t nodes_left; ///< schemas that may still be read or copied
    std::size_t refs_max;   ///< references inside references that are followed
    bool exhausted = false;
    ledger log = {};

    /// False once the allowance is gone; then nothing more is read.
    bool spend(std::size_t bytes) {
        exhausted = exhausted || bytes > bytes_left;
        bytes_left -= exhausted ? 0 : bytes;
        return !exhausted;
    }
    /// Whether there is room for copies; without them the schema says less, but all of it is read.
    bool affords(std::size_t bytes) const {
        return !exhausted && bytes < bytes_left / 2 && bytes / 24 < nodes_left / 2;
    }
    /// For schemas: their keywords and brackets count as text, too.
    bool spend_nodes(std::size_t count) {
        exhausted = exhausted || count > nodes_left;
        nodes_left -= exhausted ? 0 : count;
        return spend(24 * count);
    }
};

} // namespace vertex_relay::core::schema
