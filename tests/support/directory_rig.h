// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory_sync.h"
#include "tests/support/chat_world.h"
#include "tests/support/directory_view.h"
#include "tests/support/expect.h"
#include "tests/support/fake_directory.h"
#include "tests/support/faulty_content.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pchat::test {

inline const std::string root = "dc=contoso,dc=example";

/// A database in memory that fails when it is told to.
class Faulty : public FaultyContent {
public:
    explicit Faulty(std::unique_ptr<ContentDatabase> inner)
        : FaultyContent(*inner), inner_(std::move(inner)) {}

private:
    std::unique_ptr<ContentDatabase> inner_;
};

/// A directory with a domain, two folders, ann and bob, and a chat that reads it.
struct DirectoryRig {
    std::unique_ptr<Faulty> made = std::make_unique<Faulty>(memory_content());
    Faulty& content = *made;
    ChatWorld world{nullptr, std::move(made)};
    FakeDirectory fake;
    DirectorySync sync{*world.changes, fake, options()};

    static SyncOptions options() {
        SyncOptions out;
        out.longest_pause = std::chrono::milliseconds{0};
        return out;
    }

    DirectoryRig() {
        fake.put({PrincipalKind::domain, "root", root, "contoso.example"}, "");
        folder("Sales");
        folder("Bonds");
        user("ann", "Sales");
        user("bob", "Bonds");
    }
    void folder(const std::string& name) {
        const std::string dn = "ou=" + name + "," + root;
        fake.put({PrincipalKind::container, name, dn, dn}, root);
    }
    static std::string dn(const std::string& name, const std::string& in) {
        return "uid=" + name + ",ou=" + in + "," + root;
    }
    void user(const std::string& name, const std::string& in) {
        DirectoryObject out{
            PrincipalKind::user, name, dn(name, in), name + "@contoso.example", name + " here"};
        fake.put(std::move(out), "ou=" + in + "," + root);
    }
    void group(const std::string& name, std::vector<std::string> members) {
        DirectoryObject out{PrincipalKind::group, name, dn(name, "Sales"), name, name};
        out.members = std::move(members);
        fake.put(std::move(out), "ou=Sales," + root);
    }
    SyncReport run(SyncWish wish = {}) {
        wish.actor.name = "test";
        Result<SyncReport> out = sync.run(wish);
        REQUIRE_OK(out);
        return std::move(*out);
    }
    std::optional<KnownPrincipal> known(PrincipalKind kind, const std::string& name) {
        return test::known(world, kind, name);
    }
    PrincipalState state_of(const std::string& user) { return known_user(world, user).state; }
    std::set<std::string> above(const std::string& user) { return test::above(world, user); }
};

}  // namespace pchat::test
