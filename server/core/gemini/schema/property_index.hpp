#pragma once
// Finding properties by name while others are added: two large objects that meet would otherwise
// take the square of their size.

#include "core/gemini/schema/node.hpp"

#include <string_view>
#include <unordered_map>

namespace vertex_relay::core::schema {

class property_index {
public:
    /// At most `more` properties will be added; `properties` must outlive the index.
    property_index(std::vector<property>& properties, std::size_t more)
        : properties_(properties) {
        properties.reserve(properties.size() + more); // the names stay where they are
        for (auto& one : properties) {
            known_.try_emplace(one.name, &one);
        }
    }

    property* find(std::string_view name) const {
        auto found = known_.find(name);
        return found == known_.end() ? nullptr : found->second;
    }

    void add(property one) {
        auto& added = properties_.emplace_back(std::move(one));
        known_.try_emplace(added.name, &added);
    }

private:
    std::vector<property>& properties_;
    std::unordered_map<std::string_view, property*> known_;
};

} // namespace vertex_relay::core::schema
