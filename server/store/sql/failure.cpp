// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/failure.h"

#include "base/unicode.h"

#include <fmt/format.h>
#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <exception>

namespace pchat::sql {
namespace {

constexpr Engine lite = Engine::sqlite;
constexpr Engine pg = Engine::postgresql;
constexpr Engine ms = Engine::sqlserver;

// SOCI's own categories are "unknown" for nearly everything over ODBC, so the native code decides.
// The first row that fits counts.
constexpr std::array codes{
    NativeCode{
        lite,
        "19",
        Errc::conflict,
        false,
        false,
        "it exists already, or something else refers to it",
        ""},
    NativeCode{
        lite,
        "5",
        Errc::timeout,
        true,
        false,
        "another process holds the database",
        "stop it, or wait; `fuser FILE` names it"},
    NativeCode{
        lite,
        "6",
        Errc::timeout,
        true,
        false,
        "another process holds the database",
        "stop it, or wait; `fuser FILE` names it"},
    NativeCode{
        lite,
        "13",
        Errc::internal,
        false,
        false,
        "the disk is full",
        "make room on the file system of the database"},
    NativeCode{
        lite,
        "14",
        Errc::not_found,
        false,
        false,
        "the file cannot be opened",
        "check the directory and its permissions"},
    NativeCode{
        lite,
        "8",
        Errc::denied,
        false,
        false,
        "the file cannot be written",
        "check its owner and permissions"},
    NativeCode{
        lite,
        "3",
        Errc::denied,
        false,
        false,
        "access is denied",
        "check owner and permissions of file and directory"},
    NativeCode{
        lite,
        "10",
        Errc::internal,
        false,
        false,
        "reading or writing the file failed",
        "check the disk and the kernel's log"},
    NativeCode{
        lite,
        "11",
        Errc::internal,
        false,
        false,
        "the file is damaged",
        "restore a backup: pchatctl db restore"},
    NativeCode{
        lite,
        "26",
        Errc::bad_file,
        false,
        false,
        "the file is no SQLite database",
        "check spec.sqlInstances[].path"},

    NativeCode{pg, "23505", Errc::conflict, false, false, "it exists already", ""},
    NativeCode{
        pg,
        "23503",
        Errc::conflict,
        false,
        false,
        "something else refers to it, or what it refers to is gone",
        ""},
    NativeCode{pg, "23", Errc::invalid, false, false, "the database refused a value", ""},
    NativeCode{pg, "22", Errc::invalid, false, false, "the database refused a value", ""},
    NativeCode{pg, "40P01", Errc::timeout, true, false, "it was the victim of a deadlock", ""},
    NativeCode{pg, "40001", Errc::timeout, true, false, "another transaction was faster", ""},
    NativeCode{pg, "55P03", Errc::timeout, true, false, "a lock was not free in time", ""},
    NativeCode{
        pg,
        "57014",
        Errc::timeout,
        false,
        false,
        "it took longer than is allowed",
        "see what the server is busy with: pg_stat_activity"},
    NativeCode{
        pg,
        "28",
        Errc::denied,
        false,
        false,
        "the server refused the login",
        "check user, password and pg_hba.conf"},
    NativeCode{
        pg,
        "42501",
        Errc::denied,
        false,
        false,
        "the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        pg,
        "3D000",
        Errc::not_found,
        false,
        false,
        "the database does not exist",
        "create it: pchatctl db provision"},
    NativeCode{
        pg,
        "42P01",
        Errc::not_found,
        false,
        false,
        "a table does not exist",
        "bring the schema up to date: pchatctl db migrate"},
    NativeCode{pg, "42P04", Errc::conflict, false, false, "the database exists already", ""},
    NativeCode{pg, "42710", Errc::conflict, false, false, "the login exists already", ""},
    NativeCode{
        pg,
        "53100",
        Errc::internal,
        false,
        false,
        "the server's disk is full",
        "make room on the database server"},
    NativeCode{
        pg,
        "53300",
        Errc::unreachable,
        false,
        true,
        "the server has no connection left",
        "raise max_connections, or lower the pools"},
    NativeCode{
        pg,
        "57P",
        Errc::unreachable,
        false,
        true,
        "the server is stopping or starting",
        "wait, then try again"},
    NativeCode{
        pg,
        "08",
        Errc::unreachable,
        false,
        true,
        "the server cannot be reached",
        "check that it runs, and host, port and firewall"},

    NativeCode{ms, "2627", Errc::conflict, false, false, "it exists already", ""},
    NativeCode{ms, "2601", Errc::conflict, false, false, "it exists already", ""},
    NativeCode{
        ms,
        "547",
        Errc::conflict,
        false,
        false,
        "something else refers to it, or what it refers to is gone",
        ""},
    NativeCode{ms, "1205", Errc::timeout, true, false, "it was the victim of a deadlock", ""},
    NativeCode{ms, "1222", Errc::timeout, true, false, "a lock was not free in time", ""},
    NativeCode{
        ms,
        "18456",
        Errc::denied,
        false,
        false,
        "the server refused the login",
        "check user and password, and that it allows SQL logins"},
    NativeCode{
        ms,
        "4060",
        Errc::not_found,
        false,
        false,
        "the database does not exist, or the login may not open it",
        "create it: pchatctl db provision"},
    NativeCode{
        ms,
        "911",
        Errc::not_found,
        false,
        false,
        "the database does not exist",
        "create it: pchatctl db provision"},
    NativeCode{
        ms,
        "229",
        Errc::denied,
        false,
        false,
        "the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        ms,
        "262",
        Errc::denied,
        false,
        false,
        "the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        ms,
        "208",
        Errc::not_found,
        false,
        false,
        "a table does not exist",
        "bring the schema up to date: pchatctl db migrate"},
    NativeCode{ms, "1801", Errc::conflict, false, false, "the database exists already", ""},
    NativeCode{
        ms,
        "1105",
        Errc::internal,
        false,
        false,
        "the server's disk is full",
        "make room on the database server"},
    NativeCode{
        ms,
        "9002",
        Errc::internal,
        false,
        false,
        "the transaction log is full",
        "back it up, or make room on the database server"},
    NativeCode{
        ms,
        "20009",
        Errc::unreachable,
        false,
        true,
        "the server cannot be reached",
        "check that it runs, and host, port and firewall"},
    NativeCode{ms, "HYT00", Errc::timeout, false, false, "it took longer than is allowed", ""},
    NativeCode{
        ms,
        "08",
        Errc::unreachable,
        false,
        true,
        "the server cannot be reached",
        "check that it runs, and host, port and firewall"},
};

constexpr NativeCode missing_driver{
    Engine::postgresql,
    "01000",
    Errc::not_found,
    false,
    false,
    "the ODBC driver is not installed",
    "list them: odbcinst -q -d"};

// psqlODBC has one SQLSTATE for all that goes wrong while connecting. What the server says stands
// behind its severity and two blanks ("FATAL:  ..."), in the server's language: where we do not
// understand it, it is still a refusal by a server that was reached.
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

Failure make(
    const Target& target, std::string_view doing, const NativeCode* known, std::string_view said
) {
    Failure out;
    const std::string_view why = known != nullptr ? known->meaning : said;
    out.error.code = known != nullptr ? known->errc : Errc::internal;
    out.error.message =
        fmt::format("{} failed on {}: {}", doing, target.describe(), printable(why));
    if (known != nullptr) {
        out.error.hint = std::string{known->hint};
        out.transient = known->transient;
        out.lost = known->lost;
        out.error.context.push_back(printable(said));
    }
    return out;
}

}  // namespace

const NativeCode* find_native_code(Engine engine, std::string_view state, int number) {
    const std::string as_text = std::to_string(number);
    for (const NativeCode& row : codes) {
        if (row.engine != engine)
            continue;
        const bool by_number = engine != Engine::postgresql && row.code == as_text;
        const bool by_state =
            engine != Engine::sqlite && !state.empty() && state.starts_with(row.code);
        if (by_number || by_state)
            return &row;
    }
    return nullptr;
}

Failure current_failure(const Target& target, std::string_view doing) {
    try {
        throw;
    } catch (const soci::odbc_soci_error& error) {
        const std::string said = error.get_error_message();
        std::string state{reinterpret_cast<const char*>(error.odbc_error_code())};
        if (state == "01000" && said.find("Can't open lib") != std::string::npos)
            return make(target, doing, &missing_driver, said);
        if (target.engine == Engine::postgresql && state == "08001")
            state = state_of_refusal(said);
        Failure out = make(
            target,
            doing,
            find_native_code(target.engine, state, static_cast<int>(error.native_error_code())),
            said
        );
        out.state = std::move(state);
        return out;
    } catch (const soci::sqlite3_soci_error& error) {
        // Extended codes carry the primary one in their low byte.
        return make(
            target,
            doing,
            find_native_code(Engine::sqlite, "", error.result() & 0xFF),
            error.get_error_message()
        );
    } catch (const soci::soci_error& error) {
        return make(target, doing, nullptr, error.get_error_message());
    } catch (const std::exception& error) {
        return make(target, doing, nullptr, error.what());
    }
}

}  // namespace pchat::sql
