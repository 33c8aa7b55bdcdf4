// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/content.h"

#include "server/store/sql/archive.h"
#include "server/store/sql/categories.h"
#include "server/store/sql/database.h"
#include "server/store/sql/endpoints.h"
#include "server/store/sql/invitations.h"
#include "server/store/sql/logs.h"
#include "server/store/sql/marks.h"
#include "server/store/sql/messages.h"
#include "server/store/sql/policies.h"
#include "server/store/sql/presence.h"
#include "server/store/sql/principals.h"
#include "server/store/sql/purges.h"
#include "server/store/sql/records.h"
#include "server/store/sql/registry.h"
#include "server/store/sql/rooms.h"
#include "server/store/sql/search.h"
#include "server/store/sql/walls.h"

namespace pchat::sql {
namespace {

class SqlContentTransaction : public ContentTransaction {
public:
    explicit SqlContentTransaction(Transaction& tx)
        : registry_(tx), log_(tx), topologies_(tx), audit_(tx), config_(tx), policies_(tx),
          principals_(tx), accounts_(tx), categories_(tx), addins_(tx), rooms_(tx),
          invitations_(tx), messages_(tx), marks_(tx), files_(tx), tokens_(tx), presence_(tx),
          search_(tx), walls_(tx), purges_(tx), endpoints_(tx) {}

    RegistryStore& registry() override { return registry_; }
    LogStore& log() override { return log_; }
    TopologyStore& topologies() override { return topologies_; }
    AuditStore& audit() override { return audit_; }
    ConfigStore& config() override { return config_; }
    PolicyStore& policies() override { return policies_; }
    PrincipalStore& principals() override { return principals_; }
    AccountStore& accounts() override { return accounts_; }
    CategoryStore& categories() override { return categories_; }
    AddinStore& addins() override { return addins_; }
    RoomStore& rooms() override { return rooms_; }
    InvitationStore& invitations() override { return invitations_; }
    MessageStore& messages() override { return messages_; }
    MarkStore& marks() override { return marks_; }
    FileStore& files() override { return files_; }
    TokenStore& tokens() override { return tokens_; }
    PresenceStore& presence() override { return presence_; }
    SearchStore& search() override { return search_; }
    WallStore& walls() override { return walls_; }
    PurgeStore& purges() override { return purges_; }
    EndpointStore& endpoints() override { return endpoints_; }

private:
    SqlRegistryStore registry_;
    SqlLogStore log_;
    SqlTopologyStore topologies_;
    SqlAuditStore audit_;
    SqlConfigStore config_;
    SqlPolicyStore policies_;
    SqlPrincipalStore principals_;
    SqlAccountStore accounts_;
    SqlCategoryStore categories_;
    SqlAddinStore addins_;
    SqlRoomStore rooms_;
    SqlInvitationStore invitations_;
    SqlMessageStore messages_;
    SqlMarkStore marks_;
    SqlFileStore files_;
    SqlTokenStore tokens_;
    SqlPresenceStore presence_;
    SqlSearchStore search_;
    SqlWallStore walls_;
    SqlPurgeStore purges_;
    SqlEndpointStore endpoints_;
};

PoolOptions pool_options(const StoreOptions& options) {
    PoolOptions out;
    out.sessions = options.sessions;
    out.wait = options.wait;
    return out;
}

/// Hands `Stores`, made upon a transaction, to work; used for both databases.
template <class Stores, class Work>
auto in_transaction(std::string_view doing, const Work& work) {
    return [doing, &work](Session& session) -> Result<void> {
        Transaction transaction{session, doing};
        Stores stores{transaction};
        Result<void> done = work(stores);
        transaction.rethrow();
        return done;
    };
}

template <class Interface, class Stores, class Work>
class SqlDatabase : public Interface {
public:
    SqlDatabase(Target target, const StoreOptions& options)
        : database_(std::move(target), pool_options(options)) {}

    // Servers read each statement for itself, as their transactions would (read committed), and so
    // save the way of BEGIN and COMMIT. SQLite shows all statements one state for nothing.
    Result<void> read(std::string_view doing, const Work& work) override {
        if (database_.target().engine == Engine::sqlite)
            return database_.read(doing, in_transaction<Stores>(doing, work));
        return database_.outside_transaction(doing, in_transaction<Stores>(doing, work));
    }
    Result<void> write(std::string_view doing, const Work& work) override {
        return database_.write(doing, in_transaction<Stores>(doing, work));
    }

protected:
    Database& database() { return database_; }

private:
    Database database_;
};

class SqlContent : public SqlDatabase<ContentDatabase, SqlContentTransaction, ContentWork> {
public:
    using SqlDatabase::SqlDatabase;

    Result<void> write_derived(std::string_view doing, const ContentWork& work) override {
        return database().write_derived(doing, in_transaction<SqlContentTransaction>(doing, work));
    }
};

}  // namespace

std::unique_ptr<ContentDatabase> open_content(Target target, StoreOptions options) {
    return std::make_unique<SqlContent>(std::move(target), options);
}

std::unique_ptr<ArchiveDatabase> open_archive(Target target, StoreOptions options) {
    return std::make_unique<SqlDatabase<ArchiveDatabase, SqlArchiveStore, ArchiveWork>>(
        std::move(target), options
    );
}

}  // namespace pchat::sql
