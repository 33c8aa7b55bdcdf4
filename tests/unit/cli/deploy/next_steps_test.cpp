// SPDX-License-Identifier: Apache-2.0
#include "cli/client/contexts.h"
#include "cli/deploy/next_steps.h"
#include "generated/folders.h"
#include "tests/support/cli_session.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

using namespace pchat;
using namespace pchat::cli;

namespace {

using Lines = std::vector<std::string>;

const std::string file = std::filesystem::path{PCHAT_SOURCE_DIR} / "examples/embedded.yaml";
const std::string sign_in = "pchatctl login --context pc.localhost.example --user sip:user@domain";
const std::string publish =
    fmt::format("pchatctl topology publish {} --context pc.localhost.example", file);

/// Answers all requests alike, and notes whom they go to and for whom.
struct Answers : Transport {
    Answers(HttpReply reply, Lines& asked) : reply_(std::move(reply)), asked_(asked) {}

    Result<HttpReply> send(const HttpRequest& request) override {
        for (const auto& [name, value] : request.headers)
            if (value.starts_with("Bearer "))
                asked_.push_back(request.target + " " + value);
        return reply_;
    }

private:
    HttpReply reply_;
    Lines& asked_;
};

struct World {
    test::TempDir home;
    test::CliSession session;
    Lines asked;
    std::unique_ptr<ChosenPool> chosen;

    World() {
        session.variables = {
            {"XDG_CONFIG_HOME", home.path().string()},
            {"PCHATCTL_SERVER", "https://elsewhere.example"},
            {"PCHATCTL_TOKEN", "pct_elsewhere"}};
        Context ctx = session.context();
        auto pool = choose_pool(ctx, file, "pc.localhost.example");
        REQUIRE_OK(pool);
        chosen = std::move(*pool);
    }
    void keep_context(const std::string& token) {
        Contexts contexts;
        SavedServer saved;
        saved.name.value = "pc.localhost.example";
        saved.server.value = "https://pc.localhost.example";
        saved.token.value = token;
        contexts.put(saved);
        REQUIRE_OK(write_contexts(session.context(), contexts));
    }
    Result<PoolSeen> look(int status, const std::string& body) {
        session.transport = [this, status, body](const Endpoint& endpoint) {
            asked.push_back(endpoint.url.text());
            return std::make_unique<Answers>(HttpReply{status, {}, body}, asked);
        };
        Context ctx = session.context();
        return look_at_pool(ctx, *chosen->pool, false);
    }
    Lines steps(bool new_context, bool signed_in, Result<PublishedTopology> published = {}) {
        return next_steps({new_context, signed_in, std::move(published)}, *chosen);
    }
    [[nodiscard]] std::string text() const {
        return std::string{chosen->parsed.document.source->text()};
    }
};

}  // namespace

TEST_CASE("next steps: what a pool lacks until it goes by its topology", "[deploy]") {
    World world;
    CHECK(world.steps(true, false) == Lines{"next: " + sign_in, "then: " + publish});
    CHECK(
        world.steps(false, false) ==
        Lines{fmt::format(
            "whether pc.localhost.example goes by {} is not known, since nobody is signed in: {}",
            file,
            sign_in
        )}
    );
    CHECK(
        world.steps(false, true, PublishedTopology{}) ==
        Lines{"pc.localhost.example goes by no topology yet", "next: " + publish}
    );
    CHECK(
        world.steps(true, true, PublishedTopology{3, world.text() + "# more\n"}) ==
        Lines{"pc.localhost.example goes by another topology, version 3", "next: " + publish}
    );
    CHECK(world.steps(true, true, PublishedTopology{3, world.text()}).empty());
    CHECK(
        world.steps(false, true, fail(Errc::unreachable, "no answer")) ==
        Lines{fmt::format("whether pc.localhost.example goes by {} is not known: no answer", file)}
    );
}

TEST_CASE("next steps: the pool is asked by its own context alone", "[deploy]") {
    World world;
    SECTION("nobody is signed in") {
        world.keep_context("");
        const auto seen = world.look(200, "{}");
        REQUIRE_OK(seen);
        CHECK_FALSE(seen->signed_in);
        CHECK(world.asked.empty());
    }
    SECTION("nothing is published") {
        world.keep_context("pct_1");
        const auto seen = world.look(
            404, R"({"error":{"code":"topology-not-found","message":"no topology is published"}})"
        );
        REQUIRE_OK(seen);
        CHECK((seen->signed_in && seen->published && seen->published->version == 0));
        CHECK(world.asked == Lines{"https://pc.localhost.example", "/v1/topology Bearer pct_1"});
    }
    SECTION("something is") {
        world.keep_context("pct_1");
        const auto seen = world.look(200, R"({"version":2,"document":"kind: Topology\n"})");
        REQUIRE_OK(seen);
        REQUIRE_OK(seen->published);
        CHECK(seen->published->version == 2);
        CHECK(seen->published->document == "kind: Topology\n");
    }
}
