#include "unit/google/chain_rig.hpp"

#include <catch2/catch.hpp>

namespace vertex_relay::test {

using namespace core::google;

std::string header_of(token_call const& call, std::string_view name) {
    for (auto const& [key, value] : call.headers) {
        if (key == name) {
            return value;
        }
    }
    for (auto const& [key, value] : call.secret_headers) {
        if (key == name) {
            return std::string(value.reveal());
        }
    }
    return "";
}

token_response answer(int status, std::string body) {
    return {.status = status,
            .headers = {{"Metadata-Flavor", "Google"}},
            .body = core::secret(std::move(body))};
}

token_response token_answer(std::string const& token, int lifetime) {
    return answer(200, R"({"access_token":")" + token + R"(","expires_in":)" +
                           std::to_string(lifetime) + R"(,"token_type":"Bearer"})");
}

token_response iam_answer(std::string const& token, std::string const& expires) {
    return answer(200, R"({"accessToken":")" + token + R"(","expireTime":")" + expires + R"("})");
}

call_outcome chain_rig::call(token_call const& wanted) {
    seen.push_back(wanted.method + " " + place_of(wanted));
    bodies.emplace_back(wanted.body.reveal());
    authorizations.push_back(header_of(wanted, "Authorization"));
    if (!server) {
        return std::unexpected(call_failure{call_fault::connect_failed, "Connection refused"});
    }
    return server(wanted);
}

file_outcome chain_rig::read(std::string const& path) {
    seen.push_back("read " + path);
    auto found = files.find(path);
    if (found == files.end()) {
        return {.what = file_outcome::kind::not_found};
    }
    return {.what = file_outcome::kind::text, .text = core::secret(std::string(found->second))};
}

program_outcome chain_rig::execute(run_program const& wanted) {
    std::string line = "run";
    for (auto const& word : wanted.arguments) {
        line += " " + word;
    }
    seen.push_back(line);
    return program ? program(wanted) : program_outcome{.what = program_outcome::kind::not_found};
}

std::expected<access_token, token_error> chain_rig::run() {
    constexpr int steps_max = 50;
    grant_chain chain({.from = from,
                       .kept = kept,
                       .clock = clock,
                       .variables = variables,
                       .token_left = token_left},
                      now);
    for (int i = 0; i < steps_max; ++i) {
        auto const& action = chain.next();
        if (std::holds_alternative<chain_ended>(action)) {
            steps = chain.steps();
            return chain.take();
        }
        if (auto const* wanted = std::get_if<token_call>(&action)) {
            chain.answered(call(*wanted), now);
        } else if (auto const* file = std::get_if<core::google::read_file>(&action)) {
            chain.file_read(read(file->path), now);
        } else {
            chain.program_ended(execute(std::get<run_program>(action)), now);
        }
    }
    FAIL("the chain does not end");
    return std::unexpected(token_error{});
}

} // namespace vertex_relay::test
