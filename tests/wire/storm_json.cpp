#include "wire/storm_json.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>

namespace vertex_relay::tests {

namespace {

constexpr int levels_max = 128;
constexpr int levels_for_sure = 127; ///< the last level may count or not when it is empty

/// A recursive descent; every function takes what it names off the front and returns whether it was
/// there.
class reader {
public:
    explicit reader(std::string_view text) : rest_(text), size_(text.size()) {}

    storm_body read() {
        blanks();
        out_.valid = object(1) && (blanks(), rest_.empty());
        return out_;
    }

private:
    std::size_t at() const { return size_ - rest_.size(); }

    bool take(std::string_view text) {
        bool there = rest_.starts_with(text);
        rest_.remove_prefix(there ? text.size() : 0);
        return there;
    }

    void blanks() {
        auto end = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(end == rest_.npos ? rest_.size() : end);
    }

    bool enter(int level, std::string_view mark) {
        out_.odd |= level > levels_for_sure;
        return level <= levels_max && take(mark);
    }

    bool object(int level) {
        if (!enter(level, "{")) {
            return false;
        }
        blanks();
        if (take("}")) {
            return true;
        }
        std::set<std::string> keys;
        do {
            blanks();
            std::string key;
            if (!string(key) || (blanks(), !take(":"))) {
                return false;
            }
            if (level == 1 && !keys.insert(key).second) {
                return false;
            }
            blanks();
            if (!(level == 1 ? member(key) : value(level + 1))) {
                return false;
            }
            blanks();
        } while (take(","));
        return take("}");
    }

    /// A value at the top: two of them mean something to the relay.
    bool member(std::string const& key) {
        auto begin = at();
        auto before = rest_;
        std::string text;
        if (key == "model" && rest_.starts_with('"')) {
            bool good = string(text);
            out_.model = text;
            out_.model_at = begin;
            out_.model_size = at() - begin;
            return good;
        }
        bool good = value(2);
        auto raw = before.substr(0, at() - begin);
        bool flag = raw == "true" || raw == "false" || raw == "null";
        out_.good_types = out_.good_types && key != "model" && (key != "stream" || flag);
        return good;
    }

    bool value(int level) {
        if (rest_.starts_with('{')) {
            return object(level);
        }
        if (rest_.starts_with('[')) {
            return array(level);
        }
        std::string ignored;
        return rest_.starts_with('"') ? string(ignored)
                                      : take("true") || take("false") || take("null") || number();
    }

    bool array(int level) {
        if (!enter(level, "[")) {
            return false;
        }
        blanks();
        if (take("]")) {
            return true;
        }
        do {
            blanks();
            if (!value(level + 1)) {
                return false;
            }
            blanks();
        } while (take(","));
        return take("]");
    }

    bool digits() {
        auto end = rest_.find_first_not_of("0123456789");
        auto count = end == rest_.npos ? rest_.size() : end;
        rest_.remove_prefix(count);
        return count > 0;
    }

    bool number() {
        auto before = rest_;
        take("-");
        bool whole = take("0") || digits();
        bool fraction = take(".");
        bool good = whole && (!fraction || digits());
        bool exponent = take("e") || take("E");
        if (exponent && !take("+")) {
            take("-");
        }
        good = good && (!exponent || digits());
        std::string text(before.substr(0, before.size() - rest_.size()));
        bool integer = !fraction && !exponent;
        out_.odd |= integer ? text.size() > 18 : !std::isfinite(std::strtod(text.c_str(), nullptr));
        return good;
    }

    bool string(std::string& out) {
        if (!take("\"")) {
            return false;
        }
        while (!rest_.empty() && rest_.front() != '"') {
            if (!(rest_.front() == '\\' ? escape(out) : character(out))) {
                return false;
            }
        }
        return take("\"");
    }

    bool escape(std::string& out) {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        rest_.remove_prefix(1);
        auto which = rest_.empty() ? names.npos : names.find(rest_.front());
        if (which != names.npos) {
            out += meanings[which];
            rest_.remove_prefix(1);
            return true;
        }
        std::uint32_t unit = 0;
        if (!hex_unit(unit)) {
            return false;
        }
        std::uint32_t low = 0;
        if (unit >= 0xd800 && unit < 0xdc00 && rest_.starts_with("\\u")) {
            rest_.remove_prefix(1);
            if (!hex_unit(low)) {
                return false;
            }
        }
        bool pair = low >= 0xdc00 && low < 0xe000;
        out_.odd |= (unit >= 0xd800 && unit < 0xe000) && !pair;
        append(out, pair ? 0x10000 + ((unit - 0xd800) << 10U) + (low - 0xdc00) : unit);
        return true;
    }

    /// `u` and four hex digits.
    bool hex_unit(std::uint32_t& unit) {
        if (!take("u") || rest_.size() < 4 ||
            rest_.substr(0, 4).find_first_not_of("0123456789abcdefABCDEF") != rest_.npos) {
            return false;
        }
        unit = static_cast<std::uint32_t>(
            std::strtoul(std::string(rest_.substr(0, 4)).c_str(), nullptr, 16));
        rest_.remove_prefix(4);
        return true;
    }

    static void append(std::string& out, std::uint32_t point) {
        auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xc0 | (point >> 6U));
            put(0x80 | (point & 0x3fU));
        } else if (point < 0x10000) {
            put(0xe0 | (point >> 12U));
            put(0x80 | ((point >> 6U) & 0x3fU));
            put(0x80 | (point & 0x3fU));
        } else {
            put(0xf0 | (point >> 18U));
            put(0x80 | ((point >> 12U) & 0x3fU));
            put(0x80 | ((point >> 6U) & 0x3fU));
            put(0x80 | (point & 0x3fU));
        }
    }

    /// One character of UTF-8 that need not be escaped: it is re-encoded and compared, so that only
    /// the shortest form of a real code point passes.
    bool character(std::string& out) {
        auto byte = [&](std::size_t i) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(rest_[i]));
        };
        auto first = byte(0);
        std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (first < 0x20 || (first >= 0x80 && first < 0xc0) || first > 0xf7 ||
            size > rest_.size()) {
            return false;
        }
        std::uint32_t point = size == 1 ? first : first & (0x7fU >> size);
        for (std::size_t i = 1; i < size; ++i) {
            point = (point << 6U) | (byte(i) & 0x3fU);
        }
        std::string again;
        append(again, point);
        if (again != rest_.substr(0, size) || point > 0x10ffff ||
            (point >= 0xd800 && point < 0xe000)) {
            return false;
        }
        out += again;
        rest_.remove_prefix(size);
        return true;
    }

    std::string_view rest_;
    std::size_t size_;
    storm_body out_;
};

} // namespace

storm_body read_storm_body(std::string_view text) {
    return reader(text).read();
}

} // namespace vertex_relay::tests
