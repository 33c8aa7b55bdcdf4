// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_plan.h"
#include "tests/support/expect.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <nlohmann/json.hpp>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

/// A node that is as it shall be.
struct Node {
    NodeWant want;
    NodeChange change;
    NodeFound found;

    Node() {
        const auto world = world_of("enterprise-multiple");
        const PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
        Result<NodeWant> rendered = render_node(
            world->directory,
            world->pool,
            world->machine(0),
            secrets,
            {.release = "0.1.0-0123456789ab"}
        );
        REQUIRE_OK(rendered);
        want = std::move(*rendered);
        Result<NodeChange> made = make_change(want, Supervisor::systemd, {"--server", "x"});
        REQUIRE_OK(made);
        change = std::move(*made);
        for (const std::string& line : change.listing) {
            const auto words = words_of(line);
            found.files[words[0]] = {words[1], words[2], words[3], words[4]};
        }
        for (const std::string& unit : want.units)
            found.units.push_back({unit.substr(0, unit.find('.')), "active", "running", true, 1, 1}
            );
        found.releases = {want.release};
        found.current = want.release;
        found.active = change.id;
    }
    [[nodiscard]] NodePlan plan() const { return plan_node(want, change, found, false); }
};

}  // namespace

TEST_CASE("plan: a node that is as it shall be has no changes", "[deploy]") {
    const Node node;
    CHECK_FALSE(node.plan().changes());
    CHECK(plan_text({node.plan()}, 1) == "pc1.contoso.example\n  no changes\n\nno changes\n");
}

TEST_CASE("plan: a release that somebody changed is sent and started again", "[deploy]") {
    Node node;
    node.found.releases.clear();
    node.found.damaged[node.want.release] = "bin/pchatd is not what MANIFEST says";
    const NodePlan plan = node.plan();
    CHECK((plan.changes() && plan.upload && !plan.stage));
    CHECK_THAT(
        plan_text({plan}, 1),
        Catch::Contains("  ~ release 0.1.0-0123456789ab: bin/pchatd is not what MANIFEST says\n")
    );
    // It was sent, and then something came in between.
    node.found.releases = {node.want.release};
    CHECK(node.plan().changes());
    // What is not to run any longer is not mended.
    node.found.current = "0.0.9-aaaaaaaaaaaa";
    CHECK(node.plan().services.empty());
}

TEST_CASE("plan: an empty node gets it all", "[deploy]") {
    Node node;
    node.found = {};
    const NodePlan plan = node.plan();
    CHECK((plan.upload && plan.stage && plan.old_release.empty()));
    CHECK(plan.files.size() == node.want.files.size());
    for (const FileStep& file : plan.files)
        CHECK(file.sign == '+');
    CHECK(plan.services.empty());
    const std::string text = plan_text({plan}, 20 << 20);
    CHECK_THAT(text, Catch::Contains("+ release 0.1.0-0123456789ab (20 MiB are sent)"));
    CHECK_THAT(text, Catch::Contains("1 machine changes of 1"));
    CHECK_THAT(text, !Catch::Contains("firewall"));
    CHECK_THAT(text, !Catch::Contains("PASSWORD"));
}

TEST_CASE("plan: each thing that is otherwise is found and named", "[deploy]") {
    Node node;
    const std::string path = "/etc/pchat/pchatd.yaml";
    SECTION("content") {
        node.found.files[path].sha256 = "0";
        CHECK_THAT(
            plan_text({node.plan()}, 1), Catch::Contains("~ /etc/pchat/pchatd.yaml (content)")
        );
    }
    SECTION("mode") {
        node.found.files[path].mode = "0666";
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("(mode 0666, not 0644)"));
    }
    SECTION("owner") {
        node.found.files[path].owner = "bob";
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("(owner bob:root, not root:root)"));
    }
    SECTION("gone") {
        node.found.files.erase(path);
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("+ /etc/pchat/pchatd.yaml"));
    }
    SECTION("left over") {
        node.found.others = {"/etc/pchat/old.yaml"};
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("- /etc/pchat/old.yaml"));
    }
    SECTION("another release") {
        node.found.current = "0.0.9-ffffffffffff";
        node.found.releases = {node.found.current};
        CHECK_THAT(
            plan_text({node.plan()}, 1),
            Catch::Contains("~ release 0.0.9-ffffffffffff -> 0.1.0-0123456789ab (1 MiB are sent)")
        );
    }
    SECTION("back to a release that is still there") {
        node.found.current = "0.0.9-ffffffffffff";
        CHECK_THAT(plan_text({node.plan()}, 1), !Catch::Contains("sent"));
    }
    SECTION("a service that does not run") {
        node.found.units[1].state = "failed";
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("~ pchatd is failed"));
    }
    SECTION("a service that does not start with the machine") {
        node.found.units[0].enabled = false;
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("~ pchat-nats does not start"));
    }
    SECTION("another way to ask it") {
        node.found.active = "0000000000000000";
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("how services are started"));
    }
    SECTION("cut off") {
        node.found.activation.state = FoundActivation::State::gone;
        CHECK_THAT(plan_text({node.plan()}, 1), Catch::Contains("! a roll-out was cut off"));
    }
    CHECK(node.plan().changes());
    CHECK(plan_json({node.plan()})[0]["changes"] == true);
}

TEST_CASE("plan: whoever sets up a firewall for a new machine is told its ports", "[deploy]") {
    Node node;
    NodePlan plan = node.plan();
    plan.ports = {{443, "clients", {}}, {8011, "bus, from nodes", {"pc2.example", "pc3.example"}}};
    CHECK_THAT(plan_text({plan}, 1), !Catch::Contains("firewall"));  // it runs already
    CHECK(plan_json({plan})[0]["ports"][1]["from"][1] == "pc3.example");
    node.found = {};
    const auto ports = std::move(plan.ports);
    plan = node.plan();
    plan.ports = ports;
    const std::string text = plan_text({plan}, 1);
    CHECK_THAT(text, Catch::Contains("  firewall: 443 (clients) for anybody\n"));
    CHECK_THAT(
        text, Catch::Contains("  firewall: 8011 (bus, from nodes) for pc2.example, pc3.example\n")
    );
}
