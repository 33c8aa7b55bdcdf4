// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"
#include "tests/support/child_program.h"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <thread>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

/// A private ssh-agent with these keys.
class Agent {
public:
    explicit Agent(const std::vector<std::string>& keys)
        : pid_(start_program(
              folder_.path() / "agent.log", {"/usr/bin/ssh-agent", "-D", "-a", socket()}
          )) {
        while (!fs::is_socket(socket()))
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        const std::string variable = "SSH_AUTH_SOCK=" + socket();
        for (const std::string& key : keys)
            run_ssh_tool(folder_, {"/usr/bin/env", variable, "/usr/bin/ssh-add", key});
    }
    ~Agent() {
        ::kill(pid_, SIGKILL);
        wait_for_program(pid_);
    }
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    Agent(Agent&&) = delete;
    Agent& operator=(Agent&&) = delete;

    [[nodiscard]] std::string socket() const { return (folder_.path() / "agent").string(); }

private:
    TempDir folder_;
    pid_t pid_;
};

/// A key that the server does not know.
std::string other_key(
    const SshScene& scene, const std::string& name, const char* type = "ed25519"
) {
    std::string out = (scene.home.path() / name).string();
    make_key(out, type);
    return out;
}

void lock(const SshScene& scene, const std::string& key) {
    run_ssh_tool(
        scene.home, {"/usr/bin/ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", key}
    );
}

}  // namespace

TEST_CASE("ssh sign-in: a wrong key is refused, and all that was tried is named", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const std::string first = other_key(scene, "first");
    const std::string second = other_key(scene, "second", "rsa");
    scene.wish.identities = {first, second, "/nonexistent/key", scene.known_hosts()};
    const auto link = scene.try_connect();
    REQUIRE_ERR(link, Errc::denied, first + ", " + second + ", /nonexistent/key (it cannot be");
    CHECK_THAT(link.error().message, Catch::Contains(scene.known_hosts() + " (it is no key)"));
    CHECK_THAT(
        link.error().hint, Catch::Contains(fmt::format("ssh-copy-id -p {}", scene.server->port()))
    );

    scene.wish.identities.push_back(scene.server->key());
    scene.connect();
}

TEST_CASE("ssh sign-in: the usual keys are tried where none is named", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.wish.identities.clear();
    const auto link = scene.try_connect();
    REQUIRE_ERR(link, Errc::denied, "there is no key to sign in with");
    CHECK_THAT(link.error().hint, Catch::Contains("ssh-keygen"));

    other_key(scene, ".ssh/id_ed25519");
    fs::copy_file(scene.server->key(), scene.home.path() / ".ssh" / "id_rsa");
    scene.connect();
}

TEST_CASE("ssh sign-in: a key with a passphrase needs the agent", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const Agent agent{{scene.server->key()}};
    lock(scene, scene.server->key());
    const auto link = scene.try_connect();
    REQUIRE_ERR(link, Errc::denied, scene.server->key() + " (it has a passphrase)");
    CHECK(link.error().hint == "load the key into the agent: ssh-add " + scene.server->key());

    scene.wish.agent = agent.socket();
    scene.connect();

    SECTION("also without the file") {
        scene.wish.identities.clear();
        scene.connect();
    }
}

TEST_CASE("ssh sign-in: an agent without a key of use leaves the files", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    SECTION("another key") {
        const Agent agent{{other_key(scene, "other")}};
        scene.wish.agent = agent.socket();
        scene.connect();
        scene.wish.identities = {other_key(scene, "third")};
        REQUIRE_ERR(scene.try_connect(), Errc::denied, "third, the agent at " + agent.socket());
    }
    SECTION("no key at all") {
        const Agent agent{{}};
        scene.wish.agent = agent.socket();
        scene.connect();
    }
    SECTION("no agent there") {
        scene.wish.agent = (scene.home.path() / "gone").string();
        scene.connect();
    }
}

TEST_CASE("ssh sign-in: a server that hangs up on too many keys is a refusal", "[ssh]") {
    SshScene scene{{.config = "MaxAuthTries 2"}};
    if (!scene.works())
        return;
    std::vector<std::string> keys;
    for (const char* name : {"a", "b", "c", "d"})
        keys.push_back(other_key(scene, name));
    const Agent agent{keys};
    scene.wish.agent = agent.socket();
    SECTION("the agent's") {
        scene.wish.identities.clear();
        const auto link = scene.try_connect();
        REQUIRE_ERR(link, Errc::denied, "hung up while keys were tried");
        CHECK_THAT(link.error().hint, Catch::Contains("more keys than"));
    }
    SECTION("a file that was named is tried before them") {
        scene.connect();
    }
}

TEST_CASE("ssh sign-in: other ways than keys are named", "[ssh]") {
    SECTION("no keys at all") {
        SshScene scene{{.config = "PubkeyAuthentication no\nPasswordAuthentication yes"}};
        if (scene.works())
            REQUIRE_ERR(scene.try_connect(), Errc::denied, "it takes no keys, only passwords");
    }
    SECTION("a key, and more") {
        SshScene scene{
            {.config = "AuthenticationMethods publickey,password\nPasswordAuthentication yes"}};
        if (scene.works())
            REQUIRE_ERR(scene.try_connect(), Errc::denied, "asks for more: passwords");
    }
}

TEST_CASE("ssh sign-in: whoever is not root runs commands with sudo", "[ssh]") {
    const TempDir programs;
    fs::permissions(programs.path(), fs::perms{0755});
    const auto scene_with = [&](const std::string& sudo) {
        std::string path = programs.path().string();
        if (!sudo.empty()) {
            fs::permissions(programs.write("sudo", "#!/bin/sh\n" + sudo), fs::perms{0755});
            path += ":/usr/bin:/bin";
        }
        return SshScene{{.config = "SetEnv PATH=" + path, .user = "pchat-test"}};
    };
    SECTION("which lets them") {
        SshScene scene = scene_with("[ \"$1 $2\" = '-n --' ] || exit 64\n"
                                    "shift 2\nAS_ROOT=yes exec \"$@\"\n");
        if (!scene.works())
            return;
        const auto link = scene.connect();
        CHECK(link->user() == "pchat-test");
        const Ran ran =
            run(*link, R"(printf '%s ' "$AS_ROOT" "$@"; cat; exit 5)", {"it's", "a b"}, "input");
        CHECK(ran.out == "yes it's a b input");
        CHECK(ran.status == 5);
    }
    SECTION("which runs nothing for whoever has no terminal") {
        SshScene scene = scene_with(
            "sh -c ': </dev/tty' 2>/dev/null || { echo 'sudo: you must have a tty' >&2; exit 1; }\n"
            "shift 2\nexec \"$@\"\n"
        );
        if (!scene.works())
            return;
        const auto link = scene.connect();
        const Ran ran = run(*link, "echo err >&2; cat; exit 5", {}, std::string("\4\r\n\0in", 6));
        CHECK(ran.out == std::string("\4\r\n\0in", 6));
        CHECK(ran.err == "err\n");
        CHECK(ran.status == 5);
    }
    SECTION("which asks for a password") {
        SshScene scene = scene_with("echo 'sudo: a password is required' >&2\nexit 1\n");
        if (!scene.works())
            return;
        const auto link = scene.try_connect();
        REQUIRE_ERR(link, Errc::denied, "refuses: sudo: a password is required");
        CHECK_THAT(link.error().hint, Catch::Contains("pchat-test ALL=(root) NOPASSWD: ALL"));
    }
    SECTION("which is not there") {
        SshScene scene = scene_with("");
        if (scene.works())
            REQUIRE_ERR(scene.try_connect(), Errc::denied, "there is no sudo");
    }
}

}  // namespace pchat::test
