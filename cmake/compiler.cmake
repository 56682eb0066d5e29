# Compiler floor, warnings, sanitizers and hardening, as one interface target: relay_options.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    message(FATAL_ERROR
        "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles ordinary coroutines "
        "(GCC PRs 106188, 107288). "
        "Use clang-19 (Debian 12: apt install clang-19; presets select it) or GCC 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(RELAY_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")
option(RELAY_WERROR "Treat warnings as errors" OFF)
option(RELAY_COVERAGE "Instrument for llvm-cov" OFF)

add_library(relay_options INTERFACE)
target_include_directories(relay_options INTERFACE ${PROJECT_SOURCE_DIR}/server)
target_compile_options(relay_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-designated-field-initializers
    -Wimplicit-fallthrough -Wextra-semi -Wformat=2
    $<$<BOOL:${RELAY_WERROR}>:-Werror>)
target_compile_definitions(relay_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS
    RELAY_VERSION="${PROJECT_VERSION}")

if(RELAY_SANITIZE)
    target_compile_options(relay_options INTERFACE
        -fsanitize=${RELAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(relay_options INTERFACE -fsanitize=${RELAY_SANITIZE})
    target_compile_definitions(relay_options INTERFACE RELAY_SANITIZED)
else()
    # Hardening after the OpenSSF compiler guide; CET is left out (Debian 12's crt lacks it).
    target_compile_options(relay_options INTERFACE
        -fstack-protector-strong -fstack-clash-protection -fno-delete-null-pointer-checks
        $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>
        -D_GLIBCXX_ASSERTIONS)
    target_link_options(relay_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
endif()
if(RELAY_COVERAGE)
    target_compile_options(relay_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(relay_options INTERFACE -fprofile-instr-generate)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# relay_precompile(TARGET HEADER…): a sanitized build reads these headers and those that most files
# read once, not once a file: half of its time. Not under ccache, which keeps no precompiled header
# from one directory for another; nor in a release, which shows that files include what they use.
function(relay_precompile target)
    if(RELAY_SANITIZE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        target_precompile_headers(${target} PRIVATE ${ARGN}
            <algorithm> <array> <charconv> <chrono> <expected> <functional> <map> <memory>
            <optional> <random> <set> <span> <string> <string_view> <thread> <unordered_map>
            <variant> <vector> <fmt/format.h> <fmt/ranges.h> <simdjson.h>)
    endif()
endfunction()

# Sanitized builds do not optimise, but for code that tests run millions of times.
if(RELAY_SANITIZE)
    set(RELAY_OPTIMIZE_SANITIZED -O1)
endif()

# For code that no request runs through. What is in the program is in its memory, so small counts.
set(RELAY_OPTIMIZE_SIZE $<$<CONFIG:Release>:-Os>)

# Link-time optimisation where it pays: 2 to 3 % of the CPU per request (scripts/bench, ns32).
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT RELAY_SANITIZE)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT RELAY_LTO LANGUAGES CXX)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${RELAY_LTO})
endif()
