// Secrets leave no copy behind, and nothing prints them.

#include "core/secret.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <sstream>
#include <type_traits>

using namespace vertex_relay::core;

namespace {

/// Short texts live inside the string object, long ones behind it.
constexpr std::string_view short_text = "hunter2hunter2";
constexpr std::string_view long_text = "a token that is too long to live inside the string object";

template <class T>
bool holds(T const& object, std::string_view text) {
    std::string_view bytes(reinterpret_cast<char const*>(&object), sizeof object);
    return bytes.find(text) != bytes.npos;
}

template <class T>
concept streamable = requires(std::ostream& out, T const& value) { out << value; };
template <class T>
concept readable_as_text =
    std::is_convertible_v<T, std::string> || std::is_convertible_v<T, std::string_view>;

} // namespace

TEST_CASE("a secret can be moved and revealed, nothing else", "[secret]") {
    static_assert(!std::is_copy_constructible_v<secret>);
    static_assert(!std::is_copy_assignable_v<secret>);
    static_assert(std::is_nothrow_move_constructible_v<secret>);
    static_assert(std::is_nothrow_move_assignable_v<secret>);
    static_assert(!std::is_convertible_v<std::string, secret>);
    static_assert(!streamable<secret>);
    static_assert(!readable_as_text<secret>);
    static_assert(!fmt::is_formattable<secret>::value);
    auto text = GENERATE(as<std::string>{}, short_text, long_text, "");
    secret one{std::string(text)};
    CHECK(one.reveal() == text);
    CHECK(one.empty() == text.empty());
    secret two(std::move(one));
    CHECK(two.reveal() == text);
    CHECK(one.empty()); // NOLINT(bugprone-use-after-move): what is left is the point
    one = std::move(two);
    CHECK(one.reveal() == text);
    CHECK(two.empty()); // NOLINT(bugprone-use-after-move)
    auto& same = one;
    one = std::move(same);
    CHECK(one.reveal() == text);
    CHECK(one.clone().reveal() == text);
    CHECK(one.reveal() == text);
}

TEST_CASE("a moved secret stays in one place only", "[secret]") {
    secret one{std::string(short_text)};
    REQUIRE(holds(one, short_text)); // or the test looks in the wrong place
    secret two(std::move(one));
    CHECK_FALSE(holds(one, short_text)); // NOLINT(bugprone-use-after-move)
    secret three;
    three = std::move(two);
    CHECK_FALSE(holds(two, short_text)); // NOLINT(bugprone-use-after-move)
    CHECK(holds(three, short_text));
    three = secret(std::string(long_text));
    CHECK_FALSE(holds(three, short_text));
}

TEST_CASE("a secret that ends leaves its place wiped", "[secret]") {
    alignas(secret) unsigned char place[sizeof(secret)];
    auto* one = std::construct_at(reinterpret_cast<secret*>(place), std::string(short_text));
    REQUIRE(holds(place, short_text));
    std::destroy_at(one);
    CHECK_FALSE(holds(place, short_text));
}

TEST_CASE("secrets are compared in whole", "[secret]") {
    auto same = [](std::string_view a, std::string_view b) {
        return same_secret(secret(std::string(a)), secret(std::string(b)));
    };
    CHECK(same("", ""));
    CHECK(same(long_text, long_text));
    CHECK_FALSE(same("a", ""));
    CHECK_FALSE(same("", "a"));
    CHECK_FALSE(same("abc", "abd"));
    CHECK_FALSE(same("abc", "xbc"));
    CHECK_FALSE(same("abc", "abcd"));
    CHECK_FALSE(same("abc", "ABC"));
    CHECK_FALSE(same(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}
