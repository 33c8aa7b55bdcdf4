// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/checkpoints.h"

#include "server/store/sql/raw_sqlite.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pchat::sql {
namespace {

constexpr sqlite3_int64 frame = 4'096 + 24;  // a page and what the log says of it
constexpr int patience_ms = 2'000;           // with who writes; folding in waits for nobody
// With what is written until a long log is folded in.
constexpr sqlite3_int64 full_length = Checkpoints::long_journal * frame / 4 * 5;
constexpr sqlite3_int64 part = 65'536;  // at once: SQLite's limit is 128 KB

/// The log as the link has it open; null when it has not yet looked at it.
sqlite3_file* log_of(sqlite3* link) {
    sqlite3_file* log = nullptr;
    const int code =
        sqlite3_file_control(link, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
    return code == SQLITE_OK && log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

/// With zeroes, which no reader takes for part of the log. Nobody writes it meanwhile.
int lengthen(sqlite3* link) {
    sqlite3_file* log = log_of(link);
    if (log == nullptr)
        return SQLITE_CANTOPEN;
    sqlite3_int64 before = 0;
    if (const int code = log->pMethods->xFileSize(log, &before); code != SQLITE_OK)
        return code;
    if (before >= full_length)
        return SQLITE_OK;
    const std::vector<char> zeroes(part);
    for (sqlite3_int64 size = before; size < full_length;) {
        const auto length = std::min(part, full_length - size);
        if (const int code =
                log->pMethods->xWrite(log, zeroes.data(), static_cast<int>(length), size);
            code != SQLITE_OK) {
            log->pMethods->xTruncate(log, before);  // others need what is left of the disk more
            return code;
        }
        size += length;
    }
    return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
}

}  // namespace

struct Checkpoints::Link {
    RawSqlite sqlite;
};

Checkpoints::Checkpoints(Target& target)
    : file_(target.database), journal_(std::make_shared<Journal>()) {
    target.journal = journal_;
}

Checkpoints::~Checkpoints() = default;

Result<void> Checkpoints::open() {
    if (link_)
        return {};
    Result<RawSqlite> opened = RawSqlite::open(file_, SQLITE_OPEN_READWRITE, patience_ms);
    if (!opened)
        return pass(std::move(opened).error());
    if (Result<void> set = opened->run("opening the database", "pragma synchronous = full"); !set)
        return set;
    link_ = std::make_unique<Link>(Link{std::move(*opened)});
    return {};
}

Result<void> Checkpoints::make_room() {
    constexpr std::string_view doing = "making room for the journal";
    if (Result<void> opened = open(); !opened)
        return opened;
    RawSqlite& sqlite = link_->sqlite;
    const Result<RawSqlite::Rows> mode = sqlite.query(doing, "pragma journal_mode");
    if (!mode)
        return pass(mode.error());
    if (mode->empty() || mode->front().front() != "wal")
        return {};
    // For as long as it is open nobody adds to the log.
    if (Result<void> begun = sqlite.run(doing, "begin immediate"); !begun)
        return begun;
    const int code = lengthen(sqlite.handle());
    Result<void> ended = sqlite.run(doing, "rollback");
    if (code != SQLITE_OK)
        return pass(sqlite.error(doing, code));
    return ended;
}

Result<void> Checkpoints::fold() {
    constexpr std::string_view doing = "folding in the journal";
    if (journal_->pages < long_journal)
        return {};
    journal_->pages = 0;  // the next commit says what it is
    if (Result<void> opened = open(); !opened)
        return opened;
    Result<RawSqlite::Rows> done = link_->sqlite.query(doing, "pragma wal_checkpoint(passive)");
    if (done)
        return {};
    link_.reset();
    return pass(std::move(done).error());
}

void Checkpoints::read_ahead() {
    sqlite3_file* log = link_ ? log_of(link_->sqlite.handle()) : nullptr;
    if (log == nullptr)
        return;
    std::vector<char> nowhere(part);
    const sqlite3_int64 next = journal_->pages * frame;
    for (sqlite3_int64 at = next; at < next + ahead; at += part)
        if (log->pMethods->xRead(log, nowhere.data(), static_cast<int>(part), at) != SQLITE_OK)
            return;  // it ends there
}

}  // namespace pchat::sql
