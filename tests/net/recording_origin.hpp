#pragma once
// A scripted origin that keeps every request and answers each with the same small document.

#include "net/scripted_origin.hpp"

#include <vector>

namespace vertex_relay::tests {

class recording_origin {
public:
    static constexpr std::string_view answer =
        R"({"choices":[{"finish_reason":"stop","index":0,"message":{"content":"x",)"
        R"("role":"assistant"}}]})";

    void stand_in(core::config& settings) const { origin_.stand_in(settings); }
    std::size_t connections() const { return origin_.connections(); }

    std::size_t count() {
        std::scoped_lock lock(mutex_);
        return requests_.size();
    }
    /// The latest request, which is forgotten.
    origin_request take() {
        std::scoped_lock lock(mutex_);
        auto last = requests_.empty() ? origin_request{} : std::move(requests_.back());
        requests_.clear();
        return last;
    }

private:
    void serve(origin_line& line) {
        while (auto request = line.read()) {
            {
                std::scoped_lock lock(mutex_);
                requests_.push_back(std::move(*request));
            }
            line.send(json_answer(answer));
        }
    }

    std::mutex mutex_;
    std::vector<origin_request> requests_;
    scripted_origin origin_{[this](origin_line& line) { serve(line); }}; ///< last: it uses the rest
};

} // namespace vertex_relay::tests
