// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <string>

namespace pchat::test {

/// Another process that holds an SQLite file for itself, as a tool that copies or repairs it does.
class SqliteHolder {
public:
    explicit SqliteHolder(const std::string& file);
    ~SqliteHolder();
    SqliteHolder(const SqliteHolder&) = delete;
    SqliteHolder& operator=(const SqliteHolder&) = delete;
    SqliteHolder(SqliteHolder&&) = delete;
    SqliteHolder& operator=(SqliteHolder&&) = delete;

private:
    pid_t child_;
    int end_ = -1;  // the child lives until this is closed
};

}  // namespace pchat::test
