// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/database.h"
#include "server/store/sql/provision.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <vector>

namespace pchat::test {

/// The engines whose server is there.
std::vector<sql::Engine> engines();

/// An empty database, dropped at the end.
class EmptyDatabase {
public:
    explicit EmptyDatabase(sql::Engine engine);
    ~EmptyDatabase();
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;
    EmptyDatabase(EmptyDatabase&&) = delete;
    EmptyDatabase& operator=(EmptyDatabase&&) = delete;

    [[nodiscard]] sql::Target target() const;

private:
    TempDir dir_;
    sql::Engine engine_;
    std::string name_;
};

/// A name that no other test uses.
std::string fresh_name(const std::string& begin);

/// Runs one statement; its error as a value.
Result<void> run(sql::Database& database, const std::string& statement);

/// The number that a query gives; fails the test where it gives none.
int number(sql::Database& database, const std::string& query);

}  // namespace pchat::test
