// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/logs.h"

#include "server/store/sql/deployment_tables.h"

namespace pchat::sql {
namespace {

const Statement log_after{
    "origin log after",
    "select {columns origin_log} from origin_log where origin_id = :origin and n > :n "
    "order by n {limit :limit}"};

// The front of the log, as far as it is old: the first young entry ends it, whatever stands behind.
const Statement log_front{
    "origin log, end of a portion",
    "select coalesce(min(case when p.at >= :at then p.n - 1 end), max(p.n), 0) from "
    "(select n, at from origin_log where origin_id = :origin order by n {limit :limit}) p"};

const Statement log_erase{
    "origin log erase", "delete from origin_log where origin_id = :origin and n <= :n"};

const Statement outbox_front{
    "outbox front",
    "select {columns compliance_outbox} from compliance_outbox where origin_id = :origin "
    "order by n {limit :limit}"};

const Statement outbox_rest{
    "outbox after",
    "select {columns compliance_outbox} from compliance_outbox where origin_id = :origin "
    "and n > :n order by n {limit :limit}"};

const Statement outbox_erase{
    "outbox erase", "delete from compliance_outbox where origin_id = :origin and n <= :n"};

}  // namespace

Catalog log_catalog() {
    return {
        {&table_of<LogEntry>(), &table_of<OutboxEntry>()},
        {&log_after, &log_front, &log_erase, &outbox_front, &outbox_rest, &outbox_erase}};
}

Result<void> SqlLogStore::append(const LogEntry& entry) {
    return tx_.insert(std::span<const LogEntry>{&entry, 1});
}

Result<std::vector<LogEntry>> SqlLogStore::after(ServerId origin, std::int64_t n, int limit) {
    return tx_.list<LogEntry>(log_after, origin, n, limit);
}

Result<std::int64_t> SqlLogStore::trim(ServerId origin, Microseconds at, int limit) {
    const auto end = tx_.one<std::int64_t>(log_front, at, origin, limit);
    if (!end)
        return pass(end.error());
    return tx_.change(log_erase, origin, **end);
}

Result<void> SqlLogStore::append_outbox(std::span<const OutboxEntry> entries) {
    return tx_.insert(entries);
}

Result<std::vector<OutboxEntry>> SqlLogStore::outbox(ServerId origin, int limit) {
    return tx_.list<OutboxEntry>(outbox_front, origin, limit);
}

Result<std::vector<OutboxEntry>> SqlLogStore::outbox_after(
    ServerId origin, std::int64_t n, int limit
) {
    return tx_.list<OutboxEntry>(outbox_rest, origin, n, limit);
}

Result<void> SqlLogStore::erase_outbox(ServerId origin, std::int64_t n) {
    return tx_.run(outbox_erase, origin, n);
}

}  // namespace pchat::sql
