#pragma once
// Addresses by name, kept for a while: fresh ones save a lookup, the last good ones bridge an
// outage of the name server.

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace vertex_relay::core {

struct name_cache_times {
    std::chrono::milliseconds fresh{60'000};      ///< no lookup is needed
    std::chrono::milliseconds last_good{600'000}; ///< serves while lookups fail
};

template <class Address>
class name_cache {
public:
    using milliseconds = std::chrono::milliseconds; ///< since any fixed moment, never back
    using addresses = std::vector<Address>;

    static constexpr std::size_t names_max = 256;

    explicit name_cache(name_cache_times times) : times_(times) {}

    void keep(std::string const& name, addresses found, milliseconds now) {
        if (answers_.size() >= names_max && !answers_.contains(name)) {
            std::erase_if(answers_, [&](auto const& entry) {
                return now - entry.second.at >= times_.fresh;
            });
        }
        if (answers_.size() < names_max || answers_.contains(name)) {
            answers_.insert_or_assign(name, answer{std::move(found), now});
        }
    }

    /// Null if a lookup is due. Valid until the next `keep`.
    addresses const* fresh(std::string const& name, milliseconds now) const {
        return younger(name, now, times_.fresh);
    }
    /// Null if there is none that may still be used. Valid until the next `keep`.
    addresses const* last_good(std::string const& name, milliseconds now) const {
        return younger(name, now, times_.last_good);
    }

private:
    struct answer {
        addresses found;
        milliseconds at;
    };
    addresses const* younger(std::string const& name, milliseconds now, milliseconds than) const {
        auto known = answers_.find(name);
        bool usable = known != answers_.end() && now - known->second.at < than;
        return usable ? &known->second.found : nullptr;
    }

    name_cache_times times_;
    std::unordered_map<std::string, answer> answers_;
};

} // namespace vertex_relay::core
