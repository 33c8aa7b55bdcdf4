// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_options.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string_view>

namespace pchat::bus {
namespace {

constexpr std::size_t longest_detail = 300;  // of what a stranger wrote, in our messages

Result<void> check_file(const std::string& path, std::string_view what) {
    if (path.empty())
        return fail(
            Errc::invalid,
            fmt::format("bus: no {} is named", what),
            "TLS goes both ways: name authority, certificate and key"
        );
    if (!std::ifstream{path})
        return fail(
            Errc::bad_file,
            fmt::format("bus: {} '{}' cannot be read", what, path),
            "it must be a PEM file that this server's user may read"
        );
    return {};
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string describe_tls(
    const std::string& detail, const NatsOptions& options, const NodeAddress& node
) {
    const std::string place = node.written();
    if (!options.tls)
        return fmt::format("bus node {} wants TLS, and none is set up here", place);
    // OpenSSL's numbers: 62 and 64 for names, the other for chains that do not end in the
    // authority.
    if (has(detail, ": 62:") || has(detail, ": 64:"))
        return fmt::format("certificate of bus node {} is not for '{}'", place, node.host);
    if (has(detail, ": 18:") || has(detail, ": 19:") || has(detail, ": 20:") ||
        has(detail, ": 21:"))
        return fmt::format(
            "certificate of bus node {} is not from an authority in '{}'",
            place,
            options.tls->authority
        );
    if (has(detail, "'PONG', got ''"))
        return fmt::format(
            "bus node {} hung up: certificate '{}' may not be from its authority",
            place,
            options.tls->certificate
        );
    if (has(detail, ": 10:"))
        return fmt::format("certificate of bus node {} has expired", place);
    return fmt::format("bus node {}: TLS failed", place);
}

}  // namespace

std::string NodeAddress::written() const {
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                               : fmt::format("[{}]:{}", host, port);
}

bool NodeAddress::loopback() const {
    return host == "localhost" || host == "::1" ||
           (host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos
           );
}

bool can_be_sent(std::string_view name_or_password) {
    return std::all_of(name_or_password.begin(), name_or_password.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\' && c != '\x7f';
    });
}

Result<void> check(const NatsOptions& options) {
    if (options.nodes.empty())
        return fail(Errc::invalid, "bus: no node is named", "name the nats-servers of the pool");
    for (const NodeAddress& node : options.nodes) {
        if (node.host.empty() || node.host.find_first_of("/@ \t\r\n") != std::string::npos)
            return fail(
                Errc::invalid,
                fmt::format("bus: '{}' is no host", printable(node.host)),
                "name the host alone, without scheme, user or path"
            );
        if (node.port == 0)
            return fail(Errc::invalid, fmt::format("bus: node {} has no port", node.host));
        if (!options.tls && !node.loopback())
            return fail(
                Errc::denied,
                fmt::format("bus: what goes to {} could be read on its way", node.written()),
                "set up TLS: authority, certificate and key"
            );
    }
    if (options.user.empty() != options.password.empty())
        return fail(Errc::invalid, "bus: a user needs a password, and a password a user");
    if (!can_be_sent(options.name) || !can_be_sent(options.user) ||
        !can_be_sent(options.password.reveal()))
        return fail(
            Errc::invalid,
            fmt::format(
                "bus: name, user or password of '{}' has a quotation mark, a backslash or a "
                "control character in it",
                printable(options.name)
            ),
            "choose another one"
        );
    if (!options.tls)
        return {};
    for (const auto& [path, what] :
         {std::pair{options.tls->authority, "authority"},
          std::pair{options.tls->certificate, "certificate"},
          std::pair{options.tls->key, "key"}})
        if (Result<void> readable = check_file(path, what); !readable)
            return readable;
    return {};
}

std::string describe(
    NatsTrouble trouble,
    const std::string& detail,
    const NatsOptions& options,
    const NodeAddress& node
) {
    const std::string place = node.written();
    std::string out;
    switch (trouble) {
    case NatsTrouble::unreachable:
        return fmt::format("bus node {} is not there", place);
    case NatsTrouble::timeout:
        return fmt::format("bus node {} does not answer", place);
    case NatsTrouble::sign_in:
        out = options.user.empty()
                  ? fmt::format("bus node {} wants a user and a password", place)
                  : fmt::format(
                        "bus node {} does not let user '{}' in: wrong name or password",
                        place,
                        options.user
                    );
        break;
    case NatsTrouble::tls:
        out = describe_tls(detail, options, node);
        break;
    case NatsTrouble::no_tls:
        out = fmt::format("bus node {} offers no TLS", place);
        break;
    case NatsTrouble::lost:
        out = fmt::format("link to bus node {} broke", place);
        break;
    case NatsTrouble::other:
        out = fmt::format("bus node {}", place);
        break;
    }
    if (!detail.empty())
        out += ": " + printable(first_code_points(detail, longest_detail));
    return out;
}

}  // namespace pchat::bus
