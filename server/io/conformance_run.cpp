#include "io/conformance_run.hpp"

#include "core/conformance/capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace vertex_relay::io {

namespace fs = std::filesystem;
using namespace core::conformance;

namespace {

core::model_route to_model(place where, std::string model, std::string location = {}) {
    return {.name = fmt::format("conformance/{}", name_of(where)),
            .model = std::move(model),
            .location = std::move(location)};
}

std::string alias_of(place where) { return fmt::format("conformance/{}", name_of(where)); }

} // namespace

std::string endpoint_alias(core::config const& settings) {
    auto found = std::ranges::find_if(
        settings.models, [](core::model_route const& one) { return !one.endpoint.empty(); });
    return found == settings.models.end() ? std::string() : found->name;
}

void add_places(core::config& settings, wishes const& wanted) {
    auto own = endpoint_alias(settings);
    std::erase_if(settings.models, [&](core::model_route const& one) { return one.name != own; });
    if (!own.empty()) {
        settings.models.front().name = alias_of(place::endpoint);
    }
    settings.models.push_back(to_model(place::gemini, wanted.gemini));
    settings.models.push_back(to_model(place::gemini_us, wanted.gemini, "us"));
    settings.models.push_back(to_model(place::gemini_eu, wanted.gemini, "eu"));
    settings.models.push_back(to_model(place::lite, "google/gemini-3.5-flash-lite"));
    settings.models.push_back(to_model(place::older, "google/gemini-2.5-flash"));
    settings.models.push_back(to_model(place::retiring, "google/gemini-3.6-flash"));
    settings.models.push_back(to_model(place::painter, wanted.painter));
    settings.models.push_back(to_model(place::open_model, wanted.open_model));
}

/// One call with all it takes.
struct conformance_run::question {
    core::target where;
    std::string path;
    std::string body;
    std::string name; ///< of its captures
};

conformance_run::conformance_run(conformance_caller& caller, std::shared_ptr<service const> shared,
                                 wishes const& wanted)
    : caller_(caller), shared_(std::move(shared)), wanted_(wanted),
      bad_token_("ya29.a-token-that-nobody-issued") {}

std::expected<void, std::string> conformance_run::prepare() {
    if (wanted_.captures.empty()) {
        return {};
    }
    std::error_code failed;
    fs::create_directories(fs::path(wanted_.captures) / "relay", failed);
    return failed ? std::expected<void, std::string>(std::unexpected(fmt::format(
                        "--captures {}: {}", wanted_.captures, failed.message())))
                  : std::expected<void, std::string>();
}

conformance_run::question conformance_run::make_question(planned_call call) const {
    auto const& what = *call.what;
    auto alias = alias_of(what.where);
    question out;
    out.where = *shared_->routes.resolve(alias); // `add_places` put it there
    out.name = what.name;
    out.path = out.where.path;
    auto verb = out.path.rfind("chat/completions");
    out.path.replace(verb, out.path.npos, what.verb);
    bool past = call.how == way::past;
    auto model = past ? out.where.model.value_or("") : alias;
    out.body = request_body(what, what.model.empty() ? model : std::string(what.model),
                            wanted_.max_tokens);
    return out;
}

/// Who asks is known at the latest with the first token.
void conformance_run::hide_account() {
    hidden_ = {};
    hidden_.hide(shared_->where.project, "PROJECT");
    hidden_.hide(shared_->quota_project, "PROJECT");
    for (auto const& one : shared_->settings.models) {
        hidden_.hide(one.endpoint, "ENDPOINT");
        hidden_.hide(one.project, "PROJECT");
        hidden_.hide(one.host, "HOST");
    }
    if (auto who = shared_->tokens->who()) {
        hidden_.hide(who->account, "someone@example.com");
        hidden_.hide(who->project, "PROJECT");
        hidden_.hide(who->quota_project_of_file, "PROJECT");
    }
    if (auto token = shared_->tokens->current()) {
        hidden_.hide(std::string(token->value.reveal()), "TOKEN");
    }
}

void conformance_run::print(result_row row) {
    if (!wanted_.json) {
        std::fputs(row_text(row).c_str(), stdout);
        std::fflush(stdout);
    }
    rows_.push_back(std::move(row));
}

void conformance_run::write(fs::path const& dir, question const& asked,
                            answer_seen const& answer) {
    for (auto const& one : capture_files({asked.name, asked.path, asked.body}, answer, hidden_)) {
        std::ofstream file(dir / one.name, std::ios::binary | std::ios::trunc);
        file << one.text;
        file.close();
        if (!file) {
            trouble_ = fmt::format("{} could not be written", (dir / one.name).string());
        }
    }
}

void conformance_run::take(planned_call call, question const& asked, answer_seen const& answer) {
    hide_account();
    auto const& expected = call.how == way::past ? call.what->past : call.what->through;
    auto said = judge(expected, answer);
    said.finding = hidden_.apply(said.finding);
    if (!wanted_.captures.empty() && answer.status > 0) {
        fs::path dir(wanted_.captures);
        write(call.how == way::past ? dir : dir / "relay", asked, answer);
    }
    print({.call = call, .said = std::move(said), .status = answer.status});
}

task<> conformance_run::work(fiber& sleeper, plan made) {
    for (auto call : made.calls) {
        auto asked = make_question(call);
        auto begun = sleeper.loop().now();
        conformance_caller::request request{
            .where = asked.where,
            .path = asked.path,
            .body = asked.body,
            .token = call.what->bad_token ? &bad_token_ : nullptr,
            .limit = std::chrono::seconds(wanted_.call_seconds)};
        auto calling = call.how == way::past ? caller_.past(sleeper, request)
                                             : caller_.through(sleeper, request);
        auto answer = co_await calling;
        take(call, asked, answer);
        rows_.back().took = std::chrono::duration_cast<std::chrono::milliseconds>(
            sleeper.loop().now() - begun);
    }
    for (auto call : made.skipped) {
        print({.call = call,
               .said = {outcome::skipped, "no alias names an endpoint: give one with "
                                          "--model my-endpoint=ENDPOINT_ID"}});
    }
}

} // namespace vertex_relay::io
