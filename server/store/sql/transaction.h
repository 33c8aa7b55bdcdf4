// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/mapping.h"
#include "server/store/sql/statement.h"
#include "server/store/visit.h"

#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pchat::sql {

class Prepared;
class Session;

/// What it means that a row to be inserted is there: an error, or that another transaction was
/// faster since we looked, so that ours runs again.
enum class Race : std::uint8_t { lost, again };

/// What the stores run their statements through: the only way to one. After the first failure
/// nothing more is sent, since PostgreSQL would refuse it and others would do half; the database
/// wrapper rolls back whatever the caller makes of the error.
class Transaction {
public:
    Transaction(Session& session, std::string_view doing) : session_(session), doing_(doing) {}

    /// Runs; how many rows it changed.
    template <class... In>
    Result<std::int64_t> change(const Statement& statement, const In&... in) {
        race_ = Race::lost;
        return guarded([&]() -> Result<std::int64_t> {
            return run_change(prepare(statement, {}, in...));
        });
    }

    /// Runs, whatever it changes.
    template <class... In>
    Result<void> run(const Statement& statement, const In&... in) {
        const Result<std::int64_t> changed = change(statement, in...);
        return changed ? Result<void>{} : Result<void>{pass(changed.error())};
    }

    template <class Row, class... In>
    Result<std::optional<Row>> one(const Statement& statement, const In&... in) {
        return guarded([&]() -> Result<std::optional<Row>> {
            std::optional<Row> out;
            Prepared& query = prepare(statement, RowShape<Row>::cells(), in...);
            run_query(query, [&](std::vector<Cell>& cells) {
                if (!out)
                    out = RowShape<Row>::read(cells);
                return true;
            });
            return out;
        });
    }

    template <class Row, class... In>
    Result<std::vector<Row>> list(const Statement& statement, const In&... in) {
        return guarded([&]() -> Result<std::vector<Row>> {
            std::vector<Row> out;
            Prepared& query = prepare(statement, RowShape<Row>::cells(), in...);
            run_query(query, [&](std::vector<Cell>& cells) {
                out.push_back(RowShape<Row>::read(cells));
                return true;
            });
            return out;
        });
    }

    /// Row by row, without holding them all.
    template <class Row>
    Result<void> each(const Statement& statement, const Visit<Row>& visit) {
        return guarded([&]() -> Result<void> {
            Result<void> done;
            stream(statement, RowShape<Row>::cells(), [&](std::vector<Cell>& cells) {
                done = visit(RowShape<Row>::read(cells));
                return done.has_value();
            });
            return done;
        });
    }

    /// With as few statements as the engines allow.
    template <Mapped Row>
    Result<void> insert(std::span<const Row> rows, Race race = Race::lost) {
        race_ = race;
        return guarded([&]() -> Result<void> {
            for (const std::size_t size : insert_sizes(table_of<Row>()))
                for (; rows.size() >= size; rows = rows.subspan(size)) {
                    Prepared& statement =
                        prepare_insert(table_of<Row>(), size, RowShape<Row>::cells());
                    auto cell = cells_of(statement).begin();
                    for (const Row& row : rows.first(size))
                        RowShape<Row>::write(row, cell, Part::key, Part::fixed);
                    run_change(statement);
                }
            return {};
        });
    }

    /// Writes the free columns of the row with that key and revision; how many there were.
    template <Mapped Row>
    Result<std::int64_t> update(const Row& row) {
        race_ = Race::lost;
        return guarded([&]() -> Result<std::int64_t> {
            Prepared& statement = prepare_update(table_of<Row>(), RowShape<Row>::cells());
            auto cell = cells_of(statement).begin();
            RowShape<Row>::write(row, cell, Part::free, Part::free);
            RowShape<Row>::write(row, cell, Part::key, Part::revision);
            return run_change(statement);
        });
    }

    /// `update`, or `insert` where there is none. When another transaction inserts it in between,
    /// the whole transaction runs again.
    template <Mapped Row>
    Result<void> put(const Row& row) {
        const Result<std::int64_t> updated = update(row);
        if (!updated)
            return pass(updated.error());
        if (*updated > 0)
            return {};
        return insert(std::span<const Row>{&row, 1}, Race::again);
    }

    /// Throws what failed first, for whoever decides about rollback and another attempt.
    void rethrow() const {
        if (thrown_)
            std::rethrow_exception(thrown_);
    }

private:
    /// Takes a row; whether more are wanted.
    using Take = std::function<bool(std::vector<Cell>&)>;

    template <class F>
    auto guarded(F&& body) -> decltype(body()) {
        if (thrown_)
            return pass(Error{error_});
        try {
            return body();
        } catch (...) {
            note_failure();
            return pass(Error{error_});
        }
    }

    template <class... In>
    Prepared& prepare(const Statement& statement, std::vector<Cell> out, const In&... in) {
        Prepared& made =
            prepare_statement(statement, {Cell{Travel<In>::type, false, 0, {}}...}, std::move(out));
        [[maybe_unused]] auto cell = cells_of(made).begin();
        ((cell->null = false, Travel<In>::out(in, *cell), ++cell), ...);
        return made;
    }

    /// All values at once.
    Prepared& prepare(const Statement& statement, std::vector<Cell> out, const Values& in);

    Prepared& prepare_statement(
        const Statement& statement, std::vector<Cell> in, std::vector<Cell> out
    );
    Prepared& prepare_insert(const Table& table, std::size_t rows, std::vector<Cell> row);
    Prepared& prepare_update(const Table& table, std::vector<Cell> row);
    static std::vector<Cell>& cells_of(Prepared& statement);
    static std::int64_t run_change(Prepared& statement);
    /// Whether `take` wanted them all.
    static bool run_query(Prepared& query, const Take& take);
    void stream(const Statement& statement, std::vector<Cell> out, const Take& take);
    void stream_by_cursor(const Statement& statement, std::vector<Cell> out, const Take& take);
    void note_failure();

    Session& session_;
    std::string_view doing_;
    int streams_ = 0;         // one within the other
    Race race_ = Race::lost;  // of the statement that runs; nothing follows one that failed
    std::exception_ptr thrown_;
    Error error_;
};

/// For an `update` that must have found its row as it was.
Result<void> unless_changed(const Result<std::int64_t>& updated, std::string_view what);

}  // namespace pchat::sql
