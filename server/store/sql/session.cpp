// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/session.h"

#include "server/store/sql/connection_string.h"
#include "server/store/sql/odbc_batch.h"
#include "server/store/sql/prepared.h"

#include <fmt/format.h>
#include <soci/odbc/soci-odbc.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <filesystem>
#include <utility>

namespace pchat::sql {
namespace {

soci::connection_parameters parameters(const Target& target, const Secret& text) {
    if (target.engine == Engine::sqlite)
        return {soci::sqlite3, std::string{text.reveal()}};
    soci::connection_parameters made{soci::odbc, std::string{text.reveal()}};
    made.set_option(soci::odbc_option_driver_complete, "0");  // SQL_DRIVER_NOPROMPT
    return made;
}

// Not by SOCI, which prepares everything: what SQL Server sets in a prepared statement ends with
// it.
void run_directly(soci::session& raw, std::string text) {
    run_batch(raw, std::move(text), "preparing the session");
}

// What every connection needs before its first statement.
void prepare(soci::session& raw, const Target& target) {
    const auto wait = target.lock_timeout.count();
    switch (target.engine) {
    case Engine::sqlite:
        // First, for the others may have to wait. SOCI sets its own only after what it runs itself.
        raw << fmt::format("pragma busy_timeout = {}", wait);
        // Tell a taken key from a reference that leads nowhere.
        sqlite3_extended_result_codes(
            static_cast<soci::sqlite3_session_backend*>(raw.get_backend())->conn_, 1
        );
        if (!target.as_found)
            raw << "pragma journal_mode = wal";
        raw << "pragma synchronous = full";
        raw << "pragma foreign_keys = on";
        return;
    case Engine::postgresql:
        run_directly(raw, fmt::format("set lock_timeout = {}", wait));
        // Every query is made for one index, whatever its values; planning anew each time, which
        // PostgreSQL prefers where LIMIT is a parameter, takes longer than reading a page.
        run_directly(raw, "set plan_cache_mode = force_generic_plan");
        return;
    case Engine::sqlserver:
        // All that its filtered indexes ask of whoever writes.
        run_directly(
            raw,
            fmt::format(
                "SET XACT_ABORT ON; SET LOCK_TIMEOUT {}; SET ANSI_NULLS, ANSI_PADDING, "
                "ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON; "
                "SET NUMERIC_ROUNDABORT OFF",
                wait
            )
        );
        return;
    }
}

}  // namespace

Session::Session(const Target& target) : target_(target) {}

Session::~Session() {
    prepared_.clear();
}

bool Session::is_spent(const Prepared& statement) {
    return statement.spent();
}

void Session::forget_all() {
    prepared_.clear();
}

void Session::forget(const void* key) {
    std::erase_if(prepared_, [&](const auto& entry) { return entry.first.first == key; });
}

Result<std::unique_ptr<Session>> Session::open(const Target& target, Failure* failure) {
    // SQLite would make an empty database of a mistyped path.
    if (target.engine == Engine::sqlite && !target.create &&
        !std::filesystem::exists(target.database))
        return fail(
            Errc::not_found,
            fmt::format("{} does not exist", target.describe()),
            "create it: pchatctl db provision"
        );
    Result<Secret> text = connection_string(target);
    if (!text)
        return pass(std::move(text).error());
    std::unique_ptr<Session> session{new Session{target}};
    try {
        session->raw_.open(parameters(target, *text));
        prepare(session->raw_, target);
    } catch (...) {
        Failure caught = current_failure(target, "connecting");
        if (failure != nullptr)
            *failure = caught;
        return pass(std::move(caught.error));
    }
    return session;
}

bool Session::alive() {
    try {
        return raw_.is_connected();
    } catch (...) {
        return false;
    }
}

void Session::begin_read() {
    raw_.begin();
    in_transaction_ = true;
}

void Session::begin_write() {
    // A deferred SQLite transaction that turns into a writing one later fails where it cannot wait.
    if (engine() == Engine::sqlite)
        raw_ << "begin immediate";
    else
        raw_.begin();
    in_transaction_ = true;
}

void Session::commit() {
    raw_.commit();
    in_transaction_ = false;
}

void Session::rollback() noexcept {
    in_transaction_ = false;
    try {
        raw_.rollback();
    } catch (...) {
        // The connection is gone, and the transaction with it; alive() tells.
    }
}

}  // namespace pchat::sql
