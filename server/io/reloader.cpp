#include "io/reloader.hpp"

#include "io/service_setup.hpp"
#include "io/token_search.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vertex_relay::io {

namespace {

token_settings token_settings_for(core::config const& settings,
                                  core::google::environment const& variables, log const& logs,
                                  gauges& load) {
    token_settings out;
    out.discovery = discovery_settings_of(settings);
    out.environment = variables;
    out.log = [&logs, &load](token_event what, std::string const& line) {
        load.tokens_renewed.add(what == token_event::renewed ? 1 : 0);
        load.token_failures.add(what == token_event::failed ? 1 : 0);
        what == token_event::failed ? logs.warn(line) : logs.info(line);
    };
    return out;
}

/// Whose tokens are used, or how they are got.
bool concerns_credentials(std::string const& key) {
    return key.starts_with("google.") && key != "google.project" && key != "google.location" &&
           key != "google.quota_project";
}

/// One line, for whatever differs.
std::string summary_of(next_service const& next) {
    auto text = next.changed.empty() && next.waiting.empty()
                    ? std::string("configuration reloaded, no setting differs; the files it names "
                                  "were read again")
                : next.changed.empty()
                    ? std::string("configuration reloaded, nothing to change now")
                    : fmt::format("configuration reloaded: {}", fmt::join(next.changed, ", "));
    return next.waiting.empty()
               ? text
               : fmt::format("{}; takes effect at the next start only: {}", text,
                             fmt::join(next.waiting, ", "));
}

bool concerns_token_servers(std::string const& key) { return key == "upstream.resolve"; }

} // namespace

reloader::reloader(parts with, core::config const& settings, surroundings around)
    : with_(std::move(with)), files_(std::move(around.files)), fiber_(with_.control) {
    note_named_files(settings, files_);
    auto egress = std::make_shared<egress_settings>(settings.upstream.ca_file,
                                                    std::move(around.proxies));
    auto office = open_office(settings, egress);
    current_ = std::make_shared<service const>(
        make_service(settings, std::move(around.where),
                     {egress, source_of(office), with_.signatures, with_.logs, with_.load}));
    offices_.push_back(std::move(office));
}

reloader::~reloader() = default;

std::shared_ptr<token_office> reloader::open_office(core::config const& settings,
                                                    std::shared_ptr<egress_settings> egress) {
    return std::make_shared<token_office>(
        with_.control, with_.buffers, settings, std::move(egress),
        token_settings_for(settings, with_.variables, with_.logs, with_.load));
}

void reloader::start(publisher publish, answer answered) {
    publish_ = std::move(publish);
    answered_ = std::move(answered);
    current_->tokens->start();
    if (with_.read) {
        fiber_.start(watch(), [this](std::exception_ptr escaped) {
            if (escaped) {
                with_.logs.error("the configuration is no longer read again: out of memory");
            }
        });
    }
}

void reloader::ask() {
    if (!with_.read) {
        current_->tokens->reload();
        answered_({});
        return;
    }
    asked_ = true;
    fiber_.wake();
}

void reloader::stop(std::function<void()> const& on_end) {
    stopping_ = true;
    fiber_.cancel(cause::shutdown);
    for (auto const& office : offices_) {
        office->source.stop(on_end);
    }
}

bool reloader::ended() const {
    return std::ranges::all_of(offices_,
                               [](auto const& office) { return office->source.ended(); });
}

task<> reloader::watch() {
    while (!stopping_) {
        fiber_.expires_after(with_.look_every);
        if (!asked_) {
            co_await fiber_.sleep();
        }
        close_unused_offices();
        bool asked = std::exchange(asked_, false);
        if (asked || files_settled()) {
            co_await reload(asked);
        }
    }
}

/// True at the first look that finds nothing new after one that did: whoever writes a file may need
/// several steps.
bool reloader::files_settled() {
    if (files_.changed()) {
        files_.note_again();
        unsettled_ = true;
        return false;
    }
    return std::exchange(unsettled_, false);
}

task<> reloader::reload(bool asked) {
    auto tokens = current_->tokens;
    auto next = co_await find_next();
    if (stopping_) {
        co_return;
    }
    std::string fault;
    if (next) {
        put_to_use(std::move(*next));
        with_.load.reloads.add();
    } else {
        with_.load.reload_failures.add();
        fault = "the configuration was not reloaded, the one before stays in use: " + next.error();
        with_.logs.error(fault);
    }
    if (asked && tokens == current_->tokens) {
        tokens->reload();
    }
    if (asked && !asked_) {
        answered_(fault);
    }
}

/// Reads all anew. The error is one line.
task<std::expected<next_service, std::string>> reloader::find_next() {
    fiber_.never_expires();
    auto read = co_await read_beside();
    files_ = std::move(read.files);
    unsettled_ = false;
    if (!read.outcome || stopping_) {
        co_return std::move(read.outcome);
    }
    auto settled = co_await settle_tokens(*read.outcome);
    if (!settled) {
        co_return std::unexpected(std::move(settled.error()));
    }
    co_return std::move(read.outcome);
}

task<reading> reloader::read_beside() {
    struct errand {
        fiber* sleeper; ///< null once nobody waits
        std::optional<reading> brought;
    };
    auto sent = std::make_shared<errand>(&fiber_, std::nullopt);
    struct leave_at_end {
        errand& sent;
        ~leave_at_end() { sent.sleeper = nullptr; }
    } leave{*sent};
    reload_request wanted{with_.read, with_.variables, current_};
    helper_ = std::jthread([wanted = std::move(wanted), sent, &control = with_.control] {
        auto brought = std::make_shared<reading>(read_next(wanted));
        control.post([sent, brought] {
            sent->brought = std::move(*brought);
            if (sent->sleeper != nullptr) {
                sent->sleeper->wake();
            }
        });
    });
    while (!sent->brought && !stopping_) {
        co_await fiber_.sleep();
    }
    co_return sent->brought ? std::move(*sent->brought) : reading();
}

/// Other credentials come with a source of their own, so that no request has the token of one and
/// the project of the other. It must bring a token, unless there is none to lose.
task<std::expected<void, std::string>> reloader::settle_tokens(next_service& next) {
    using result = std::expected<void, std::string>;
    auto& made = *next.made;
    bool other = std::ranges::any_of(next.changed, concerns_credentials);
    bool other_way = made.egress != current_->egress ||
                     std::ranges::any_of(next.changed, concerns_token_servers);
    if (!other && !other_way) {
        co_return result();
    }
    auto office = open_office(made.settings, made.egress);
    office->source.start();
    auto first = co_await office->source.get(fiber_);
    bool has_token = current_->tokens->current() != nullptr;
    if (first || !has_token) {
        made.tokens = source_of(office);
        offices_.push_back(std::move(office));
        co_return result();
    }
    if (other) {
        co_return std::unexpected(first.error().message);
    }
    with_.logs.warn("tokens are still fetched in the way from before: " + first.error().message);
    co_return result();
}

void reloader::put_to_use(next_service next) {
    auto told = summary_of(next);
    current_ = std::move(next.made);
    with_.logs.follow(current_->settings);
    publish_(current_);
    next.waiting.empty() ? with_.logs.info(told) : with_.logs.warn(told);
}

/// An old source lives as long as an exchange that began with it may need it.
void reloader::close_unused_offices() {
    std::erase_if(offices_, [](auto const& office) { return office.use_count() == 1; });
}

} // namespace vertex_relay::io
