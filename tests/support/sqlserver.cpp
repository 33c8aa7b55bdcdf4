// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sqlserver.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace pchat::test {
namespace {

constexpr int default_port = 1433;

[[noreturn]] void refuse(const std::string& why) {
    throw std::runtime_error("PCHAT_TEST_MSSQL: " + why + "; see CONTRIBUTING.md");
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

// Takes a value off the front, up to and with its semicolon.
std::string take_value(std::string_view& rest) {
    std::string out;
    if (!rest.starts_with('{')) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        out = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return out;
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '}' && rest.substr(i + 1).starts_with('}'))
            ++i;
        else if (rest[i] == '}') {
            rest.remove_prefix(std::min(i + 2, rest.size()));
            return out;
        }
        out += rest[i];
    }
    refuse("a brace is not closed");
}

std::map<std::string, std::string> read_pairs(std::string_view rest) {
    std::map<std::string, std::string> out;
    while (!rest.empty()) {
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos)
            refuse("a word has no value");
        const std::string key = lower(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        out[key] = take_value(rest);
    }
    return out;
}

void read_server(sql::Target& target, std::string_view server) {
    const std::size_t comma = server.find(',');
    const std::string_view host = server.substr(0, comma);
    const std::size_t backslash = host.find('\\');
    target.host = host.substr(0, backslash);
    if (backslash != std::string_view::npos)
        target.instance = host.substr(backslash + 1);
    target.port = target.instance.empty() ? default_port : 0;
    if (comma == std::string_view::npos)
        return;
    const std::string_view port = server.substr(comma + 1);
    const auto read = std::from_chars(port.data(), port.data() + port.size(), target.port);
    if (read.ec != std::errc{} || read.ptr != port.data() + port.size())
        refuse("the port is no number");
}

}  // namespace

std::optional<sql::Target> sqlserver_target(const std::string& database) {
    const char* text = std::getenv("PCHAT_TEST_MSSQL");
    if (text == nullptr || *text == '\0')
        return std::nullopt;
    sql::Target target;
    target.engine = sql::Engine::sqlserver;
    target.database = database;
    target.encryption = sql::Encryption::require;
    for (auto& [key, value] : read_pairs(text)) {
        if (key == "server")
            read_server(target, value);
        else if (key == "uid")
            target.login.user = value;
        else if (key == "pwd")
            target.login.password = Secret{std::move(value)};
        else if (key == "driver")
            target.driver = value;
        else if (key == "encrypt")
            target.encryption = value == "no"       ? sql::Encryption::off
                                : value == "verify" ? sql::Encryption::verify
                                                    : sql::Encryption::require;
        else
            refuse("unknown word '" + key + "'");
    }
    if (target.host.empty() || target.login.user.empty())
        refuse("it needs Server and Uid");
    return target;
}

}  // namespace pchat::test
