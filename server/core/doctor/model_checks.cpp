#include "core/doctor/model_checks.hpp"

#include "core/json_text.hpp"
#include "core/openai/model_list.hpp"
#include "core/vertex/google_error.hpp"

#include <algorithm>

namespace vertex_relay::core::doctor {

namespace {

constexpr std::string_view api_name = "API enabled";
constexpr std::string_view role_name = "role";

/// Failures that came from Google and not from the way there.
bool is_answer(model_outcome const& one) {
    return one.answer.has_value() || !one.answer.error().google.empty();
}

obstacle obstacle_of(model_outcome const& one) {
    bool asked = one.question.where.has_value();
    return asked && !one.answer ? find_obstacle(one.answer.error(), *one.question.where)
                                : obstacle::none;
}

/// `gcloud … --member=MEMBER`, with the account that is meant.
std::string with_member(std::string text, std::string_view account) {
    constexpr std::string_view blank = "MEMBER";
    auto at = text.find(blank);
    if (at != text.npos && account.contains('@')) {
        bool service = account.ends_with("gserviceaccount.com");
        text.replace(at, blank.size(),
                     fmt::format("{}:{}", service ? "serviceAccount" : "user", account));
    }
    return text;
}

model_outcome const* first_with(std::span<model_outcome const> outcomes, obstacle what) {
    auto found = std::ranges::find(outcomes, what, obstacle_of);
    return found == outcomes.end() ? nullptr : &*found;
}

check api_check(std::span<model_outcome const> outcomes) {
    std::string name(api_name);
    if (auto const* one = first_with(outcomes, obstacle::api_disabled)) {
        return failed_check(name, one->answer.error().message);
    }
    if (std::ranges::any_of(outcomes, is_answer)) {
        return {.name = name, .found = "aiplatform.googleapis.com answers"};
    }
    return {.name = name, .outcome = verdict::skipped, .found = "no answer tells"};
}

check role_check(std::span<model_outcome const> outcomes, std::string_view account) {
    std::string name(role_name);
    if (auto const* one = first_with(outcomes, obstacle::role_missing)) {
        return failed_check(name, with_member(one->answer.error().message, account));
    }
    bool allowed = std::ranges::any_of(
        outcomes, [](model_outcome const& one) { return one.answer.has_value(); });
    return allowed ? check{.name = name, .found = "aiplatform.endpoints.predict is granted"}
                   : check{.name = name, .outcome = verdict::skipped, .found = "no answer tells"};
}

std::string usual_remedy(int status) {
    return status == 404   ? "vertex-relay models"
           : status == 429 ? "https://console.cloud.google.com/iam-admin/quotas"
                           : "";
}

check model_check(model_outcome const& one) {
    auto name = "model " + one.question.names;
    if (!one.question.where) {
        return failed_check(name, one.question.where.error().message);
    }
    auto const& place = one.question.where->place;
    if (one.answer) {
        return {.name = name, .found = fmt::format("{} answered in {}", place, *one.answer)};
    }
    auto what = obstacle_of(one);
    if (what == obstacle::api_disabled || what == obstacle::role_missing) {
        return {.name = name,
                .outcome = verdict::failed,
                .found = fmt::format("{} was refused: see '{}'", place,
                                     what == obstacle::role_missing ? role_name : api_name)};
    }
    auto const& why = one.answer.error();
    auto out = failed_check(name, why.message);
    out.steps = {place};
    if (out.remedy.empty()) { // the message has no command
        out.remedy = usual_remedy(why.status);
    }
    return out;
}

void add(std::vector<model_question>& questions, std::string const& name,
         result<target> where) {
    auto same = [&](model_question const& one) {
        return where && one.where && one.where->path == where->path &&
               one.where->model == where->model && one.where->host == where->host;
    };
    auto found = std::ranges::find_if(questions, same);
    if (found == questions.end()) {
        questions.push_back({name, std::move(where)});
    } else if (found->names != name) {
        found->names += ", " + name;
    }
}

} // namespace

std::vector<model_question> models_to_ask(config const& settings, route_table const& routes,
                                          std::string_view today) {
    std::vector<model_question> questions;
    for (auto const& route : settings.models) {
        add(questions, route.name, routes.resolve(route.name));
    }
    if (!settings.default_model.empty()) {
        add(questions, settings.default_model, routes.resolve(std::nullopt));
    }
    if (!questions.empty()) {
        return questions;
    }
    auto names = offered_names(routes, today);
    auto gemini = std::ranges::find_if(
        names, [](std::string const& name) { return name.starts_with("google/gemini-"); });
    if (gemini != names.end()) {
        add(questions, *gemini, routes.resolve(*gemini));
    }
    return questions;
}

std::string one_token_body(target const& where) {
    auto model = where.model ? fmt::format(R"("model":{},)", json_string(*where.model)) : "";
    return fmt::format(R"({{{}"messages":[{{"role":"user","content":"Hi"}}],"max_tokens":1}})",
                       model);
}

std::vector<check> model_checks(std::span<model_outcome const> outcomes, std::string_view account,
                                std::string_view why) {
    if (outcomes.empty()) {
        std::vector<check> checks;
        for (auto name : {api_name, role_name, std::string_view("models")}) {
            checks.push_back({.name = std::string(name),
                              .outcome = verdict::skipped,
                              .found = std::string(why)});
        }
        return checks;
    }
    std::vector<check> checks{api_check(outcomes), role_check(outcomes, account)};
    for (auto const& one : outcomes) {
        checks.push_back(model_check(one));
    }
    return checks;
}

} // namespace vertex_relay::core::doctor
