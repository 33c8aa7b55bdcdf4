// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pchat::topology {

/// How a pool uses an SQL instance.
enum class DatabaseUse : std::uint8_t { content, compliance, backup_content, backup_compliance };
std::string_view to_string(DatabaseUse use);

/// One database of a pool on an instance (found by reference), or a mirror of it.
struct DatabasePlace {
    const Pool* pool;
    const SqlInstance* instance;
    DatabaseUse use;
    const Text* reference;  // the text that names the instance
};

/// Look-ups over a Topology that the rules share. Borrows the model; cheap to copy nothing, make
/// once. Host names compare without regard to case, other names exactly.
class Directory {
public:
    explicit Directory(const Topology& model);

    [[nodiscard]] const Spec& spec() const { return model_.spec; }
    [[nodiscard]] const Topology& model() const { return model_; }

    [[nodiscard]] const FrontEnd* front_end(const Text& fqdn) const;
    [[nodiscard]] const SqlInstance* sql(const Text& name) const;
    [[nodiscard]] const FileStore* file_store(const Text& name) const;
    [[nodiscard]] const Site* site(const Text& name) const;
    [[nodiscard]] const DataCenter* data_center(const Text& name) const;
    [[nodiscard]] const Pool* pool(const Text& fqdn) const;

    /// The front end that has this machine, if any. A Standard Edition server that lists none is
    /// its own machine.
    [[nodiscard]] const FrontEnd* front_end_on(const Text& machine) const;
    /// The pool's machine that is a Standard Edition front end at the same time.
    [[nodiscard]] const Machine* collocated_machine(const Pool& pool) const;
    /// Whether what could not be read may hide that the pool stands on a Standard Edition server.
    [[nodiscard]] bool perhaps_collocated(const Pool& pool) const;
    /// The Standard Edition server that carries the pool's users: the one it runs on, else its next
    /// hop.
    [[nodiscard]] const FrontEnd* standard_carrier(const Pool& pool) const;
    /// What all the pools that it carries plan together.
    [[nodiscard]] std::int64_t users_carried_by(const FrontEnd& server) const;
    [[nodiscard]] bool hangs_on_standard(const Pool& pool
    ) const;  // collocated, or its next hop is Standard Edition

    /// Whether its backups are worth a word: with those of a single pool HA-07 is through.
    [[nodiscard]] static bool may_have_backups(const Pool& pool);
    [[nodiscard]] static std::size_t active_machines(const Pool& pool);
    /// Whether every machine and its `active` could be read, so that counting makes sense.
    [[nodiscard]] static bool countable(const Pool& pool);

    /// Every database that a pool puts on an instance that exists; mirrors are not followed.
    [[nodiscard]] const std::vector<DatabasePlace>& databases() const { return databases_; }
    [[nodiscard]] std::vector<const DatabasePlace*> databases_on(const SqlInstance& instance) const;
    /// Front ends whose back end lives on the instance.
    [[nodiscard]] std::vector<const FrontEnd*> back_ends_on(const SqlInstance& instance) const;
    /// The instance serves as a mirror or a witness of this one, if any.
    [[nodiscard]] const SqlInstance* mirrored_by(const SqlInstance& mirror) const;
    [[nodiscard]] const SqlInstance* witnessed_by(const SqlInstance& witness) const;

    /// The domain a thing is in: its own, else the deployment's.
    [[nodiscard]] const std::string& domain_of(const Text& own) const;
    /// The planned concurrent users of a pool: its own figure, or the deployment's when it is the
    /// only pool.
    [[nodiscard]] const Number* planned_users(const Pool& pool) const;

private:
    const Topology& model_;
    std::vector<DatabasePlace> databases_;
    // A large document has hundreds of instances, and rules ask for each of them many times.
    std::unordered_map<std::string_view, const SqlInstance*> instances_;
    std::unordered_map<const SqlInstance*, const SqlInstance*> mirrored_;  // mirror -> whose it is
    std::unordered_map<const SqlInstance*, const SqlInstance*>
        witnessed_;  // witness -> whose it is
};

std::string subject(const Pool& pool);
std::string subject(const FrontEnd& front_end);
std::string subject(const SqlInstance& instance);
std::string subject(const FileStore& store);
std::string subject(const Site& site);
std::string subject(const Machine& machine);

bool same_host(const Text& a, const Text& b);

/// The content database or its backup; all others are for compliance.
inline bool is_content(const DatabasePlace& place) {
    return place.use == DatabaseUse::content || place.use == DatabaseUse::backup_content;
}

/// Written, readable and not empty.
inline bool stated(const Text& text) {
    return text.given() && !text->empty();
}

}  // namespace pchat::topology
