// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/probe_checks.h"

#include "server/store/sql/quote.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::sql {
namespace {

using Statements = std::vector<std::string>;

bool is_secret(const Wanted& wanted, const ProbeTable& table) {
    const std::vector<std::string>& secret = secret_tables();
    return wanted.purpose == Purpose::content &&
           std::find(secret.begin(), secret.end(), table.name) != secret.end();
}

// Rights are asked for before the condition is: no row is touched, and none locked.
std::string select(Engine engine, const ProbeTable& table) {
    return fmt::format("SELECT count(*) FROM {} WHERE 1 = 0", quoted_name(engine, table.name));
}

std::string insert(Engine engine, const ProbeTable& table) {
    return fmt::format(
        "INSERT INTO {0} SELECT * FROM {0} WHERE 1 = 0", quoted_name(engine, table.name)
    );
}

std::string update(Engine engine, const ProbeTable& table) {
    return fmt::format(
        "UPDATE {0} SET {1} = {1} WHERE 1 = 0",
        quoted_name(engine, table.name),
        quoted_name(engine, table.first_column)
    );
}

std::string remove(Engine engine, const ProbeTable& table) {
    return fmt::format("DELETE FROM {} WHERE 1 = 0", quoted_name(engine, table.name));
}

// Collects the checks of one login.
class Checks {
public:
    Checks(const Wanted& wanted, const NamedLogin& login, std::vector<ProbeCheck>& into)
        : engine_(wanted.target.engine), login_(login), into_(into) {}

    void may(std::string what, Statements statements, bool together = false) {
        add(std::move(what), std::move(statements), true, together);
    }
    void may_not(std::string what, Statements statements) {
        add(std::move(what), std::move(statements), false, false);
    }
    template <class Make>
    Statements each(const std::vector<ProbeTable>& tables, Make&& make) const {
        Statements out;
        for (const ProbeTable& table : tables)
            out.push_back(make(engine_, table));
        return out;
    }
    void may_not_define() {
        const std::string_view column = engine_ == Engine::sqlserver ? "ADD" : "ADD COLUMN";
        may_not("create a table", {"CREATE TABLE pchat_probe (x INTEGER)"});
        may_not(
            "alter a table", {fmt::format("ALTER TABLE deployment {} pchat_probe INTEGER", column)}
        );
        may_not("drop a table", {"DROP TABLE deployment"});
    }

private:
    void add(std::string what, Statements statements, bool allowed, bool together) {
        if (statements.empty())
            return;
        into_.push_back(
            {std::string{login_.role},
             login_.login->user,
             std::move(what),
             allowed,
             together,
             std::move(statements)}
        );
    }

    Engine engine_;
    NamedLogin login_;
    std::vector<ProbeCheck>& into_;
};

void owner_checks(Checks& checks, Engine engine) {
    const std::string_view column = engine == Engine::sqlserver ? "ADD" : "ADD COLUMN";
    checks.may(
        "create, alter and drop a table",
        {"CREATE TABLE pchat_probe (x INTEGER)",
         fmt::format("ALTER TABLE pchat_probe {} y INTEGER", column),
         "DROP TABLE pchat_probe"},
        true
    );
}

const Statements& write_a_row() {
    static const Statements statements{
        "INSERT INTO deployment (name, value) VALUES ('pchat_probe', 'a')",
        "UPDATE deployment SET value = 'b' WHERE name = 'pchat_probe'",
        "DELETE FROM deployment WHERE name = 'pchat_probe'"};
    return statements;
}

void run_checks(Checks& checks, const std::vector<ProbeTable>& tables, bool limited) {
    std::vector<ProbeTable> ours;
    std::vector<ProbeTable> migrations;
    for (const ProbeTable& table : tables)
        (table.name == "schema_migration" ? migrations : ours).push_back(table);
    checks.may("select from every table", checks.each(tables, select));
    checks.may("insert into every table", checks.each(ours, insert));
    checks.may("update every table", checks.each(ours, update));
    checks.may("delete from every table", checks.each(ours, remove));
    if (!ours.empty())
        checks.may("write, change and remove a row", write_a_row(), true);
    if (!limited || tables.empty())
        return;
    for (const auto make : {insert, update, remove})
        checks.may_not("write to schema_migration", checks.each(migrations, make));
    checks.may_not_define();
}

void reader_checks(
    Checks& checks, const Wanted& wanted, const std::vector<ProbeTable>& tables, bool limited
) {
    std::vector<ProbeTable> open;
    std::vector<ProbeTable> secret;
    for (const ProbeTable& table : tables)
        (is_secret(wanted, table) ? secret : open).push_back(table);
    checks.may("select from every table without secrets", checks.each(open, select));
    if (!limited || tables.empty())
        return;
    checks.may_not("select from tables with secrets", checks.each(secret, select));
    checks.may_not("insert into any table", checks.each(tables, insert));
    checks.may_not("update any table", checks.each(tables, update));
    checks.may_not("delete from any table", checks.each(tables, remove));
    checks.may_not_define();
}

}  // namespace

std::vector<NamedLogin> logins_to_probe(const Wanted& wanted) {
    std::vector<NamedLogin> out{{"owner", &owner_of(wanted)}};
    if (wanted.logins.run)
        out.push_back({"run", &*wanted.logins.run});
    if (wanted.logins.reader)
        out.push_back({"reader", &*wanted.logins.reader});
    return out;
}

std::vector<ProbeCheck> login_checks(const Wanted& wanted, const std::vector<ProbeTable>& tables) {
    std::vector<ProbeCheck> out;
    for (const NamedLogin& login : logins_to_probe(wanted)) {
        Checks checks{wanted, login, out};
        if (login.role == "owner")
            owner_checks(checks, wanted.target.engine);
        else if (login.role == "run")
            run_checks(checks, tables, needs_grants(wanted, wanted.logins.run) != nullptr);
        else
            reader_checks(
                checks, wanted, tables, needs_grants(wanted, wanted.logins.reader) != nullptr
            );
    }
    return out;
}

}  // namespace pchat::sql
