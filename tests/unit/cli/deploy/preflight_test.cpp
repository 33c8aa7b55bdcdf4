// SPDX-License-Identifier: Apache-2.0
#include "cli/certificate.h"
#include "cli/deploy/preflight.h"
#include "cli/deploy/question.h"
#include "cli/deploy/survey.h"
#include "cli/ssh/host_keys.h"
#include "tests/support/expect.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <algorithm>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

constexpr std::int64_t now = 1'795'000'000;
constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

/// A good node of the example, and what it is judged by.
struct Judged {
    std::unique_ptr<World> world;
    PoolSecrets secrets;
    Bundle bundle;
    Asked asked;
    std::int64_t at = 0;

    explicit Judged(
        const std::string& from = {},
        const std::string& to = {},
        const std::string& example = "enterprise-multiple"
    )
        : world(world_of(example, from, to)),
          secrets(secrets_for(*world, postgresql("pchat_content", "PASSWORD"))) {
        const Result<CertifiedKey> authority = make_authority("pool", std::chrono::hours{24 * 365});
        REQUIRE_OK(authority);
        for (MachineSecrets& machine : secrets.machines) {
            Result<CertifiedKey> pair = make_certificate(
                *authority,
                {.names = {machine.fqdn, *world->pool.fqdn},
                 .lifetime = std::chrono::hours{24 * 90}}
            );
            REQUIRE_OK(pair);
            machine.tls.certificate = pair->certificate;
        }
        const Result<CertificateFacts> facts =
            certificate_facts(secrets.machines[0].tls.certificate);
        REQUIRE_OK(facts);
        at = facts->not_before + 60;
        bundle.release = "0.2.0-bbbbbbbbbbbb";
        bundle.version = "0.2.0";
        bundle.architecture = "amd64";
        bundle.glibc = "2.36";
        bundle.bytes = 20 << 20;
        asked.machine = &world->machine(0);
        NodeFound& found = asked.found;
        found.os = "debian";
        found.os_version = "12";
        found.os_name = "Debian GNU/Linux 12 (bookworm)";
        found.architecture = "amd64";
        found.glibc = "2.36";
        found.supervisor = Supervisor::systemd;
        found.time = now;
        found.memory = 8 * gibibyte;
        found.open_files = 524'288;
        found.free = {{"/opt", 10 * gibibyte}, {"/var/lib", 10 * gibibyte}};
        found.names[*world->machine(0).fqdn] = {"10.0.0.1"};
        found.stores["/mnt/pchat"] = {true, true, true, {}, "nfs4", "nas:/pchat"};
        found.reached["pg1.contoso.example:5432"] = "open";
    }

    [[nodiscard]] Preflight with() const {
        return {world->directory, world->pool, secrets, bundle, at};
    }
    [[nodiscard]] Finding finding(std::string_view check) const {
        for (Finding& one : judge_node(with(), asked))
            if (one.check == check)
                return one;
        FAIL("there is no check " << check);
        return {};
    }
    void is(std::string_view check, Verdict verdict, const std::string& text) const {
        const Finding one = finding(check);
        INFO(one.message << " / " << one.hint);
        CHECK(one.verdict == verdict);
        CHECK_THAT(one.message + " " + one.hint, Catch::Contains(text));
        if (verdict == Verdict::bad) {
            CHECK_FALSE(one.hint.empty());
        }
    }
};

}  // namespace

TEST_CASE("preflight: a good node passes every check", "[deploy]") {
    const Judged judged;
    for (const Finding& one : judge_node(judged.with(), judged.asked)) {
        INFO(one.check << ": " << one.message);
        CHECK(one.verdict == Verdict::good);
    }
}

TEST_CASE("preflight: what a machine lacks is named with its way out", "[deploy]") {
    Judged judged;
    NodeFound& found = judged.asked.found;
    SECTION("system") {
        found.os = "fedora";
        judged.is("os", Verdict::bad, "Debian 12");
        found.os = "debian";
        found.os_version = "9";
        judged.is("os", Verdict::bad, "Debian 12");
        found.os_version = "13.1";
        judged.is("os", Verdict::good, "");
    }
    SECTION("architecture") {
        found.architecture = "arm64";
        judged.is("architecture", Verdict::bad, "amd64");
    }
    SECTION("C library, by numbers and not by letters") {
        found.glibc = "2.4";
        judged.is("glibc", Verdict::bad, "2.36");
        found.glibc = "2.100";
        judged.is("glibc", Verdict::good, "");
    }
    SECTION("supervisor") {
        found.supervisor.reset();
        judged.is("supervisor", Verdict::bad, "systemd or runit");
    }
    SECTION("account") {
        found.id_taken_by = {"uid 842 of bob"};
        judged.is("account", Verdict::bad, "bob");
    }
    SECTION("disk") {
        found.free["/opt"] = 1 << 20;
        judged.is("disk", Verdict::bad, "80 MiB");
        found.releases = {judged.bundle.release};
        judged.is("disk", Verdict::good, "");
        found.free["/var/lib"] = 1 << 20;
        judged.is("disk", Verdict::bad, "/var/lib");
    }
    SECTION("memory") {
        found.memory = 128 << 20;
        judged.is("memory", Verdict::bad, "MiB");
    }
    SECTION("open files") {
        found.open_files = 1024;
        judged.is("open-files", Verdict::bad, "1024");
    }
    SECTION("clock") {
        judged.asked.clock_ahead = 3600;
        judged.is("clock", Verdict::bad, "3600 s ahead");
        judged.asked.clock_ahead = -2;
        judged.is("clock", Verdict::warning, "2 s behind");
        judged.asked.uncertain = 1.5;  // the answer took three seconds
        judged.is("clock", Verdict::good, "");
    }
    SECTION("names") {
        found.names["pc2.contoso.example"] = {};
        judged.is("names", Verdict::bad, "pc2.contoso.example");
    }
    SECTION("its own name leads elsewhere") {
        found.addresses = {"10.0.0.1", "fd00::1"};
        judged.is("names", Verdict::good, "");
        found.names["pc1.contoso.example"] = {"10.0.0.9"};
        judged.is("names", Verdict::warning, "10.0.0.9 there, which is another machine");
        found.names["pc1.contoso.example"] = {"127.0.1.1"};
        judged.is("names", Verdict::good, "");
    }
    SECTION("database") {
        found.reached["pg1.contoso.example:5432"] = "timeout";
        judged.is("database", Verdict::bad, "pg1.contoso.example:5432 (timeout)");
    }
    SECTION("driver") {
        judged.secrets.content.target.driver = "ODBC Driver 18 for SQL Server";
        judged.is("driver", Verdict::bad, "msodbcsql18");
        found.drivers = {"ODBC Driver 18 for SQL Server"};
        judged.is("driver", Verdict::good, "");
    }
    SECTION("file store") {
        FoundStore& store = found.stores["/mnt/pchat"];
        store.mounted = false;
        judged.is("file-store", Verdict::warning, "all machines");
        store.writable = false;
        store.problem = "Permission denied";
        judged.is("file-store", Verdict::bad, "Permission denied");
        store.there = false;
        judged.is("file-store", Verdict::bad, "mount pchat of nas.contoso.example");
    }
    SECTION("what somebody put there by hand") {
        found.others = {"/etc/pchat/pchatd.yaml"};
        judged.is("release", Verdict::warning, "/etc/pchat/pchatd.yaml");
    }
}

TEST_CASE("preflight: a file store of the only machine's own is made", "[deploy]") {
    Judged alone{{}, {}, "embedded"};
    alone.asked.found.stores.clear();
    alone.is("file-store", Verdict::good, "/var/lib/pchat/files is made");
    alone.asked.found.stores["/var/lib/pchat/files"] = {
        true, false, false, "Permission denied", {}, {}};
    alone.is("file-store", Verdict::bad, "chown 842:842");
    Judged shared{"server: nas.contoso.example, ", ""};
    shared.asked.found.stores.clear();
    shared.is("file-store", Verdict::bad, "mount there what all machines of the pool share");
}

TEST_CASE("preflight: a port is taken by others, not by what is replaced", "[deploy]") {
    Judged judged;
    NodeFound& found = judged.asked.found;
    found.ports[443] = {true, 33, "nginx"};
    judged.is("ports", Verdict::bad, "443 (clients) by nginx");
    found.ports[443] = {true, 33, ""};
    judged.is("ports", Verdict::bad, "user 33");
    found.ports[443] = {true, 842, "pchatd"};
    judged.is("ports", Verdict::good, "");
    found.ports[4222] = {true, 61234, "nats-server"};
    judged.is("ports", Verdict::bad, "nats-server");
    found.units.push_back({"pchat-nats.service", "active", "running", true, 1, 1});
    judged.is("ports", Verdict::good, "");
}

TEST_CASE("preflight: a certificate has to hold for the names, and today", "[deploy]") {
    Judged judged;
    constexpr std::int64_t day = 86'400;
    judged.at += 80 * day;
    judged.is("certificate", Verdict::warning, "renew");
    judged.at += 20 * day;
    judged.is("certificate", Verdict::bad, "not valid today");
    judged.at -= 100 * day;
    std::swap(judged.secrets.machines[0].tls, judged.secrets.machines[1].tls);
    judged.is("certificate", Verdict::bad, "pc1.contoso.example");
    judged.secrets.machines[0].tls.certificate = "rubbish";
    judged.is("certificate", Verdict::bad, "none that can be read");
}

TEST_CASE("preflight: several nodes are judged together", "[deploy]") {
    const Judged judged;
    std::vector<Asked> nodes{judged.asked, judged.asked};
    const auto verdict = [&](std::string_view check) {
        for (const Finding& one : judge_together(judged.with(), nodes))
            if (one.check == check)
                return one.verdict;
        return Verdict::skipped;
    };
    CHECK(verdict("skew") == Verdict::good);
    nodes[0].found.current = "0.1.0-aaaaaaaaaaaa";
    CHECK(verdict("skew") == Verdict::good);
    nodes[1].found.current = "0.1.5-cccccccccccc";
    CHECK(verdict("skew") == Verdict::warning);
    nodes[0].found.current = nodes[1].found.current = "0.10.0-cccccccccccc";
    CHECK(verdict("skew") == Verdict::warning);  // newer, though its letters come first
}

TEST_CASE("preflight: machines see the same store when they see the same mark", "[deploy]") {
    const Judged judged;
    std::vector<Asked> nodes{judged.asked, judged.asked, judged.asked};
    for (std::size_t i = 0; i < nodes.size(); ++i)
        nodes[i].machine = &judged.world->machine(i);
    const auto same_store = [&] {
        for (const Finding& one : judge_together(judged.with(), nodes))
            if (one.check == "same-store")
                return one;
        return Finding{};
    };
    nodes[0].mark = "left";
    nodes[1].mark = nodes[2].mark = "found";
    nodes[2].found.stores["/mnt/pchat"].source = "other.example:/pchat";  // under another name
    CHECK(same_store().verdict == Verdict::good);
    nodes[2].mark = "missing";
    CHECK(same_store().verdict == Verdict::bad);
    CHECK(
        same_store().message ==
        "what pc1.contoso.example writes to /mnt/pchat is not seen by pc3.contoso.example"
    );
    nodes[2].mark = "does not answer within 10 s";
    CHECK(same_store().verdict == Verdict::warning);
    CHECK_THAT(same_store().message, Catch::Contains("pc3.contoso.example (does not answer"));
    nodes.resize(1);
    CHECK(same_store().verdict == Verdict::good);
}

TEST_CASE("preflight: a machine that nobody gets to can be passed over", "[deploy]") {
    std::vector<Finding> findings;
    for (const char* check : {"reachable", "host-key", "sign-in"})
        findings.push_back({"pc1", check, Verdict::bad, "no", ""});
    REQUIRE_OK(skip(findings, {"reachable", "host-key"}));
    CHECK((findings[0].verdict == Verdict::skipped && findings[1].verdict == Verdict::skipped));
    CHECK(findings[2].verdict == Verdict::bad);
}

TEST_CASE("preflight: an unknown host key has its name as a check, whatever it is", "[deploy]") {
    Error error{Errc::denied, "its host key is not known", "", {}, false, host_key_reason, {}};
    CHECK(unreached("pc1", error).check == "host-key");
    error.reason = {};
    CHECK(unreached("pc1", error).check == "sign-in");
    error.code = Errc::conflict;
    CHECK(unreached("pc1", error).check == "reachable");
}

TEST_CASE("preflight: a check is skipped by its name, and only by one that there is", "[deploy]") {
    Judged judged;
    judged.asked.found.memory = 1;
    std::vector<Finding> findings = judge_node(judged.with(), judged.asked);
    REQUIRE_OK(skip(findings, {"memory", "disk"}));
    for (const Finding& one : findings)
        CHECK(one.verdict == (one.check == "memory" ? Verdict::skipped : Verdict::good));
    REQUIRE_ERR(skip(findings, {"memry"}), Errc::usage, "memry");
    CHECK(skip(findings, {"memry"}).error().hint == "did you mean memory?");
}

TEST_CASE("question: asks for everything that the checks look at", "[deploy]") {
    const Judged judged;
    const std::string text = question_for(
        judged.world->directory,
        judged.world->pool,
        judged.world->machine(0),
        judged.secrets,
        {"/etc/a"}
    );
    for (const char* line :
         {"file\t/etc/a\n",
          "port\t443\n",
          "port\t8011\n",
          "name\tpc4.contoso.example\n",
          "name\tpg1.contoso.example\n",
          "reach\tpg1.contoso.example\t5432\n"})
        CHECK_THAT(text, Catch::Contains(line));
    CHECK_THAT(text, !Catch::Contains("PASSWORD"));
}

TEST_CASE("question: an instance with a name is asked for at its browser", "[deploy]") {
    Judged judged;
    judged.secrets.content.target.engine = sql::Engine::sqlserver;
    judged.secrets.content.target.port = 0;
    judged.secrets.content.target.instance = "CHAT";
    const std::string text = question_for(
        judged.world->directory, judged.world->pool, judged.world->machine(0), judged.secrets, {}
    );
    CHECK_THAT(text, Catch::Contains("instance\tpg1.contoso.example\tCHAT\n"));
    CHECK_THAT(text, !Catch::Contains("reach\t"));
    judged.asked.found.reached = {{"pg1.contoso.example:CHAT", "no answer of SQL Server Browser"}};
    judged.is("database", Verdict::bad, "pg1.contoso.example:CHAT (no answer");
}
