// SPDX-License-Identifier: Apache-2.0
#include "cli/topology_tables.h"

#include "cli/model_json.h"
#include "topology/rules/directory.h"
#include "topology/thousands.h"

#include <fmt/format.h>

namespace pchat::cli {

namespace {

using Json = nlohmann::ordered_json;
using topology::Directory;
using topology::SqlInstance;
using topology::Topology;

/// The list under `key` of the document's spec.
Json list_of(const Json& spec, const char* key) {
    return spec.at(key);
}

std::string place(const SqlInstance& instance) {
    if (*instance.engine == topology::Engine::sqlite && instance.engine.given())
        return *instance.path;
    std::string text = *instance.server;
    if (!instance.instance->empty())
        text += "\\" + *instance.instance;
    if (*instance.port != 0)
        text += fmt::format(":{}", *instance.port);
    return text;
}

Json holds(const Directory& all, const SqlInstance& instance) {
    Json uses = Json::array();
    for (const topology::FrontEnd* front_end : all.back_ends_on(instance))
        uses.push_back("back end of " + *front_end->fqdn);
    for (const topology::DatabasePlace* use : all.databases_on(instance))
        uses.push_back(fmt::format("{} of {}", to_string(use->use), *use->pool->fqdn));
    for (const SqlInstance& other : all.spec().sql_instances) {
        if (all.sql(other.mirror) == &instance)
            uses.push_back("mirror of " + *other.name);
        if (all.sql(other.witness) == &instance)
            uses.push_back("witness of " + *other.name);
    }
    for (const topology::Text& other : instance.other_databases)
        uses.push_back(*other);
    return uses;
}

TopologyTable pools(const Directory& all, const Json& spec) {
    TopologyTable table{
        "pool",
        "Pools",
        list_of(spec, "pools"),
        {{"NAME", "fqdn"},
         {"DISPLAY-NAME", "displayName"},
         {"KIND", "kind"},
         {"SITE", "site"},
         {"NEXT-HOP", "nextHop"},
         {"ACTIVE", "activeMachines", true},
         {"STANDBY", "standbyMachines", true},
         {"USERS", "plannedUsers", true},
         {"COMPLIANCE", "compliance.enabled"},
         {"FILES", "fileStore"}}};
    std::size_t i = 0;
    for (const topology::Pool& pool : all.spec().pools) {
        Json& item = table.items[i++];
        const std::size_t active = Directory::active_machines(pool);
        item["activeMachines"] = active;
        item["standbyMachines"] = pool.machines.size() - active;
        const topology::Number* users = all.planned_users(pool);
        item["plannedUsers"] = users != nullptr && users->given() ? Json(**users) : Json(nullptr);
    }
    return table;
}

TopologyTable machines(const Directory& all, const Json& spec) {
    TopologyTable table{
        "machine",
        "Machines",
        Json::array(),
        {{"NAME", "fqdn"},
         {"POOL", "pool"},
         {"STATE", "state"},
         {"DATA-CENTER", "dataCenter"},
         {"SSH", "sshTarget"},
         {"ALSO", "frontEnd"}}};
    std::size_t i = 0;
    for (const topology::Pool& pool : all.spec().pools) {
        Json list = list_of(spec, "pools").at(i++).at("machines");
        std::size_t j = 0;
        for (const topology::Machine& machine : pool.machines) {
            Json item = list.at(j++);
            item["pool"] = *pool.fqdn;
            item["state"] = *machine.active ? "active" : "standby";
            item["sshTarget"] =
                fmt::format("{}@{}:{}", *machine.ssh.user, *machine.ssh.host, *machine.ssh.port);
            const topology::FrontEnd* front_end = all.front_end_on(machine.fqdn);
            item["frontEnd"] =
                front_end != nullptr ? Json("front end " + *front_end->fqdn) : Json(nullptr);
            table.items.push_back(std::move(item));
        }
    }
    return table;
}

TopologyTable sql_instances(const Directory& all, const Json& spec) {
    TopologyTable table{
        "sql-instance",
        "SQL instances",
        list_of(spec, "sqlInstances"),
        {{"NAME", "name"},
         {"ENGINE", "engine"},
         {"VERSION", "version"},
         {"EDITION", "edition"},
         {"PLACE", "place"},
         {"DATA-CENTER", "dataCenter"},
         {"MIRROR", "mirror"},
         {"WITNESS", "witness"},
         {"HOLDS", "holds"}}};
    std::size_t i = 0;
    for (const SqlInstance& instance : all.spec().sql_instances) {
        Json& item = table.items[i++];
        item["place"] = place(instance);
        item["holds"] = holds(all, instance);
    }
    return table;
}

TopologyTable front_ends(const Directory& all, const Json& spec) {
    TopologyTable table{
        "front-end",
        "Front ends",
        list_of(spec, "frontEnds"),
        {{"NAME", "fqdn"},
         {"EDITION", "edition"},
         {"VERSION", "version"},
         {"SITE", "site"},
         {"BACK-END", "sql"},
         {"MACHINES", "hosts"}}};
    std::size_t i = 0;
    for (const topology::FrontEnd& front_end : all.spec().front_ends) {
        Json hosts = Json::array();
        for (const topology::FrontEndMachine& machine : front_end.machines)
            hosts.push_back(*machine.fqdn);
        table.items[i++]["hosts"] = std::move(hosts);
    }
    return table;
}

std::string users(const topology::Number& number) {
    return number.given() ? topology::with_thousands(*number) : "";
}

}  // namespace

std::vector<std::string> topology_table_kinds() {
    std::vector<std::string> kinds;
    for (const TopologyTable& table : topology_tables({}))
        kinds.push_back(table.kind);
    return kinds;
}

std::vector<TopologyTable> topology_tables(const Topology& model) {
    const Directory all(model);
    const Json document = model_to_json(model, topology::topology_shape());
    const Json& spec = document.at("spec");
    return {
        {"data-center", "Data centers", list_of(spec, "dataCenters"), {{"NAME", "name"}}},
        {"site",
         "Sites",
         list_of(spec, "sites"),
         {{"NAME", "name"}, {"DEFAULT-POOL", "defaultPool"}}},
        front_ends(all, spec),
        pools(all, spec),
        machines(all, spec),
        sql_instances(all, spec),
        {"file-store",
         "File stores",
         list_of(spec, "fileStores"),
         {{"NAME", "name"},
          {"SERVER", "server"},
          {"SHARE", "share"},
          {"PATH", "path"},
          {"SITE", "site"}}},
        {"other-server",
         "Other servers",
         list_of(spec, "otherServers"),
         {{"NAME", "fqdn"}, {"ROLES", "roles"}}}};
}

TopologyTable deployment_facts(const Topology& model) {
    const topology::Spec& spec = model.spec;
    Json facts = Json::array();
    const auto add = [&](const char* name, Json value) {
        facts.push_back({{"name", name}, {"value", std::move(value)}});
    };
    const Json document = model_to_json(model, topology::topology_shape());
    add("name", document.at("metadata").at("name"));
    add("description", document.at("metadata").at("description"));
    add("ruleset", document.at("spec").at("ruleset"));
    add("production", *spec.production);
    add("domain", document.at("spec").at("domain"));
    add("sip-domains", document.at("spec").at("sipDomains"));
    add("provisioned-users", users(spec.capacity.provisioned_users));
    add("concurrent-users", users(spec.capacity.concurrent_users));
    return {"deployment", "Deployment", std::move(facts), {{"NAME", "name"}, {"VALUE", "value"}}};
}

}  // namespace pchat::cli
