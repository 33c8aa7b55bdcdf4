// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/bus/inbox.h"
#include "server/bus/nats_attempt.h"
#include "server/bus/nats_ear.h"
#include "server/bus/nats_options.h"
#include "server/bus/outgoing.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pchat::bus {

/// One end of a pool's bus, over NATS. It links as soon as one of the nodes is there, and again
/// whenever that one goes. One thread connects and sends: what is said while it waits for the
/// node's answer goes out together, so batches are as large as they have to be. Another thread
/// (Inbox) calls the listener.
class NatsBus final : public Bus, private NatsEvents {
public:
    /// Fails for options that cannot be right; not because no node is there.
    static Result<std::unique_ptr<NatsBus>> start(
        NatsOptions options, BusListener& listener, const Clock& clock
    );
    ~NatsBus() override;
    NatsBus(const NatsBus&) = delete;
    NatsBus& operator=(const NatsBus&) = delete;
    NatsBus(NatsBus&&) = delete;
    NatsBus& operator=(NatsBus&&) = delete;

    void publish(std::string subject, std::string bytes) noexcept override;
    void subscribe(std::string subject) override;
    void unsubscribe(const std::string& subject) override;
    [[nodiscard]] BusStatus status() const override;
    [[nodiscard]] bool settle(std::chrono::milliseconds limit) override;
    /// Waits for a node that does not answer, for at most twice the patience and a second.
    void stop() override;

private:
    NatsBus(NatsOptions options, BusListener& listener, const Clock& clock);

    void heard(std::string_view subject, std::string_view bytes) override;
    void overrun() override;
    void complained(std::string text) override;
    void changed() override { outgoing_.wake(); }

    void run();
    /// Tries a node until it answers, or twice the patience is over.
    NatsAttempt::Outcome connect(std::size_t node);
    /// Until the link breaks or this bus stops.
    Result<void> serve(NatsLink& link, const NodeAddress& node);
    Result<void> restore(NatsLink& link);
    Result<void> send(NatsLink& link, const Outgoing::Taken& taken);
    bool refuses(const Outgoing::Item& item, std::size_t largest);
    void note_linked(const NodeAddress& node);
    void note_failure(std::size_t node, const Error& error);
    void pause_before_next_round(const Error& last);

    const std::shared_ptr<const NatsOptions> options_;
    const Clock& clock_;
    Outgoing outgoing_;
    Inbox inbox_;
    NatsEar& ear_;
    Guarded<BusStatus> status_;
    std::vector<std::shared_ptr<NatsAttempt>> attempts_;  // for each node; one that hangs stays
    std::vector<std::string> said_;  // of each node, in the log, since there was a link
    bool refusal_said_ = false;
    std::uint64_t links_ = 0;
    std::thread thread_;
};

}  // namespace pchat::bus
