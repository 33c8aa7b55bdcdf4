// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/bus/nats_ear.h"
#include "server/bus/nats_options.h"

#include <cstddef>
#include <memory>
#include <string>

namespace pchat::bus {

/// One connection to a nats-server, from sign-in to its end; it does not mend itself. The only
/// place that knows cnats. For one thread at a time; whatever arrives goes to the ear.
class NatsLink {
public:
    /// Waits, in a TLS handshake even without limit.
    static Result<std::unique_ptr<NatsLink>> open(
        std::shared_ptr<const NatsOptions> options, const NodeAddress& node, NatsEar& ear
    );
    ~NatsLink();
    NatsLink(const NatsLink&) = delete;
    NatsLink& operator=(const NatsLink&) = delete;
    NatsLink(NatsLink&&) = delete;
    NatsLink& operator=(NatsLink&&) = delete;

    [[nodiscard]] std::size_t max_payload() const;
    [[nodiscard]] bool closed() const;

    // A failure means that the link is of no use any more.
    Result<void> publish(const std::string& subject, const std::string& bytes);
    Result<void> subscribe(const std::string& subject);
    Result<void> unsubscribe(const std::string& subject);
    /// Everything so far has reached the node.
    Result<void> flush();
    /// Why it was closed.
    [[nodiscard]] Error trouble() const;

private:
    struct Body;
    explicit NatsLink(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace pchat::bus
