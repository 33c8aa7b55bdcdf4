// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/render_node.h"

#include "cli/database_settings.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/render_services.h"
#include "cli/ui/output.h"
#include "server/bus/nats_config.h"
#include "server/store/sql/connection_string.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Machine;
using topology::Pool;

constexpr std::int64_t most_sessions = 20'000;
constexpr std::int64_t other_files = 2'000;  // databases, bus, those who are turned away

struct PairPaths {
    std::string authority;
    std::string certificate;
    std::string key;
};

PairPaths paths_of(std::string_view name, std::string_view authority) {
    return {
        fmt::format("{}/{}.pem", layout::tls, authority),
        fmt::format("{}/{}.pem", layout::tls, name),
        fmt::format("{}/{}.key", layout::tls, name)};
}

std::uint16_t port_of(const topology::Number& number) {
    return static_cast<std::uint16_t>(*number);
}

/// All addresses of the machine: of both families where it has any of the second.
std::string listen_address(const Machine& machine) {
    const auto& own = machine.addresses.items;
    const bool v6 = std::any_of(own.begin(), own.end(), [](const topology::Text& one) {
        return one->find(':') != std::string::npos;
    });
    return v6 ? "::" : "0.0.0.0";
}

/// One rendering: gathers files, and the first failure.
class Rendering {
public:
    Rendering(
        const topology::Directory& topology,
        const Pool& pool,
        const Machine& machine,
        const PoolSecrets& secrets
    )
        : topology_(topology), pool_(pool), machine_(machine), secrets_(secrets) {}

    Result<NodeWant> run(const NodeChoice& choice) {
        const bool bus = has_bus(pool_);
        own_ = own_secrets();
        if (own_ == nullptr && (bus || !secrets_.tls))
            return fail(
                Errc::internal, fmt::format("nothing was issued to machine {}", *machine_.fqdn)
            );
        want_.fqdn = *machine_.fqdn;
        want_.release = choice.release;
        add_tls();
        add_settings();
        if (bus)
            if (Result<void> added = add_bus(); !added)
                return pass(std::move(added).error());
        const ServiceWish wish{
            .supervisor = choice.supervisor,
            .with_bus = bus,
            .open_files = open_file_limit(topology_, pool_),
            .low_port = *pool_.ports.https < 1024,
            .own_driver = names_driver(),
            .writable = folders_to_write()};
        add_services(wish, want_);
        std::sort(want_.files.begin(), want_.files.end(), [](const NodeFile& a, const NodeFile& b) {
            return a.path < b.path;
        });
        return std::move(want_);
    }

private:
    [[nodiscard]] const MachineSecrets* own_secrets() const {
        for (const MachineSecrets& one : secrets_.machines)
            if (one.fqdn == *machine_.fqdn)
                return &one;
        return nullptr;
    }

    void add(std::string path, std::string content) {
        want_.files.push_back(
            {std::move(path), "root", "root", 0644, std::move(content), /*secret=*/false}
        );
    }

    /// For both services: what they may read they must not be able to change.
    void add_hidden(std::string path, std::string content) {
        want_.files.push_back(
            {std::move(path),
             "root",
             std::string{layout::user},
             0640,
             std::move(content),
             /*secret=*/true}
        );
    }

    /// For pchatd alone, not for the bus beside it.
    std::string add_password(std::string_view name, const Secret& password) {
        const std::string path = fmt::format("{}/{}", layout::secrets, name);
        const std::string user{layout::user};
        want_.files.push_back(
            {path, user, user, 0600, std::string{password.reveal()} + "\n", /*secret=*/true}
        );
        return "file:" + path;
    }

    void add_pair(const PairPaths& paths, const TlsMaterial& tls) {
        add(paths.certificate, tls.certificate);
        add_hidden(paths.key, std::string{tls.key.reveal()} + "\n");
        if (!tls.authority.empty())
            add(paths.authority, tls.authority);
    }

    /// The bus trusts the pool's own authority alone. Where clients are given another certificate,
    /// it has files of its own.
    void add_tls() {
        const PairPaths clients = paths_of("server", "ca");
        add_pair(clients, secrets_.tls ? *secrets_.tls : own_->tls);
        bus_paths_ = secrets_.tls ? paths_of("bus", "bus-ca") : clients;
        if (secrets_.tls && has_bus(pool_))
            add_pair(bus_paths_, own_->tls);
    }

    Json database(const DatabaseAccess& access, std::string_view name) {
        sql::Target target = access.target.copy();
        target.ca_file.clear();
        std::string password;
        if (target.engine != sql::Engine::sqlite) {
            password = add_password(name, target.login.password);
            if (!access.authority.empty()) {
                target.ca_file = fmt::format("{}/{}-ca.pem", layout::tls, name);
                add(target.ca_file, access.authority);
            }
        }
        return database_settings(target, password);
    }

    Json bus_settings() {
        Json nodes = Json::array();
        const auto node = [&](const Machine& machine) {
            nodes.push_back({{"address", *machine.fqdn}, {"port", *pool_.ports.bus_client}});
        };
        node(machine_);  // the way to the node beside it is the shortest
        for (const Machine& other : pool_.machines)
            if (*other.fqdn != *machine_.fqdn)
                node(other);
        return {
            {"nodes", std::move(nodes)},
            {"user", *machine_.fqdn},
            {"password", add_password("bus", own_->bus_password)},
            {"ca", bus_paths_.authority},
            {"certificate", bus_paths_.certificate},
            {"key", bus_paths_.key}};
    }

    void add_settings() {
        const PairPaths tls = paths_of("server", "ca");
        Json document{
            {"server", {{"fqdn", *machine_.fqdn}, {"pool", *pool_.fqdn}, {"site", *pool_.site}}},
            {"listen",
             Json::array({{{"address", listen_address(machine_)}, {"port", *pool_.ports.https}}})},
            {"tls", {{"certificate", tls.certificate}, {"key", tls.key}}},
            {"database", database(secrets_.content, "content")}};
        if (secrets_.compliance)
            document["compliance"] = database(*secrets_.compliance, "compliance");
        if (has_bus(pool_))
            document["bus"] = bus_settings();
        document["limits"] = {{"sessions", session_limit(topology_, pool_)}};
        document["data"] = layout::data;
        add(std::string{layout::settings},
            "# Written by 'pchatctl deploy', which makes it of the topology: changes here are "
            "found and undone.\n" +
                to_yaml(document));
    }

    Result<void> add_bus() {
        bus::NatsNode node;
        node.name = *machine_.fqdn;
        node.cluster = *pool_.fqdn;
        const std::string everywhere = listen_address(machine_);
        node.clients = {everywhere, port_of(pool_.ports.bus_client)};
        node.routes = bus::NodeAddress{everywhere, port_of(pool_.ports.bus)};
        for (const Machine& other : pool_.machines)
            if (*other.fqdn != *machine_.fqdn)
                node.others.push_back({*other.fqdn, port_of(pool_.ports.bus)});
        node.client_tls =
            bus::TlsFiles{bus_paths_.authority, bus_paths_.certificate, bus_paths_.key};
        node.route_tls = node.client_tls;
        for (const MachineSecrets& one : secrets_.machines)
            node.users.push_back({one.fqdn, one.bus_password.copy()});
        const Result<Secret> text = bus::nats_config(node);
        if (!text)
            return pass(text.error(), *machine_.fqdn);
        add_hidden(std::string{layout::bus_settings}, std::string{text->reveal()});
        return {};
    }

    [[nodiscard]] bool names_driver() const {
        return !own_driver(secrets_.content).empty() ||
               (secrets_.compliance && !own_driver(*secrets_.compliance).empty());
    }

    /// Besides the data directory.
    [[nodiscard]] std::vector<std::string> folders_to_write() const {
        std::vector<std::string> out = database_folders(secrets_);
        const std::string data{layout::data};
        std::erase_if(out, [&](const std::string& folder) {
            return folder == data || folder.starts_with(data + "/");
        });
        return out;
    }

    const topology::Directory& topology_;
    const Pool& pool_;
    const Machine& machine_;
    const PoolSecrets& secrets_;
    const MachineSecrets* own_ = nullptr;
    PairPaths bus_paths_;
    NodeWant want_;
};

}  // namespace

Result<NodeWant> render_node(
    const topology::Directory& topology,
    const Pool& pool,
    const Machine& machine,
    const PoolSecrets& secrets,
    const NodeChoice& choice
) {
    return Rendering{topology, pool, machine, secrets}.run(choice);
}

std::string own_driver(const DatabaseAccess& access) {
    return access.target.driver == sql::default_driver(access.target.engine) ? std::string{}
                                                                             : access.target.driver;
}

std::vector<std::string> database_folders(const PoolSecrets& secrets) {
    std::vector<std::string> out;
    const auto add = [&](const DatabaseAccess& access) {
        if (access.target.engine != sql::Engine::sqlite)
            return;
        std::string folder = access.target.database.substr(0, access.target.database.rfind('/'));
        if (std::find(out.begin(), out.end(), folder) == out.end())
            out.push_back(std::move(folder));
    };
    add(secrets.content);
    if (secrets.compliance)
        add(*secrets.compliance);
    return out;
}

std::string own_store(const topology::Directory& topology, const Pool& pool) {
    const topology::FileStore* store = topology.file_store(pool.file_store);
    const bool own = store != nullptr && topology::stated(store->path) &&
                     !topology::stated(store->server) && !has_bus(pool);
    return own ? *store->path : std::string{};
}

std::vector<std::string> server_folders(
    const topology::Directory& topology, const Pool& pool, const PoolSecrets& secrets
) {
    std::vector<std::string> out = database_folders(secrets);
    if (std::string store = own_store(topology, pool); !store.empty())
        out.push_back(std::move(store));
    return out;
}

std::string local_databases(const Pool& pool, const PoolSecrets& secrets) {
    const bool content = secrets.content.target.engine == sql::Engine::sqlite;
    const bool any = secrets.compliance.has_value();
    const bool compliance = any && secrets.compliance->target.engine == sql::Engine::sqlite;
    if (!content && !compliance)
        return {};
    if (content && (compliance || !any))
        return *pool.fqdn;
    return fmt::format("{}/{}", *pool.fqdn, content ? "content" : "compliance");
}

std::int64_t session_limit(const topology::Directory& topology, const Pool& pool) {
    const topology::Number* planned = topology.planned_users(pool);
    if (planned == nullptr || !planned->given() || **planned <= 0)
        return most_sessions;
    return std::min(**planned, most_sessions);
}

std::int64_t open_file_limit(const topology::Directory& topology, const Pool& pool) {
    return session_limit(topology, pool) + other_files;
}

bool has_bus(const Pool& pool) {
    return pool.machines.items.size() > 1;
}

std::vector<NodePort> node_ports(const Pool& pool, const Machine& machine) {
    std::vector<NodePort> out{{port_of(pool.ports.https), "clients", {}}};
    if (!has_bus(pool))
        return out;
    std::vector<std::string> peers;
    for (const Machine& other : pool.machines)
        if (*other.fqdn != *machine.fqdn)
            peers.push_back(*other.fqdn);
    out.push_back({port_of(pool.ports.bus_client), "bus, from servers", peers});
    out.push_back({port_of(pool.ports.bus), "bus, from nodes", std::move(peers)});
    return out;
}

}  // namespace pchat::cli
