// SPDX-License-Identifier: Apache-2.0
#include "server/service/lease_hold.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"

#include <memory>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

struct Rig {
    std::unique_ptr<ContentDatabase> content = memory_content();

    LeaseHold hold(std::int64_t server, std::int64_t epoch, std::chrono::microseconds lifetime) {
        return {*content, "sweeping", {ServerId{server}, epoch}, "pc.example", lifetime};
    }
    bool renew(LeaseHold& lease) {
        bool out = false;
        const Result<void> done =
            content->write("a test", [&](ContentTransaction& tx) -> Result<void> {
                const Result<bool> ours = lease.renew(tx);
                out = ours && *ours;
                return ours ? Result<void>{} : Result<void>{pass(ours.error())};
            });
        REQUIRE_OK(done);
        return out;
    }
};

}  // namespace

TEST_CASE("lease: one at a time has it, until it lets go", "[lease]") {
    Rig rig;
    LeaseHold one = rig.hold(1, 1, 1h);
    LeaseHold two = rig.hold(2, 1, 1h);
    CHECK(one.take() == true);
    CHECK(one.take() == true);
    CHECK(two.take() == false);
    CHECK(rig.renew(one));
    const std::int64_t token = one.fencing_token();
    one.let_go();
    CHECK(two.take() == true);
    CHECK(two.fencing_token() > token);
    CHECK(one.take() == false);
}

TEST_CASE("lease: another life of the same server is somebody else", "[lease]") {
    Rig rig;
    LeaseHold before = rig.hold(1, 1, 1h);
    LeaseHold after = rig.hold(1, 2, 1h);
    CHECK(before.take() == true);
    CHECK(after.take() == false);
}

TEST_CASE("lease: whoever had it before may not write by it any more", "[lease]") {
    Rig rig;
    LeaseHold one = rig.hold(1, 1, 0h);  // runs out at once
    LeaseHold two = rig.hold(2, 1, 1h);
    REQUIRE(one.take() == true);
    const std::int64_t token = one.fencing_token();
    REQUIRE(two.take() == true);
    CHECK(two.fencing_token() > token);
    CHECK_FALSE(rig.renew(one));
    CHECK(rig.renew(two));
}
