#include "core/gemini/located_json.hpp"

#include "core/gemini/json_string.hpp"
#include "core/json_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
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
    reader(std::string_view text, node_list& nodes)
        : text_(text), nodes_(nodes), at_(text.data()), end_(text.data() + text.size()) {}

    /// False: there are more values than `nodes_max`.
    bool run() {
        while (at_ != end_ && !complete_) {
            char c = *at_;
            if (is_json_blank(c) || c == ',' || c == ':') {
                ++at_;
            } else if (c == '}' || c == ']') {
                ++at_;
                close();
            } else if (c == '"' && in_object_ && key_length_ == 0) {
                read_key();
            } else if (nodes_.size() == nodes_max) {
                return false;
            } else {
                add(kind_at(c));
            }
        }
        while (!complete_ && !nodes_.empty()) {
            at_ = end_;
            close();
        }
        return true;
    }

private:
    std::uint32_t offset() const { return static_cast<std::uint32_t>(at_ - text_.data()); }

    void read_key() {
        key_offset_ = offset();
        auto scan = scan_string(text_, key_offset_);
        at_ = text_.data() + scan.end;
        key_length_ = offset() - key_offset_;
        key_escaped_ = !scan.plain;
        step_over(':');
    }

    char const* end_of_string() const { return text_.data() + string_end(text_, offset()); }

    void add(json_kind kind) {
        auto index = static_cast<std::uint32_t>(nodes_.size());
        auto& one = nodes_.add();
        one = {.offset = offset(),
               .length = 0,
               .key_offset = key_offset_,
               .key_length = key_length_,
               .parent = open_,
               .end = index + 1,
               .key_marks = 0,
               .kind = kind,
               .key_escaped = key_length_ > 0 && key_escaped_};
        if (key_length_ > 0) {
            mark_key(one);
        }
        bool container = kind == json_kind::object || kind == json_kind::array;
        skip(kind);
        one.length = offset() - one.offset;
        if (container) {
            open_ = index;
            in_object_ = kind == json_kind::object;
        }
        complete_ = !container && index == 0;
        step_over(',');
    }

    /// Spares the usual separator, without a blank in front, its own turn.
    void step_over(char usual) { at_ += at_ != end_ && *at_ == usual ? 1 : 0; }

    void mark_key(node const& member) {
        auto key = text_.substr(member.key_offset + 1, member.key_length - 2);
        nodes_[open_].key_marks |= member.key_escaped ? ~std::uint32_t{0} : mark_of(key);
        key_length_ = 0;
    }

    /// Behind a scalar, or into a container.
    void skip(json_kind kind) {
        if (kind == json_kind::string) {
            at_ = end_of_string();
            return;
        }
        ++at_;
        bool container = kind == json_kind::object || kind == json_kind::array;
        while (!container && at_ != end_ && !ends_scalar(*at_)) {
            ++at_;
        }
    }

    void close() {
        if (nodes_.empty()) {
            return;
        }
        auto& container = nodes_[open_];
        container.length = offset() - container.offset;
        container.end = static_cast<std::uint32_t>(nodes_.size());
        complete_ = open_ == 0;
        open_ = container.parent;
        in_object_ = nodes_[open_].kind == json_kind::object;
        key_length_ = 0;
    }

    std::string_view text_;
    node_list& nodes_;
    char const* at_;
    char const* end_;
    std::uint32_t key_offset_ = 0;
    std::uint32_t key_length_ = 0; ///< 0: no key is waiting for its value
    std::uint32_t open_ = 0;
    bool key_escaped_ = false;
    bool in_object_ = false; ///< the open container is one
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
        nodes_.add() = {.offset = 0,
                        .length = 0,
                        .key_offset = 0,
                        .key_length = 0,
                        .parent = 0,
                        .end = 1,
                        .key_marks = 0,
                        .kind = json_kind::null,
                        .key_escaped = false};
    }
    return located_value(*this, 0);
}

std::optional<located_value> located_value::search(std::string_view key) const {
    for (auto child : children()) {
        if (child.key_is(key)) {
            return child;
        }
    }
    return std::nullopt;
}

std::string_view located_value::text() const {
    return tree_->document_.substr(offset(), length());
}

std::string located_value::key() const {
    return has_key() ? unescape(tree_->document_.substr(node().key_offset, node().key_length))
                     : std::string();
}

bool located_value::key_is_one_of(std::span<std::string_view const> names) const {
    if (!has_key() || node().key_escaped) {
        return std::ranges::any_of(names, [this](std::string_view name) { return key_is(name); });
    }
    std::string_view key(key_begin(), node().key_length - 2);
    return std::ranges::find(names, key) != names.end();
}

bool located_value::escaped_key_is(std::string_view name) const {
    return unescapes_to(tree_->document_.substr(node().key_offset, node().key_length), name);
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

std::size_t located_children::size() const {
    return static_cast<std::size_t>(std::distance(begin_, end_));
}

} // namespace vertex_relay::core
