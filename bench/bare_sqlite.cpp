// SPDX-License-Identifier: Apache-2.0
#include "bench/bare.h"

#include <sqlite3.h>

#include <cstdlib>
#include <iostream>
#include <map>

namespace pchat::bench {
namespace {

const char* const insert_message =
    "insert into message (room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, "
    "change, "
    "kind, format, transit, subject, body) values (?,?,?,?,null,0,null,null,0,1,1,0,null,?)";
const char* const insert_outbox =
    "insert into compliance_outbox (origin_id, n, uuid, at, kind, body) values (?,?,?,?,?,?)";
const char* const raise_head =
    "update room_head set last_seq = last_seq + ?, content_bytes = content_bytes + ?, last_at = "
    "max(last_at, ?) where room_id = ? returning last_seq";
const char* const read_page =
    "select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, "
    "format, "
    "transit, subject, body from message where room_id = ? and seq <= ? order by seq desc limit 50";

class BareSqlite : public Bare {
public:
    explicit BareSqlite(std::string path) : path_(std::move(path)) {}
    ~BareSqlite() override {
        for (const auto& [text, statement] : prepared_)
            sqlite3_finalize(statement);
        sqlite3_close(db_);
    }
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;
    BareSqlite(BareSqlite&&) = delete;
    BareSqlite& operator=(BareSqlite&&) = delete;

    void fill_history(std::int64_t messages) override {
        const std::string rooms = "100";
        execute(
            "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < " +
            std::to_string(messages) +
            ") insert into message (room_id, seq, at, sender_id, file_id, rev, changed_at, "
            "changed_by, change, kind, format, transit, subject, body) select 1 + i % " +
            rooms + ", 1 + i / " + rooms +
            ", i, 1 + i % 1000, null, 0, null, null, 0, 1, 1, 0, null, "
            "substr('the quick brown fox jumps over the lazy dog, again and again, until the "
            "message is as long as messages are, about 120 letters', 1, 120) from n"
        );
    }

    void commit(Group& work) override {
        execute("begin immediate");
        number(work, [&](RoomId room, std::int64_t count) {
            sqlite3_stmt* raise = prepare(raise_head);
            sqlite3_bind_int64(raise, 1, count);
            sqlite3_bind_int64(raise, 2, count * 120);
            sqlite3_bind_int64(raise, 3, work.messages[0].at);
            sqlite3_bind_int64(raise, 4, room.value);
            sqlite3_step(raise);
            const std::int64_t seq = sqlite3_column_int64(raise, 0);
            finish(raise);
            return seq;
        });
        for (const Message& one : work.messages) {
            sqlite3_stmt* insert = prepare(insert_message);
            sqlite3_bind_int64(insert, 1, one.room.value);
            sqlite3_bind_int64(insert, 2, one.seq);
            sqlite3_bind_int64(insert, 3, one.at);
            sqlite3_bind_int64(insert, 4, one.sender.value);
            text(insert, 5, one.body);
            finish(insert);
        }
        for (const OutboxEntry& one : work.outbox) {
            sqlite3_stmt* insert = prepare(insert_outbox);
            sqlite3_bind_int64(insert, 1, one.origin.value);
            sqlite3_bind_int64(insert, 2, one.n);
            text(insert, 3, one.uuid);
            sqlite3_bind_int64(insert, 4, one.at);
            sqlite3_bind_int64(insert, 5, one.kind);
            text(insert, 6, one.body);
            finish(insert);
        }
        execute("commit");
    }

    std::size_t last_50(std::int64_t room) override {
        sqlite3_stmt* query = prepare(read_page);
        sqlite3_bind_int64(query, 1, room);
        sqlite3_bind_int64(query, 2, INT64_MAX);
        std::size_t rows = 0;
        while (sqlite3_step(query) == SQLITE_ROW) {
            Message& row = page_[rows++];
            row.room = RoomId{sqlite3_column_int64(query, 0)};
            row.seq = sqlite3_column_int64(query, 1);
            row.at = sqlite3_column_int64(query, 2);
            row.sender = PrincipalId{sqlite3_column_int64(query, 3)};
            row.rev = sqlite3_column_int64(query, 5);
            row.kind = static_cast<MessageKind>(sqlite3_column_int64(query, 9));
            row.body = reinterpret_cast<const char*>(sqlite3_column_text(query, 13));
        }
        sqlite3_reset(query);
        return rows;
    }

private:
    // With the first use: the store has made the file by then.
    void open() {
        if (db_ != nullptr)
            return;
        require(sqlite3_open(path_.c_str(), &db_) == SQLITE_OK);
        execute("pragma journal_mode = wal");
        execute("pragma synchronous = full");
        execute("pragma foreign_keys = on");
    }
    void require(bool good) {
        if (good)
            return;
        std::cerr << "bench: " << sqlite3_errmsg(db_) << '\n';
        std::exit(1);
    }
    void execute(const std::string& sql) {
        open();
        require(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    sqlite3_stmt* prepare(const char* sql) {
        open();
        sqlite3_stmt*& statement = prepared_[sql];
        if (statement == nullptr)
            require(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK);
        return statement;
    }
    void finish(sqlite3_stmt* statement) {
        require(sqlite3_step(statement) == SQLITE_DONE);
        sqlite3_reset(statement);
    }
    static void text(sqlite3_stmt* statement, int place, const std::string& value) {
        sqlite3_bind_text(
            statement, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC
        );
    }

    std::string path_;
    sqlite3* db_ = nullptr;
    std::map<const char*, sqlite3_stmt*> prepared_;
    std::vector<Message> page_{50};
};

}  // namespace

std::unique_ptr<Bare> bare_sqlite(const std::string& path) {
    return std::make_unique<BareSqlite>(path);
}

}  // namespace pchat::bench
