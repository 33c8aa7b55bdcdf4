// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/session.h"

#include "server/store/sql/connection_string.h"
#include "server/store/sql/odbc_batch.h"
#include "server/store/sql/prepared.h"

#include <fmt/format.h>
#include <soci/odbc/soci-odbc.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <filesystem>
#include <thread>
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

// The second leaves the journal in the order it was written in, and whole at every checkpoint.
constexpr const char* synced = "pragma synchronous = full";
constexpr const char* unsynced = "pragma synchronous = normal";

// 64 MB in pages: what Checkpoints cannot keep short, a commit folds in after all.
constexpr int longest_journal = 16'384;

// Not by SOCI, which prepares everything: what SQL Server sets in a prepared statement ends with
// it.
void run_directly(soci::session& raw, std::string text) {
    run_batch(raw, std::move(text), "preparing the session");
}

sqlite_api::sqlite3* sqlite_of(soci::session& raw) {
    return static_cast<soci::sqlite3_session_backend*>(raw.get_backend())->conn_;
}

/// SQLite's own handler sleeps longer each time, past the end of what it waits for. Other writers
/// are short: whoever waits for one goes on at once.
int wait_for_lock(void* limit, int tries) {
    constexpr std::chrono::microseconds pause{500};
    if (tries * pause >= *static_cast<const std::chrono::milliseconds*>(limit))
        return 0;
    std::this_thread::sleep_for(pause);
    return 1;
}

int take_length(void* journal, sqlite_api::sqlite3* link, const char* file, int pages) {
    static_cast<Journal*>(journal)->pages = pages;
    if (pages >= longest_journal)
        sqlite3_wal_checkpoint_v2(link, file, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

// What every connection needs before its first statement. `target` lives as long as the session.
void prepare(soci::session& raw, const Target& target) {
    const auto wait = target.lock_timeout.count();
    switch (target.engine) {
    case Engine::sqlite:
        // First, for the others may have to wait. SOCI sets its own only after what it runs itself.
        sqlite3_busy_handler(
            sqlite_of(raw),
            wait_for_lock,
            const_cast<std::chrono::milliseconds*>(&target.lock_timeout)  // it is only read
        );
        // Tell a taken key from a reference that leads nowhere.
        sqlite3_extended_result_codes(sqlite_of(raw), 1);
        if (!target.as_found)
            raw << "pragma journal_mode = wal";
        raw << synced;
        if (target.journal)
            sqlite3_wal_hook(sqlite_of(raw), take_length, target.journal.get());
        raw << "pragma foreign_keys = on";
        return;
    case Engine::postgresql:
        run_directly(raw, fmt::format("set lock_timeout = {}", wait));
        // Every query is made for one index, whatever its values; planning anew each time, which
        // PostgreSQL prefers where LIMIT is a parameter, takes longer than reading a page.
        run_directly(raw, "set plan_cache_mode = force_generic_plan");
        // A plan lives as long as its session: one that was made while the table was small, and
        // reads it all, would still do so when it has grown.
        run_directly(raw, "set enable_seqscan = off");
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

Session::Session(const Target& target) : target_(target) {
    if (target.engine == Engine::postgresql)
        watch_.emplace(target.connect_timeout);
}

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
    std::unique_ptr<Session> session{new Session{target}};
    std::optional<LinkWatch>& watch = session->watch_;
    Result<Secret> text =
        connection_string(target, watch ? std::optional{watch->mark()} : std::nullopt);
    if (!text)
        return pass(std::move(text).error());
    try {
        // A host may have several addresses, and the driver asks for things of its own.
        const LinkWatch::Wait wait =
            watch ? LinkWatch::Wait{*watch, 3 * target.connect_timeout} : LinkWatch::Wait{};
        session->raw_.open(parameters(target, *text));
        if (watch)
            watch->opened();
        prepare(session->raw_, session->target_);
    } catch (...) {
        Failure caught = session->failure_of("connecting");
        if (failure != nullptr)
            *failure = caught;
        return pass(std::move(caught.error));
    }
    return session;
}

LinkWatch::Wait Session::waiting() {
    constexpr std::chrono::seconds grace{2};
    const std::chrono::seconds limit = target_.statement_timeout;
    if (!watch_ || limit.count() == 0)
        return {};
    return {*watch_, limit + grace};
}

Failure Session::failure_of(std::string_view doing) const {
    Failure out = current_failure(target_, doing);
    if (!was_cut())
        return out;
    out.error.context.push_back(std::exchange(
        out.error.message,
        fmt::format("{} failed on {}: the server does not answer", doing, target_.describe())
    ));
    out.error.code = Errc::timeout;
    out.error.hint = "look at the machine that it runs on: it takes connections and stands still";
    out.lost = true;
    out.transient = false;
    return out;
}

bool Session::alive() {
    if (was_cut())
        return false;
    const LinkWatch::Wait wait = waiting();
    try {
        return raw_.is_connected();
    } catch (...) {
        return false;
    }
}

void Session::begin_read() {
    const LinkWatch::Wait wait = waiting();
    raw_.begin();
    in_transaction_ = true;
}

void Session::begin_write(Durability durability) {
    const LinkWatch::Wait wait = waiting();
    keep(durability);
    // A deferred SQLite transaction that turns into a writing one later fails where it cannot wait.
    if (engine() == Engine::sqlite)
        raw_ << "begin immediate";
    else
        raw_.begin();
    in_transaction_ = true;
}

void Session::begin_none() {
    keep(Durability::at_once);
}

/// It holds until it is changed, and cannot be changed within a transaction.
void Session::keep(Durability wanted) {
    if (engine() != Engine::sqlite || durability_ == wanted)
        return;
    raw_ << (wanted == Durability::at_once ? synced : unsynced);
    durability_ = wanted;
}

void Session::commit() {
    const LinkWatch::Wait wait = waiting();
    raw_.commit();
    in_transaction_ = false;
}

void Session::rollback() noexcept {
    in_transaction_ = false;
    const LinkWatch::Wait wait = waiting();
    try {
        raw_.rollback();
    } catch (...) {
        // The connection is gone, and the transaction with it; alive() tells.
    }
}

}  // namespace pchat::sql
