// SPDX-License-Identifier: Apache-2.0
#include "bench/bare.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <span>
#include <unordered_map>

namespace pchat::bench {
namespace {

const std::string page_query = "select room_id, seq, at, sender_id, file_id, rev, changed_at, "
                               "changed_by, change, kind, format, "
                               "transit, subject, body from message where room_id = $1 and seq <= "
                               "$2 order by seq desc limit 50";

std::string rows_of(std::size_t rows, std::size_t columns) {
    std::string out;
    for (std::size_t row = 0, n = 1; row < rows; ++row) {
        out += row == 0 ? "(" : ", (";
        for (std::size_t column = 0; column < columns; ++column, ++n)
            out += fmt::format("{}${}", column == 0 ? "" : ", ", n);
        out += ')';
    }
    return out;
}

class BarePostgresql : public Bare {
public:
    explicit BarePostgresql(const sql::Target& target) {
        const std::string port = std::to_string(target.port);
        const std::string password{target.login.password.reveal()};
        const char* names[] = {"host", "port", "user", "password", "dbname", nullptr};
        const char* values[] = {
            target.host.c_str(),
            port.c_str(),
            target.login.user.c_str(),
            password.c_str(),
            target.database.c_str(),
            nullptr};
        db_ = PQconnectdbParams(names, values, 0);
        require(PQstatus(db_) == CONNECTION_OK);
    }
    ~BarePostgresql() override { PQfinish(db_); }
    BarePostgresql(const BarePostgresql&) = delete;
    BarePostgresql& operator=(const BarePostgresql&) = delete;
    BarePostgresql(BarePostgresql&&) = delete;
    BarePostgresql& operator=(BarePostgresql&&) = delete;

    void fill_history(std::int64_t messages) override {
        execute(fmt::format(
            "insert into message (room_id, seq, at, sender_id, file_id, rev, changed_at, "
            "changed_by, "
            "change, kind, format, transit, subject, body) select 1 + i % 100, 1 + i / 100, i, "
            "1 + i % 1000, null, 0, null, null, 0, 1, 1, 0, null, repeat('0123456789', 12) "
            "from generate_series(0, {} - 1) i",
            messages
        ));
        execute("vacuum analyze message");
    }

    void commit(Group& work) override {
        execute("begin");
        raise(work);
        // As many as a statement takes; few sizes, so that few are prepared.
        std::span<const Message> messages = work.messages;
        std::span<const OutboxEntry> outbox = work.outbox;
        for (const std::size_t size :
             {std::size_t{128}, std::size_t{32}, std::size_t{8}, std::size_t{1}}) {
            for (; messages.size() >= size; messages = messages.subspan(size))
                insert(messages.first(size));
            for (; outbox.size() >= size; outbox = outbox.subspan(size))
                insert(outbox.first(size));
        }
        execute("commit");
    }

    std::size_t last_50(std::int64_t room) override {
        PGresult* result = run(page_query, {std::to_string(room), std::to_string(INT64_MAX)});
        const int rows = PQntuples(result);
        for (int row = 0; row < rows; ++row) {
            Message& one = page_[static_cast<std::size_t>(row)];
            one.room = RoomId{std::atoll(PQgetvalue(result, row, 0))};
            one.seq = std::atoll(PQgetvalue(result, row, 1));
            one.at = std::atoll(PQgetvalue(result, row, 2));
            one.sender = PrincipalId{std::atoll(PQgetvalue(result, row, 3))};
            one.rev = std::atoll(PQgetvalue(result, row, 5));
            one.kind = static_cast<MessageKind>(std::atoi(PQgetvalue(result, row, 9)));
            one.body = PQgetvalue(result, row, 13);
        }
        PQclear(result);
        return static_cast<std::size_t>(rows);
    }

private:
    /// All rooms in one statement.
    void raise(Group& work) {
        std::string rooms;
        std::string counts;
        number(work, [&](RoomId room, std::int64_t count) {
            rooms += fmt::format("{}{}", rooms.empty() ? "{" : ",", room.value);
            counts += fmt::format("{}{}", counts.empty() ? "{" : ",", count);
            return count;
        });
        PGresult* result =
            run("update room_head h set last_seq = last_seq + v.n, content_bytes = content_bytes "
                "+ v.n * 120, last_at = greatest(last_at, $1) from unnest($2::bigint[], "
                "$3::bigint[]) v(room, n) where h.room_id = v.room returning room_id, last_seq",
                {std::to_string(work.messages[0].at), rooms + '}', counts + '}'});
        std::unordered_map<std::int64_t, std::int64_t> heads;
        for (int row = 0; row < PQntuples(result); ++row)
            heads[std::atoll(PQgetvalue(result, row, 0))] = std::atoll(PQgetvalue(result, row, 1));
        PQclear(result);
        number(work, [&](RoomId room, std::int64_t) { return heads[room.value]; });
    }

    void insert(std::span<const Message> messages) {
        std::vector<std::string> values;
        for (const Message& one : messages)
            values.insert(
                values.end(),
                {std::to_string(one.room.value),
                 std::to_string(one.seq),
                 std::to_string(one.at),
                 std::to_string(one.sender.value),
                 one.body}
            );
        PQclear(run(
            "insert into message (room_id, seq, at, sender_id, body, rev, change, kind, format, "
            "transit) select *, 0, 0, 1, 1, 0 from (values " +
                typed_messages(messages.size()) + ") v",
            values
        ));
    }

    void insert(std::span<const OutboxEntry> entries) {
        std::vector<std::string> values;
        for (const OutboxEntry& one : entries)
            values.insert(
                values.end(),
                {std::to_string(one.origin.value),
                 std::to_string(one.n),
                 one.uuid,
                 std::to_string(one.at),
                 std::to_string(one.kind),
                 one.body}
            );
        PQclear(
            run("insert into compliance_outbox (origin_id, n, uuid, at, kind, body) values " +
                    rows_of(entries.size(), 6),
                values)
        );
    }

    void require(bool good) {
        if (good)
            return;
        std::cerr << "bench: " << PQerrorMessage(db_) << '\n';
        std::exit(1);
    }
    static std::string typed_messages(std::size_t rows) {
        std::string out;
        for (std::size_t row = 0, n = 1; row < rows; ++row, n += 5)
            out += fmt::format(
                "{}(${}::bigint, ${}::bigint, ${}::bigint, ${}::bigint, ${}::text)",
                row == 0 ? "" : ", ",
                n,
                n + 1,
                n + 2,
                n + 3,
                n + 4
            );
        return out;
    }
    void execute(const std::string& sql) {
        PGresult* result = PQexec(db_, sql.c_str());
        require(PQresultStatus(result) == PGRES_COMMAND_OK);
        PQclear(result);
    }
    PGresult* run(const std::string& sql, const std::vector<std::string>& values) {
        const std::string name = std::to_string(std::hash<std::string>{}(sql));
        if (prepared_.insert(name).second)
            PQclear(PQprepare(db_, name.c_str(), sql.c_str(), 0, nullptr));
        std::vector<const char*> given;
        given.reserve(values.size());
        for (const std::string& value : values)
            given.push_back(value.c_str());
        PGresult* result = PQexecPrepared(
            db_, name.c_str(), static_cast<int>(given.size()), given.data(), nullptr, nullptr, 0
        );
        const auto status = PQresultStatus(result);
        require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
        return result;
    }

    PGconn* db_ = nullptr;
    std::set<std::string> prepared_;
    std::vector<Message> page_{50};
};

}  // namespace

std::unique_ptr<Bare> bare_postgresql(const sql::Target& target) {
    return std::make_unique<BarePostgresql>(target);
}

}  // namespace pchat::bench
