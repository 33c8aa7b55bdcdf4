// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

bool same_name(const Text& a, const Text& b) {
    return a.given() && b.given() && *a == *b;
}

bool is_standard(const FrontEnd& front_end) {
    return front_end.edition.given() && *front_end.edition == Edition::standard;
}

bool is_enterprise(const FrontEnd& front_end) {
    return front_end.edition.given() && *front_end.edition == Edition::enterprise;
}

// The first of `list` whose `name` is meant; nothing for a reference that was not read.
template <class T, class Same>
const T* first_named(const List<T>& list, Text T::*name, const Text& wanted, Same same) {
    const auto found = std::find_if(list.items.begin(), list.items.end(), [&](const T& item) {
        return same(item.*name, wanted);
    });
    return found == list.items.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(DatabaseUse use) {
    switch (use) {
    case DatabaseUse::content:
        return "content";
    case DatabaseUse::compliance:
        return "compliance";
    case DatabaseUse::backup_content:
        return "backup content";
    case DatabaseUse::backup_compliance:
        return "backup compliance";
    }
    return "";
}

bool same_host(const Text& a, const Text& b) {
    return stated(a) && stated(b) && equal_ignoring_case(*a, *b);
}

Directory::Directory(const Topology& model) : model_(model) {
    // The first of two with one name counts; REF-02 speaks for the second.
    for (const SqlInstance& instance : spec().sql_instances)
        if (instance.name.given())
            instances_.emplace(*instance.name, &instance);
    for (const SqlInstance& instance : spec().sql_instances) {
        if (const SqlInstance* mirror = sql(instance.mirror))
            mirrored_.emplace(mirror, &instance);
        if (const SqlInstance* witness = sql(instance.witness))
            witnessed_.emplace(witness, &instance);
    }
    for (const Pool& pool : spec().pools) {
        const auto place = [&](const Text& reference, DatabaseUse use) {
            if (const SqlInstance* instance = sql(reference))
                databases_.push_back({&pool, instance, use, &reference});
        };
        place(pool.databases.content, DatabaseUse::content);
        place(pool.databases.compliance, DatabaseUse::compliance);
        place(pool.databases.backup_content, DatabaseUse::backup_content);
        place(pool.databases.backup_compliance, DatabaseUse::backup_compliance);
    }
}

const FrontEnd* Directory::front_end(const Text& fqdn) const {
    return first_named(spec().front_ends, &FrontEnd::fqdn, fqdn, same_host);
}

const SqlInstance* Directory::sql(const Text& name) const {
    const auto found = name.given() ? instances_.find(*name) : instances_.end();
    return found == instances_.end() ? nullptr : found->second;
}

const FileStore* Directory::file_store(const Text& name) const {
    return first_named(spec().file_stores, &FileStore::name, name, same_name);
}

const Site* Directory::site(const Text& name) const {
    return first_named(spec().sites, &Site::name, name, same_name);
}

const DataCenter* Directory::data_center(const Text& name) const {
    return first_named(spec().data_centers, &DataCenter::name, name, same_name);
}

const Pool* Directory::pool(const Text& fqdn) const {
    return first_named(spec().pools, &Pool::fqdn, fqdn, same_host);
}

const FrontEnd* Directory::front_end_on(const Text& machine) const {
    for (const FrontEnd& front_end : spec().front_ends) {
        const bool is_its_own = front_end.machines.empty() && !is_enterprise(front_end) &&
                                same_host(front_end.fqdn, machine);
        if (is_its_own ||
            first_named(front_end.machines, &FrontEndMachine::fqdn, machine, same_host) != nullptr)
            return &front_end;
    }
    return nullptr;
}

const Machine* Directory::collocated_machine(const Pool& pool) const {
    for (const Machine& machine : pool.machines) {
        const FrontEnd* front_end = front_end_on(machine.fqdn);
        if (front_end != nullptr && is_standard(*front_end))
            return &machine;
    }
    return nullptr;
}

bool Directory::perhaps_collocated(const Pool& pool) const {
    const List<FrontEnd>& front_ends = spec().front_ends;
    const auto hides_machines = [](const FrontEnd& front_end) {
        return !is_enterprise(front_end) && !front_end.machines.known();
    };
    if (!front_ends.known() || std::any_of(front_ends.begin(), front_ends.end(), hides_machines))
        return true;
    return std::any_of(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
        const FrontEnd* front_end = front_end_on(machine.fqdn);
        return front_end != nullptr && !is_enterprise(*front_end);
    });
}

const FrontEnd* Directory::standard_carrier(const Pool& pool) const {
    if (const Machine* machine = collocated_machine(pool))
        return front_end_on(machine->fqdn);
    const FrontEnd* next_hop = front_end(pool.next_hop);
    return next_hop != nullptr && is_standard(*next_hop) ? next_hop : nullptr;
}

std::int64_t Directory::users_carried_by(const FrontEnd& server) const {
    std::int64_t users = 0;
    for (const Pool& pool : spec().pools)
        if (const Number* planned = planned_users(pool);
            planned != nullptr && standard_carrier(pool) == &server)
            users += **planned;
    return users;
}

bool Directory::hangs_on_standard(const Pool& pool) const {
    return standard_carrier(pool) != nullptr;
}

bool Directory::may_have_backups(const Pool& pool) {
    return !pool.kind.given() || *pool.kind == PoolKind::multiple;
}

std::size_t Directory::active_machines(const Pool& pool) {
    const auto active = [](const Machine& machine) { return *machine.active; };
    return static_cast<std::size_t>(
        std::count_if(pool.machines.begin(), pool.machines.end(), active)
    );
}

bool Directory::countable(const Pool& pool) {
    const auto read = [](const Machine& machine) {
        return machine.known() && machine.active.known();
    };
    return pool.machines.known() && std::all_of(pool.machines.begin(), pool.machines.end(), read);
}

std::vector<const DatabasePlace*> Directory::databases_on(const SqlInstance& instance) const {
    std::vector<const DatabasePlace*> found;
    for (const DatabasePlace& place : databases_)
        if (place.instance == &instance)
            found.push_back(&place);
    return found;
}

std::vector<const FrontEnd*> Directory::back_ends_on(const SqlInstance& instance) const {
    std::vector<const FrontEnd*> found;
    for (const FrontEnd& front_end : spec().front_ends)
        if (sql(front_end.sql) == &instance)
            found.push_back(&front_end);
    return found;
}

const SqlInstance* Directory::mirrored_by(const SqlInstance& mirror) const {
    const auto found = mirrored_.find(&mirror);
    return found == mirrored_.end() ? nullptr : found->second;
}

const SqlInstance* Directory::witnessed_by(const SqlInstance& witness) const {
    const auto found = witnessed_.find(&witness);
    return found == witnessed_.end() ? nullptr : found->second;
}

const std::string& Directory::domain_of(const Text& own) const {
    return own.given() ? *own : *spec().domain;
}

const Number* Directory::planned_users(const Pool& pool) const {
    if (!pool.capacity.concurrent_users.absent())
        return pool.capacity.concurrent_users.given() ? &pool.capacity.concurrent_users : nullptr;
    const bool only_pool = spec().pools.size() == 1 && spec().pools.known();
    return only_pool && spec().capacity.concurrent_users.given() ? &spec().capacity.concurrent_users
                                                                 : nullptr;
}

std::string subject(const Pool& pool) {
    return fmt::format("pool {}", *pool.fqdn);
}

std::string subject(const FrontEnd& front_end) {
    return fmt::format("front end {}", *front_end.fqdn);
}

std::string subject(const SqlInstance& instance) {
    return fmt::format("sql instance {}", *instance.name);
}

std::string subject(const FileStore& store) {
    return fmt::format("file store {}", *store.name);
}

std::string subject(const Site& site) {
    return fmt::format("site {}", *site.name);
}

std::string subject(const Machine& machine) {
    return fmt::format("machine {}", *machine.fqdn);
}

}  // namespace pchat::topology
