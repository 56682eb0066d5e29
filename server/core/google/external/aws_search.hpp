#pragma once
// Subject tokens made of AWS keys: a signed `GetCallerIdentity` that Google sends on
// (google.aip.dev/auth/4117, AWS). Keys and region come from variables, else from the metadata
// service of the EC2 instance (IMDS).

#include "core/google/external/aws_signature.hpp"
#include "core/google/external/subject_search.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// Asks, in this order and only for what no variable says: a session token (IMDSv2), the
/// availability zone, the role, its keys.
class aws_search final : public subject_search {
public:
    aws_search(context const& given, aws_source const& source)
        : subject_search(given), source_(source) {}

    need begin() override;
    need answered(call_outcome const& outcome) override;

private:
    enum class stage : unsigned char { session, zone, role, keys };

    bool has_keys() const;
    need go_on();
    need ask(stage what, token_address const& address);
    need take(std::string_view text);
    need take_keys(std::string_view text);
    need finish();
    token_error fail(std::string fault) const;

    aws_source const& source_;
    stage stage_ = stage::session;
    secret session_;
    std::string region_;
    std::string role_;
    aws_keys keys_;
};

/// `us-east-1` of the zone `us-east-1b`. What ends in a digit is a region already.
std::string region_of_zone(std::string_view zone);

/// The signed request as Google's token exchange takes it: JSON, percent-encoded. `now` is UTC
/// since 1970; AWS allows its clock 15 minutes.
secret signed_caller_identity(external_account const& account, aws_keys const& keys,
                              std::string const& region, seconds now);

/// `YYYYMMDDTHHMMSSZ`.
std::string aws_time(seconds since_1970);

} // namespace vertex_relay::core::google
