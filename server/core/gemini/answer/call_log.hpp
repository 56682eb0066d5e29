#pragma once
// The tool calls of one choice as they arrive: which index each has, and what there is to remember
// of it. Vertex streams arguments in fragments under one id whose `index` flips; the Gemini
// Developer API sends no index at all.

#include "core/gemini/signature_memory.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

struct logged_call {
    std::string id;        ///< as the client gets it
    std::string name;      ///< as Vertex knows it
    std::string arguments; ///< kept only for the signature
    std::string signature; ///< empty: none came
};

class call_log {
public:
    struct place {
        std::size_t index;
        bool fresh; ///< the call's first fragment
    };

    /// A fragment: it belongs to the call of that id, else to the last one if it names neither id
    /// nor function, else it begins a call. A missing id is made up from `seed`, which differs
    /// between answers.
    place add(std::string_view id, std::string_view name, std::string_view seed);
    /// A call of a whole answer: a new one always, whose id no other has.
    place add_whole(std::string_view id, std::string_view name, std::string_view seed);

    logged_call& at(std::size_t index) { return calls_[index]; }
    std::vector<logged_call> const& calls() const { return calls_; }

private:
    std::vector<logged_call> calls_;
};

} // namespace vertex_relay::core
