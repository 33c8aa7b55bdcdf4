// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_config.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace pchat::bus {
namespace {

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '\x7f';
    });
}

Result<std::string> quoted(std::string_view text, std::string_view what) {
    if (text.empty() || !is_plain(text))
        return fail(
            Errc::invalid,
            fmt::format("bus node: {} is empty or has control characters in it", what)
        );
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

/// Text with its first failure.
class Writer {
public:
    template <class... T>
    void line(fmt::format_string<T...> format, T&&... arguments) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<T>(arguments)...);
        text_ += '\n';
    }
    std::string quote(std::string_view text, std::string_view what) {
        Result<std::string> done = quoted(text, what);
        if (done)
            return std::move(*done);
        refuse(std::move(done).error());
        return {};
    }
    void refuse(Error error) {
        if (!error_)
            error_ = std::move(error);
    }
    Result<Secret> finish() {
        if (error_)
            return pass(std::move(*error_));
        return Secret{std::move(text_)};
    }

private:
    std::string text_;
    std::optional<Error> error_;
};

void write_tls(Writer& out, const TlsFiles& files, std::string_view indent) {
    out.line("{}tls {{", indent);
    out.line("{}  cert_file: {}", indent, out.quote(files.certificate, "a certificate file"));
    out.line("{}  key_file: {}", indent, out.quote(files.key, "a key file"));
    out.line("{}  ca_file: {}", indent, out.quote(files.authority, "an authority file"));
    out.line("{}  verify: true", indent);
    out.line("{}  timeout: 3", indent);
    out.line("{}}}", indent);
}

Error open_to_all(std::string_view what, const NodeAddress& address) {
    return {
        Errc::denied,
        fmt::format("bus node: {} on {} would be open to the network", what, address.written()),
        "set up TLS, or listen on 127.0.0.1",
        {}};
}

void write_users(Writer& out, const std::vector<NatsUser>& users) {
    out.line("authorization {{");
    out.line("  users: [");
    for (const NatsUser& user : users) {
        if (!can_be_sent(user.name) || !can_be_sent(user.password.reveal()))
            out.refuse(
                {Errc::invalid,
                 fmt::format(
                     "bus user '{}': name or password has a quotation mark, a backslash or a "
                     "control character in it",
                     printable(user.name)
                 ),
                 "choose another one",
                 {}}
            );
        // nats-server takes it for what is made of a password, not for the password.
        if (user.password.reveal().rfind("$2", 0) == 0)
            out.refuse(
                {Errc::invalid,
                 fmt::format(
                     "bus user '{}': a password must not begin with '$2'", printable(user.name)
                 ),
                 "choose another one",
                 {}}
            );
        out.line(
            "    {{ user: {}, password: {}, permissions: {{ publish: \"pchat.>\", subscribe: "
            "\"pchat.>\" }} }}",
            out.quote(user.name, "the name of a user"),
            out.quote(user.password.reveal(), "a user's password")
        );
    }
    out.line("  ]");
    out.line("}}");
}

void write_cluster(Writer& out, const NatsNode& node) {
    out.line("cluster {{");
    out.line("  name: {}", out.quote(node.cluster, "the name of the pool"));
    out.line("  listen: {}", out.quote(node.routes->written(), "where a node listens"));
    // Servers know all nodes from their own settings.
    out.line("  no_advertise: true");
    out.line("  routes: [");
    for (const NodeAddress& other : node.others)
        out.line("    {}", out.quote("nats-route://" + other.written(), "another node"));
    out.line("  ]");
    if (node.route_tls)
        write_tls(out, *node.route_tls, "  ");
    out.line("}}");
}

}  // namespace

Result<Secret> nats_config(const NatsNode& node) {
    Writer out;
    if (!node.clients.loopback() && (!node.client_tls || node.users.empty()))
        out.refuse(open_to_all("servers without TLS and password", node.clients));
    if (node.routes && !node.routes->loopback() && !node.route_tls)
        out.refuse(open_to_all("other nodes without TLS", *node.routes));
    out.line("# Written by pchatctl. Holds passwords: for its owner only.");
    out.line("server_name: {}", out.quote(node.name, "the name of a node"));
    out.line("listen: {}", out.quote(node.clients.written(), "where a node listens"));
    out.line("max_payload: {}", node.max_payload);
    // A node or a server that stands still is noticed after three of them, not after six minutes.
    out.line("ping_interval: \"2s\"");
    out.line("ping_max: 2");
    if (node.client_tls)
        write_tls(out, *node.client_tls, "");
    if (!node.users.empty())
        write_users(out, node.users);
    if (node.routes)
        write_cluster(out, node);
    return out.finish();
}

}  // namespace pchat::bus
