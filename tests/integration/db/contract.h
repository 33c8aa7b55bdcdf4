// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/archive_store.h"
#include "server/store/content_database.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// What promises to keep the contract of the stores: "memory", and the engines that are there.
std::vector<std::string> backends();

/// An empty database with its schema, one for each test case and backend:
///   Content content{GENERATE(from_range(backends()))};
template <class Database, class Stores, class Work>
class Backend {
public:
    explicit Backend(const std::string& backend);
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;
    Backend(Backend&&) = delete;
    Backend& operator=(Backend&&) = delete;

    Database* operator->() { return database_.get(); }

    /// Writes; fails the test when that fails.
    void write(const Work& work) { REQUIRE_OK(try_write(work)); }
    /// What work ends with, in a transaction of its own.
    Result<void> try_write(const Work& work) { return database_->write("testing", work); }
    /// Reads a value; fails the test when that fails.
    template <class F>
    auto read(F&& get) {
        std::decay_t<decltype(*get(std::declval<Stores&>()))> out;
        REQUIRE_OK(database_->read("testing", [&](Stores& stores) -> Result<void> {
            auto got = get(stores);
            if (!got)
                return pass(std::move(got).error());
            out = std::move(*got);
            return {};
        }));
        return out;
    }

private:
    struct Place;  // what lies under it
    std::unique_ptr<Place> place_;
    std::unique_ptr<Database> database_;
};

using Content = Backend<ContentDatabase, ContentTransaction, ContentWork>;
using Archive = Backend<ArchiveDatabase, ArchiveStore, ArchiveWork>;
extern template class Backend<ContentDatabase, ContentTransaction, ContentWork>;
extern template class Backend<ArchiveDatabase, ArchiveStore, ArchiveWork>;

// Things with all that a table demands; tests change what they are about.

std::string uuid_of(std::int64_t number);
Principal a_user(std::int64_t id, const std::string& name);
Category a_category(std::int64_t id, const std::string& name);
Room a_room(std::int64_t id, const std::string& name, CategoryId category);
Message a_message(RoomId room, std::int64_t seq, const std::string& body);

/// Writes user 1 ("ann@contoso.example"), category 1 ("Research") and room 1 ("Lobby").
void furnish(Content& content);

}  // namespace pchat::test
