// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/nats_config.h"
#include "tests/support/temp_dir.h"

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// A private nats-server with a temporary directory; ends with this object.
class NatsServer {
public:
    /// Whether there is one to start. Prints SKIPPED if not, and fails the test when
    /// PCHAT_TEST_REQUIRE=all.
    static bool installed();
    /// A node alone, on a free port of the loopback address; nothing where it is not installed.
    static std::unique_ptr<NatsServer> start(bus::NatsNode node = {});
    /// As many nodes as `names`, linked with each other; `node` is what they have in common.
    static std::vector<std::unique_ptr<NatsServer>> start_cluster(
        const std::vector<std::string>& names, const bus::NatsNode& node
    );

    ~NatsServer();
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;
    NatsServer(NatsServer&&) = delete;
    NatsServer& operator=(NatsServer&&) = delete;

    [[nodiscard]] const bus::NodeAddress& address() const { return node_.clients; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::string log() const;
    void signal(int number) const;
    /// As if its machine was switched off.
    void kill9();
    /// After its end: on the same ports.
    void restart();

private:
    explicit NatsServer(bus::NatsNode node) : node_(std::move(node)) {}
    /// False when it ended at once: somebody else has one of its ports.
    bool try_start();

    TempDir dir_;
    bus::NatsNode node_;
    pid_t pid_ = 0;
};

/// The same again, for the next node.
bus::NatsNode copy(const bus::NatsNode& node);

}  // namespace pchat::test
