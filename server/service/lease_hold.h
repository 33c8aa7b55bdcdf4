// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/deployment.h"
#include "server/service/commit_queue.h"
#include "server/store/content_database.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace pchat {

/// Something that one server of the pool does at a time.
class LeaseHold {
public:
    LeaseHold(
        ContentDatabase& content,
        std::string name,
        Life life,
        const std::string& server_name,
        std::chrono::microseconds lifetime
    );

    /// Waits. Whether it is ours from now on, for a lifetime.
    Result<bool> take();
    /// In the transaction that writes by it, so that what is written is still ours to write: a
    /// lifetime more. False when another server has had it since take().
    Result<bool> renew(ContentTransaction& tx);
    /// Waits. So that another server need not wait until it runs out.
    void let_go();
    /// The same, with what else is written.
    Result<void> let_go(ContentTransaction& tx);
    /// Higher than that of whoever had it before.
    [[nodiscard]] std::int64_t fencing_token() const { return lease_.fencing_token; }

private:
    ContentDatabase& content_;
    Lease lease_;
    std::chrono::microseconds lifetime_;
};

}  // namespace pchat
