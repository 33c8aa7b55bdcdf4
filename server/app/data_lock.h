// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace pchat::app {

/// Keeps a second server off a data directory for as long as it lives; goes with the process,
/// however that ends.
class DataLock {
public:
    /// `conflict` names the process that holds it. Each program has a lock of its own: whoever
    /// starts a server keeps others from doing so, and the server is told by its own.
    static Result<std::unique_ptr<DataLock>> take(
        const std::string& folder, std::string_view program = "pchatd"
    );
    /// Where it is; the file stays when nobody holds it.
    static std::string file(const std::string& folder, std::string_view program);

    ~DataLock();
    DataLock(const DataLock&) = delete;
    DataLock& operator=(const DataLock&) = delete;

private:
    explicit DataLock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace pchat::app
