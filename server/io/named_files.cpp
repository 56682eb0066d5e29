#include "io/named_files.hpp"

#include "core/ascii.hpp"
#include "io/tls.hpp"
#include "io/user_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vertex_relay::io {

namespace {

std::string read_whole(std::string const& path, std::string_view key) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    bool empty = file.peek() == std::ifstream::traits_type::eof(); // a directory is bad(), too
    if (file.bad() || !file.is_open() || (!empty && !(text << file.rdbuf()))) {
        auto why = errno == 0 ? std::string() : fmt::format(": {}", std::strerror(errno));
        throw configuration_error(fmt::format("{}: cannot read '{}'{}", key, path, why));
    }
    return std::move(text).str();
}

void check_signatures(std::string const& path) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
        throw configuration_error(fmt::format("signatures.file: '{}' is a directory", path));
    }
}

void check_authorities(std::string const& path) {
    auto fault = path.empty() ? std::string() : fault_of_authorities(path);
    if (!fault.empty()) {
        throw configuration_error(fault);
    }
}

void check_groups(std::vector<std::string> const& names) {
    for (auto const& name : names) {
        if (auto group = find_group(name); !group) {
            throw configuration_error(fmt::format("access.allow_group: {}", group.error()));
        }
    }
}

} // namespace

std::shared_ptr<core::secret const> read_key(std::string const& path) {
    if (path.empty()) {
        return nullptr;
    }
    auto text = read_whole(path, "access.api_key_file");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    std::string key(core::ascii::trim(text));
    if (key.empty()) {
        throw configuration_error(fmt::format("access.api_key_file: '{}' holds no key", path));
    }
    if (std::ranges::any_of(key, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
        throw configuration_error(fmt::format(
            "access.api_key_file: '{}' holds more than one key, or blanks in it", path));
    }
    return std::make_shared<core::secret const>(std::move(key));
}

core::catalogue read_catalogue(std::string const& path) {
    if (path.empty()) {
        return core::catalogue::built_in();
    }
    auto parsed = core::catalogue::parse(read_whole(path, "catalogue_file"));
    if (!parsed) {
        throw configuration_error(fmt::format("catalogue_file '{}': {}", path, parsed.error()));
    }
    return std::move(*parsed);
}

core::price_table read_prices(std::string const& path) {
    if (path.empty()) {
        return core::price_table::built_in();
    }
    auto parsed = core::price_table::parse(read_whole(path, "prices_file"));
    if (!parsed) {
        throw configuration_error(fmt::format("prices_file '{}': {}", path, parsed.error()));
    }
    return std::move(*parsed);
}

std::vector<std::string> leave_out_unusable(core::config& settings) {
    std::vector<std::string> faults;
    auto look = [&faults](auto& setting, auto const& use) {
        try {
            use(setting);
        } catch (configuration_error const& error) {
            faults.emplace_back(error.what());
            setting = {};
        }
    };
    look(settings.access.api_key_file, read_key);
    look(settings.catalogue_file, read_catalogue);
    look(settings.prices_file, read_prices);
    look(settings.upstream.ca_file, check_authorities);
    look(settings.access.allow_group, check_groups);
    look(settings.signatures.file, check_signatures);
    return faults;
}

void check_named_files(core::config const& settings) {
    auto copy = settings;
    auto faults = leave_out_unusable(copy);
    if (!faults.empty()) {
        throw configuration_error(faults.front());
    }
}

} // namespace vertex_relay::io
