// SPDX-License-Identifier: Apache-2.0
#include "server/net/listener.h"

#include "server/net/acceptor.h"
#include "server/net/connection_set.h"
#include "server/net/listening_socket.h"

#include <utility>
#include <vector>

namespace pchat::net {
namespace {

class PoolListener : public Listener {
public:
    PoolListener(
        IoPool& pool,
        Descriptor listening,
        std::shared_ptr<TlsContext> tls,
        const ConnectionLimits& limits,
        WebSite& site
    )
        : thread_(pool[0]),
          port_(port_of(listening)), premises_{limits, std::move(tls), site, Doorkeeper{limits}} {
        for (std::size_t i = 0; i < pool.size(); ++i)
            sets_.push_back(std::make_unique<ConnectionSet>(pool[i], premises_));
        acceptor_ =
            std::make_shared<Acceptor>(thread_, std::move(listening), premises_.doorkeeper, sets_);
        acceptor_->start();
    }
    // The threads have ended: nobody else uses the socket.
    ~PoolListener() override { acceptor_->stop(); }
    PoolListener(const PoolListener&) = delete;
    PoolListener& operator=(const PoolListener&) = delete;

    [[nodiscard]] std::uint16_t port() const override { return port_; }

    void stop_accepting() override {
        thread_.post([acceptor = acceptor_] { acceptor->stop(); });
    }

    [[nodiscard]] ListenerCounts counts() const override {
        ListenerCounts counts;
        premises_.doorkeeper.add_to(counts);
        for (const auto& set : sets_)
            set->add_to(counts);
        return counts;
    }

private:
    IoThread& thread_;
    std::uint16_t port_;
    Premises premises_;
    std::vector<std::unique_ptr<ConnectionSet>> sets_;
    std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen(
    IoPool& pool,
    const ListenAt& at,
    std::shared_ptr<TlsContext> tls,
    const ConnectionLimits& limits,
    WebSite& site
) {
    auto socket = listening_socket(at, limits);
    if (!socket)
        return pass(std::move(socket).error());
    return std::make_unique<PoolListener>(pool, std::move(*socket), std::move(tls), limits, site);
}

}  // namespace pchat::net
