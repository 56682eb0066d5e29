#include "core/doctor/check.hpp"

namespace vertex_relay::core::doctor {

check failed_check(std::string name, std::string message) {
    auto remedy = command_in(message);
    return {.name = std::move(name),
            .outcome = verdict::failed,
            .found = std::move(message),
            .remedy = std::move(remedy)};
}

std::string command_in(std::string_view message) {
    for (auto at = message.find('`'); at != message.npos; at = message.find('`', at + 1)) {
        auto end = message.find('`', at + 1);
        auto quoted = message.substr(at + 1, end == message.npos ? end : end - at - 1);
        if (quoted.starts_with("gcloud ") || quoted.starts_with("sudo ")) {
            return std::string(quoted);
        }
        if (end == message.npos) {
            break;
        }
        at = end;
    }
    auto bare = message.find("gcloud ");
    bool quoted = message.find('`') != message.npos;
    return bare == message.npos || quoted ? std::string() : std::string(message.substr(bare));
}

} // namespace vertex_relay::core::doctor
