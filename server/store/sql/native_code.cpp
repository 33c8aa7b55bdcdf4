// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/failure.h"

#include <array>

namespace pchat::sql {
namespace {

constexpr Engine lite = Engine::sqlite;
constexpr Engine pg = Engine::postgresql;
constexpr Engine ms = Engine::sqlserver;

// SOCI's own categories are "unknown" for nearly everything over ODBC, so the native code decides.
// The first row that fits counts.
constexpr std::array codes{
    NativeCode{lite, "1555", Errc::conflict, false, false, "it exists already", ""},
    NativeCode{lite, "2067", Errc::conflict, false, false, "it exists already", ""},
    NativeCode{
        lite,
        "787",
        Errc::conflict,
        false,
        false,
        "something else refers to it, or what it refers to is gone",
        ""},
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
        false,
        false,
        "another process holds the database",
        "stop it, or wait; `fuser FILE` names it"},
    NativeCode{
        lite,
        "6",
        Errc::timeout,
        false,
        false,
        "another process holds the database",
        "stop it, or wait; `fuser FILE` names it"},
    NativeCode{
        lite,
        "13",
        Errc::io,
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
        Errc::io,
        false,
        false,
        "reading or writing the file failed",
        "check the disk and the kernel's log"},
    NativeCode{
        lite,
        "11",
        Errc::io,
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
    NativeCode{
        pg,
        "40P01",
        Errc::timeout,
        true,
        false,
        "it was the victim of a deadlock",
        "try again; the server's log names both sides"},
    NativeCode{
        pg, "40001", Errc::timeout, true, false, "another transaction was faster", "try again"},
    NativeCode{
        pg,
        "55P03",
        Errc::timeout,
        false,
        false,
        "a lock was not free in time",
        "see who holds it: pg_locks, pg_stat_activity"},
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
        "55006",
        Errc::conflict,
        false,
        false,
        "others are connected to it",
        "stop the servers of the pool; pg_stat_activity names who it is"},
    NativeCode{
        pg,
        "53100",
        Errc::io,
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
    NativeCode{
        ms,
        "1205",
        Errc::timeout,
        true,
        false,
        "it was the victim of a deadlock",
        "try again; the system_health session holds both sides"},
    NativeCode{
        ms,
        "1222",
        Errc::timeout,
        false,
        false,
        "a lock was not free in time",
        "see who holds it: sys.dm_tran_locks"},
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
        "3702",
        Errc::conflict,
        false,
        false,
        "others are connected to it",
        "stop the servers of the pool; sys.dm_exec_sessions names who it is"},
    NativeCode{
        ms,
        "3101",
        Errc::conflict,
        false,
        false,
        "others are connected to it",
        "stop the servers of the pool; sys.dm_exec_sessions names who it is"},
    NativeCode{
        ms,
        "3701",
        Errc::denied,
        false,
        false,
        "the object does not exist, or the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        ms,
        "1088",
        Errc::denied,
        false,
        false,
        "the object does not exist, or the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        ms,
        "4902",
        Errc::denied,
        false,
        false,
        "the object does not exist, or the login lacks a permission",
        "check what it may do: pchatctl db test"},
    NativeCode{
        ms,
        "1105",
        Errc::io,
        false,
        false,
        "the server's disk is full",
        "make room on the database server"},
    NativeCode{
        ms,
        "9002",
        Errc::io,
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

bool means_duplicate(Engine engine, std::string_view state, int number) {
    switch (engine) {
    case Engine::sqlite:  // of a primary key, of another one
        return number == 1555 || number == 2067;
    case Engine::postgresql:
        return state == "23505";
    case Engine::sqlserver:  // of a constraint, of an index
        return number == 2627 || number == 2601;
    }
    return false;
}

}  // namespace pchat::sql
