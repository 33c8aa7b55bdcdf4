// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/server_settings.h"

#include "base/unicode.h"
#include "cli/database_settings.h"
#include "cli/ui/output.h"
#include "server/app/ip_address.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<Error> bad_address(const std::string& text, std::string_view why) {
    return fail(
        Errc::usage,
        fmt::format("--listen '{}': {}", text, why),
        "write an IP address and a port: 127.0.0.1:8443, [::1]:8443, 0.0.0.0:8443"
    );
}

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return {};
    return lower_ascii(name.data());
}

/// What a certificate can hold; names of machines may be anything.
bool is_host_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

/// Nobody finds localhost.example: clients are told where the server listens, or the machine.
std::string host_for_clients(const ListenAddress& listen) {
    if (listen.ip != "0.0.0.0" && listen.ip != "::")
        return listen.ip;
    const std::string machine = machine_name();
    return is_host_name(machine) ? machine : "localhost";
}

}  // namespace

Result<ListenAddress> parse_listen_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos)
        return bad_address(text, "the port is missing");
    ListenAddress out;
    out.ip = text.substr(0, colon);
    if (out.ip.size() > 2 && out.ip.front() == '[' && out.ip.back() == ']')
        out.ip = out.ip.substr(1, out.ip.size() - 2);
    else if (out.ip.find(':') != std::string::npos)
        return bad_address(text, "an IPv6 address stands in brackets");
    if (out.ip == "localhost")
        out.ip = "127.0.0.1";
    const auto address = app::parse_ip(out.ip);
    if (!address)
        return bad_address(text, fmt::format("'{}' is not an IP address", out.ip));
    out.loopback = address->loopback;
    const std::string_view port = std::string_view{text}.substr(colon + 1);
    const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (problem != std::errc{} || end != port.data() + port.size())
        return bad_address(text, fmt::format("'{}' is no port from 0 to 65535", port));
    return out;
}

std::string settings_text(
    const DataDirectory& directory, const LocalSettings& settings, const sql::Target& database
) {
    Json listener{
        {"address", settings.listen.ip}, {"port", settings.listen.port}, {"tls", !settings.plain}};
    Json document{
        {"server", {{"fqdn", settings.fqdn}, {"host", host_for_clients(settings.listen)}}},
        {"listen", Json::array({std::move(listener)})},
        {"database",
         database_settings(database, fmt::format("env:{}", database_password_variable))},
        {"data", settings.data.empty() ? directory.path() : settings.data},
        {"log", {{"level", settings.log_level}}}};
    if (!settings.pool.empty())
        document["server"]["pool"] = settings.pool;
    if (settings.bus) {
        Json node{{"address", "127.0.0.1"}, {"port", settings.bus->port}};
        document["bus"] = {
            {"nodes", Json::array({std::move(node)})},
            {"user", "pool"},
            {"password", "file:" + settings.bus->password_file}};
    }
    if (!settings.plain) {
        const CertificateFiles files = directory.certificates();
        document["tls"] = {{"certificate", files.certificate}, {"key", files.key}};
    }
    return "# Written by 'pchatctl server run' at each start, to be looked at: changes are "
           "lost.\n" +
           to_yaml(document);
}

std::vector<std::string> certificate_names(const ListenAddress& listen) {
    std::vector<std::string> out{"localhost", "127.0.0.1", "::1"};
    const std::string machine = machine_name();
    const bool any = listen.ip == "0.0.0.0" || listen.ip == "::";
    for (const std::string& more : {any ? std::string{} : listen.ip, machine}) {
        const bool known = std::find(out.begin(), out.end(), more) != out.end();
        if (!known && (app::parse_ip(more) || is_host_name(more)))
            out.push_back(more);
    }
    return out;
}

}  // namespace pchat::cli
