// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "bench/store_work.h"
#include "server/store/sql/target.h"

#include <memory>

namespace pchat::bench {

/// The same work in calls of the C library alone, with prepared statements; ends the program when
/// one fails.
class Bare {
public:
    virtual ~Bare() = default;
    /// Messages by the hundred rooms 1 to 100.
    virtual void fill_history(std::int64_t messages) = 0;
    virtual void commit(Group& work) = 0;
    /// How many rows came.
    virtual std::size_t last_50(std::int64_t room) = 0;
};

std::unique_ptr<Bare> bare_sqlite(const std::string& path);
std::unique_ptr<Bare> bare_postgresql(const sql::Target& target);

}  // namespace pchat::bench
