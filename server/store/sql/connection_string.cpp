// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/connection_string.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::sql {
namespace {

// {value} with closing braces doubled: the quoting that all ODBC drivers know.
std::string braced(std::string_view value) {
    std::string out = "{";
    for (const char c : value) {
        out += c;
        if (c == '}')
            out += c;
    }
    return out + "}";
}

// libpq's own quoting inside pqopt: blanks and backslashes are escaped, the value stands in quotes.
std::string libpq_quoted(std::string_view value) {
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "'";
}

// psqlODBC takes braces off the password and its options, but takes those around a name for a part
// of it.
Result<void> check_plain(std::string_view what, std::string_view value) {
    if (value.find_first_of(";{}") == std::string_view::npos && !value.starts_with(' ') &&
        !value.ends_with(' '))
        return {};
    return fail(
        Errc::invalid,
        fmt::format(
            "the {} '{}' holds ';', '{{', '}}' or a blank at an end, which its driver cannot be "
            "told",
            what,
            value
        ),
        "choose another name"
    );
}

std::string postgresql(const Target& target, std::chrono::milliseconds user_timeout) {
    const std::string_view ssl = target.encryption == Encryption::verify    ? "verify-full"
                                 : target.encryption == Encryption::require ? "require"
                                                                            : "disable";
    // Without keepalives and tcp_user_timeout a cut link hangs a query without end.
    std::string libpq = fmt::format(
        "connect_timeout={} keepalives_idle=2 keepalives_interval=1 keepalives_count=2 "
        "tcp_user_timeout={}",
        target.connect_timeout.count(),
        user_timeout.count()
    );
    if (!target.ca_file.empty())
        libpq += " sslrootcert=" + libpq_quoted(target.ca_file);
    if (target.statement_timeout.count() > 0)
        libpq += fmt::format(
            " options=-cstatement_timeout={}",
            std::chrono::milliseconds{target.statement_timeout}.count()
        );
    // Protocol=7.4-0: an error leaves the transaction failed until it is rolled back. The driver's
    // default skips the failed statement and lets the rest be committed.
    return fmt::format(
        "Driver={};Server={};Port={};Database={};UID={};PWD={};SSLmode={};Protocol=7.4-0;pqopt={}",
        braced(driver_of(target)),
        target.host,
        target.port,
        target.database,
        target.login.user,
        braced(target.login.password.reveal()),
        ssl,
        braced(libpq)
    );
}

std::string freetds(const Target& target) {
    // A wrong TDS_Version is not reported by the driver, and its default is older than we need.
    // DMConnAttr is read by unixODBC: the driver has no keyword for a limit while connecting, and
    // waits for minutes without one.
    const std::string server =
        target.instance.empty() ? target.host : target.host + "\\" + target.instance;
    const std::string place =
        target.instance.empty() || target.port != 0 ? fmt::format("Port={};", target.port) : "";
    const std::string_view encryption = target.encryption == Encryption::off ? "off" : "require";
    return fmt::format(
        "Driver={};Server={};{}TDS_Version=7.4;ClientCharset=UTF-8;Encryption={};"
        "DMConnAttr=SQL_ATTR_LOGIN_TIMEOUT={};Database={};UID={};PWD={};",
        braced(driver_of(target)),
        target.port != 0 ? target.host : server,
        place,
        encryption,
        target.connect_timeout.count(),
        braced(target.database),
        braced(target.login.user),
        braced(target.login.password.reveal())
    );
}

std::string microsoft(const Target& target) {
    const std::string server = target.port != 0 ? fmt::format("tcp:{},{}", target.host, target.port)
                               : target.instance.empty()
                                   ? fmt::format("tcp:{}", target.host)
                                   : fmt::format("{}\\{}", target.host, target.instance);
    const bool off = target.encryption == Encryption::off;
    return fmt::format(
        "Driver={};Server={};Database={};UID={};PWD={};Encrypt={};TrustServerCertificate={};"
        "ConnectRetryCount=0;",
        braced(driver_of(target)),
        server,
        braced(target.database),
        braced(target.login.user),
        braced(target.login.password.reveal()),
        off ? "no" : "yes",
        target.encryption == Encryption::verify ? "no" : "yes"
    );
}

}  // namespace

std::string_view default_driver(Engine engine) {
    return engine == Engine::postgresql ? "PostgreSQL Unicode" : "FreeTDS";
}

std::string driver_of(const Target& target) {
    return target.driver.empty() ? std::string{default_driver(target.engine)} : target.driver;
}

Result<Secret> connection_string(
    const Target& target, std::optional<std::chrono::milliseconds> user_timeout
) {
    switch (target.engine) {
    case Engine::sqlite:
        // SOCI has no way to quote a quote.
        if (target.database.find('"') != std::string::npos)
            return fail(
                Errc::invalid,
                fmt::format("the path {} holds a quote", target.database),
                "choose another directory"
            );
        return Secret{fmt::format("db=\"{}\" timeout=10", target.database)};
    case Engine::postgresql:
        for (const auto& [what, value] :
             {std::pair{"host", target.host},
              std::pair{"database", target.database},
              std::pair{"login", target.login.user}})
            if (Result<void> plain = check_plain(what, value); !plain)
                return pass(std::move(plain).error());
        return Secret{postgresql(target, user_timeout.value_or(target.connect_timeout))};
    case Engine::sqlserver:
        if (driver_of(target).starts_with("ODBC Driver"))
            return Secret{microsoft(target)};
        // It reads what to trust from freetds.conf alone: a keyword would be taken and ignored.
        if (target.encryption == Encryption::verify)
            return fail(
                Errc::invalid,
                fmt::format(
                    "{}: the driver {} cannot be told to check the server's certificate",
                    target.describe(),
                    driver_of(target)
                ),
                "name Microsoft's (driver: ODBC Driver 18 for SQL Server), or encrypt without "
                "knowing who answers (tls: {mode: require})"
            );
        return Secret{freetds(target)};
    }
    return fail(Errc::internal, "unknown database engine");
}

}  // namespace pchat::sql
