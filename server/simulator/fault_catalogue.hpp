#pragma once
// Everything that can be made to go wrong, by name. A fault is asked for with the model
// `google/sim-NAME[-N[-M]]`, or for any model or path by the fault script.

#include "simulator/chat_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

enum class fault_kind {
    pass,
    // Errors that replace the answer.
    too_many,
    too_many_provisioned,
    too_many_queue,
    too_many_retry_after,
    too_many_retry_info,
    no_permission,
    api_disabled,
    bad_token,
    bad_token_once,
    bad_request,
    too_long,
    not_found,
    cancelled,
    internal,
    unavailable,
    unavailable_retry_after,
    deadline,
    html_502,
    html_404,
    // Shapes of the answer.
    developer_api,
    streamed_arguments,
    parallel,
    thoughts,
    image,
    no_content,
    filtered,
    malformed_call,
    echo,
    huge,
    events,
    paced,
    // What happens on the wire.
    slow,
    never,
    stall,
    cut,
    cut_inside,
    reset,
    reset_at_once,
    no_done,
    clean_end,
    error_midstream,
    error_midstream_array,
    crlf,
    ping,
    tiny,
    tiny_chunks,
    gzip,
    redirect,
    garbage,
    repeated_length,
    short_length,
    big_head,
    early_hints,
    close,
    http10,
    early_refusal,
};

struct fault {
    fault_kind kind = fault_kind::pass;
    std::uint64_t n = 0; ///< first number, or the fault's own default
    std::uint64_t m = 0; ///< second number, or 0
};

/// `NAME`, `NAME-N` or `NAME-N-M`; nothing for an unknown name.
std::optional<fault> find_fault(std::string_view name);

/// The fault a model name asks for: `google/sim-…` (any publisher or none).
std::optional<fault> fault_of_model(std::string_view model);

/// The bends of the answer's content that this fault stands for.
chat_bends bends_of(fault const& wanted);

} // namespace vertex_relay::simulator
