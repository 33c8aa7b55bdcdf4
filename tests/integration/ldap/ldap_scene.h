// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/ldap/source.h"
#include "server/service/directory_sync.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "tests/support/chat_world.h"
#include "tests/support/directory_view.h"
#include "tests/support/expect.h"
#include "tests/support/ldif.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace pchat::test {

inline ldap::Endpoint endpoint_of(const Slapd& slapd) {
    ldap::Endpoint out;
    const auto url = parse_directory_url(fmt::format("ldap://127.0.0.1:{}", slapd.port()));
    REQUIRE_OK(url);
    out.url = *url;
    out.patience = std::chrono::seconds{1};
    return out;
}

inline ldap::Reader reader_with(const std::string& password) {
    return {Slapd::reader_dn, [password] { return Secret{password}; }};
}

inline ldap::LdapSource source_of(
    const Slapd& slapd, ldap::Reader reader = reader_with(Slapd::reader_password)
) {
    const ldap::Mapping mapping{ldap::Schema::openldap, {.site = "l"}, "", ""};
    return {endpoint_of(slapd), Slapd::root, std::move(reader), mapping};
}

/// The real reader, which can be disturbed while it reads.
class DisturbedSource : public DirectorySource {
public:
    explicit DisturbedSource(ldap::LdapSource inner) : inner_(std::move(inner)) {}

    [[nodiscard]] std::string domain() const override { return inner_.domain(); }
    [[nodiscard]] std::string place() const override { return inner_.place(); }
    Result<std::unique_ptr<DirectoryReading>> open(GoOn go_on) override {
        return inner_.open([this, go_on = std::move(go_on)] {
            if (disturbance && answers++ == disturb_at)
                disturbance();
            return go_on();
        });
    }

    std::function<void()> disturbance;
    std::size_t disturb_at = 0;  // before this answer of the directory
    std::size_t answers = 0;

private:
    ldap::LdapSource inner_;
};

inline std::unique_ptr<ContentDatabase> sqlite_content(const TempDir& folder) {
    const auto target = [&] {
        sql::Target out;
        out.database = (folder.path() / "content.db").string();
        out.create = true;
        return out;
    };
    REQUIRE_OK(sql::migrate_database(target(), sql::Purpose::content, SystemClock{}));
    return sql::open_content(target());
}

/// A chat service on SQLite that reads a directory.
struct LdapScene {
    TempDir folder;
    ChatWorld world{nullptr, sqlite_content(folder)};
    DisturbedSource source;
    DirectorySync sync{*world.changes, source, options()};

    explicit LdapScene(const Slapd& slapd) : source(source_of(slapd)) {}

    static SyncOptions options() {
        SyncOptions out;
        out.longest_pause = std::chrono::milliseconds{0};
        return out;
    }
    Result<SyncReport> try_run(SyncWish wish = {}) {
        wish.actor.name = "test";
        return sync.run(wish);
    }
    SyncReport run(SyncWish wish = {}) {
        Result<SyncReport> out = try_run(std::move(wish));
        REQUIRE_OK(out);
        INFO((out->problems.empty() ? "" : out->problems.front().dn + out->problems.front().why));
        CHECK(out->problem_count == 0);
        return std::move(*out);
    }
    [[nodiscard]] bool has_user(const std::string& name) const {
        return known(world, PrincipalKind::user, name + "@contoso.example").has_value();
    }
};

inline std::size_t changes_of(const SyncReport& report) {
    const SyncCounts& counts = report.counts;
    return counts.added + counts.changed + counts.moved + counts.removed + counts.joined +
           counts.left;
}

}  // namespace pchat::test
