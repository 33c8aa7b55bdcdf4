// SPDX-License-Identifier: Apache-2.0
#include "topology/effective.h"

#include "base/secret_reference.h"

#include <string_view>

namespace pchat::topology {

namespace {

constexpr std::int64_t sqlserver_port = 1433;
constexpr std::int64_t postgresql_port = 5432;

void default_to(Text& text, std::string_view value) {
    if (text.absent() && text->empty())
        text.value = value;
}

void hide_secret(Text& text) {
    if (!text->empty() && !is_secret_reference(*text))
        text.value = "(hidden: a secret written in place)";
}

void complete(SqlInstance& instance, const std::string& domain) {
    default_to(instance.domain, domain);
    if (instance.engine.given() && *instance.engine != Engine::sqlite) {
        const bool sqlserver = *instance.engine == Engine::sqlserver;
        if (instance.port.absent())
            instance.port.value = sqlserver ? sqlserver_port : postgresql_port;
        default_to(instance.driver, sqlserver ? "FreeTDS" : "PostgreSQL Unicode");
    }
    for (Text* secret :
         {&instance.credentials.provision,
          &instance.credentials.owner,
          &instance.credentials.run,
          &instance.credentials.reader})
        hide_secret(*secret);
}

}  // namespace

Topology effective(Topology topology) {
    Spec& spec = topology.spec;
    const std::string& domain = *spec.domain;
    if (spec.sip_domains.absent() && spec.sip_domains.empty() && !domain.empty())
        spec.sip_domains.items.emplace_back(domain);
    for (FrontEnd& front_end : spec.front_ends.items)
        default_to(front_end.domain, domain);
    for (SqlInstance& instance : spec.sql_instances.items)
        complete(instance, domain);
    for (Pool& pool : spec.pools.items) {
        hide_secret(pool.tls.key);
        for (Machine& machine : pool.machines.items) {
            default_to(machine.domain, domain);
            default_to(machine.ssh.host, *machine.fqdn);
        }
    }
    return topology;
}

}  // namespace pchat::topology
