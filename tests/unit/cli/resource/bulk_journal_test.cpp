// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/bulk_journal.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace pchat;
using namespace pchat::cli;

namespace {

const BulkJournal::Subject rooms{"room create", "https://pc1.contoso.example", "0123abcd", 4};

struct Rig {
    test::TempDir folder;
    std::string path = (folder.path() / "rooms.yaml.journal").string();

    [[nodiscard]] Result<BulkJournal> open(const BulkJournal::Subject& subject = rooms) const {
        return BulkJournal::open(path, subject);
    }
    /// Makes item 1, and leaves item 2 as asked for.
    void begin() const {
        Result<BulkJournal> journal = open();
        REQUIRE_OK(journal);
        CHECK(journal->state(0) == ItemState::untouched);
        REQUIRE_OK(journal->put(0, ItemState::asked));
        REQUIRE_OK(journal->put(0, ItemState::made));
        REQUIRE_OK(journal->put(1, ItemState::asked));
    }
    void append(const std::string& text) const {
        std::ofstream{path, std::ios::app | std::ios::binary} << text;
    }
};

void check_begun(const Result<BulkJournal>& journal) {
    REQUIRE_OK(journal);
    CHECK(journal->state(0) == ItemState::made);
    CHECK(journal->state(1) == ItemState::asked);
    CHECK(journal->state(2) == ItemState::untouched);
    CHECK(journal->state(3) == ItemState::untouched);
}

}  // namespace

TEST_CASE("bulk journal: the next run knows what became of each item", "[journal]") {
    const Rig rig;
    rig.begin();
    {
        Result<BulkJournal> journal = rig.open();
        check_begun(journal);
        REQUIRE_OK(journal->put(1, ItemState::failed));
        REQUIRE_OK(journal->put(3, ItemState::existed));
    }
    Result<BulkJournal> journal = rig.open();
    REQUIRE_OK(journal);
    CHECK(journal->state(1) == ItemState::failed);
    CHECK(journal->state(3) == ItemState::existed);
    REQUIRE_OK(journal->remove());
    CHECK_FALSE(std::filesystem::exists(rig.path));
    REQUIRE_OK(journal->remove());
}

TEST_CASE("bulk journal: half a line at its end is none", "[journal]") {
    const Rig rig;
    rig.begin();
    const std::string whole = test::read_file(rig.path);
    for (const char* half : {"m", "made", "made ", "made 3"}) {
        INFO("'" << half << "'");
        rig.append(half);
        check_begun(rig.open());
        CHECK(test::read_file(rig.path) == whole);
    }
    SECTION("and what is written next stands on a line of its own") {
        rig.append("made 3");
        {
            Result<BulkJournal> journal = rig.open();
            REQUIRE_OK(journal);
            REQUIRE_OK(journal->put(3, ItemState::made));
        }
        CHECK(test::read_file(rig.path) == whole + "made 4\n");
    }
}

TEST_CASE("bulk journal: killed while it was begun", "[journal]") {
    const Rig rig;
    rig.begin();
    const std::string whole = test::read_file(rig.path);
    const std::size_t heading = whole.find('\n') + 1;
    for (std::size_t size = 0; size < heading; ++size) {
        std::ofstream{rig.path, std::ios::binary} << whole.substr(0, size);
        const Result<BulkJournal> journal = rig.open();
        REQUIRE_OK(journal);
        CHECK(journal->state(0) == ItemState::untouched);
        REQUIRE(test::read_file(rig.path) == whole.substr(0, heading));
    }
}

TEST_CASE("bulk journal: of another file it says nothing, and it stays", "[journal]") {
    const Rig rig;
    rig.begin();
    const std::string before = test::read_file(rig.path);
    const auto refused = [&](BulkJournal::Subject subject) {
        REQUIRE_ERR(rig.open(subject), Errc::conflict, "is of another file or server");
        CHECK(test::read_file(rig.path) == before);
    };
    refused({rooms.command, rooms.server, "other", rooms.items});
    refused({rooms.command, "https://pc2.contoso.example", rooms.sha256, rooms.items});
    refused({"user create", rooms.server, rooms.sha256, rooms.items});
    refused({rooms.command, rooms.server, rooms.sha256, 5});
    check_begun(rig.open());
}

TEST_CASE("bulk journal: what is none is not touched", "[journal]") {
    const Rig rig;
    SECTION("a list of rooms, say") {
        std::ofstream{rig.path} << "rooms:\n  - {name: Lobby}\n";
        REQUIRE_ERR(rig.open(), Errc::conflict, "is no journal of pchatctl");
        CHECK(test::read_file(rig.path) == "rooms:\n  - {name: Lobby}\n");
    }
    SECTION("a directory") {
        std::filesystem::create_directory(rig.path);
        REQUIRE_ERR(rig.open(), Errc::io, "Is a directory");
    }
    SECTION("a symbolic link") {
        std::filesystem::create_symlink("elsewhere", rig.path);
        REQUIRE_ERR(rig.open(), Errc::io, "opening journal");
        CHECK_FALSE(std::filesystem::exists(rig.folder.path() / "elsewhere"));
    }
    SECTION("a pipe") {
        REQUIRE(::mkfifo(rig.path.c_str(), 0600) == 0);
        REQUIRE_ERR(rig.open(), Errc::conflict, "is no journal");
    }
    for (const char* line : {"gone 1\n", "made 0\n", "made 5\n", "made -1\n", "made 1 2\n", "\n"}) {
        DYNAMIC_SECTION("a line such as '" << line << "'") {
            rig.begin();
            rig.append(line);
            REQUIRE_ERR(rig.open(), Errc::conflict, "holds a line that no pchatctl has written");
        }
    }
}

TEST_CASE("bulk journal: one process at a time", "[journal]") {
    const Rig rig;
    {
        const Result<BulkJournal> first = rig.open();
        REQUIRE_OK(first);
        REQUIRE_ERR(rig.open(), Errc::conflict, "another pchatctl is at it");
    }
    REQUIRE_OK(rig.open());
}

TEST_CASE("bulk journal: where nobody can write, not even root", "[journal]") {
    REQUIRE_ERR(BulkJournal::open("/proc/rooms.journal", rooms), Errc::io, "opening journal");
    REQUIRE_ERR(
        BulkJournal::open("/nowhere/at/all/rooms.journal", rooms), Errc::io, "No such file"
    );
}
