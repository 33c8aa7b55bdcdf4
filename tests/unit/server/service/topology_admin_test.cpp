// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "server/service/config_admin.h"
#include "server/service/policy_admin.h"
#include "server/service/room_admin.h"
#include "server/service/topology_admin.h"
#include "server/service/user_admin.h"
#include "tests/support/catch.h"
#include "tests/support/published.h"

using namespace pchat;
using namespace pchat::test;

namespace {

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

template <class T>
std::string hint(const Result<T>& result) {
    return result ? "done" : result.error().hint;
}

Result<TopologyChange> offer(ChatWorld& world, const std::string& text) {
    return publish_topology(*world.changes, world.as("admin"), document(text));
}

std::int64_t published(ChatWorld& world) {
    return world.directory.read([](const DirectoryState& state) { return state.topology().version; }
    );
}

}  // namespace

TEST_CASE("topology publish: versions count up and say who, when and why", "[publish]") {
    ChatWorld world;
    CHECK(reason(get_topology(*world.content)) == "topology-not-found");
    const auto first = publish_topology(
        *world.changes, world.as("admin"), document(topology_text(), "the first one")
    );
    REQUIRE_OK(first);
    CHECK(first->made);
    CHECK(first->before == 0);
    CHECK(first->version.version == 1);
    CHECK(first->version.sha256 == sha256_hex(topology_text()));
    CHECK(first->version.published_by == sip("admin"));
    CHECK(world.audit()[0].action == "topology.publish");
    CHECK(world.audit()[0].object_name == "version 1");
    CHECK(world.audit()[0].object_kind == audit_object_topology);
    CHECK(published(world) == 1);
    const auto second = offer(world, topology_with_paris());
    REQUIRE_OK(second);
    CHECK(second->before == 1);
    CHECK(second->changes == std::vector<std::string>{"+ site paris"});
    CHECK(world.audit()[0].old_value->find(first->version.sha256) != std::string::npos);
    const auto versions = list_topologies(*world.content, 10);
    REQUIRE_OK(versions);
    REQUIRE(versions->size() == 2);
    CHECK((*versions)[1].comment == "the first one");
    CHECK(get_topology(*world.content, 1)->document == topology_text());
    CHECK(reason(get_topology(*world.content, 3)) == "topology-not-found");
}

TEST_CASE("topology publish: the same text again changes nothing", "[publish]") {
    ChatWorld world;
    publish(world, topology_text());
    const std::size_t entries = world.audit().size();
    const auto again = offer(world, topology_text());
    REQUIRE_OK(again);
    CHECK_FALSE(again->made);
    CHECK(again->version.version == 1);
    CHECK(world.audit().size() == entries);
}

TEST_CASE("topology publish: a dry run and a version that is gone change nothing", "[publish]") {
    ChatWorld world;
    AdminCall admin = world.as("admin");
    admin.dry_run = true;
    const auto would = publish_topology(*world.changes, admin, document(topology_text()));
    REQUIRE_OK(would);
    CHECK(would->made);
    CHECK(published(world) == 0);
    admin.dry_run = false;
    admin.revision = 4;
    CHECK(
        reason(publish_topology(*world.changes, admin, document(topology_text()))) ==
        "changed-meanwhile"
    );
    admin.revision = 0;
    REQUIRE_OK(publish_topology(*world.changes, admin, document(topology_text())));
    CHECK(
        reason(publish_topology(*world.changes, admin, document(topology_with_paris()))) ==
        "changed-meanwhile"
    );
    CHECK(published(world) == 1);
}

TEST_CASE("topology publish: errors and secrets are refused, by the line", "[publish]") {
    ChatWorld world;
    const auto broken = offer(world, with(topology_text(), "site: redmond", "site: redmund"));
    CHECK(reason(broken) == "topology-invalid");
    CHECK_THAT(broken.error().message, Catch::Contains("in line"));
    CHECK(reason(offer(world, "nonsense: [")) == "topology-invalid");
    CHECK(reason(offer(world, "")) == "topology-invalid");
    // In a field that the rules know, and in a comment, which they do not.
    CHECK_FALSE(offer(world, with(topology_text(), "\"file:secrets/pg-admin\"", "hunter2")));
    const auto comment = offer(world, topology_text() + "# password: hunter2\n");
    CHECK(reason(comment) == "secret-in-topology");
    CHECK_THAT(comment.error().message, !Catch::Contains("hunter2"));
    CHECK(reason(offer(world, std::string(largest_topology + 1, '#'))) == "too-long");
    CHECK(
        reason(publish_topology(
            *world.changes, world.as("admin"), document(topology_text(), std::string(257, 'x'))
        )) == "too-long"
    );
    CHECK(published(world) == 0);
}

TEST_CASE("topology publish: a way that rules forbid is refused", "[publish]") {
    ChatWorld world;
    publish(world, topology_text());
    std::string moved = topology_text();
    for (const char* machine : {"1", "2", "3", "4"})
        moved = with(
            moved, "fqdn: pc" + std::string{machine} + ".", "fqdn: px" + std::string{machine} + "."
        );
    const auto refused = offer(world, moved);
    CHECK(reason(refused) == "topology-way-closed");
    CHECK_THAT(refused.error().message, Catch::Contains("WAY-04"));
    CHECK(published(world) == 1);
}

TEST_CASE("topology publish: a pool with rooms does not go, unless by another name", "[publish]") {
    ChatWorld world;
    publish(world, topology_text());
    world.room("Lobby", "General");
    const auto elsewhere = [](std::string text) {
        for (const char* machine : {"1", "2", "3", "4"})
            text = with(
                std::move(text),
                "fqdn: pc" + std::string{machine} + ".",
                "fqdn: px" + std::string{machine} + "."
            );
        return with(std::move(text), "pchat.contoso.example", "pchat2.contoso.example");
    };
    const auto refused = offer(world, elsewhere(topology_text()));
    CHECK(reason(refused) == "pool-not-empty");
    CHECK_THAT(refused.error().message, Catch::Contains("such as 'Lobby'"));
    CHECK(published(world) == 1);
    REQUIRE_OK(remove_room(*world.changes, world.as("admin"), "Lobby"));
    REQUIRE_OK(offer(world, elsewhere(topology_text())));

    ChatWorld renamed;
    publish(renamed, topology_text());
    renamed.room("Lobby", "General");
    const std::string now =
        with(topology_text(), "pchat.contoso.example", "pchat2.contoso.example");
    REQUIRE_OK(offer(
        renamed,
        with(
            now,
            "- fqdn: pchat2.contoso.example",
            "- renamedFrom: pchat.contoso.example\n      fqdn: pchat2.contoso.example"
        )
    ));
}

TEST_CASE("topology rollback: publishes the older text as a new version", "[publish]") {
    ChatWorld world;
    publish(world, topology_text());
    publish(world, topology_with_paris());
    const TopologyWish back{{}, 1, "back to version 1"};
    const auto done = publish_topology(*world.changes, world.as("admin"), back);
    REQUIRE_OK(done);
    CHECK(done->version.version == 3);
    CHECK(get_topology(*world.content)->document == topology_text());
    CHECK(world.audit()[0].action == "topology.rollback");
    CHECK(
        reason(publish_topology(*world.changes, world.as("admin"), {{}, 9, ""})) ==
        "topology-not-found"
    );
    CHECK(reason(publish_topology(*world.changes, world.as("admin"), {})) == "bad-request");
}

TEST_CASE("topology publish: sites, pools and SIP domains are known from then on", "[publish]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    UserFields nowhere;
    nowhere.site = "nowhere";
    REQUIRE_OK(put_policy(*world.changes, admin, "site:nowhere", {}));
    REQUIRE_OK(create_user(*world.changes, admin, "sip:early@elsewhere.example", nowhere));
    publish(world, topology_text());
    const auto policy = put_policy(*world.changes, admin, "site:redmonk", {});
    CHECK(reason(policy) == "site-not-found");
    CHECK(hint(policy) == "did you mean 'redmond'?");
    REQUIRE_OK(put_policy(*world.changes, admin, "site:Redmond", {}));
    CHECK(reason(put_config(*world.changes, admin, "site:redmonk", {})) == "site-not-found");
    CHECK(
        reason(put_config(*world.changes, admin, "service:pchut.contoso.example", {})) ==
        "pool-not-found"
    );
    UserFields at;
    at.site = "redmont";
    const auto user = create_user(*world.changes, admin, sip("bob"), at);
    CHECK(reason(user) == "site-not-found");
    CHECK(hint(user) == "did you mean 'redmond'?");
    CHECK(
        reason(create_user(*world.changes, admin, "sip:bob@contosa.example", {})) ==
        "domain-not-found"
    );
    at.site = "redmond";
    REQUIRE_OK(create_user(*world.changes, admin, sip("bob"), at));
    // What was there before stays, and can be changed and removed.
    PolicyFields on;
    on.enabled = true;
    REQUIRE_OK(put_policy(*world.changes, admin, "site:nowhere", on));
    UserFields renamed;
    renamed.site = "nowhere";
    renamed.display = "Early";
    REQUIRE_OK(change_user(*world.changes, admin, "sip:early@elsewhere.example", renamed));
    REQUIRE_OK(remove_policy(*world.changes, admin, "site:nowhere"));
    // A site that is published later is known at once.
    at.site = "paris";
    CHECK(reason(change_user(*world.changes, admin, sip("bob"), at)) == "site-not-found");
    publish(world, topology_with_paris());
    REQUIRE_OK(change_user(*world.changes, admin, sip("bob"), at));
}

TEST_CASE("topology publish: a server without a site stands where its pool does", "[publish]") {
    ChatWorld world;
    Directory homeless{Home{"", "PCHAT.contoso.example"}};
    REQUIRE_OK(homeless.load(*world.content));
    const auto site = [&] {
        return homeless.read([](const DirectoryState& state) { return state.home().site; });
    };
    CHECK(site().empty());
    publish(world, topology_text());
    Touched touched;
    touched.topology = true;
    REQUIRE_OK(homeless.refresh(*world.content, touched));
    CHECK(site() == "redmond");
    REQUIRE_OK(homeless.load(*world.content));
    CHECK(site() == "redmond");
    // What the administrator of the machine has set goes before.
    CHECK(world.directory.read([](const DirectoryState& state) {
        return state.home().site;
    }) == "hq");
}
