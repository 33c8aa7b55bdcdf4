// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/connect_failure.h"

#include <algorithm>
#include <array>

namespace pchat::sql {
namespace {

// What the server says stands behind its severity and two blanks ("FATAL:  ..."), in the server's
// language: where we do not understand it, it is still a refusal by a server that was reached.
struct Refusal {
    std::string_view text;
    std::string_view state;
};
constexpr std::array refusals{
    Refusal{"password authentication failed", "28P01"},
    Refusal{"no pg_hba.conf entry", "28000"},
    Refusal{"pg_hba.conf rejects", "28000"},
    Refusal{"is not permitted to log in", "28000"},
    Refusal{"permission denied for database", "42501"},
    Refusal{"the database system is", "57P03"},
    Refusal{"too many", "53300"},
    Refusal{"remaining connection slots", "53300"},
};

// What libpq says is in English: this program sets no locale.
struct Obstacle {
    std::string_view text;
    NativeCode code;
};

constexpr NativeCode unreachable(std::string_view meaning, std::string_view hint) {
    return {Engine::postgresql, "08001", Errc::unreachable, false, true, meaning, hint};
}

// Of a name with several addresses the one counts that got farthest.
constexpr std::array obstacles{
    Obstacle{
        "does not support SSL",
        unreachable(
            "the server offers no TLS",
            "set ssl = on in its postgresql.conf; spec.sqlInstances[].tls.mode: off sends all in "
            "the clear"
        )},
    Obstacle{
        "root certificate file",
        {Engine::postgresql,
         "08001",
         Errc::not_found,
         false,
         false,
         "the certificate of its CA cannot be read, so it cannot be verified",
         "name the file: spec.sqlInstances[].tls.ca"}},
    Obstacle{
        "certificate verify failed",
        unreachable(
            "its certificate cannot be trusted: another CA, or out of date",
            "compare it with spec.sqlInstances[].tls.ca: openssl s_client -starttls postgres "
            "-connect HOST:PORT"
        )},
    Obstacle{
        "does not match host name",
        unreachable(
            "its certificate is for another host name",
            "correct spec.sqlInstances[].server, or give it a certificate with this name"
        )},
    Obstacle{
        "expected authentication request",
        unreachable("what answers there is no PostgreSQL", "correct host and port")},
    Obstacle{
        "invalid response to SSL negotiation",
        unreachable("what answers there is no PostgreSQL", "correct host and port")},
    Obstacle{
        "SSL", unreachable("the TLS handshake failed", "-v shows what the TLS library says of it")},
    Obstacle{
        "timeout expired",
        unreachable(
            "the server cannot be reached: nothing answers in time", "check host, port and firewall"
        )},
    Obstacle{
        "could not translate host name",
        unreachable(
            "the server cannot be reached: its host name is unknown",
            "correct spec.sqlInstances[].server, or ask DNS: getent hosts NAME"
        )},
    Obstacle{
        "Connection refused",
        unreachable(
            "the server cannot be reached: nothing listens there",
            "start it, or correct host and port"
        )},
};

constexpr NativeCode other_obstacle =
    unreachable("the server cannot be reached", "check that it runs, and host, port and firewall");

}  // namespace

std::string state_of_refusal(std::string_view said) {
    const std::size_t severity = said.find(":  ");
    if (severity == std::string_view::npos)
        return "08001";
    for (const Refusal& row : refusals)
        if (said.find(row.text, severity) != std::string_view::npos)
            return std::string{row.state};
    if (said.find("database \"", severity) != std::string_view::npos &&
        said.find("does not exist", severity) != std::string_view::npos)
        return "3D000";
    return "28";
}

bool tells_of_loss(std::string_view state, std::string_view said) {
    constexpr std::array losses{
        std::string_view{"The connection has been lost"},
        std::string_view{"server closed the connection"},
        std::string_view{"could not receive data from server"},
        std::string_view{"could not send data to server"},
        std::string_view{"no connection to the server"},
        std::string_view{"connection has been closed unexpectedly"},
        std::string_view{"connection not open"}};
    return state == "HY000" && std::any_of(losses.begin(), losses.end(), [said](auto loss) {
               return said.find(loss) != std::string_view::npos;
           });
}

const NativeCode* find_connect_failure(std::string_view said) {
    for (const Obstacle& row : obstacles)
        if (said.find(row.text) != std::string_view::npos)
            return &row.code;
    return &other_obstacle;
}

}  // namespace pchat::sql
