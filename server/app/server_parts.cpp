// SPDX-License-Identifier: Apache-2.0
#include "server/app/server_parts.h"

#include "base/log.h"
#include "server/api/wire_names.h"
#include "server/app/bus_parts.h"
#include "server/app/database_target.h"
#include "server/app/limits.h"
#include "server/app/reach.h"
#include "server/app/startup.h"
#include "server/compliance/former_sessions.h"
#include "server/store/sql/content.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace pchat::app {
namespace {

using namespace std::chrono_literals;

template <class T>
Result<void> outcome_of(const Result<T>& done) {
    return done ? Result<void>{} : Result<void>{pass(done.error())};
}

ServerFacts facts_of(const Settings& settings, Life life) {
    ServerFacts out;
    out.fqdn = *settings.server.fqdn;
    out.pool = settings.server.pool->empty() ? out.fqdn : *settings.server.pool;
    out.life = life;
    out.compliance = settings.compliance.given();
    out.message_limit = static_cast<std::size_t>(*settings.limits.message);
    out.story_limit = static_cast<std::size_t>(*settings.limits.story);
    out.search_limit = static_cast<int>(*settings.limits.search);
    out.drain_time = std::chrono::seconds{*settings.limits.drain_seconds};
    return out;
}

}  // namespace

Result<void> ServerParts::open(const Settings& settings) {
    if (Result<void> opened = open_content(settings); !opened)
        return opened;
    const Result<Life> life = enter_registry(*content, settings, clock.now());
    if (!life)
        return pass(life.error());
    tell_of_start(settings, *life);
    if (Result<void> opened = open_chat(settings, *life); !opened)
        return opened;
    if (settings.bus.given()) {
        Result<std::unique_ptr<bus::Bus>> opened = open_bus(settings, *peers, clock);
        if (!opened)
            return pass(std::move(opened).error());
        bus = std::move(*opened);
        peers->attach(*bus);
    }
    if (chat->facts().compliance)
        if (Result<void> opened = open_archive(settings); !opened)
            return opened;
    pool_parts =
        std::make_unique<PoolParts>(*chat, *hub, archive.get(), clock, registry_lifetime(settings));
    follower->on_roll([this](const Roll& roll) { pool_parts->called(roll); });
    if (settings.directory.given())
        if (Result<void> opened = open_directory(settings); !opened)
            return opened;
    housekeeping = std::make_unique<Housekeeping>(*chat, *hub, registry_lifetime(settings));
    figures = std::make_unique<api::Figures>(*chat, *hub, health);
    housekeeping->tell([this] { return figures->take(); });
    return {};
}

void ServerParts::tell_of_start(const Settings& settings, Life life) {
    const auto pause = std::min<std::chrono::milliseconds>(
        registry_lifetime(settings) / heartbeats_of_a_lifetime, 5s
    );
    starting.every(pause, "the heartbeat", [this, life] { return tell_starting(*content, life); });
    starting.start();
}

Result<void> ServerParts::join_pool() {
    starting.stop();
    if (Result<void> told = housekeeping->announce(); !told)
        return told;
    return housekeeping->heartbeat();
}

Result<void> ServerParts::open_content(const Settings& settings) {
    Result<std::unique_ptr<DataLock>> held = DataLock::take(settings.path(*settings.data));
    if (!held)
        return pass(std::move(held).error());
    lock = std::move(*held);
    if (Result<void> good = check_database(settings, settings.database, sql::Purpose::content);
        !good)
        return good;
    Result<sql::Target> target = target_of(settings, settings.database, variable);
    if (!target)
        return pass(std::move(target).error());
    if (target->engine == sql::Engine::sqlite)
        checkpoints = std::make_unique<sql::Checkpoints>(*target);
    const auto sessions = static_cast<std::size_t>(*settings.database.sessions);
    content = std::make_unique<SightedContent>(
        sql::open_content(std::move(*target), {sessions, 2000ms}), "database", clock
    );
    if (checkpoints)
        if (const Result<void> made = checkpoints->make_room(); !made)
            log::warning("messages may be stored more slowly: {}", made.error().message);
    // One session is the writer's own.
    workers = std::make_unique<Workers>(sessions > 1 ? sessions - 1 : 1, 50'000);
    return {};
}

Result<void> ServerParts::open_chat(const Settings& settings, Life life) {
    ServerFacts facts = facts_of(settings, life);
    const std::string pool_name = facts.pool;
    follower = std::make_unique<PoolFollower>(life.server);
    if (Result<void> begun = follower->begin(*content); !begun)
        return begun;
    directory = std::make_unique<Directory>(Home{*settings.server.site, pool_name});
    if (Result<void> loaded = directory->load(*content); !loaded)
        return loaded;
    book = std::make_unique<RoomBook>(*content, [this](const Message& message) {
        return directory->read([&](const DirectoryState& state) {
            return api::message_text(state, message);
        });
    });
    sign_ins = std::make_unique<SignIns>(*content, *directory, clock);
    const auto wanted = static_cast<std::size_t>(*settings.threads);
    const std::size_t threads =
        wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
    pool = std::make_unique<net::IoPool>(threads);
    hub = std::make_unique<api::Hub>(*pool, hub_limits(settings.limits, threads));
    hub->on_fenced([this] { health.fenced = true; });
    chat = std::make_unique<Chat>(
        *content, *directory, *book, *workers, *hub, clock, std::move(facts)
    );
    hub->attach(*chat, *sign_ins);
    if (Result<void> loaded = hub->watches().load(*content); !loaded)
        return loaded;
    follower->attach(*chat, hub->watches());
    peers = std::make_unique<pool::PoolLink>(*chat, *follower, pool_name);
    chat->attach(*peers);
    book->on_use([this](RoomId room, bool used) { peers->uses(room, used); });
    changes = std::make_unique<Changes>(*chat);
    search_index = std::make_unique<SearchIndex>(*chat);
    site = std::make_unique<api::Site>(api::Services{*chat, *changes, *sign_ins, *hub}, health);
    return {};
}

Result<void> ServerParts::open_archive(const Settings& settings) {
    if (Result<void> good = check_database(settings, settings.compliance, sql::Purpose::compliance);
        !good)
        return good;
    Result<sql::Target> target = target_of(settings, settings.compliance, variable);
    if (!target)
        return pass(std::move(target).error());
    archive = std::make_unique<SightedArchive>(
        sql::open_archive(std::move(*target), {2, 2000ms}), "compliance database", clock
    );
    const Result<FormerSessions> former =
        end_former_sessions(*content, *archive, chat->facts().life, clock, [this] {
            return !is_to_end || !is_to_end();
        });
    if (!former)
        return pass(former.error());
    if (former->ended > 0)
        log::warning(
            "this server ended without notice: {} visits were ended for it", former->ended
        );
    if (!former->all)
        return fail(
            Errc::interrupted,
            "the server was told to end before it could serve",
            "it goes on where it was when it is started again"
        );
    shipper = std::make_unique<Shipper>(
        *content, *archive, chat->facts().life, chat->facts().fqdn, clock
    );
    return {};
}

Result<void> ServerParts::open_directory(const Settings& settings) {
    Result<DirectoryParts> opened =
        app::open_directory(settings, *changes, clock, workers->count());
    if (!opened)
        return pass(std::move(opened).error());
    directory_parts = std::move(*opened);
    sign_ins->ask_directory(*directory_parts.passwords);
    site->attach(*directory_parts.duty);
    return {};
}

Result<void> ServerParts::listen(const Settings& settings) {
    std::vector<Listening> listening;
    for (const ListenSettings& one : settings.listen) {
        std::shared_ptr<net::TlsContext> tls;
        if (*one.tls) {
            const std::string& certificate =
                one.certificate->empty() ? *settings.tls.certificate : *one.certificate;
            const std::string& key = one.key->empty() ? *settings.tls.key : *one.key;
            auto loaded = net::load_tls({settings.path(certificate), settings.path(key)});
            if (!loaded)
                return pass(std::move(loaded).error());
            tls = std::move(*loaded);
            certificates.push_back(tls);
        }
        auto listener = net::listen(
            *pool,
            {*one.address, static_cast<std::uint16_t>(*one.port)},
            tls,
            connection_limits(settings.limits),
            *site
        );
        if (!listener)
            return pass(std::move(listener).error());
        listening.push_back({*one.address, (*listener)->port(), *one.tls});
        urls.push_back(url_of(*one.address, (*listener)->port(), *one.tls));
        listeners.push_back(std::move(*listener));
    }
    Reach reach = reach_of(settings.server, listening);
    chat->reachable_at(std::move(reach.url), std::move(reach.origins));
    health.database_unseen = [this] { return content->unseen(); };
    health.pool = [this] {
        const pool::LinkCounts& counts = peers->counts();
        api::PoolHealth out;
        out.entries = counts.entries;
        out.out_of_turn = counts.out_of_turn;
        out.looks = counts.looks;
        out.not_understood = counts.not_understood;
        out.follows = peers->follows();
        out.unreadable = follower->unreadable();
        out.told = pool_parts->teller().told();
        out.untold = pool_parts->teller().untold();
        out.buried = pool_parts->burial().count();
        if (bus == nullptr)
            return out;
        const bus::BusStatus status = bus->status();
        out.has_bus = true;
        out.linked = status.linked;
        out.lost = status.counts.lost_full + status.counts.lost_unlinked + status.counts.refused;
        out.missed = status.counts.missed;
        out.reconnects = status.counts.reconnects;
        return out;
    };
    health.connections = [this] {
        net::ListenerCounts out;
        for (const auto& listener : listeners) {
            const net::ListenerCounts counts = listener->counts();
            out.accepted += counts.accepted;
            out.refused += counts.refused;
            out.slow_consumers += counts.slow_consumers;
            out.written_bytes += counts.written_bytes;
            out.writes += counts.writes;
            out.open += counts.open;
            out.open_web_sockets += counts.open_web_sockets;
        }
        return out;
    };
    return {};
}

void ServerParts::start_clocks(std::chrono::milliseconds lifetime) {
    rosters.every(250ms, [this] {
        chat->refuse_late();
        hub->tell_rosters();
    });
    rosters.every(10s, [this] { book->trim(); });
    rosters.start();
    beating.every(lifetime / heartbeats_of_a_lifetime, "the heartbeat", [this] {
        Result<void> alive = housekeeping->heartbeat();
        const bool replaced = !alive && alive.error().reason == server_replaced;
        health.database_away = !alive && !replaced;
        if (replaced)
            health.fenced = true;
        return alive;
    });
    beating.start();
    chores.every(1s, "putting changes into force", [this] { return chat->apply_again(); });
    chores.every(60s, "noting when tokens were used", [this] { return sign_ins->record_uses(); });
    chores.every(30s, "cleaning up", [this] { return housekeeping->clean_up(); });
    chores.every(60s, "reading keywords", [this] { return hub->watches().load(*content); });
    chores.start();
    peers->start();
    pool_parts->start();
    indexing.every(400ms, "indexing", [this] { return outcome_of(search_index->catch_up()); });
    indexing.start();
    if (directory_parts.duty) {
        syncing.every(250ms, [this] { directory_parts.duty->tick(); });
        syncing.start();
    }
    if (checkpoints) {
        folding.every(1s, "folding in the journal", [this] {
            const Result<void> folded = checkpoints->fold();
            checkpoints->read_ahead();  // from its beginning then
            return folded;
        });
        folding.start();
    }
    if (shipper) {
        shipping.every(1s, "the way of events to compliance", [this] {
            return outcome_of(shipper->ship());
        });
        shipping.start();
    }
}

void ServerParts::stop_background_soon() {
    if (directory_parts.duty)
        directory_parts.duty->stop();
    if (search_index)
        search_index->stop();
    if (shipper)
        shipper->stop();
    if (housekeeping)
        housekeeping->stop();
    if (pool_parts)
        pool_parts->stop_soon();
    for (Ticker* ticker : {&starting, &shipping, &syncing, &indexing, &folding})
        ticker->stop_soon();
}

void ServerParts::stop_clocks() {
    stop_background_soon();
    if (peers)
        peers->stop_soon();
    for (Ticker* ticker : {&beating, &rosters, &chores})
        ticker->stop_soon();
    for (Ticker* ticker :
         {&starting, &beating, &shipping, &syncing, &indexing, &folding, &rosters, &chores})
        ticker->stop();
    if (pool_parts)
        pool_parts->stop();
}

void ServerParts::hand_over() {
    // To a database that is away every question takes seconds, and all of this passes by itself.
    if (!content || !content->answers())
        return;
    if (shipper)
        shipper->let_go();
    if (search_index)
        search_index->let_go();
    if (pool_parts)
        pool_parts->hand_over();
}

}  // namespace pchat::app
