// SPDX-License-Identifier: Apache-2.0
#include "tests/support/nats_server.h"

#include "tests/support/child_program.h"
#include "tests/support/skip.h"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* program = "/usr/sbin/nats-server";
constexpr int most_tries = 5;  // for ports that nobody takes before the node does

std::string host_of(const bus::NodeAddress& address) {
    return address.host.empty() ? "127.0.0.1" : address.host;
}

}  // namespace

bus::NatsNode copy(const bus::NatsNode& node) {
    bus::NatsNode out;
    out.name = node.name;
    out.cluster = node.cluster;
    out.clients = node.clients;
    out.routes = node.routes;
    out.others = node.others;
    out.client_tls = node.client_tls;
    out.route_tls = node.route_tls;
    for (const bus::NatsUser& user : node.users)
        out.users.push_back({user.name, user.password.copy()});
    out.max_payload = node.max_payload;
    return out;
}

bool NatsServer::installed() {
    const bool out = fs::exists(program);
    if (!out)
        skip(fmt::format("there is no {} (Debian: nats-server)", program));
    return out;
}

std::unique_ptr<NatsServer> NatsServer::start(bus::NatsNode node) {
    if (!installed())
        return nullptr;
    if (node.name.empty())
        node.name = "node";
    node.clients.host = host_of(node.clients);
    std::string last;
    for (int tries = 0; tries < most_tries; ++tries) {
        std::unique_ptr<NatsServer> out{new NatsServer{copy(node)}};
        out->node_.clients.port = free_port();
        if (out->try_start())
            return out;
        last = out->log();
    }
    throw std::runtime_error("nats-server does not start: " + last);
}

std::vector<std::unique_ptr<NatsServer>> NatsServer::start_cluster(
    const std::vector<std::string>& names, const bus::NatsNode& node
) {
    std::string last;
    for (int tries = 0; tries < most_tries; ++tries) {
        bus::NatsNode common = copy(node);
        common.cluster = "pool";
        common.clients.host = host_of(common.clients);
        for (std::size_t i = 0; i < names.size(); ++i)
            common.others.push_back({common.clients.host, free_port()});
        std::vector<std::unique_ptr<NatsServer>> out;
        for (std::size_t i = 0; i < names.size(); ++i) {
            out.emplace_back(new NatsServer{copy(common)});
            out[i]->node_.name = names[i];
            out[i]->node_.clients.port = free_port();
            out[i]->node_.routes = common.others[i];
            if (!out[i]->try_start()) {
                last = out[i]->log();
                break;
            }
            if (i + 1 == names.size())
                return out;
        }
    }
    throw std::runtime_error("the nodes of nats-server do not start: " + last);
}

NatsServer::~NatsServer() {
    signal(SIGCONT);
    kill9();
}

std::string NatsServer::log() const {
    return read_file(dir_.path() / "log");
}

bool NatsServer::try_start() {
    const Result<Secret> config = bus::nats_config(node_);
    if (!config)
        throw std::runtime_error(config.error().message);
    const fs::path file = dir_.write("nats.conf", std::string{config->reveal()});
    pid_ = start_program(dir_.path() / "log", {program, "-c", file.string()});
    return wait_for_port(pid_, node_.clients.port);
}

void NatsServer::signal(int number) const {
    if (pid_ > 0)
        ::kill(pid_, number);
}

void NatsServer::kill9() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    wait_for_program(std::exchange(pid_, 0));
}

void NatsServer::restart() {
    if (pid_ == 0 && !try_start())
        throw std::runtime_error("nats-server does not start again: " + log());
}

}  // namespace pchat::test
