# Writes OUTPUT: a header with the text of INPUT as `inline constexpr std::string_view NAME`.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT}
"#pragma once
// Generated from ${LABEL}.
#include <string_view>
namespace vertex_relay::core {
inline constexpr std::string_view ${NAME} = R\"embedded(${text})embedded\";
} // namespace vertex_relay::core
")
