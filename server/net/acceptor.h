// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/connection_set.h"
#include "server/net/listening_socket.h"
#include "server/net/socket.h"

#include <memory>
#include <vector>

namespace pchat::net {

/// Takes connections from the kernel and deals them out to the threads in turn. Lives on the first
/// thread of the pool.
class Acceptor : public Waiter, public std::enable_shared_from_this<Acceptor> {
public:
    Acceptor(
        IoThread& thread,
        Descriptor listening,
        Doorkeeper& doorkeeper,
        const std::vector<std::unique_ptr<ConnectionSet>>& sets
    );
    void start();
    void stop();

private:
    void ready_to_read() override;
    void ready_to_write() override {}
    void wait();
    void take(Accepted accepted);
    void rest(int error);

    IoThread& thread_;
    Socket listening_;
    Doorkeeper& doorkeeper_;
    const std::vector<std::unique_ptr<ConnectionSet>>& sets_;
    std::size_t next_ = 0;
    bool stopped_ = false;
    bool out_of_room_ = false;
};

}  // namespace pchat::net
