// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/bus/rig.h"

#include "tests/integration/bus/recorder.h"

#include <stdexcept>
#include <thread>
#include <utility>

namespace pchat::test {
namespace {

const SystemClock system_clock_of_tests;

class LocalRig : public Rig {
public:
    std::unique_ptr<bus::Bus> join(bus::BusListener& listener, bus::Bounds bounds) override {
        auto out = bus_.join(listener, bounds);
        ends_.push_back(out.get());
        return out;
    }
    void take_away() override {
        for (const bus::Bus* end : ends_)
            bus_.cut(*end);
    }
    void bring_back() override {
        for (const bus::Bus* end : ends_)
            bus_.mend(*end);
    }

private:
    bus::LocalBus bus_{system_clock_of_tests, max_payload};
    std::vector<const bus::Bus*> ends_;
};

class NatsRig : public Rig {
public:
    explicit NatsRig(std::unique_ptr<NatsServer> node) : node_(std::move(node)) {}

    std::unique_ptr<bus::Bus> join(bus::BusListener& listener, bus::Bounds bounds) override {
        bus::NatsOptions options = options_for({node_->address()});
        options.bounds = bounds;
        auto made = bus::NatsBus::start(std::move(options), listener, system_clock_of_tests);
        if (!made)
            throw std::runtime_error(made.error().message);
        if (!until([&] { return (*made)->status().linked; }))
            throw std::runtime_error("no link: " + (*made)->status().error);
        return std::move(*made);
    }
    void take_away() override { node_->kill9(); }
    void bring_back() override { node_->restart(); }

private:
    std::unique_ptr<NatsServer> node_;
};

}  // namespace

std::unique_ptr<Rig> make_rig(const std::string& kind) {
    if (kind == "local")
        return std::make_unique<LocalRig>();
    bus::NatsNode node;
    node.max_payload = Rig::max_payload;
    auto server = NatsServer::start(std::move(node));
    return server ? std::make_unique<NatsRig>(std::move(server)) : nullptr;
}

bus::NatsOptions options_for(const std::vector<bus::NodeAddress>& nodes) {
    bus::NatsOptions out;
    out.nodes = nodes;
    out.name = "test";
    return out;
}

bool until(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + long_enough;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

}  // namespace pchat::test
