// SPDX-License-Identifier: Apache-2.0
// The right side of a picture: databases with their mirrors and witnesses, and file stores.
#include "base/unicode.h"
#include "topology/picture_builder.h"

#include <fmt/format.h>

namespace pchat::topology {

namespace {

std::string_view words(SqlEdition edition) {
    switch (edition) {
    case SqlEdition::express:
        return " Express";
    case SqlEdition::standard:
        return " Standard";
    case SqlEdition::enterprise:
        return " Enterprise";
    }
    return "";
}

std::string engine_line(const SqlInstance& instance) {
    if (!instance.engine.given())
        return "engine not stated";
    std::string line;
    switch (*instance.engine) {
    case Engine::sqlserver:
        line = "SQL Server";
        break;
    case Engine::postgresql:
        line = "PostgreSQL";
        break;
    case Engine::sqlite:
        return "SQLite";
    }
    if (!instance.version->empty())
        line += " " + printable(*instance.version);
    if (*instance.engine == Engine::sqlserver && instance.edition.given())
        line += words(*instance.edition);
    return line;
}

std::string place_line(const SqlInstance& instance) {
    if (instance.engine.given() && *instance.engine == Engine::sqlite)
        return printable(*instance.path);
    std::string line = printable(*instance.server);
    if (!instance.instance->empty())
        line += "\\" + printable(*instance.instance);
    if (instance.port.given())
        line += fmt::format(":{}", *instance.port);
    return line;
}

std::string_view availability_line(const SqlInstance& instance) {
    if (!instance.availability.given())
        return "";
    switch (*instance.availability) {
    case Availability::cluster:
        return "failover cluster";
    case Availability::availability_group:
        return "availability group";
    case Availability::mirroring:
    case Availability::none:
        return "";
    }
    return "";
}

std::string share_line(const FileStore& store) {
    if (store.server->empty())
        return "";
    return fmt::format(R"(\\{}\{})", printable(*store.server), printable(*store.share));
}

Box store_box(const FileStore& store, std::size_t group, std::size_t row) {
    return {
        .kind = BoxKind::file_store,
        .title = printable(*store.name),
        .lines = {share_line(store), printable(*store.path)},
        .group = group,
        .row = row};
}

}  // namespace

std::size_t PictureBuilder::database_frame(const std::string& data_center) {
    const auto [found, is_new] = frames_.try_emplace({band_, data_center}, 0);
    if (is_new)
        found->second = add_group(
            {.kind = GroupKind::databases,
             .title = data_center.empty() ? "Databases" : "Databases in " + printable(data_center),
             .band = band_}
        );
    return found->second;
}

std::size_t PictureBuilder::database_box(const SqlInstance& instance, std::size_t group) {
    Box box{.kind = BoxKind::database, .title = printable(*instance.name), .group = group};
    box.lines = {
        engine_line(instance), place_line(instance), std::string{availability_line(instance)}};
    for (const Text& other : instance.other_databases)
        box.lines.push_back("also holds " + printable(*other));
    const std::size_t index = add_box(std::move(box));
    instances_.emplace(&instance, index);
    return index;
}

void PictureBuilder::add_databases(const Pool& pool, std::size_t frame) {
    const Databases& databases = pool.databases;
    connect_database(frame, databases.content, EdgeKind::database, "content");
    connect_database(frame, databases.compliance, EdgeKind::database, "compliance");
    connect_database(frame, databases.backup_content, EdgeKind::backup, "backup of content");
    connect_database(frame, databases.backup_compliance, EdgeKind::backup, "backup of compliance");
}

void PictureBuilder::connect_database(
    std::size_t frame, const Text& name, EdgeKind kind, std::string label
) {
    if (name->empty())
        return;
    std::size_t box = 0;
    const SqlInstance* instance = all_.sql(name);
    if (instance == nullptr) {
        box = missing_box(name, database_frame({}));
    } else if (const auto placed = instances_.find(instance); placed != instances_.end()) {
        box = placed->second;
    } else {
        box = database_box(*instance, database_frame(*instance->data_center));
        picture_.boxes[box].row = rows_++;
        add_partners(*instance, box);
    }
    connect(
        {.from = {End::What::group, frame},
         .to = {End::What::box, box},
         .kind = kind,
         .label = std::move(label)}
    );
}

void PictureBuilder::add_partners(const SqlInstance& instance, std::size_t box) {
    std::size_t beside = box;
    std::size_t rank = picture_.boxes[box].rank + 1;
    if (!instance.mirror->empty()) {
        beside = partner_box(instance, box, instance.mirror, rank++);
        connect({{End::What::box, box}, {End::What::box, beside}, EdgeKind::mirror, "mirror"});
    }
    if (!instance.witness->empty()) {
        const std::size_t witness = partner_box(instance, box, instance.witness, rank);
        connect({{End::What::box, beside}, {End::What::box, witness}, EdgeKind::witness, "witness"}
        );
    }
}

std::size_t PictureBuilder::partner_box(
    const SqlInstance& instance, std::size_t of, const Text& name, std::size_t rank
) {
    const SqlInstance* partner = all_.sql(name);
    const auto placed = instances_.find(partner);
    if (partner != nullptr && placed != instances_.end())
        return placed->second;
    const std::size_t group = picture_.boxes[of].group;
    const std::size_t box =
        partner != nullptr ? database_box(*partner, group) : missing_box(name, group);
    // The frame tells the data center of the database in use; a partner elsewhere says so itself.
    if (partner != nullptr && !partner->data_center->empty() &&
        *partner->data_center != *instance.data_center)
        picture_.boxes[box].lines.push_back("in " + printable(*partner->data_center));
    picture_.boxes[box].row = picture_.boxes[of].row;
    picture_.boxes[box].rank = rank;
    return box;
}

void PictureBuilder::add_file_store(const Pool& pool, std::size_t frame) {
    if (pool.file_store->empty())
        return;
    const FileStore* store = all_.file_store(pool.file_store);
    std::size_t box = 0;
    if (const auto placed = stores_.find(store); store != nullptr && placed != stores_.end()) {
        box = placed->second;
    } else {
        const std::size_t group =
            add_group({.kind = GroupKind::file_stores, .title = "Files", .band = band_});
        box = store != nullptr ? add_box(store_box(*store, group, rows_++))
                               : missing_box(pool.file_store, group);
        if (store != nullptr)
            stores_.emplace(store, box);
    }
    connect({{End::What::group, frame}, {End::What::box, box}, EdgeKind::files, "files"});
}

void PictureBuilder::add_back_end(const FrontEnd& front_end, std::size_t box) {
    if (front_end.sql->empty())
        return;
    const SqlInstance* instance = all_.sql(front_end.sql);
    const auto placed = instances_.find(instance);
    std::size_t back_end = 0;
    if (instance != nullptr && placed != instances_.end()) {
        back_end = placed->second;
    } else if (instance != nullptr) {
        back_end = database_box(*instance, picture_.boxes[box].group);
        picture_.boxes[back_end].row = picture_.boxes[box].row;
        picture_.boxes[back_end].rank = 1;
        add_partners(*instance, back_end);
    } else {
        back_end = missing_box(front_end.sql, picture_.boxes[box].group);
        picture_.boxes[back_end].row = picture_.boxes[box].row;
        picture_.boxes[back_end].rank = 1;
    }
    connect({{End::What::box, box}, {End::What::box, back_end}, EdgeKind::back_end, "back end"});
}

void PictureBuilder::add_unused() {
    std::size_t frame = no_parent;
    const auto unused_frame = [&] {
        if (frame == no_parent)
            frame = add_group({.kind = GroupKind::unused, .title = "Used by nothing"});
        return frame;
    };
    for (const SqlInstance& instance : spec_.sql_instances)
        if (instances_.find(&instance) == instances_.end())
            database_box(instance, unused_frame());
    for (const FileStore& store : spec_.file_stores)
        if (stores_.find(&store) == stores_.end())
            add_box(store_box(store, unused_frame(), 0));
}

}  // namespace pchat::topology
