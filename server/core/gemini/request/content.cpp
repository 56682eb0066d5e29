#include "core/gemini/request/content.hpp"

#include "core/ascii.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::core {

namespace {

bool is_text_part(located_value part) {
    auto type = part.find("type");
    return type && (type->string_is("text") || type->string_is("input_text") ||
                    type->string_is("output_text"));
}

bool is_empty_text(located_value part) {
    auto text = part.find("text");
    return is_text_part(part) && (!text || text->text() == "\"\"" || text->is(json_kind::null));
}

/// The media type by a file's name, in any case; what a model most likely gets is a PDF.
std::string_view media_type_of(std::string_view file_name) {
    struct known {
        std::string_view ending;
        std::string_view type;
    };
    constexpr std::array<known, 23> types{{{".pdf", "application/pdf"},
                                           {".txt", "text/plain"},
                                           {".log", "text/plain"},
                                           {".md", "text/markdown"},
                                           {".csv", "text/csv"},
                                           {".html", "text/html"},
                                           {".htm", "text/html"},
                                           {".xml", "text/xml"},
                                           {".json", "application/json"},
                                           {".png", "image/png"},
                                           {".jpg", "image/jpeg"},
                                           {".jpeg", "image/jpeg"},
                                           {".gif", "image/gif"},
                                           {".webp", "image/webp"},
                                           {".heic", "image/heic"},
                                           {".heif", "image/heif"},
                                           {".mp3", "audio/mpeg"},
                                           {".wav", "audio/wav"},
                                           {".flac", "audio/flac"},
                                           {".ogg", "audio/ogg"},
                                           {".mp4", "video/mp4"},
                                           {".mov", "video/quicktime"},
                                           {".webm", "video/webm"}}};
    auto const* found = std::ranges::find_if(types, [&](known const& one) {
        auto size = std::min(file_name.size(), one.ending.size());
        return ascii::iequals(file_name.substr(file_name.size() - size), one.ending);
    });
    return found == types.end() ? "application/pdf" : found->type;
}

bool is_address(located_value text) {
    auto const written = text.text();
    constexpr std::array<std::string_view, 4> schemes{"\"data:", "\"gs://", "\"https://",
                                                      "\"http://"};
    return std::ranges::any_of(
        schemes, [&](std::string_view scheme) { return written.starts_with(scheme); });
}

/// `{"type":"file","file":{"file_data","filename"}}` → an `image_url` that holds any media type.
/// Returns the whole part; the bytes of the file are copied once, into the edit.
std::optional<std::string> file_as_url(located_value part, repair_job& job) {
    auto file = part.find("file");
    auto holder = file ? *file : part; // `input_file` has its members beside `type`
    auto bytes = holder.find("file_data");
    bytes = bytes ? bytes : holder.find("file_url");
    if (!bytes || !bytes->is(json_kind::string)) {
        job.fail(invalid_request(400, "unsupported_file",
                                 "Vertex AI has no store of uploaded files: send the file itself "
                                 "as `file_data` (a data: URI or base64), or its gs:// address as "
                                 "`image_url`.",
                                 "messages"));
        return std::nullopt;
    }
    if (is_address(*bytes)) {
        return fmt::format(R"({{"type":"image_url","image_url":{{"url":{}}}}})", bytes->text());
    }
    auto name = holder.find("filename");
    auto type = media_type_of(name ? name->string() : std::string());
    auto base64 = bytes->text().substr(1, bytes->length() - 2);
    return fmt::format(R"({{"type":"image_url","image_url":{{"url":"data:{};base64,{}"}}}})", type,
                       base64);
}

/// What OpenAI names by codec, Vertex names by media type; `wav` and `mp3` it knows.
void repair_audio(located_value part, repair_job& job, std::vector<edit>& edits) {
    auto audio = part.find("input_audio");
    auto format = audio ? audio->find("format") : std::nullopt;
    if (!format || !format->is(json_kind::string)) {
        return;
    }
    auto name = format->string();
    if (name == "wav" || name == "mp3" || name.contains('/')) {
        return;
    }
    constexpr std::array<std::string_view, 5> codecs{"flac", "ogg", "opus", "aac", "m4a"};
    auto type = name == "pcm16" || name == "pcm" ? std::string("audio/L16;rate=24000")
                : std::ranges::find(codecs, name) != codecs.end() ? "audio/" + name
                                                                  : std::string();
    if (!type.empty()) {
        job.made(repair::content_parts);
        edits.push_back({format->offset(), format->length(), json_string(type)});
    }
}

void repair_image(located_value part, repair_job& job, std::vector<edit>& edits) {
    auto image = part.find("image_url");
    if (!image || !image->is(json_kind::object)) {
        return;
    }
    auto detail = image->find("detail");
    bool dropped = detail && (job.rules.model.uniform_detail() || detail->string_is("auto") ||
                              detail->is(json_kind::null));
    if (dropped) {
        job.made(repair::content_parts);
        append_removals(edits, *image, [&](located_value member) { return member == *detail; });
    }
}

/// Parts as /v1/responses names them, which some tools send to chat completions.
std::optional<std::string> renamed_part(located_value part, std::string_view type) {
    if (type == "input_text" || type == "output_text") {
        auto text = part.find("text");
        return fmt::format(R"({{"type":"text","text":{}}})", text ? text->text() : "\"\"");
    }
    if (type == "refusal") {
        auto text = part.find("refusal");
        return fmt::format(R"({{"type":"text","text":{}}})", text ? text->text() : "\"\"");
    }
    auto image = part.find("image_url");
    if (type == "input_image" && image) {
        auto url = image->is(json_kind::object) ? image->find("url") : image;
        return fmt::format(R"({{"type":"image_url","image_url":{{"url":{}}}}})",
                           url ? url->text() : "\"\"");
    }
    return std::nullopt;
}

/// Keys beside the known ones (`cache_control`, `annotations`) are unknown to Vertex.
void repair_part_keys(located_value part, repair_job& job, std::vector<edit>& edits) {
    constexpr std::array<std::string_view, 7> known{"type",        "text",          "image_url",
                                                    "input_audio", "extra_content", "video_url",
                                                    "file"};
    job.keep_keys(part, known, edits);
}

void repair_part(located_value part, repair_job& job, std::vector<edit>& edits) {
    auto named = part.find("type");
    auto type = named ? named->string() : std::string();
    if (job.wants(repair::content_parts)) {
        bool file = type == "file" || type == "input_file";
        auto rebuilt = file ? file_as_url(part, job) : renamed_part(part, type);
        if (rebuilt) {
            job.made(repair::content_parts);
            edits.push_back({part.offset(), part.length(), std::move(*rebuilt)});
            return;
        }
        repair_audio(part, job, edits);
        repair_image(part, job, edits);
    }
    repair_part_keys(part, job, edits);
}

} // namespace

bool says_nothing(std::optional<located_value> content) {
    if (!content || content->is(json_kind::null) || content->text() == "\"\"") {
        return true;
    }
    return content->is(json_kind::array) && std::ranges::all_of(content->children(), is_empty_text);
}

void repair_parts(located_value content, repair_job& job, std::vector<edit>& edits) {
    bool drops = job.wants(repair::empty_content) &&
                 std::ranges::any_of(content.children(), is_empty_text);
    if (drops) {
        job.made(repair::empty_content);
        append_removals(edits, content, is_empty_text);
    }
    for (auto part : content.children()) {
        if (part.is(json_kind::object) && !(drops && is_empty_text(part))) {
            repair_part(part, job, edits);
        }
    }
}

std::optional<std::string> joined_text(located_value content) {
    std::string text;
    for (auto part : content.children()) {
        auto type = part.find("type");
        bool refuses = type && type->string_is("refusal");
        auto piece = part.find(refuses ? "refusal" : "text");
        if (!(refuses || is_text_part(part)) || !piece || !piece->is(json_kind::string)) {
            return std::nullopt;
        }
        text += text.empty() ? "" : "\n";
        text += piece->string();
    }
    return json_string(text);
}

} // namespace vertex_relay::core
