// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/cell.h"
#include "server/store/sql/statement.h"

#include <tuple>
#include <vector>

namespace pchat::sql {

template <class Row, class Field>
struct Column {
    std::string_view name;
    Field Row::*field;
    Part part;
    Letters letters;
};

/// A column of a Mapping. `letters` only where people's words are in it.
template <class Row, class Field>
constexpr Column<Row, Field> column(
    std::string_view name,
    Field Row::*field,
    Part part = Part::fixed,
    Letters letters = Letters::ascii
) {
    return {name, field, part, letters};
}

/// Which table and columns an entity is; specialised beside the store of its noun:
///   static constexpr std::string_view table = "room";
///   static constexpr auto columns = std::tuple{column("id", &Room::id, Part::key), ...};
template <class Row>
struct Mapping;

template <class Row>
concept Mapped = requires {
    Mapping<Row>::table;
};

/// The same without the types, for what is generated from it.
template <Mapped Row>
const Table& table_of() {
    static const Table table = std::apply(
        [](const auto&... columns) {
            return Table{
                Mapping<Row>::table, {TableColumn{columns.name, columns.part, columns.letters}...}};
        },
        Mapping<Row>::columns
    );
    return table;
}

/// What a query gives: a mapped entity (all its columns), or a single value.
template <class Row>
struct RowShape {
    static std::vector<Cell> cells() { return {Cell{Travel<Row>::type, false, 0, {}}}; }
    static Row read(std::vector<Cell>& cells) {
        Row out{};
        Travel<Row>::in(cells[0], out);
        return out;
    }
};

template <Mapped Row>
struct RowShape<Row> {
    static std::vector<Cell> cells() {
        return std::apply(
            [](const auto&... column) { return std::vector<Cell>{cell_for(column)...}; },
            Mapping<Row>::columns
        );
    }
    static Row read(std::vector<Cell>& cells) {
        Row out{};
        auto cell = cells.begin();
        std::apply(
            [&](const auto&... column) { (take(*cell++, out.*(column.field)), ...); },
            Mapping<Row>::columns
        );
        return out;
    }
    /// Writes the columns of the given parts behind `cell`, which is moved past them.
    static void write(const Row& row, std::vector<Cell>::iterator& cell, Part from, Part to) {
        std::apply(
            [&](const auto&... column) {
                ((column.part >= from && column.part <= to ? give(row.*(column.field), *cell++)
                                                           : void()),
                 ...);
            },
            Mapping<Row>::columns
        );
    }

private:
    template <class Field>
    static Cell cell_for(const Column<Row, Field>&) {
        return Cell{Travel<Field>::type, false, 0, {}};
    }
    template <class Field>
    static void take(Cell& cell, Field& field) {
        Travel<Field>::in(cell, field);
    }
    template <class Field>
    static void give(const Field& field, Cell& cell) {
        cell.null = false;
        Travel<Field>::out(field, cell);
    }
};

}  // namespace pchat::sql
