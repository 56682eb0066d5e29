// A storm of bad HTTP through a real worker. For each input: answers a client understands, or a
// clean end; upstream exactly what a second opinion finds in it; and good requests work as before.

#include "wire/storm_input.hpp"
#include "wire/storm_oracle.hpp"
#include "wire/storm_origin.hpp"
#include "wire/wire_relay.hpp"
#include "wire/wire_render.hpp"

#include "net/relay_shape.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <set>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::size_t clients = 24;
constexpr std::size_t complaints_max = 10;
constexpr std::string_view last_request =
    "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

constexpr std::string_view storm_settings =
    "access.only_listed_models = true\n"
    "[models]\n"
    "elsewhere = \"meta/elsewhere\"\n"
    "storm = { model = \"meta/storm\", passthrough = true }\n";

/// What goes wrong with one input; the first complaint counts.
class storm_run {
public:
    storm_run() : relay_(std::string(storm_settings), origin_.port()) {}

    /// Sends every input, several at a time, then compares what reached the origin.
    void send_all(storm_inputs const& inputs);

    std::size_t bad() const { return bad_; }
    std::vector<std::string> const& complaints() const { return complaints_; }

private:
    void send_one(std::string const& input);
    std::string converse(std::string const& input, storm_verdict const& verdict);
    std::string read_answers(relay_client& client, storm_verdict const& verdict);
    std::string read_end(relay_client& client, storm_verdict const& verdict);
    void expect_upstream(storm_verdict const& verdict);
    void compare_upstream();
    void complain(std::string what, std::string_view input = {});

    storm_origin origin_;
    wire_relay relay_;
    std::mutex mutex_;
    std::map<std::string, int> wanted_; ///< upstream bodies
    std::set<std::string> optional_;    ///< that may come or not
    std::vector<std::string> complaints_;
    std::atomic<std::size_t> bad_ = 0;
};

void storm_run::send_all(storm_inputs const& inputs) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients; ++i) {
        threads.emplace_back([&] {
            for (auto at = next++; at < inputs.size(); at = next++) {
                send_one(inputs[at]);
            }
        });
    }
    threads.clear();
    if (!relay_.rig().settles()) {
        complain("the relay still counts a connection, a stream or memory");
    }
    compare_upstream();
    auto good = relay_.rig().ask(storm_post(storm_chat("afterwards")));
    if (good.status != 200 || good.body != storm_answer || origin_.take().bodies.size() != 1) {
        complain("a good request does not work any more");
    }
}

void storm_run::send_one(std::string const& input) {
    auto verdict = judge(input);
    bad_ += verdict.all_good() ? 0 : 1;
    expect_upstream(verdict);
    if (auto problem = converse(input, verdict); !problem.empty()) {
        complain(std::move(problem), input);
    }
}

/// Empty if all is well.
std::string storm_run::converse(std::string const& input, storm_verdict const& verdict) {
    auto client = relay_.rig().connect();
    if (!client.send(input)) {
        return "the relay does not take these bytes";
    }
    auto problem = read_answers(client, verdict);
    return problem.empty() ? read_end(client, verdict) : problem;
}

http_answer next_answer(relay_client& client, bool head_only) {
    auto answer = client.read(head_only);
    while (answer.status / 100 == 1) {
        answer = client.read(head_only);
    }
    return answer;
}

/// An answer to `asked`, as a client can understand it.
std::string judge_answer(http_answer const& answer, storm_message const& asked) {
    if (!answer.complete || answer.chunked || answer.field("x-request-id").empty()) {
        return "no whole answer";
    }
    bool answered = answer.status == 200 && answer.body == storm_answer;
    if (asked.upstream && !answered && !asked.odd) {
        return fmt::format("a good request got {}", answer.status);
    }
    if (!asked.upstream && answered) {
        return "an answer of Google to a request it must not see";
    }
    if (answer.status >= 400) {
        bool shaped = asked.head_only ? answer.body.empty() : problem_of(answer.body).has_value();
        return shaped ? "" : "an error of no shape";
    }
    return answered || (asked.local && answer.status == 200)
               ? ""
               : fmt::format("an answer nobody can want: {}", answer.status);
}

std::string storm_run::read_answers(relay_client& client, storm_verdict const& verdict) {
    for (auto const& asked : verdict.messages) {
        auto answer = next_answer(client, asked.head_only);
        if (auto problem = judge_answer(answer, asked); !problem.empty()) {
            return problem;
        }
    }
    return "";
}

/// The connection goes on, has ended, or waits for the rest of a message that never comes.
std::string storm_run::read_end(relay_client& client, storm_verdict const& verdict) {
    using enum storm_verdict::ending;
    if (verdict.end == in_step) {
        bool fine = client.send(last_request) && client.read().status == 200;
        if (!fine) {
            return "the connection is out of step";
        }
    } else if (verdict.end == cut) {
        relay_.look(); // had it taken the input for a whole message, Google would know by now
        client.half_close();
        auto refusal = next_answer(client, false);
        if (refusal.status != 0 && (refusal.status < 400 || !problem_of(refusal.body))) {
            return "half a message got an answer";
        }
    }
    if (client.wait_for_end() != ending::closed) {
        return "the connection does not end cleanly";
    }
    return client.received().empty() ? "" : "an answer too many";
}

void storm_run::expect_upstream(storm_verdict const& verdict) {
    std::scoped_lock lock(mutex_);
    for (auto const& one : verdict.messages) {
        if (one.upstream && one.odd) {
            optional_.insert(*one.upstream);
        } else if (one.upstream) {
            ++wanted_[*one.upstream];
        }
    }
}

void storm_run::compare_upstream() {
    auto seen = origin_.take();
    for (auto const& head : seen.malformed) {
        complain("a malformed request went upstream", head);
    }
    for (auto const& [body, count] : seen.bodies) {
        if (count > wanted_[body] + (optional_.contains(body) ? 1 : 0)) {
            complain("a request too many went upstream", body);
        }
    }
    for (auto const& [body, count] : wanted_) {
        if (count > seen.bodies[body]) {
            complain("a good request never went upstream", body);
        }
    }
    wanted_.clear();
    optional_.clear();
}

void storm_run::complain(std::string what, std::string_view input) {
    std::scoped_lock lock(mutex_);
    if (complaints_.size() < complaints_max) {
        what += "\n" + render(input.substr(0, 4000), ">", {});
    }
    complaints_.push_back(std::move(what));
}

void check_storm(storm_run& run, storm_inputs const& inputs) {
    run.send_all(inputs);
    for (auto const& one : run.complaints()) {
        std::cerr << one << "\n"; // Catch breaks long lines
    }
    REQUIRE(run.complaints().empty());
}

} // namespace

TEST_CASE("a storm of bad HTTP passes without damage", "[storm]") {
    storm_run run;
    std::size_t sent = 0;
    for (auto generate : {framing_storm, chunk_storm, field_byte_storm, request_line_storm,
                          body_storm, random_storm, cut_storm}) {
        auto inputs = generate();
        sent += inputs.size();
        check_storm(run, inputs);
    }
    INFO(sent << " inputs, " << run.bad() << " of them bad");
    CHECK(run.bad() >= 10'000);
}
