// SPDX-License-Identifier: Apache-2.0
#include "tests/support/chat_world.h"

#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/service/first_content.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <future>
#include <utility>

namespace pchat::test {
namespace {

constexpr std::string_view domain = "@contoso.example";

}  // namespace

Life enrolled(ContentDatabase& content, ServerId id, const std::string& fqdn) {
    Life out;
    REQUIRE_OK(content.write("enrolling", [&](ContentTransaction& tx) -> Result<void> {
        Enrolment wanted;
        wanted.id = id;
        wanted.uuid = make_uuid(id.value);
        wanted.fqdn = fqdn;
        wanted.lifetime = 60'000'000;
        const Result<Server> server = tx.registry().enrol(wanted);
        if (!server)
            return pchat::pass(server.error());
        out = {server->id, server->epoch};
        return {};
    }));
    return out;
}

std::string sip(const std::string& name) {
    return "sip:" + name + std::string{domain};
}

ChatWorld::ChatWorld(Audience* audience, std::unique_ptr<ContentDatabase> stored)
    : content(stored ? std::move(stored) : memory_content()),
      directory(Home{"hq", "pchat.contoso.example"}),
      book(*content, [this](const Message& message) { return encode(message); }), workers(2, 1000) {
    const Life life = enrolled(*content, ServerId{1}, "pc1.contoso.example");
    REQUIRE_OK(make_first_content(*content, clock));
    ServerFacts facts;
    facts.fqdn = "pc1.contoso.example";
    facts.pool = "pchat.contoso.example";
    facts.url = "https://pc1.contoso.example";
    facts.origins = {facts.url, "https://pchat.contoso.example"};
    facts.life = life;
    facts.compliance = true;
    chat = std::make_unique<Chat>(
        *content,
        directory,
        book,
        workers,
        audience == nullptr ? heard : *audience,
        clock,
        std::move(facts)
    );
    changes = std::make_unique<Changes>(*chat);
    grant(user("admin"), AdminRole::administrator);
}

void ChatWorld::write(const ContentWork& work) {
    REQUIRE_OK(content->write("arranging a test", work));
}

void ChatWorld::reload() {
    REQUIRE_OK(directory.load(*content));
}

std::int64_t ChatWorld::take(IdKind kind) {
    std::int64_t out = 0;
    write([&](ContentTransaction& tx) -> Result<void> {
        out = *tx.registry().take_ids(kind, 1);
        return {};
    });
    return out;
}

PrincipalId ChatWorld::principal(
    PrincipalKind kind, const std::string& name, const std::vector<PrincipalId>& groups
) {
    PrincipalId out = directory.read([&](const DirectoryState& state) {
        const KnownPrincipal* known = state.principal_named(kind, name_key(name));
        return known == nullptr ? PrincipalId{} : known->id;
    });
    const bool is_new = !out;
    if (is_new)
        out = PrincipalId{take(IdKind::principal)};
    write([&](ContentTransaction& tx) -> Result<void> {
        Principal one;
        one.id = out;
        one.uuid = make_uuid(clock.now());
        one.kind = kind;
        one.name = name;
        one.name_key = name_key(name);
        one.name_sort = name_sort(name);
        one.display_name = name.substr(0, name.find('@'));
        one.created_at = one.updated_at = clock.now();
        if (is_new)
            if (Result<void> made = tx.principals().insert(std::span{&one, 1}); !made)
                return made;
        std::vector<Membership> members;
        for (const PrincipalId parent : groups)
            members.push_back({parent, out});
        return tx.principals().add_members(members);
    });
    reload();
    return out;
}

PrincipalId ChatWorld::user(const std::string& name, const std::vector<PrincipalId>& groups) {
    return principal(PrincipalKind::user, name + std::string{domain}, groups);
}

PrincipalId ChatWorld::group(const std::string& name, const std::vector<PrincipalId>& groups) {
    return principal(PrincipalKind::group, name, groups);
}

PrincipalId ChatWorld::everyone() const {
    return directory.read([](const DirectoryState& state) {
        return state.principal_named(PrincipalKind::system, name_key("everyone"))->id;
    });
}

void ChatWorld::grant(PrincipalId id, AdminRole role) {
    write([&](ContentTransaction& tx) {
        return tx.principals().grant_role({id, role, clock.now(), id});
    });
    reload();
}

void ChatWorld::set_state(PrincipalId id, PrincipalState state) {
    write([&](ContentTransaction& tx) -> Result<void> {
        Principal changed = **tx.principals().find(id);
        changed.state = state;
        return tx.principals().update(changed);
    });
    reload();
}

CategoryId ChatWorld::category(const std::string& name, const CategoryScope& scope) {
    Category category;
    category.id = CategoryId{take(IdKind::category)};
    category.uuid = make_uuid(clock.now());
    category.name = name;
    category.name_sort = name_sort(name);
    category.invitations = scope.invitations;
    category.history = scope.history;
    category.created_at = category.updated_at = clock.now();
    std::vector<ScopeEntry> entries;
    for (const PrincipalId one : scope.allowed)
        entries.push_back({category.id, ScopeKind::allowed, one});
    for (const PrincipalId one : scope.denied)
        entries.push_back({category.id, ScopeKind::denied, one});
    for (const PrincipalId one : scope.creators)
        entries.push_back({category.id, ScopeKind::creator, one});
    write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> made = tx.categories().insert(category); !made)
            return made;
        return tx.categories().add_scope(entries);
    });
    reload();
    return category.id;
}

RoomId ChatWorld::room(
    const std::string& name, const std::string& category, const RoomLists& lists
) {
    Room room;
    room.id = RoomId{take(IdKind::room)};
    room.uuid = make_uuid(clock.now());
    room.category = category_now(category).category.id;
    room.type = lists.type;
    room.privacy = lists.privacy;
    room.name = name;
    room.name_sort = name_sort(name);
    room.created_at = room.updated_at = clock.now();
    std::vector<RoleEntry> entries;
    for (const PrincipalId one : lists.members)
        entries.push_back({room.id, RoomRole::member, one});
    for (const PrincipalId one : lists.managers)
        entries.push_back({room.id, RoomRole::manager, one});
    for (const PrincipalId one : lists.presenters)
        entries.push_back({room.id, RoomRole::presenter, one});
    write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> made = tx.rooms().insert(room); !made)
            return made;
        return tx.rooms().add_roles(entries);
    });
    reload();
    return room.id;
}

AdminCall ChatWorld::as(const std::string& name) {
    const PrincipalId id = user(name);
    AdminCall out;
    out.person = directory.read([&](const DirectoryState& state) { return state.person(id); });
    out.actor = {id, sip(name), "192.0.2.7", "r-1"};
    return out;
}

std::int64_t ChatWorld::post(PrincipalId sender, RoomId room, const std::string& body) {
    Chat::Draft draft;
    draft.sender = sender;
    draft.room = room;
    draft.body = body;
    draft.transit = chat->see(sender, room)->transit;
    std::promise<Result<Posted>> done;
    REQUIRE_OK(chat->post(std::move(draft), [&](const Result<Posted>& posted) {
        done.set_value(posted);
    }));
    const Result<Posted> posted = done.get_future().get();
    REQUIRE_OK(posted);
    return posted->seq;
}

KnownRoom ChatWorld::room_now(const std::string& name) {
    REQUIRE(has_room(name));
    return directory.read([&](const DirectoryState& state) { return *state.find_room(name); });
}

KnownCategory ChatWorld::category_now(const std::string& name) {
    return directory.read([&](const DirectoryState& state) {
        const KnownCategory* known = state.find_category(name);
        REQUIRE(known != nullptr);
        return *known;
    });
}

bool ChatWorld::has_room(const std::string& name) const {
    return directory.read([&](const DirectoryState& state) {
        return state.find_room(name) != nullptr;
    });
}

std::vector<AuditEntry> ChatWorld::audit() {
    std::vector<AuditEntry> out;
    write([&](ContentTransaction& tx) -> Result<void> {
        AuditQuery query;
        query.up_to = clock.now();
        query.before = AuditId{1'000'000};
        query.limit = 1000;
        out = *tx.audit().list(query);
        return {};
    });
    return out;
}

std::vector<OutboxEntry> ChatWorld::outbox() {
    std::vector<OutboxEntry> out;
    write([&](ContentTransaction& tx) -> Result<void> {
        out = *tx.log().outbox(chat->facts().life.server, 1000);
        return {};
    });
    return out;
}

}  // namespace pchat::test
