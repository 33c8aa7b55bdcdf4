// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/checkpoints.h"

#include "server/store/sql/raw_sqlite.h"

#include <utility>

namespace pchat::sql {

struct Checkpoints::Link {
    RawSqlite sqlite;
};

Checkpoints::Checkpoints(Target& target)
    : file_(target.database), journal_(std::make_shared<Journal>()) {
    target.journal = journal_;
}

Checkpoints::~Checkpoints() = default;

Result<void> Checkpoints::fold() {
    constexpr std::string_view doing = "folding in the journal";
    if (journal_->pages < long_journal)
        return {};
    journal_->pages = 0;  // the next commit says what it is
    if (!link_) {
        Result<RawSqlite> opened = RawSqlite::open(file_, SQLITE_OPEN_READWRITE, 0);
        if (!opened)
            return pass(std::move(opened).error());
        link_ = std::make_unique<Link>(Link{std::move(*opened)});
        if (Result<void> set = link_->sqlite.run(doing, "pragma synchronous = full"); !set) {
            link_.reset();
            return set;
        }
    }
    Result<RawSqlite::Rows> done = link_->sqlite.query(doing, "pragma wal_checkpoint(passive)");
    if (done)
        return {};
    link_.reset();
    return pass(std::move(done).error());
}

}  // namespace pchat::sql
