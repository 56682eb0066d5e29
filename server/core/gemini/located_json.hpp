#pragma once
// Where every value of a JSON document stands in its bytes, so that an edit can be made at any
// depth. simdjson's tree has the values but not their places.
//
//     {"messages":[{"role":"user"}],"n":1}
//     0 object ─┬─ 1 "messages" array ─── 2 object ─── 3 "role" string
//               └─ 4 "n" number
//
// Nodes lie in the order of the text: a child follows its parent at once, and `end`, the first
// node behind the subtree, is the next sibling. So neither link needs a field of its own.

#include "core/edit.hpp"
#include "core/failure.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

enum class json_kind : std::uint8_t { object, array, string, number, boolean, null };

class located_value;

/// The tree of one document. It keeps a view of the document, which must outlive it and every
/// value taken from it.
class located_json {
public:
    /// 32 MiB of nodes; a conversation of a million tokens stays far below.
    static constexpr std::size_t nodes_max = 1U << 20U;

    /// One pass over `document`, which must already be known to be valid JSON; on anything else
    /// the result is meaningless but within bounds. The memory of an earlier document is used
    /// again and its values become invalid. Failure: 400 too_many_values.
    result<located_value> read(std::string_view document);
    /// Gives back what a big document needed; values of it become invalid.
    void rest() { nodes_.rest(); }

    located_json() = default;
    located_json(located_json const&) = delete; // values point here
    located_json& operator=(located_json const&) = delete;

private:
    friend class located_value;
    friend class located_children;

    struct node {
        std::uint32_t offset;
        std::uint32_t length;
        std::uint32_t key_offset; ///< of the opening quote
        std::uint32_t key_length; ///< with both quotes; 0: no member of an object
        std::uint32_t parent;     ///< the root is its own
        std::uint32_t end;        ///< index of the first node behind the subtree
        std::uint32_t key_marks;  ///< `mark_of` every key in it: most keys asked for are not there
        json_kind kind;
        bool key_escaped; ///< perhaps a backslash stands in the key
    };
    static_assert(sizeof(node) <= 32);

    /// A vector that adds a node without making it zero first.
    class node_list {
    public:
        std::size_t size() const { return size_; }
        bool empty() const { return size_ == 0; }
        void clear() { size_ = 0; }
        node const& operator[](std::size_t index) const { return room_[index]; }
        node& operator[](std::size_t index) { return room_[index]; }
        /// With whatever was there before.
        node& add() {
            if (size_ == room_.size()) {
                room_.resize(std::max<std::size_t>(256, 2 * size_));
            }
            return room_[size_++];
        }
        void rest() {
            if (room_.size() > nodes_kept) {
                std::vector<node>().swap(room_); // an assignment would keep the memory
                size_ = 0;
            }
        }

    private:
        static constexpr std::size_t nodes_kept = 16 * 1024;
        std::vector<node> room_;
        std::size_t size_ = 0;
    };
    class reader;

    static constexpr std::uint32_t mark_of(std::string_view key) {
        auto first = key.empty() ? 0U : static_cast<unsigned char>(key.front());
        return std::uint32_t{1} << ((first + 5 * key.size()) % 32);
    }

    std::string_view document_;
    node_list nodes_;
};

class located_children;

/// One value and its place; cheap to copy.
class located_value {
public:
    json_kind kind() const { return node().kind; }
    bool is(json_kind wanted) const { return kind() == wanted; }
    std::size_t offset() const { return node().offset; }
    std::size_t length() const { return node().length; }
    std::size_t end_offset() const { return offset() + length(); }
    std::string_view text() const; ///< as written, with quotes

    bool has_key() const { return node().key_length > 0; }
    /// Where the member starts: at its key; for an element or the root, at the value.
    std::size_t member_offset() const { return has_key() ? node().key_offset : offset(); }
    std::string key() const; ///< unescaped; empty without one
    bool key_is(std::string_view name) const {
        auto const& own = node(); // hardly any key is escaped: its bytes tell
        return own.key_escaped ? escaped_key_is(name)
                               : own.key_length == name.size() + 2 &&
                                     (name.empty() || *key_begin() == name.front()) &&
                                     std::memcmp(key_begin(), name.data(), name.size()) == 0;
    }

    bool key_is_one_of(std::span<std::string_view const> names) const;

    std::string string() const; ///< unescaped; empty if it is no string
    bool string_is(std::string_view wanted) const;

    std::optional<located_value> parent() const;
    std::size_t index() const { return index_; } ///< its number in the order of the text
    /// Members of an object or elements of an array, in order; nothing for other kinds.
    located_children children() const;
    /// The first member of that name; nothing for other kinds.
    std::optional<located_value> find(std::string_view key) const;

    bool operator==(located_value const&) const = default;

private:
    friend class located_json;
    friend class located_children;
    located_value(located_json const& tree, std::size_t index) : tree_(&tree), index_(index) {}
    located_json::node const& node() const { return tree_->nodes_[index_]; }
    char const* key_begin() const { return tree_->document_.data() + node().key_offset + 1; }
    bool escaped_key_is(std::string_view name) const;
    std::optional<located_value> search(std::string_view key) const;

    located_json const* tree_;
    std::size_t index_;
};

class located_children {
public:
    class iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = located_value;
        iterator() = default;
        iterator(located_json const& tree, std::size_t index) : tree_(&tree), index_(index) {}
        located_value operator*() const { return {*tree_, index_}; }
        iterator& operator++() {
            index_ = tree_->nodes_[index_].end;
            return *this;
        }
        iterator operator++(int) {
            auto before = *this;
            ++*this;
            return before;
        }
        bool operator==(iterator const&) const = default;

    private:
        located_json const* tree_ = nullptr;
        std::size_t index_ = 0;
    };

    explicit located_children(located_value of)
        : begin_(*of.tree_, of.index_ + 1), end_(*of.tree_, of.node().end) {}
    iterator begin() const { return begin_; }
    iterator end() const { return end_; }
    bool empty() const { return begin_ == end_; }
    std::size_t size() const;

private:
    iterator begin_;
    iterator end_;
};

inline located_children located_value::children() const { return located_children(*this); }

inline std::optional<located_value> located_value::find(std::string_view key) const {
    bool may_be_here = (node().key_marks & located_json::mark_of(key)) != 0;
    return may_be_here ? search(key) : std::nullopt;
}

/// Appends the edits that take every child of `container` out for which `doomed(child)` holds,
/// with the right commas: together they leave valid JSON and never overlap.
template <class Predicate>
void append_removals(std::vector<edit>& out, located_value container, Predicate doomed) {
    bool kept_before = false;
    std::size_t before = container.offset() + 1;
    auto children = container.children();
    for (auto at = children.begin(); at != children.end();) {
        auto child = *at++;
        if (!doomed(child)) {
            kept_before = true;
        } else if (kept_before) { // with the comma in front
            out.push_back({before, child.end_offset() - before, {}});
        } else { // with the comma behind
            auto end = at != children.end() ? (*at).member_offset() : child.end_offset();
            out.push_back({child.member_offset(), end - child.member_offset(), {}});
        }
        before = child.end_offset();
    }
}

} // namespace vertex_relay::core
