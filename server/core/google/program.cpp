#include "core/google/program.hpp"

#include "core/ascii.hpp"
#include "core/google/credential_failure.hpp"

namespace vertex_relay::core::google {
namespace {

bool may_be_secret(char c) {
    return ascii::is_alnum(c) || c == '-' || c == '_' || c == '+' || c == '=';
}

} // namespace

std::string name_of(run_program const& program) {
    return "program \"" + quoted_text(program.arguments.empty() ? "" : program.arguments.front()) +
           "\"";
}

std::string how_it_ended(program_outcome const& outcome) {
    using kind = program_outcome::kind;
    switch (outcome.what) {
    case kind::exited:
        return "ended with status " + std::to_string(outcome.status);
    case kind::killed:
        return "was ended by signal " + std::to_string(outcome.status);
    case kind::not_found:
        return "was not found";
    case kind::timed_out:
        return "did not end in time and was stopped";
    case kind::too_long:
        return "wrote more than 64 KiB";
    case kind::not_started:
        break;
    }
    return "could not be started (" + quoted_text(outcome.reason) + ")";
}

std::string redacted_text(std::string_view text) {
    constexpr std::size_t harmless = 23;
    std::string out;
    while (!text.empty()) {
        std::size_t size = 0;
        while (size < text.size() && may_be_secret(text[size])) {
            ++size;
        }
        out += size > harmless ? "[...]" : text.substr(0, size);
        out += text.substr(size, 1);
        text.remove_prefix(std::min(text.size(), size + 1));
    }
    return quoted_text(out);
}

} // namespace vertex_relay::core::google
