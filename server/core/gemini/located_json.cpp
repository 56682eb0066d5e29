#include "core/gemini/located_json.hpp"

#include "core/gemini/json_string.hpp"
#include "core/json_scan.hpp"

#include <fmt/format.h>

#include <iterator>
#include <limits>

namespace vertex_relay::core {

namespace {

constexpr bool ends_scalar(char c) {
    return c == ',' || c == '}' || c == ']' || is_json_blank(c);
}

json_kind kind_at(char c) {
    switch (c) {
    case '{':
        return json_kind::object;
    case '[':
        return json_kind::array;
    case '"':
        return json_kind::string;
    case 't':
    case 'f':
        return json_kind::boolean;
    case 'n':
        return json_kind::null;
    default:
        return json_kind::number;
    }
}

} // namespace

/// Fills the nodes; `open_` is the container whose children are being read.
class located_json::reader {
public:
    reader(std::string_view text, std::vector<node>& nodes) : text_(text), nodes_(nodes) {}

    /// False: there are more values than `nodes_max`.
    bool run() {
        while (at_ < text_.size() && !complete_) {
            char c = text_[at_];
            if (is_json_blank(c) || c == ',' || c == ':') {
                ++at_;
            } else if (c == '}' || c == ']') {
                close(++at_);
            } else if (c == '"' && awaits_key()) {
                key_offset_ = at_;
                at_ = string_end(text_, at_);
                key_length_ = at_ - key_offset_;
            } else if (nodes_.size() == nodes_max) {
                return false;
            } else {
                add(kind_at(c));
            }
        }
        while (!complete_ && !nodes_.empty()) {
            close(text_.size());
        }
        return true;
    }

private:
    bool awaits_key() const {
        return !nodes_.empty() && nodes_[open_].kind == json_kind::object && key_length_ == 0;
    }

    void add(json_kind kind) {
        auto index = static_cast<std::uint32_t>(nodes_.size());
        node one{.offset = static_cast<std::uint32_t>(at_),
                 .length = 0,
                 .key_offset = static_cast<std::uint32_t>(key_offset_),
                 .key_length = static_cast<std::uint32_t>(key_length_),
                 .parent = open_,
                 .end = index + 1,
                 .kind = kind};
        key_length_ = 0;
        bool container = kind == json_kind::object || kind == json_kind::array;
        at_ = container ? at_ + 1 : leaf_end(kind);
        one.length = static_cast<std::uint32_t>(at_ - one.offset);
        nodes_.push_back(one);
        open_ = container ? index : open_;
        complete_ = !container && index == 0;
    }

    std::size_t leaf_end(json_kind kind) const {
        if (kind == json_kind::string) {
            return string_end(text_, at_);
        }
        auto end = at_ + 1;
        while (end < text_.size() && !ends_scalar(text_[end])) {
            ++end;
        }
        return end;
    }

    void close(std::size_t end) {
        if (nodes_.empty()) {
            return;
        }
        auto& container = nodes_[open_];
        container.length = static_cast<std::uint32_t>(end - container.offset);
        container.end = static_cast<std::uint32_t>(nodes_.size());
        complete_ = open_ == 0;
        open_ = container.parent;
        key_length_ = 0;
    }

    std::string_view text_;
    std::vector<node>& nodes_;
    std::size_t at_ = 0;
    std::size_t key_offset_ = 0;
    std::size_t key_length_ = 0; ///< 0: no key is waiting for its value
    std::uint32_t open_ = 0;
    bool complete_ = false;
};

result<located_value> located_json::read(std::string_view document) {
    document_ = document;
    nodes_.clear();
    bool fits = document.size() < std::numeric_limits<std::uint32_t>::max();
    if (!fits || !reader(document, nodes_).run()) {
        return std::unexpected(invalid_request(
            400, "too_many_values",
            fmt::format("The body holds more than {} JSON values; send a smaller one.",
                        nodes_max)));
    }
    if (nodes_.empty()) {
        nodes_.push_back({.offset = 0,
                          .length = 0,
                          .key_offset = 0,
                          .key_length = 0,
                          .parent = 0,
                          .end = 1,
                          .kind = json_kind::null});
    }
    return located_value(*this, 0);
}

std::string_view located_value::text() const {
    return tree_->document_.substr(offset(), length());
}

std::string located_value::key() const {
    return has_key() ? unescape(tree_->document_.substr(node().key_offset, node().key_length))
                     : std::string();
}

bool located_value::key_is(std::string_view name) const {
    return has_key() &&
           unescapes_to(tree_->document_.substr(node().key_offset, node().key_length), name);
}

std::string located_value::string() const {
    return is(json_kind::string) ? unescape(text()) : std::string();
}

bool located_value::string_is(std::string_view wanted) const {
    return is(json_kind::string) && unescapes_to(text(), wanted);
}

std::optional<located_value> located_value::parent() const {
    return index_ == 0 ? std::nullopt
                       : std::optional(located_value(*tree_, node().parent));
}

std::optional<located_value> located_value::find(std::string_view key) const {
    for (auto child : children()) {
        if (child.key_is(key)) {
            return child;
        }
    }
    return std::nullopt;
}

std::size_t located_children::size() const {
    return static_cast<std::size_t>(std::distance(begin_, end_));
}

} // namespace vertex_relay::core
