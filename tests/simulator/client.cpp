#include "client.hpp"

#include "core/ascii.hpp"
#include "simulator/json_view.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

namespace vertex_relay::simulator::testing {

using clock = std::chrono::steady_clock;

client::client(instance const& server, std::string server_name) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    tls_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_locations(tls_, server.ca_file().c_str(), nullptr);
    SSL_CTX_set_verify(tls_, SSL_VERIFY_PEER, nullptr);
    ssl_ = SSL_new(tls_);
    SSL_set1_host(ssl_, server_name.c_str());
    SSL_set_tlsext_host_name(ssl_, server_name.c_str());
    static constexpr unsigned char protocols[] = "\x02h2\x08http/1.1";
    SSL_set_alpn_protos(ssl_, protocols, sizeof protocols - 1);
    SSL_set_fd(ssl_, socket_);
    ready_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
             SSL_connect(ssl_) == 1;
}

client::~client() {
    close();
    SSL_free(ssl_);
    SSL_CTX_free(tls_);
}

void client::close() {
    if (socket_ >= 0) {
        ::close(socket_);
        socket_ = -1;
    }
}

std::string client::alpn() const {
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_, &name, &size);
    return {reinterpret_cast<char const*>(name), size};
}

void client::send(std::string_view bytes) {
    std::size_t sent = 0;
    if (SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent) != 1) {
        ERR_clear_error();
    }
}

ending client::receive(clock::time_point until) {
    if (SSL_pending(ssl_) == 0) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now());
        pollfd watched{.fd = socket_, .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) {
            return ending::timeout;
        }
    }
    char bytes[32768];
    int size = SSL_read(ssl_, bytes, sizeof bytes);
    if (size > 0) {
        buffer_.append(bytes, static_cast<std::size_t>(size));
        return ending::open;
    }
    bool clean = SSL_get_error(ssl_, size) == SSL_ERROR_ZERO_RETURN;
    ERR_clear_error();
    return clean ? ending::clean : ending::truncated;
}

namespace {

/// Decodes chunks; true once the last one was seen.
bool dechunk(std::string_view raw, std::string& body) {
    body.clear();
    while (true) {
        auto line = raw.find("\r\n");
        if (line == std::string_view::npos) {
            return false;
        }
        auto size = std::stoul(std::string(raw.substr(0, line)), nullptr, 16);
        raw.remove_prefix(line + 2);
        body.append(raw.substr(0, size));
        if (raw.size() < size + 2) {
            return false;
        }
        raw.remove_prefix(size + 2);
        if (size == 0) {
            return true;
        }
    }
}

void interpret(response& out) {
    auto head = core::ascii::to_lower(out.head);
    auto length = head.find("content-length: ");
    if (head.find("transfer-encoding: chunked") != std::string::npos) {
        out.complete = dechunk(out.raw, out.body);
        return;
    }
    out.body = out.raw;
    if (length != std::string::npos) {
        out.complete = out.body.size() >= std::stoul(head.substr(length + 16));
    }
}

} // namespace

response client::read(std::chrono::milliseconds deadline) {
    auto until = clock::now() + deadline;
    response out;
    while (true) {
        auto end = buffer_.find("\r\n\r\n");
        if (end != std::string::npos) {
            out.head = buffer_.substr(0, end + 4);
            out.raw = buffer_.substr(end + 4);
            out.status = std::stoi(out.head.substr(9, 3));
            interpret(out);
            if (out.complete) {
                buffer_.clear();
                return out;
            }
        }
        out.end = receive(until);
        if (out.end != ending::open) {
            return out;
        }
    }
}

bool client::read_until(std::function<bool(std::string_view)> const& done) {
    auto until = clock::now() + std::chrono::seconds(10);
    while (!done(buffer_)) {
        if (receive(until) != ending::open) {
            return false;
        }
    }
    return true;
}

std::string http(call const& where, std::string_view body) {
    return fmt::format("{} /v1/projects/sim-project/locations/{}/endpoints/{}{} HTTP/1.1\r\n"
                       "Host: {}\r\nAuthorization: Bearer {}\r\n"
                       "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                       where.method, where.location, where.endpoint, where.verb, where.host,
                       where.token, body.size(), body);
}

response ask(instance const& server, std::string_view body, call const& where) {
    client one(server);
    REQUIRE(one.connected());
    one.send(http(where, body));
    return one.read();
}

std::unique_ptr<instance> start(options settings) {
    settings.static_token = "always-good";
    auto started = instance::start(std::move(settings));
    REQUIRE(started);
    return std::move(*started);
}

bool eventually(std::function<bool()> const& holds) {
    auto until = clock::now() + std::chrono::seconds(10);
    while (!holds()) {
        if (clock::now() > until) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

std::string hello(std::string_view model, std::string_view extra) {
    return fmt::format(R"({{{}"model":"{}","messages":[{{"role":"user","content":"Hello"}}]}})",
                       extra, model);
}

std::vector<std::string> events_of(std::string_view body) {
    std::vector<std::string> out;
    while (!body.empty()) {
        auto line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(body.size(), line.size() + 1));
        if (line.starts_with("data: ")) {
            out.emplace_back(line.substr(6));
        }
    }
    return out;
}

namespace {

std::string shape(json value) {
    if (auto object = as_object(value)) {
        std::string out;
        for (auto field : *object) {
            out += fmt::format("{}{}:{}", out.empty() ? "" : ",", field.key, shape(field.value));
        }
        return "{" + out + "}";
    }
    if (as_array(value)) {
        auto elements = elements_of(value);
        return elements.empty() ? "[]" : "[" + shape(elements.front()) + "]";
    }
    return value.is_null() ? "null" : value.is_string() ? "\"\"" : "1";
}

} // namespace

std::string shape_of(std::string_view json_text) {
    simdjson::dom::parser parser;
    json document;
    bool good = parser.parse(std::string(json_text)).get(document) == simdjson::SUCCESS;
    return good ? shape(document) : "not JSON";
}

} // namespace vertex_relay::simulator::testing
