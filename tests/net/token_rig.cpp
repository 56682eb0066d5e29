#include "net/token_rig.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <algorithm>
#include <fstream>

namespace vertex_relay::tests {

void event_log::add(io::token_event what, std::string line) {
    std::scoped_lock lock(mutex_);
    lines_.emplace_back(what, std::move(line));
    changed_.notify_all();
}

std::size_t event_log::count(io::token_event what) const {
    std::scoped_lock lock(mutex_);
    auto same = [what](auto const& line) { return line.first == what; };
    return static_cast<std::size_t>(std::ranges::count_if(lines_, same));
}

bool event_log::wait_for(io::token_event what, std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] {
        auto same = [what](auto const& line) { return line.first == what; };
        return static_cast<std::size_t>(std::ranges::count_if(lines_, same)) >= count;
    });
}

std::string event_log::text() const {
    std::scoped_lock lock(mutex_);
    std::string all;
    for (auto const& [what, line] : lines_) {
        all += line + "\n";
    }
    return all;
}

scratch_directory::scratch_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "token-test-XXXXXX").string();
    dir_ = ::mkdtemp(pattern.data());
}

scratch_directory::~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
}

std::string scratch_directory::write(std::string const& name, std::string_view text) const {
    auto target = path(name);
    std::filesystem::create_directories(std::filesystem::path(target).parent_path());
    std::ofstream(target + ".new") << text;
    std::filesystem::rename(target + ".new", target);
    return target;
}

std::string user_file(std::string const& token_uri, std::string const& refresh_token) {
    return fmt::format(R"({{"type":"authorized_user","client_id":"an-id",)"
                       R"("client_secret":"d-secret",)"
                       R"("refresh_token":"{}","quota_project_id":"billed-project",)"
                       R"("token_uri":"{}"}})",
                       refresh_token, token_uri);
}

namespace {

io::token_settings settings_for(rig_options const& options, test_clock& clock, event_log& log) {
    return {.discovery = {.credentials = options.credentials,
                          .impersonate = options.impersonate,
                          .rules = {.allow_any_token_host = true,
                                    .service_accounts = options.mode}},
            .environment = options.variables,
            .started = clock.now(),
            .now = [&clock] { return clock.now(); },
            .log = [&log](io::token_event what, std::string line) {
                log.add(what, std::move(line));
            }};
}

io::task<> keep(io::task<io::token_source::answer> asked, io::token_source::answer& into) {
    auto answer = co_await asked;
    into = std::move(answer);
}

} // namespace

token_rig::token_rig(rig_options const& options)
    : clock(options.clock_wrong_by), owner(options.ca_file, options.resolve),
      source(owner.loop, owner.connects, settings_for(options, clock, log)) {
    owner.begin();
    other.begin();
    source.start();
}

token_rig::~token_rig() {
    owner.stop();
    other.stop();
}

std::vector<io::token_source::answer> token_rig::ask(work const& question, std::size_t count) {
    std::vector<io::token_source::answer> answers(count);
    other.run([&](io::fiber& sleeper,
                  std::size_t i) { return keep(question(sleeper), answers[i]); },
              count);
    return answers;
}

std::vector<io::token_source::answer> token_rig::get_many(std::size_t count) {
    return ask([this](io::fiber& sleeper) { return source.get(sleeper); }, count);
}

std::vector<io::token_source::answer> token_rig::replace_many(std::size_t count,
                                                              std::uint64_t generation) {
    auto question = [=, this](io::fiber& sleeper) { return source.replace(sleeper, generation); };
    return ask(question, count);
}

io::token_source::answer token_rig::get() { return std::move(get_many(1).front()); }

io::token_source::answer token_rig::replace(std::uint64_t generation) {
    return std::move(replace_many(1, generation).front());
}

} // namespace vertex_relay::tests
