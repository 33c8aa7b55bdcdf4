// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/progress.h"
#include "tests/support/catch.h"

#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using namespace std::chrono_literals;

namespace {

struct Rig {
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        .out = out,
        .err = err,
        .in = in,
        .terminal = {},
        .global = {},
        .environment = [](const std::string&) { return std::nullopt; },
        .today = {}};
    Progress::Time begin{};

    std::string said() {
        std::string text = err.str();
        err.str({});
        return text;
    }
};

}  // namespace

TEST_CASE("progress: a bar in place on a terminal", "[ui]") {
    Rig rig;
    rig.ctx.terminal.err_is_tty = true;
    Progress progress{rig.ctx, "rooms", 2'000, rig.begin};
    progress.show(0, rig.begin + 50ms);
    CHECK(rig.said().empty());  // it may be over before anybody reads it
    progress.show(1'000, rig.begin + 200ms);
    CHECK(rig.said() == "\r[###############...............] 1000 of 2000 rooms");
    progress.show(1'001, rig.begin + 250ms);
    CHECK(rig.said().empty());
    progress.show(1'500, rig.begin + 30s);
    CHECK(rig.said() == "\r[######################........] 1500 of 2000 rooms, about 10 s left");
    progress.hide();
    CHECK(rig.said() == "\r" + std::string(68, ' ') + "\r");
    progress.hide();
    CHECK(rig.said().empty());
}

TEST_CASE("progress: a narrow terminal cuts it, so that it can be taken back", "[ui]") {
    Rig rig;
    rig.ctx.terminal.err_is_tty = true;
    rig.ctx.terminal.width = 20;
    Progress progress{rig.ctx, "rooms", 2'000, rig.begin};
    progress.show(1'000, rig.begin + 200ms);
    CHECK(rig.said() == "\r[###############...");
}

TEST_CASE("progress: a line now and then where it is no terminal", "[ui]") {
    Rig rig;
    Progress progress{rig.ctx, "rooms", 2'000, rig.begin};
    progress.show(10, rig.begin + 4s);
    CHECK(rig.said().empty());
    progress.show(1'000, rig.begin + 6s);
    CHECK(rig.said() == "1000 of 2000 rooms, about 6 s left\n");
    progress.show(1'010, rig.begin + 7s);
    progress.show(2'000, rig.begin + 20s);  // the end is told otherwise
    progress.hide();
    CHECK(rig.said().empty());
}

TEST_CASE("progress: nothing when it was asked to be quiet", "[ui]") {
    Rig rig;
    rig.ctx.global.quiet = true;
    rig.ctx.terminal.err_is_tty = GENERATE(false, true);
    Progress progress{rig.ctx, "rooms", 2'000, rig.begin};
    progress.show(1'000, rig.begin + 60s);
    progress.hide();
    CHECK(rig.said().empty());
}
