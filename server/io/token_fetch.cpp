#include "io/token_fetch.hpp"

#include "io/file_read.hpp"
#include "io/program_run.hpp"
#include "io/shorter_deadline.hpp"
#include "io/token_call.hpp"

namespace vertex_relay::io {

using namespace core::google;

namespace {

constexpr auto patience = std::chrono::seconds(30);

} // namespace

void grant_state::use(credential found) {
    from = std::move(found);
    kept.forget();
    files.clear();
}

task<std::expected<access_token, token_error>> fetch_token(fiber& sleeper, connector& connects,
                                                           grant_state& state) {
    state.files.clear();
    chain_parts parts{.from = *state.from,
                      .kept = state.kept,
                      .clock = state.clock,
                      .variables = state.variables,
                      .token_left = state.token_left};
    grant_chain chain(parts, state.now());
    shorter_deadline deadline(sleeper);
    auto limit = sleeper.loop().now() + patience;
    deadline.set(limit);
    while (!std::holds_alternative<chain_ended>(chain.next())) {
        auto const& action = chain.next();
        if (auto const* call = std::get_if<token_call>(&action)) {
            auto outcome = co_await run_token_call(sleeper, connects, *call);
            chain.answered(std::move(outcome), state.now());
        } else if (auto const* file = std::get_if<core::google::read_file>(&action)) {
            state.files.note(file->path);
            chain.file_read(read_credential_file(file->path, file->sibling), state.now());
        } else {
            auto const& program = std::get<core::google::run_program>(action);
            limit += program.timeout;
            deadline.set(limit);
            auto outcome = co_await run_to_end(sleeper, program, state.variables);
            chain.program_ended(std::move(outcome), state.now());
        }
    }
    state.steps = chain.steps();
    co_return chain.take();
}

} // namespace vertex_relay::io
