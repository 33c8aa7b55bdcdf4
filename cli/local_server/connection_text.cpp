// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/connection_text.h"

#include "base/unicode.h"
#include "server/store/sql/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::string_view forms =
    "write Driver={PostgreSQL Unicode};Server=host;Port=5432;Database=name;Uid=user;Pwd=..., "
    "postgresql://user:password@host/name, sqlserver://user:password@host/name or sqlite:/path";

using Pairs = std::map<std::string, std::string, std::less<>>;

tl::unexpected<Error> refuse(std::string_view why) {
    return fail(
        Errc::invalid,
        fmt::format("the connection string cannot be used: {}", why),
        std::string{forms}
    );
}

// ---- reading the forms into pairs

/// Takes a value off the front, up to and with what ends it; `open` and `close` quote one.
Result<std::string> take_value(std::string_view& rest, char end, char open, char close) {
    std::string out;
    if (!rest.starts_with(open)) {
        const std::size_t stop = std::min(rest.find(end), rest.size());
        out = rest.substr(0, stop);
        rest.remove_prefix(std::min(stop + 1, rest.size()));
        return out;
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const bool doubled = rest[i] == close && rest.substr(i + 1).starts_with(close);
        if (rest[i] == close && !doubled) {
            rest.remove_prefix(std::min(i + 2, rest.size()));
            return out;
        }
        i += doubled ? 1 : 0;
        out += rest[i];
    }
    return refuse("a quoted value has no end");
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

Result<Pairs> read_pairs(std::string_view rest, char end, char open, char close) {
    Pairs out;
    for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest)) {
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos)
            return refuse("a word has no value");
        const std::string key = lower_ascii(trimmed(rest.substr(0, equals)));
        rest.remove_prefix(equals + 1);
        Result<std::string> value = take_value(rest, end, open, close);
        if (!value)
            return pass(std::move(value).error());
        out[key] = std::move(*value);
    }
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        const char* digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
            out += static_cast<char>(code);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

Result<Pairs> read_url(std::string_view scheme, std::string_view rest) {
    Pairs out{{"engine", std::string{scheme}}};
    const std::size_t question = rest.find('?');
    if (question != std::string_view::npos) {
        Result<Pairs> query = read_pairs(rest.substr(question + 1), '&', '\0', '\0');
        if (!query)
            return query;
        out.merge(*query);
        rest = rest.substr(0, question);
    }
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos)
        out["database"] = percent_decoded(rest.substr(slash + 1));
    std::string_view host = rest.substr(0, slash);
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = host.substr(0, at);
        const std::size_t colon = login.find(':');
        out["user"] = percent_decoded(login.substr(0, colon));
        if (colon != std::string_view::npos)
            out["password"] = percent_decoded(login.substr(colon + 1));
        host.remove_prefix(at + 1);
    }
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos)
        out["port"] = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    out["host"] = host;
    return out;
}

// ---- what the pairs mean

std::optional<std::string> take(Pairs& pairs, std::initializer_list<std::string_view> names) {
    std::optional<std::string> out;
    for (const std::string_view name : names)
        if (const auto found = pairs.find(name); found != pairs.end()) {
            out = std::move(found->second);
            pairs.erase(found);
        }
    return out;
}

std::optional<sql::Engine> engine_of(std::string_view text) {
    const std::string word = lower_ascii(text);
    const auto holds = [&](std::string_view part) { return word.find(part) != std::string::npos; };
    if (holds("postgres") || holds("psql"))
        return sql::Engine::postgresql;
    if (holds("sql server") || holds("sqlserver") || holds("mssql") || holds("freetds"))
        return sql::Engine::sqlserver;
    return std::nullopt;
}

Result<std::optional<sql::Encryption>> encryption_of(Pairs& pairs) {
    const auto written = take(pairs, {"encrypt", "encryption", "sslmode"});
    if (!written)
        return std::optional<sql::Encryption>{};
    const std::string word = lower_ascii(*written);
    for (const std::string_view off : {"no", "off", "disable", "optional"})
        if (word == off)
            return std::optional{sql::Encryption::off};
    for (const std::string_view verify : {"verify", "verify-full", "verify-ca", "strict"})
        if (word == verify)
            return std::optional{sql::Encryption::verify};
    for (const std::string_view require : {"yes", "require", "mandatory"})
        if (word == require)
            return std::optional{sql::Encryption::require};
    return refuse("the encryption is none of no, yes and verify");
}

/// "host", "host,1433" or "host\INSTANCE".
void split_server(sql::Address& address, std::string& port) {
    if (const std::size_t comma = address.host.find(','); comma != std::string::npos) {
        port = address.host.substr(comma + 1);
        address.host.resize(comma);
    }
    if (const std::size_t slash = address.host.find('\\'); slash != std::string::npos) {
        address.instance = address.host.substr(slash + 1);
        address.host.resize(slash);
    }
}

Result<sql::Target> target_from(Pairs pairs) {
    sql::Address address;
    address.driver = take(pairs, {"driver"}).value_or("");
    const auto named = take(pairs, {"engine"});
    const auto engine = engine_of(named ? *named : address.driver);
    if (!engine)
        return refuse("neither Driver nor the form says which engine it is");
    address.engine = *engine;
    address.host = take(pairs, {"server", "servername", "host", "hostaddr"}).value_or("localhost");
    std::string port = take(pairs, {"port"}).value_or("");
    split_server(address, port);
    address.database = take(pairs, {"database", "dbname"}).value_or("");
    address.ca_file = take(pairs, {"sslrootcert", "ca", "servercertificate"}).value_or("");
    const auto encryption = encryption_of(pairs);
    if (!encryption)
        return pass(encryption.error());
    address.encryption = *encryption;
    if (!port.empty()) {
        int number = 0;
        const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (problem != std::errc{} || end != port.data() + port.size() || number < 1 ||
            number > 65535)
            return refuse("the port is no number from 1 to 65535");
        address.port = number;
    }
    sql::Login login;
    login.user = take(pairs, {"uid", "user", "username", "user id"}).value_or("");
    login.password = Secret{take(pairs, {"pwd", "password"}).value_or("")};
    if (address.database.empty())
        return refuse("it names no database");
    if (login.user.empty())
        return refuse("it names no user");
    if (!pairs.empty())
        return refuse(fmt::format("it has the unknown word '{}'", pairs.begin()->first));
    sql::Target out = sql::target_at(address);
    out.login = std::move(login);
    return out;
}

}  // namespace

Result<sql::Target> parse_connection(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with("sqlite:")) {
        text.remove_prefix(7);
        if (text.starts_with("//"))
            text.remove_prefix(2);
        if (text.empty())
            return refuse("it names no file");
        sql::Address file;
        file.database = text;
        return sql::target_at(file);
    }
    const std::size_t scheme = text.find("://");
    const bool is_url = scheme != std::string_view::npos &&
                        text.substr(0, scheme).find_first_of("=; ") == std::string_view::npos;
    const bool is_odbc =
        text.find(';') != std::string_view::npos || text.find("dbname") == text.npos;
    Result<Pairs> pairs = is_url    ? read_url(text.substr(0, scheme), text.substr(scheme + 3))
                          : is_odbc ? read_pairs(text, ';', '{', '}')
                                    : read_pairs(text, ' ', '\'', '\'');
    if (!pairs)
        return pass(std::move(pairs).error());
    if (!is_url && !is_odbc)
        pairs->emplace("engine", "postgresql");
    return target_from(std::move(*pairs));
}

}  // namespace pchat::cli
