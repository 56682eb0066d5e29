// Whatever a token server says becomes a token fit for a header, with a lifetime Google could have
// meant, or an error in words that does not quote it.

#include "core/google/token_answer.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/samples.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;
namespace google = core::google;

namespace {

constexpr std::string_view canary = "ya29.CANARY";

google::token_response response(int status, std::string_view header, std::string const& body) {
    google::token_response out;
    out.status = status;
    out.headers = {{"Metadata-Flavor", "Google"},
                   {"Date", std::string(header)},
                   {"Retry-After", std::string(header)}};
    out.body = core::secret(std::string(body));
    return out;
}

void check(google::credential const& from, google::token_response const& answer) {
    google::answer_conditions when{.since_start = google::seconds(100),
                                   .wall_now = google::seconds(1'800'000'000)};
    auto token = google::read_token_answer(from, answer, when);
    if (token) {
        require(answer.status == 200, "a token out of a refusal");
        require(google::is_token_text(token->value.reveal()), "a token that is no header");
        require(token->lifetime.count() > 0 && token->lifetime <= google::token_lifetime_max,
                "a lifetime nobody grants");
        return;
    }
    auto const& failure = token.error().failure;
    require(failure.status == 400 || failure.status == 503, "a status for the client");
    require(!failure.message.empty() && failure.code.starts_with("google_credentials_"),
            "a reason");
    require(failure.message.find(canary) == std::string::npos, "a token in a message");
    auto const& wait = token.error().retry_after;
    require(!wait || (wait->count() >= 0 && wait->count() <= 60), "a wait without end");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    static auto const user = credential_of(
        R"({"type":"authorized_user","client_id":"a","client_secret":"b","refresh_token":"c"})");
    static auto const account =
        credential_of(R"({"type":"service_account","client_email":"a@b.iam.gserviceaccount.com",)"
                      R"("private_key":"PRIVATE KEY"})");
    static google::credential const machine{google::metadata_server{}, "metadata server"};
    auto body = text_of(bytes, size);
    auto choice = take_choice(body);
    constexpr int statuses[] = {200, 400, 401, 403, 404, 429, 500, 302};
    auto header = body.substr(0, choice >> 3U);
    for (auto const* from : {&user, &account, &machine}) {
        check(*from, response(statuses[choice & 7U], header, body));
    }
    google::clock_offset(response(200, body, ""), google::seconds(1'800'000'000));
    return 0;
}
