#pragma once
// JSON Schema as OpenAI's clients write it → the subset of OpenAPI 3.0 that Vertex AI takes
// (google.cloud.aiplatform.v1.Schema). What has no counterpart there moves into `description`, in
// plain English, so that the model still sees it.

#include "core/failure.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// What the schema is for: the parameters of a function, or `response_format.json_schema.schema`.
/// Constrained answers bear less (lengths, patterns, array limits), and only their order of
/// properties is the order a reader sees.
enum class schema_purpose { parameters, response };

/// What to do with the schema in the request.
enum class schema_verdict {
    keep,    ///< it is acceptable as it stands
    replace, ///< by `text`
    omit     ///< it says nothing: leave `parameters` out, or ask for `json_object` instead
};

struct converted_schema {
    schema_verdict verdict = schema_verdict::keep;
    std::string text;                 ///< `replace`: compact JSON; `omit`: what it said in words
    std::vector<std::string> repairs; ///< names, e.g. `refs`, `any_of`; each once
    std::vector<std::string> dropped; ///< keywords that had to go, e.g. `$schema`; each once
};

/// Failures, both 400 at `param`: invalid_function_parameters for parameters that cannot be an
/// object, which OpenAI refuses too; schema_too_large for some 20'000 schemas or a megabyte in one.
/// Anything else converts. References that multiply are cut with a note, so that the text is at
/// most `schema_growth_max` longer than twice the given one. Deterministic, and converting the text
/// again gives `keep`.
result<converted_schema> convert_schema(simdjson::dom::element schema, schema_purpose purpose,
                                        std::string_view param);

constexpr std::size_t schema_growth_max = 256 * 1024;

} // namespace vertex_relay::core
