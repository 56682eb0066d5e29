#include "core/gemini/request/conversation.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/gemini/request/calls.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace vertex_relay::core {

namespace {

constexpr std::string_view no_result = "No result: the call was interrupted.";

constexpr std::string_view go_on = R"({"role":"user","content":"Continue."})";

std::string id_of(located_value call) {
    auto id = call.find("id");
    return id ? id->string() : std::string();
}

/// The calls of a turn by their ids, in their order where two have the same.
std::multimap<std::string, std::size_t> calls_by_id(turn const& one) {
    std::multimap<std::string, std::size_t> calls;
    for (std::size_t i = 0; i < one.calls.size(); ++i) {
        calls.emplace(id_of(one.calls[i]), i);
    }
    return calls;
}

class conversation {
public:
    conversation(located_value messages, repair_job& job) : job_(job), messages_(messages) {
        for (auto message : messages.children()) {
            turns_.push_back(read_turn(message, job));
        }
    }

    void run();

private:
    void drop_empty_turns();
    void pair_results();
    std::size_t answer_calls(std::size_t at);
    void add_missing(std::size_t behind, std::size_t from, located_value call);
    turn* find_later(std::size_t from, std::string const& id);
    void note_mentions();
    void name_result(turn& result, located_value call);
    void drop(turn& one, repair why);
    void end_with_user();
    void sign();
    void write();

    repair_job& job_;
    located_value messages_;
    std::vector<turn> turns_;
    std::unordered_map<std::string, std::vector<std::size_t>> mentions_; ///< of ids, by turn
};

void conversation::run() {
    for (auto& one : turns_) {
        repair_turn(one, job_);
    }
    drop_empty_turns();
    pair_results();
    sign();
    end_with_user();
    write();
}

void conversation::drop(turn& one, repair why) {
    one.dropped = true;
    job_.made(why);
}

/// All of them, unless nobody could then be made to say anything.
void conversation::drop_empty_turns() {
    auto speaks = [](turn const& one) { return !one.empty; };
    bool silent = std::ranges::none_of(turns_, speaks) && !job_.wants(repair::last_turn);
    if (!job_.wants(repair::empty_content) || silent) {
        return;
    }
    for (auto& one : turns_) {
        if (one.empty && one.role != speaker::other) {
            drop(one, repair::empty_content);
        }
    }
}

/// Walks from call to call; a result that answers none is dropped.
void conversation::pair_results() {
    for (std::size_t at = 0; at < turns_.size(); ++at) {
        auto& one = turns_[at];
        if (!one.calls.empty()) {
            at = answer_calls(at);
        } else if (one.role == speaker::tool && !one.dropped && job_.wants(repair::tool_results)) {
            drop(one, repair::tool_results);
        }
    }
}

/// The results of the calls at `at`: those that follow at once, then those that stand further
/// down, then made-up ones. Returns the index of the last turn looked at.
std::size_t conversation::answer_calls(std::size_t at) {
    auto const& calls = turns_[at].calls;
    auto open = calls_by_id(turns_[at]);
    std::size_t behind = at; // where an added result goes
    std::size_t next = at + 1;
    for (; next < turns_.size(); ++next) {
        auto& result = turns_[next];
        if (result.dropped) {
            continue;
        }
        if (result.role != speaker::tool) {
            break;
        }
        auto id = result_id(result);
        auto call = open.lower_bound(id); // the first of that id
        if (call != open.end() && call->first == id) {
            name_result(result, calls[call->second]);
            open.erase(call);
            behind = next;
        } else if (job_.wants(repair::tool_results)) {
            drop(result, repair::tool_results);
        }
    }
    if (job_.wants(repair::tool_results)) {
        std::set<std::size_t> unanswered;
        for (auto const& [id, number] : open) {
            unanswered.insert(number);
        }
        for (auto number : unanswered) {
            add_missing(behind, next, calls[number]);
        }
    }
    return next - 1;
}

/// Some tools count their ids anew in each answer: behind another call of that id, a result is its.
turn* conversation::find_later(std::size_t from, std::string const& id) {
    if (mentions_.empty()) {
        note_mentions();
    }
    auto const& places = mentions_[id];
    for (auto at = std::ranges::lower_bound(places, from); at != places.end(); ++at) {
        auto& one = turns_[*at];
        if (one.role != speaker::tool) {
            break;
        }
        if (!one.dropped) {
            return &one;
        }
    }
    return nullptr;
}

void conversation::note_mentions() {
    for (std::size_t at = 0; at < turns_.size(); ++at) {
        auto const& one = turns_[at];
        for (auto call : one.calls) {
            mentions_[id_of(call)].push_back(at);
        }
        if (one.role == speaker::tool) {
            mentions_[result_id(one)].push_back(at);
        }
    }
}

void conversation::add_missing(std::size_t behind, std::size_t from, located_value call) {
    auto id = call.find("id");
    auto called = called_name(call);
    auto name = job_.names.to_vertex(called);
    auto* later = id ? find_later(from, id->string()) : nullptr;
    if (later != nullptr) {
        name_result(*later, call);
        turns_[behind].after += ',' + edited_text(later->message, later->edits);
        drop(*later, repair::tool_results);
        return;
    }
    job_.made(repair::tool_results);
    turns_[behind].after +=
        fmt::format(R"(,{{"role":"tool","tool_call_id":{},"name":{},"content":{}}})",
                    id ? id->text() : "\"\"", json_string(name), json_string(no_result));
}

/// Vertex wants the function's name on its result; hardly any client sends it.
void conversation::name_result(turn& result, located_value call) {
    auto name = result.message.find("name");
    if (name && name->is(json_kind::string) && name->length() > 2) {
        job_.map_name(*name, result.edits);
        return;
    }
    auto called = called_name(call);
    if (called.empty() || !job_.wants(repair::tool_result_names)) {
        return;
    }
    job_.made(repair::tool_result_names);
    auto text = json_string(job_.names.to_vertex(called));
    if (name) {
        result.edits.push_back({name->offset(), name->length(), text});
    } else {
        insert_member(result.edits, result.message, "\"name\":" + text);
    }
}

/// The current turn begins behind the last question, or with the first message if none was asked.
void conversation::sign() {
    std::size_t current = 0;
    for (std::size_t at = 0; at < turns_.size(); ++at) {
        bool asks = turns_[at].role == speaker::user && !turns_[at].dropped;
        current = asks ? at + 1 : current;
    }
    for (std::size_t at = 0; at < turns_.size(); ++at) {
        sign_calls(turns_[at], at >= current, job_);
    }
}

/// Gemini refuses a conversation that is only `system`, and one that ends with the model.
void conversation::end_with_user() {
    if (!job_.wants(repair::last_turn)) {
        return;
    }
    auto kept = [](turn const& one) { return !one.dropped; };
    auto speaks = [](turn const& one) { return !one.dropped && one.role != speaker::system; };
    auto last = std::ranges::find_if(turns_.rbegin(), turns_.rend(), kept);
    if (last == turns_.rend()) {
        if (!turns_.empty()) { // nothing was said; OpenAI answers that too
            job_.made(repair::last_turn);
            job_.out.edits.push_back({messages_.end_offset() - 1, 0, std::string(go_on)});
        }
        return;
    }
    if (std::ranges::none_of(turns_, speaks)) {
        job_.made(repair::last_turn);
        auto role = last->message.find("role");
        std::erase_if(last->edits, [&](edit const& one) { return one.offset == role->offset(); });
        last->edits.push_back({role->offset(), role->length(), "\"user\""});
        return;
    }
    // Vertex takes `system` turns out of the conversation: another one ends it.
    auto ends = std::ranges::find_if(turns_.rbegin(), turns_.rend(), speaks);
    if (ends->role == speaker::assistant && ends->calls.empty() && !ends->function_call) {
        job_.made(repair::last_turn);
        (last->after += ',') += go_on;
    }
}

void conversation::write() {
    auto& edits = job_.out.edits;
    std::size_t at = 0;
    append_removals(edits, messages_, [&](located_value) { return turns_[at++].dropped; });
    for (auto& one : turns_) {
        if (one.dropped) {
            continue;
        }
        if (!one.before.empty()) {
            edits.push_back({one.message.offset(), 0, std::move(one.before)});
        }
        std::ranges::move(one.edits, std::back_inserter(edits));
        if (!one.after.empty()) {
            edits.push_back({one.message.end_offset(), 0, std::move(one.after)});
        }
    }
}

} // namespace

void repair_conversation(located_value messages, repair_job& job) {
    conversation(messages, job).run();
}

} // namespace vertex_relay::core
