// What tokens cost, and what a wrong table says.

#include "cli.hpp"
#include "core/vertex/catalogue.hpp"
#include "core/vertex/price_table.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

namespace {

constexpr std::string_view table = R"(
[[price]]
model = "google/a"
until = 2026-12-31
input_price = 1
cached_price = 0.1
output_price = 10.0
[[price]]
model = "google/a"
from = 2027-01-01
input_price = 2.0
output_price = 20.0
[[price]]
model = "google/long"
input_price = 1.0
output_price = 1.0
long_input = 200000
long_input_price = 3.0
long_output_price = 5.0
)";

double cost(std::string_view model, token_usage const& used, std::string_view today) {
    return price_table::parse(table).value().cost(model, used, today).value_or(-1);
}

std::string complaint(std::string_view text) {
    auto parsed = price_table::parse(text);
    return parsed ? "none" : parsed.error();
}

} // namespace

TEST_CASE("a cost is each kind of token times its price", "[prices]") {
    token_usage used{.input = 1'000'000, .output = 100'000};
    CHECK(cost("google/a", used, "2026-11-24") == Approx(1 + 1));
    used.cached = 400'000;
    CHECK(cost("google/a", used, "2026-11-24") == Approx(0.6 + 0.04 + 1));
    CHECK(cost("google/a", {}, "2026-11-24") == 0);
    CHECK(cost("google/unknown", used, "2026-11-24") == -1);
}

TEST_CASE("reasoning is paid for wherever it is counted", "[prices]") {
    CHECK(cost("google/a", {.output = 3, .total = 23, .reasoning = 20}, "2026-11-24") ==
          Approx(23 * 10e-6));
    CHECK(cost("google/a", {.output = 23, .total = 23, .reasoning = 20}, "2026-11-24") ==
          Approx(23 * 10e-6));
}

TEST_CASE("a price holds on the days it names", "[prices]") {
    token_usage used{.input = 1'000'000, .cached = 500'000};
    CHECK(cost("google/a", used, "2026-12-31") == Approx(0.55));
    CHECK(cost("google/a", used, "2027-01-01") == Approx(2)); // no cached price: as input
}

TEST_CASE("beyond its limit a long request costs more, all of it", "[prices]") {
    CHECK(cost("google/long", {.input = 200'000, .output = 1}, "") == Approx(0.200'001));
    CHECK(cost("google/long", {.input = 200'001, .output = 1}, "") == Approx(0.600'008));
}

TEST_CASE("more cached tokens than tokens are not believed", "[prices]") {
    CHECK(cost("google/a", {.input = 10, .cached = 1000}, "2026-01-01") == Approx(10 * 0.1e-6));
}

TEST_CASE("a wrong table says what is wrong where", "[prices]") {
    struct row {
        std::string text;
        std::string said;
    };
    auto line = GENERATE(values<row>(
        {{"", "there are no [[price]] tables"},
         {"price = [1]", "line 1, column 10: expected a [[price]] table"},
         {"[[price]]\nmodel = 1", "line 2, column 9: `model` must be of the form publisher/model"},
         {"[[price]]\nmodel = \"a/b\"\ninput_price = -1\n",
          "line 3, column 15: `input_price` must be a price in US dollars"},
         {"[[price]]\ninput_price = nan\n",
          "line 2, column 15: `input_price` must be a price in US dollars"},
         {"[[price]]\nfrom = \"now\"",
          "line 2, column 8: `from` must be a date such as 2027-03-31"},
         {"[[price]]\nlong_input = 0",
          "line 2, column 14: `long_input` must be a number of tokens"},
         {"[[price]]\nprices = 1", "line 2, column 1: unknown key `prices`"}}));
    CHECK(complaint(line.text) == line.said);
    CHECK_THAT(complaint("[[price]]\nmodel = \"a/b\"\ninput_price = 1"),
               Catch::EndsWith("a price needs `output_price`"));
    CHECK_THAT(complaint("[[price]]\nmodel = \"a/b\"\ninput_price = 1\noutput_price = 1\n"
                         "long_input = 5"),
               Catch::EndsWith("`long_input` needs `long_input_price`"));
    CHECK_FALSE(price_table::parse("[[price"));
}

TEST_CASE("the shipped prices are read, and are of models in the catalogue", "[prices]") {
    auto text = vertex_relay::read_text_file(RELAY_SHIPPED_PRICES);
    REQUIRE(text);
    auto shipped = price_table::parse(*text);
    REQUIRE(shipped);
    CHECK(price_table::built_in().prices().size() == shipped->prices().size());
    auto models = catalogue::built_in();
    for (auto const& one : shipped->prices()) {
        CAPTURE(one.model);
        CHECK(models.find(one.model) != nullptr);
        CHECK(one.rates.input > 0);
        CHECK(one.rates.output > one.rates.input);
        CHECK(one.rates.cached_input.value_or(0) < one.rates.input);
    }
    token_usage used{.input = 1'000'000, .output = 1'000'000};
    CHECK(shipped->cost("google/gemini-3.5-flash", used, "2026-11-24").value() == Approx(10.5));
}
