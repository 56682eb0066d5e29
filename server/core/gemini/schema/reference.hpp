#pragma once
// Where a `$ref` leads inside the schema it stands in.

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vertex_relay::core::schema {

struct ref_target {
    std::string pointer; ///< JSON pointer (RFC 6901), unescaped from the URI; the root's is empty
    simdjson::dom::element schema;

    /// The last part, as a name for the target: `Node` of `/$defs/Node`, `the root`.
    std::string name() const;
};

/// The definitions of one schema. Each name under `$defs` and `definitions` is looked up in a map,
/// so that as many references as a body can hold stay cheap; other pointers are walked, over at
/// most a million members in all.
class references {
public:
    explicit references(simdjson::dom::element root) : root_(root) {}

    /// Nothing for another document, a pointer that leads nowhere, an unknown anchor.
    std::optional<ref_target> find(std::string_view ref);

private:
    using names = std::unordered_map<std::string_view, simdjson::dom::element>;

    names const& definitions(std::string_view keyword);
    std::optional<simdjson::dom::element> walk(std::string_view pointer);
    std::optional<simdjson::dom::element> step(simdjson::dom::element from,
                                               std::string const& part);
    std::optional<ref_target> find_anchor(std::string_view name);

    simdjson::dom::element root_;
    std::unordered_map<std::string_view, names> indexed_;
    std::size_t steps_left_ = 1'000'000;
};

} // namespace vertex_relay::core::schema
