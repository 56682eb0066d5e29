#include "core/google/external/aws_signature.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;

namespace {

/// AWS's own suite and google-auth's additions, `tests/test_aws.py`.
struct fixture {
    std::string_view method, url;
    std::vector<std::pair<std::string, std::string_view>> headers;
    std::string_view body, signed_headers, signature;
};

constexpr std::string_view sts =
    "https://sts.us-east-2.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";
constexpr std::string_view date = "Mon, 09 Sep 2011 23:36:00 GMT";
constexpr std::string_view session =
    "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT+FvwqnKwRcOIfrRh3c/LTo6UDdyJwOOvEVPvLXCrrrUtdn"
    "niCEXAMPLE/IvU1dYUg2RVAJBanLiHb4IgRmpRV3zrkuWJOgQs8IZZaIv2BXIa2R4OlgkBN9bkUDNCJiBeb/AXlzBBko7"
    "b15fjrBs2+cTQtpZ3CYWFXG8C5zqx37wnOE49mRl/+OtkIKGO7fAE";
constexpr std::string_view table =
    R"({"KeySchema":[{"KeyType":"HASH","AttributeName":"Id"}],"TableName":"TestTable",)"
    R"("AttributeDefinitions":[{"AttributeName":"Id","AttributeType":"S"}],)"
    R"("ProvisionedThroughput":{"WriteCapacityUnits":5,"ReadCapacityUnits":5}})";

std::string authorization(fixture const& one, aws_scope const& scope, aws_keys const& keys) {
    return aws_authorization({.method = std::string(one.method),
                              .url = std::string(one.url),
                              .headers = one.headers,
                              .body = std::string(one.body)},
                             scope, keys);
}

fixture const aws_suite[] = {
    {"GET",
     "https://host.foo.com",
     {{"date", date}},
     "",
     "date;host",
     "b27ccfbfa7df52a200ff74193ca6e32d4b48b8856fab7ebf1c595d0670a7e470"},
    {"GET",
     "https://host.foo.com/foo/bar/../..",
     {{"date", date}},
     "",
     "date;host",
     "b27ccfbfa7df52a200ff74193ca6e32d4b48b8856fab7ebf1c595d0670a7e470"},
    {"GET",
     "https://host.foo.com/./",
     {{"date", date}},
     "",
     "date;host",
     "b27ccfbfa7df52a200ff74193ca6e32d4b48b8856fab7ebf1c595d0670a7e470"},
    {"GET",
     "https://host.foo.com/./foo",
     {{"date", date}},
     "",
     "date;host",
     "910e4d6c9abafaf87898e1eb4c929135782ea25bb0279703146455745391e63a"},
    {"GET",
     "https://host.foo.com/%E1%88%B4",
     {{"date", date}},
     "",
     "date;host",
     "8d6634c189aa8c75c2e51e106b6b5121bed103fdb351f7d7d4381c738823af74"},
    {"GET",
     "https://host.foo.com/?foo=Zoo&foo=aha",
     {{"date", date}},
     "",
     "date;host",
     "be7148d34ebccdc6423b19085378aa0bee970bdc61d144bd1a8c48c33079ab09"},
    {"GET",
     "https://host.foo.com/?foo=b&foo=a",
     {{"date", date}},
     "",
     "date;host",
     "feb926e49e382bec75c9d7dcb2a1b6dc8aa50ca43c25d2bc51143768c0875acc"},
    {"GET",
     "https://host.foo.com/?\xE1\x88\xB4=bar",
     {{"date", date}},
     "",
     "date;host",
     "6fb359e9a05394cc7074e0feb42573a2601abc0c869a953e8c5c12e4e01f1a8c"},
    {"POST",
     "https://host.foo.com/",
     {{"date", date}, {"ZOO", "zoobar"}},
     "",
     "date;host;zoo",
     "b7a95a52518abbca0964a999a880429ab734f35ebbf1235bd79a5de87756dc4a"},
    {"POST",
     "https://host.foo.com/",
     {{"date", date}, {"zoo", "ZOOBAR"}},
     "",
     "date;host;zoo",
     "273313af9d0c265c531e11db70bbd653f3ba074c1009239e8559d3987039cad7"},
    {"POST",
     "https://host.foo.com/",
     {{"date", date}, {"p", "phfft"}},
     "",
     "date;host;p",
     "debf546796015d6f6ded8626f5ce98597c33b47b9164cf6b17b4642036fcb592"},
    {"POST",
     "https://host.foo.com/",
     {{"Content-Type", "application/x-www-form-urlencoded"}, {"date", date}},
     "foo=bar",
     "content-type;date;host",
     "5a15b22cf462f047318703b92e6f4f38884e4a7ab7b1d6426ca46a8bd1c26cbc"},
    {"POST",
     "https://host.foo.com/?foo=bar",
     {{"date", date}},
     "",
     "date;host",
     "b6e3b79003ce0743a491606ba1035a804593b0efb1e20a11cba83f8c25a57a92"},
};

} // namespace

TEST_CASE("requests of AWS's suite are signed alike", "[google][aws]") {
    aws_keys keys{.access_key_id = "AKIDEXAMPLE",
                  .secret_access_key = secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")};
    for (auto const& one : aws_suite) {
        CAPTURE(one.method, one.url);
        CHECK(authorization(one, {"us-east-1", "host", "20110909T233600Z"}, keys) ==
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20110909/us-east-1/host/aws4_request, "
              "SignedHeaders=" +
                  std::string(one.signed_headers) + ", Signature=" + std::string(one.signature));
    }
}

TEST_CASE("requests of AWS's services are signed as google-auth does", "[google][aws]") {
    constexpr std::string_view time = "20200811T065522Z";
    struct row {
        std::string service;
        fixture one;
    };
    row const rows[] = {
        {"ec2",
         {"GET",
          "https://ec2.us-east-2.amazonaws.com?Action=DescribeRegions&Version=2013-10-15",
          {{"x-amz-date", time}, {"x-amz-security-token", session}},
          "",
          "host;x-amz-date;x-amz-security-token",
          "41e226f997bf917ec6c9b2b14218df0874225f13bb153236c247881e614fafc9"}},
        {"sts",
         {"POST",
          sts,
          {{"x-amz-date", time}, {"x-amz-security-token", session}},
          "",
          "host;x-amz-date;x-amz-security-token",
          "596aa990b792d763465d73703e684ca273c45536c6d322c31be01a41d02e5b60"}},
        {"sts",
         {"POST",
          sts,
          {{"x-amz-date", time}},
          "",
          "host;x-amz-date",
          "9e722e5b7bfa163447e2a14df118b45ebd283c5aea72019bdf921d6e7dc01a9a"}},
        {"dynamodb",
         {"POST",
          "https://dynamodb.us-east-2.amazonaws.com/",
          {{"Content-Type", "application/x-amz-json-1.0"},
           {"x-amz-target", "DynamoDB_20120810.CreateTable"},
           {"x-amz-date", time},
           {"x-amz-security-token", session}},
          table,
          "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
          "eb8bce0e63654bba672d4a8acb07e72d69210c1797d56ce024dbbc31beb2a2c7"}},
    };
    aws_keys keys{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                  .secret_access_key = secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
    for (auto const& [service, one] : rows) {
        CAPTURE(one.method, one.url);
        auto made = authorization(one, {"us-east-2", service, std::string(time)}, keys);
        CHECK(made == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20200811/us-east-2/" +
                          service +
                          "/aws4_request, SignedHeaders=" + std::string(one.signed_headers) +
                          ", Signature=" + std::string(one.signature));
    }
}

TEST_CASE("the captures of google-auth are signed alike", "[google][aws]") {
    constexpr std::string_view time = "20260102T030405Z";
    aws_keys keys{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                  .secret_access_key = secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
    aws_scope scope{"us-east-2", "sts", std::string(time)};
    fixture plain{"POST", sts, {{"x-amz-date", time}}, "", "", ""};
    CHECK(authorization(plain, scope, keys)
              .ends_with("450e2118b977cdc70a287c1bfeffea6e34d972d283551c42336c4b66c72cab3d"));
}

TEST_CASE("the host of a URL", "[google][aws]") {
    CHECK(host_of("https://sts.us-east-2.amazonaws.com?Action=x") == "sts.us-east-2.amazonaws.com");
    CHECK(host_of("https://h:8443/p?q=/") == "h:8443");
    CHECK(host_of("https://h#f") == "h");
    CHECK(host_of("").empty());
}
