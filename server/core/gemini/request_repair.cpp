#include "core/gemini/request_repair.hpp"

#include "core/gemini/edited_text.hpp"
#include "core/gemini/request/conversation.hpp"
#include "core/gemini/request/parameters.hpp"
#include "core/gemini/request/tools.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

void take_out_doomed(located_value root, repair_job& job) {
    if (job.doomed.empty()) {
        return;
    }
    append_removals(job.out.edits, root, [&](located_value member) {
        return std::ranges::find(job.doomed, member.index()) != job.doomed.end();
    });
}

} // namespace

result<repaired_request> repair_request(located_value root, repair_rules const& rules) {
    repair_job job{.rules = rules};
    job.out.wishes.enabled = rules.enabled;
    auto messages = root.find("messages");
    if (!messages || !messages->is(json_kind::array)) {
        return std::move(job.out); // Vertex says best what is missing
    }
    read_tool_names(root, job);
    repair_parameters(root, job);
    repair_tools(root, job);
    repair_response_format(root, job);
    repair_conversation(*messages, job);
    take_out_doomed(root, job);
    if (job.failed) {
        return std::unexpected(std::move(*job.failed));
    }
    job.out.wishes.names = std::move(job.names);
    sort_edits(job.out.edits);
    return std::move(job.out);
}

} // namespace vertex_relay::core
