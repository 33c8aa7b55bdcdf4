// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/lock_owner.h"
#include "cli/deploy/pool_lock.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/cli/deploy/played_machines.h"

#include <sys/wait.h>
#include <unistd.h>

#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

/// The words of an owner, one of them another.
std::string with_word(std::size_t place, const std::string& word) {
    std::istringstream in{lock_owner()};
    std::vector<std::string> words;
    for (std::string one; in >> one;)
        words.push_back(one);
    words.at(place) = word;
    return fmt::format("{}", fmt::join(words, " "));
}

/// "machine-start-namespace", one of them another.
std::string with_place(std::size_t part, const std::string& text) {
    const std::string owner = lock_owner();
    std::istringstream in{owner.substr(owner.rfind(' ') + 1)};
    std::vector<std::string> parts;
    for (std::string one; std::getline(in, one, '-');)
        parts.push_back(one);
    parts.at(part) = text;
    return with_word(3, fmt::format("{}", fmt::join(parts, "-")));
}

std::string gone_process() {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return std::to_string(child);
}

}  // namespace

TEST_CASE("lock: all machines or none, and only from whom is gone", "[deploy]") {
    Pool pool{{"a", "b"}};
    const std::vector<NodeWay*> ways{pool.tasks[1].way, pool.tasks[0].way};
    const LockWish wish{.owner = lock_owner()};
    SECTION("free") {
        REQUIRE_OK(PoolLock::take(ways, wish));
        CHECK(pool.stage.place("a lock") < pool.stage.place("b lock"));
        CHECK((pool.stage.times("a unlock") == 1 && pool.stage.times("b unlock") == 1));
    }
    SECTION("held by another desk") {
        pool.stage.answers["b lock"] = {3, "held\tbob@elsewhere 1 2\t300\n", {}};
        const auto taken = PoolLock::take(ways, wish);
        REQUIRE_ERR(taken, Errc::conflict, "bob@elsewhere 1 2, last heard of 5 min ago");
        CHECK(pool.stage.times("a unlock") == 1);
        CHECK(pool.stage.times("b unlock") == 0);
        CHECK(pool.stage.times("b lock") == 1);
    }
    SECTION("held by this desk, by a process that is gone") {
        pool.stage.answers["a lock"] = {3, "held\t" + with_word(2, "1") + "\t300\n", {}};
        REQUIRE_ERR(PoolLock::take(ways, wish), Errc::conflict, "being deployed");
        CHECK(pool.stage.times("a lock") == 2);  // it was tried to take over
    }
}

TEST_CASE("lock: others are locked as well, where they are reached", "[deploy]") {
    Pool pool{{"a", "b", "c"}};
    const LockWish wish{.owner = lock_owner(), .others = {pool.tasks[0].way, pool.tasks[2].way}};
    SECTION("one is not reached") {
        pool.stage.cuts["c lock"] = 2;
        const auto lock = PoolLock::take({pool.tasks[1].way}, wish);
        REQUIRE_OK(lock);
        CHECK((*lock)->passed_over() == std::vector<std::string>{"c: the link is cut"});
        CHECK(pool.stage.times("a lock") == 1);
    }
    SECTION("one is held") {
        pool.stage.answers["a lock"] = {3, "held\tbob@elsewhere 1 2\t300\n", {}};
        REQUIRE_ERR(PoolLock::take({pool.tasks[1].way}, wish), Errc::conflict, "bob@elsewhere");
    }
    SECTION("that for which it is taken has to be reached") {
        pool.stage.cuts["b lock"] = 2;
        REQUIRE_ERR(
            PoolLock::take({pool.tasks[1].way}, wish), Errc::unreachable, "the link is cut"
        );
    }
}

TEST_CASE("lock: it is said now and then that its owner lives", "[deploy]") {
    Pool pool{{"a", "b"}};
    const LockWish wish{.owner = "ann", .touched_every = std::chrono::milliseconds{1}};
    const auto wait_until = [](const auto& so) {
        for (int i = 0; i < 10'000 && !so(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
    };
    SECTION("and the lock is kept") {
        const auto lock = PoolLock::take(pool.all_ways(), wish);
        REQUIRE_OK(lock);
        wait_until([&] { return pool.stage.times("b touch-lock") > 2; });
        CHECK(pool.stage.times("a touch-lock") > 1);
        REQUIRE_OK((*lock)->kept());
    }
    SECTION("also while a machine is not reached") {
        pool.stage.cuts["a touch-lock"] = 1'000'000;
        const auto lock = PoolLock::take(pool.all_ways(), wish);
        REQUIRE_OK(lock);
        wait_until([&] { return pool.stage.times("b touch-lock") > 2; });
        REQUIRE_OK((*lock)->kept());
    }
    SECTION("until another one has it") {
        pool.stage.answers["b touch-lock"] = {3, "held\tbob@elsewhere 1 2\t3\n", {}};
        const auto lock = PoolLock::take(pool.all_ways(), wish);
        REQUIRE_OK(lock);
        wait_until([&] { return !(*lock)->kept(); });
        REQUIRE_ERR((*lock)->kept(), Errc::conflict, "b: bob@elsewhere 1 2 has taken over");
    }
}

TEST_CASE("lock: only a process that cannot be there any more is gone", "[deploy]") {
    CHECK_FALSE(is_gone(lock_owner()));
    SECTION("a number that nobody has, or another process") {
        CHECK(is_gone(with_word(1, gone_process())));
        CHECK(is_gone(with_word(2, "1")));
    }
    SECTION("what is not to be seen is not gone") {
        const TempDir empty;
        CHECK_FALSE(is_gone(with_word(2, "1"), empty.path().string()));
    }
    SECTION("another desk, and a process with that number in another container") {
        CHECK_FALSE(is_gone(with_word(0, "ann@elsewhere")));
        CHECK_FALSE(is_gone(with_place(2, "1")));
        CHECK_FALSE(is_gone(with_place(2, "")));
    }
    SECTION("a desk that has started anew, unless it is a container") {
        const std::string owner = with_place(1, "00000000");
        const bool container = !owner.ends_with("-4026531836");
        CHECK(is_gone(owner) != container);
    }
    SECTION("what says too little") {
        CHECK_FALSE(is_gone("bob@elsewhere 1 2"));
        CHECK_FALSE(is_gone(""));
    }
}
