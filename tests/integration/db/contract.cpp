// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include "server/domain/name.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "tests/integration/db/backend.h"
#include "tests/support/memory/content_database.h"

#include <fmt/format.h>

#include <type_traits>

namespace pchat::test {
namespace {

sql::Engine engine_named(const std::string& name) {
    for (const sql::Engine engine : engines())
        if (sql::to_string(engine) == name)
            return engine;
    FAIL("no backend " << name);
    return sql::Engine::sqlite;
}

/// A database of its own for each, emptied by being dropped.
struct Migrated {
    Migrated(const std::string& backend, sql::Purpose purpose) : empty(engine_named(backend)) {
        REQUIRE_OK(sql::migrate_database(empty.target(), purpose, SystemClock{}));
    }
    EmptyDatabase empty;
};

}  // namespace

std::vector<std::string> backends() {
    std::vector<std::string> out{"memory"};
    for (const sql::Engine engine : engines())
        out.emplace_back(sql::to_string(engine));
    return out;
}

template <class Database, class Stores, class Work>
struct Backend<Database, Stores, Work>::Place : Migrated {
    using Migrated::Migrated;
};

template <class Database, class Stores, class Work>
Backend<Database, Stores, Work>::Backend(const std::string& backend) {
    constexpr bool content = std::is_same_v<Database, ContentDatabase>;
    if (backend != "memory")
        place_ = std::make_unique<Place>(
            backend, content ? sql::Purpose::content : sql::Purpose::compliance
        );
    if constexpr (content)
        database_ = place_ ? sql::open_content(place_->empty.target()) : memory_content();
    else
        database_ = place_ ? sql::open_archive(place_->empty.target()) : memory_archive();
}

template <class Database, class Stores, class Work>
Backend<Database, Stores, Work>::~Backend() {
    database_.reset();  // before the database is dropped
}

template class Backend<ContentDatabase, ContentTransaction, ContentWork>;
template class Backend<ArchiveDatabase, ArchiveStore, ArchiveWork>;

std::string uuid_of(std::int64_t number) {
    return fmt::format("01890a5d-ac96-774b-bcce-{:012x}", number);
}

Principal a_user(std::int64_t id, const std::string& name) {
    Principal out;
    out.id = PrincipalId{id};
    out.uuid = uuid_of(id);
    out.name = name;
    out.name_key = name_key(name);
    out.name_sort = name_sort(name);
    out.display_name = name;
    return out;
}

Category a_category(std::int64_t id, const std::string& name) {
    Category out;
    out.id = CategoryId{id};
    out.uuid = uuid_of(id);
    out.name = name;
    out.name_sort = name_sort(name);
    return out;
}

Room a_room(std::int64_t id, const std::string& name, CategoryId category) {
    Room out;
    out.id = RoomId{id};
    out.uuid = uuid_of(id);
    out.category = category;
    out.name = name;
    out.name_sort = name_sort(name);
    return out;
}

Message a_message(RoomId room, std::int64_t seq, const std::string& body) {
    Message out;
    out.room = room;
    out.seq = seq;
    out.at = seq > 1'000'000 || seq < 0 ? seq : seq * 1000;
    out.sender = PrincipalId{1};
    out.body = body;
    return out;
}

void furnish(Content& content) {
    content.write([](ContentTransaction& tx) -> Result<void> {
        const Principal users[] = {a_user(1, "ann@contoso.example")};
        if (Result<void> done = tx.principals().insert(users); !done)
            return done;
        if (Result<void> done = tx.categories().insert(a_category(1, "Research")); !done)
            return done;
        return tx.rooms().insert(a_room(1, "Lobby", CategoryId{1}));
    });
}

}  // namespace pchat::test
