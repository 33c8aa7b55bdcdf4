// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/local_server/certificates.h"
#include "server/app/data_lock.h"

#include <memory>
#include <string>

namespace pchat::cli {

/// The directory of one local server: everything that it keeps, and nothing else.
class DataDirectory {
public:
    /// Makes it (mode 0700), or takes one that is empty or was made by us. `conflict` names who
    /// holds it; held until this object goes.
    static Result<DataDirectory> take(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }  // absolute
    [[nodiscard]] std::string database() const { return path_ + "/content.db"; }
    [[nodiscard]] std::string admin_password() const { return path_ + "/admin-password"; }
    [[nodiscard]] std::string admin_token() const { return path_ + "/admin-token"; }
    [[nodiscard]] std::string settings() const { return path_ + "/pchatd.yaml"; }
    [[nodiscard]] CertificateFiles certificates() const;

    /// Fails while a pchatd works in it that outlived whoever started it.
    [[nodiscard]] Result<void> check_unused() const;

private:
    DataDirectory(std::string path, std::unique_ptr<app::DataLock> lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::string path_;
    std::unique_ptr<app::DataLock> lock_;
};

/// As DataDirectory would call it, without touching anything.
std::string absolute_path(const std::string& path);

}  // namespace pchat::cli
