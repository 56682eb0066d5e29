#include "core/doctor/google_checks.hpp"

#include "core/google/discovery.hpp"
#include "core/google/project_search.hpp"

#include <fmt/format.h>

namespace vertex_relay::core::doctor {

namespace {

using namespace google;

/// Beyond it signed requests are refused; below it nobody need care.
constexpr seconds offset_that_matters{60};

std::vector<std::string> lines_of(std::span<lookup_step const> steps) {
    std::vector<std::string> lines;
    for (auto const& step : steps) {
        lines.push_back(fmt::format("{}: {}", step.place, step.result));
    }
    return lines;
}

} // namespace

check credentials_check(token_facts const& facts) {
    if (facts.from == nullptr) {
        auto const& message = facts.token.error().failure.message;
        auto out = failed_check("credentials", std::string(without_places(message)));
        out.steps = lines_of(facts.places);
        return out;
    }
    check out{.name = "credentials", .found = describe(*facts.from)};
    out.steps = lines_of(facts.places);
    if (!facts.doubt.empty()) {
        out.steps.push_back(facts.doubt);
    }
    return out;
}

check token_check(token_facts const& facts) {
    if (facts.from == nullptr) {
        return {.name = "token", .outcome = verdict::skipped, .found = "no credentials to use"};
    }
    if (!facts.token) {
        auto out = failed_check("token", facts.token.error().failure.message);
        out.steps = lines_of(facts.calls);
        return out;
    }
    auto const& account = acting_account(*facts.from);
    check out{.name = "token",
              .found = fmt::format("obtained with {}, good for {} s, {}", type_name(*facts.from),
                                   facts.token->lifetime.count(),
                                   account.empty() ? "the account is not named"
                                                   : "account " + account)};
    out.steps = lines_of(facts.calls);
    if (!facts.token->note.empty()) {
        out.steps.push_back(facts.token->note);
    }
    return out;
}

check clock_check(std::optional<seconds> offset) {
    if (!offset) {
        return {.name = "clock", .outcome = verdict::skipped, .found = "no answer told Google's"};
    }
    auto apart = std::chrono::abs(*offset);
    if (apart <= offset_that_matters) {
        return {.name = "clock", .found = fmt::format("within {} s of Google's", apart.count())};
    }
    return {.name = "clock",
            .outcome = verdict::failed,
            .found = fmt::format("this machine's clock is {} s {} Google's", apart.count(),
                                 offset->count() > 0 ? "behind" : "ahead of"),
            .remedy = "sudo timedatectl set-ntp true   (WSL: sudo hwclock -s; Docker Desktop "
                      "after sleep: restart its machine)"};
}

check project_check(found_setting const& project) {
    if (!project.value.empty()) {
        return {.name = "project", .found = fmt::format("{} ({})", project.value, project.origin)};
    }
    auto what = project.origin.empty()
                    ? std::string("no Google Cloud project is known")
                    : fmt::format("{} names no project id (a display name is none)",
                                  project.origin);
    return {.name = "project",
            .outcome = verdict::failed,
            .found = what,
            .remedy = "gcloud config set project my-project",
            .steps = ways_to_name_a_project()};
}

check quota_project_check(found_setting const& quota_project) {
    if (quota_project.value.empty()) {
        return {.name = "quota project", .found = "none: the project itself is charged"};
    }
    return {.name = "quota project",
            .found = fmt::format("{} ({})", quota_project.value, quota_project.origin)};
}

check location_check(found_setting const& location) {
    return {.name = "location", .found = fmt::format("{} ({})", location.value, location.origin)};
}

} // namespace vertex_relay::core::doctor
