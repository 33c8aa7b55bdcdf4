// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_point.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace pchat::cli {
namespace {

constexpr const char* form = "write [user@]host[:port], an IPv6 address with a port in brackets";

bool may_be_part_of_a_name(char letter) {
    const bool letters = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return letters || (letter >= '0' && letter <= '9') ||
           std::string_view{"-_.:"}.find(letter) != std::string_view::npos;
}

bool is_name(std::string_view text) {
    return !text.empty() && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), may_be_part_of_a_name);
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && port > 0;
}

}  // namespace

std::string SshPoint::place() const {
    const bool bare = host.find(':') == std::string::npos;
    return bare ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Result<void> check_ssh_point(const SshPoint& point) {
    if (!is_name(point.host))
        return fail(Errc::invalid, fmt::format("'{}' is no name of a machine", point.host), form);
    if (!is_name(point.user) || point.user.find(':') != std::string::npos)
        return fail(Errc::invalid, fmt::format("'{}' is no name of a user", point.user), form);
    return {};
}

Result<SshPoint> parse_ssh_point(std::string_view text, std::string_view user) {
    const auto refused = [&] {
        return fail(Errc::invalid, fmt::format("'{}' does not name a machine", text), form);
    };
    SshPoint out;
    std::string_view rest = text;
    out.user = user;
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        out.user = rest.substr(0, at);
        rest.remove_prefix(at + 1);
    }
    std::string_view port;
    bool has_port = false;
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos)
            return refused();
        out.host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
        has_port = !rest.empty();
        if (has_port && rest.front() != ':')
            return refused();
        port = has_port ? rest.substr(1) : rest;
    } else {
        const std::size_t colon = rest.find(':');
        // More than one colon: an IPv6 address, and no port.
        has_port =
            colon != std::string_view::npos && rest.find(':', colon + 1) == std::string_view::npos;
        out.host = has_port ? rest.substr(0, colon) : rest;
        port = has_port ? rest.substr(colon + 1) : std::string_view{};
    }
    if (has_port && !read_port(port, out.port))
        return refused();
    if (Result<void> good = check_ssh_point(out); !good)
        return pass(std::move(good).error());
    return out;
}

}  // namespace pchat::cli
