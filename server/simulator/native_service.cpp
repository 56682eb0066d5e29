#include "simulator/native_service.hpp"

#include "simulator/catalogue.hpp"
#include "simulator/google_error.hpp"
#include "simulator/json_text.hpp"
#include "simulator/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::simulator {

namespace {

struct embedding_model {
    std::string_view name;
    std::int64_t dimensions;
    std::size_t instances_max; ///< 0: not by `:predict`
};

constexpr std::array embedding_models{
    embedding_model{"gemini-embedding-2", 3072, 0},
    embedding_model{"gemini-embedding-001", 3072, 1},
    embedding_model{"text-embedding-005", 768, 250},
    embedding_model{"text-multilingual-embedding-002", 768, 250},
};

/// The same numbers for the same text, between -1 and 1.
std::string vector_of(std::string_view text, std::int64_t dimensions) {
    auto seed = std::hash<std::string_view>{}(text);
    std::string out = "[";
    for (std::int64_t i = 0; i < dimensions; ++i) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        auto value = static_cast<double>(seed >> 33U) / 1073741824.0 - 1.0;
        fmt::format_to(std::back_inserter(out), "{}{:.6f}", i == 0 ? "" : ",", value);
    }
    return out + "]";
}

std::size_t tokens_in(std::string_view text) {
    return text.size() / 4 + 1;
}

answer refuse(std::string_view message) {
    return to_answer(invalid_argument(std::string(message)), envelope::object);
}

std::int64_t dimensions_for(embedding_model const& model, std::optional<json> settings) {
    auto asked = integer_or(member(settings, "outputDimensionality"), model.dimensions);
    return std::clamp<std::int64_t>(asked, 1, model.dimensions);
}

answer predict_embeddings(embedding_model const& model, json body) {
    auto instances = elements_of(member(body, "instances"));
    if (model.instances_max == 0) {
        return refuse("Predict is not supported for this model. Use embedContent instead.");
    }
    if (instances.empty() || instances.size() > model.instances_max) {
        return refuse(fmt::format("{} instance(s) is allowed per prediction. Actual: {}",
                                  model.instances_max, instances.size()));
    }
    auto dimensions = dimensions_for(model, member(body, "parameters"));
    std::string predictions;
    for (json instance : instances) {
        if (member(instance, "title") &&
            text_or(member(instance, "task_type"), "") != "RETRIEVAL_DOCUMENT") {
            return refuse("The title is valid only with task_type=RETRIEVAL_DOCUMENT.");
        }
        auto text = text_or(member(instance, "content"), "");
        predictions += fmt::format(R"({}{{"embeddings":{{"statistics":{{"token_count":{},)"
                                   R"("truncated":false}},"values":{}}}}})",
                                   predictions.empty() ? "" : ",", tokens_in(text),
                                   vector_of(text, dimensions));
    }
    return {.body = fmt::format(R"({{"predictions":[{}]}})", predictions)};
}

answer embed_content(embedding_model const& model, json body) {
    std::string text;
    for (json part : elements_of(member(member(body, "content"), "parts"))) {
        text += text_or(member(part, "text"), "");
    }
    if (text.empty()) {
        return refuse("Model input cannot be empty.");
    }
    auto dimensions = dimensions_for(model, member(body, "embedContentConfig"));
    return {.body = fmt::format(R"({{"embedding":{{"values":{}}},)"
                                R"("usageMetadata":{{"promptTokenCount":{}}}}})",
                                vector_of(text, dimensions), tokens_in(text))};
}

} // namespace

std::optional<answer> answer_publisher_path(std::string_view rest, json body) {
    constexpr std::string_view prefix = "publishers/google/models/";
    auto colon = rest.find(':');
    if (!rest.starts_with(prefix) || colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto name = rest.substr(prefix.size(), colon - prefix.size());
    auto verb = rest.substr(colon + 1);
    auto const* model = std::ranges::find(embedding_models, name, &embedding_model::name);
    if (model == embedding_models.end()) {
        return to_answer(model_not_found("global", "google", name), envelope::object);
    }
    if (verb == "predict") {
        return predict_embeddings(*model, body);
    }
    return verb == "embedContent" ? std::optional(embed_content(*model, body)) : std::nullopt;
}

answer answer_openapi_embeddings(json body, std::string_view location) {
    auto model = split_model(text_or(member(body, "model"), ""));
    constexpr std::array known{"multilingual-e5-small-maas", "multilingual-e5-large-maas"};
    if (model.publisher.empty()) {
        return to_answer(malformed_model(model.id), envelope::array);
    }
    if (model.publisher != "intfloat" || std::ranges::find(known, model.id) == known.end()) {
        return to_answer(model_not_found(location, model.publisher, model.id), envelope::array);
    }
    auto input = member(body, "input");
    auto texts = elements_of(input);
    if (as_text(input)) {
        texts.push_back(*input);
    }
    std::string items;
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto text = text_or(texts[i], "");
        tokens += tokens_in(text);
        items += fmt::format(R"({}{{"embedding":{},"index":{},"object":"embedding"}})",
                             i == 0 ? "" : ",", vector_of(text, 384), i);
    }
    return {.body = fmt::format(R"({{"data":[{}],"model":{},"object":"list",)"
                                R"("usage":{{"prompt_tokens":{},"total_tokens":{}}}}})",
                                items, json_string(text_or(member(body, "model"), "")), tokens,
                                tokens)};
}

answer answer_chat_wrapper(json body, chat_scene const& scene) {
    auto instances = elements_of(member(body, "instances"));
    if (instances.empty() ||
        text_or(member(instances.front(), "@requestFormat"), "") != "chatCompletions") {
        return refuse("Failed to parse the instances: @requestFormat is not chatCompletions.");
    }
    auto chat = read_chat_request(instances.front());
    chat.stream = false; // the wrapper cannot stream
    auto inner = answer_chat(chat, scene);
    if (inner.status == 200) {
        inner.body = fmt::format(R"({{"predictions":{}}})", inner.body);
    }
    return inner;
}

answer model_list() {
    std::string items;
    for (auto name : model_names()) {
        auto model = split_model(name);
        if (model.publisher == "google") {
            items += fmt::format("{}\n    {{\n      \"name\": \"publishers/google/models/{}\",\n"
                                 "      \"versionId\": \"default\",\n"
                                 "      \"launchStage\": \"GA\"\n    }}",
                                 items.empty() ? "" : ",", model.id);
        }
    }
    return {.body = fmt::format("{{\n  \"publisherModels\": [{}\n  ]\n}}\n", items)};
}

} // namespace vertex_relay::simulator
