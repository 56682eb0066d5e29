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

/// What a fragment says of the call it belongs to.
struct call_mark {
    std::string_view id;    ///< may be empty, like the other two
    std::string_view name;  ///< of the function
    std::string_view index; ///< as written
};

struct logged_call {
    std::string id;        ///< as the client gets it
    std::string name;      ///< as Vertex knows it
    std::string arguments; ///< kept only for the signature
    std::string signature; ///< empty: none came
    std::string index;     ///< as Vertex wrote it with the first fragment
};

class call_log {
public:
    struct place {
        std::size_t index;
        bool fresh; ///< the call's first fragment
    };

    /// A fragment: it belongs to the call of that id; if it names neither id nor function, to the
    /// last one of that index, else to the last one; else it begins a call. A missing id is made up
    /// from `seed`, which differs between answers.
    place add(call_mark const& fragment, std::string_view seed);
    /// A call of a whole answer: a new one always, whose id no other has.
    place add_whole(call_mark const& call, std::string_view seed);

    logged_call& at(std::size_t index) { return calls_[index]; }
    std::vector<logged_call> const& calls() const { return calls_; }

private:
    std::size_t find(call_mark const& fragment) const;

    std::vector<logged_call> calls_;
};

} // namespace vertex_relay::core
