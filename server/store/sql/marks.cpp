// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/marks.h"

#include "server/store/sql/message_tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

namespace pchat::sql {
namespace {

const Statement mark_advance{
    "read mark advance",
    "update read_mark set seq = :seq, at = :at "
    "where user_id = :user_id and room_id = :room_id and seq < :higher"};

const Statement mark_of{
    "read mark",
    "select {columns read_mark} from read_mark where user_id = :user_id and room_id = :room_id"};

const Statement marks_of_user{
    "read marks of a user",
    "select {columns read_mark} from read_mark where user_id = :user_id order by room_id"};

// The upper end is written so that no index is looked through by it: PostgreSQL takes what has two
// ends for short, and would read what everybody is mentioned in there.
const Statement mentions_unread{
    "mentions unread",
    "select count(*) from mention m where m.user_id = :user_id and m.room_id = :room_id "
    "and m.seq > :after and m.seq - :last <= 0 and not exists (select 1 from message t "
    "where t.room_id = m.room_id and t.seq = m.seq and t.transit = 1)"};

const Statement keywords_remove{
    "keywords remove", "delete from keyword_watch where user_id = :user_id"};

const Statement keywords_all{
    "keywords", "select {columns keyword_watch} from keyword_watch order by user_id, keyword_key"};

const Statement file_complete{
    "file complete",
    "update stored_file set state = 2, size_bytes = :size_bytes, sha256 = :sha256 "
    "where id = :id and state = 1"};

const Statement file_remove{
    "file remove",
    "update stored_file set state = 3, removed_at = :at where id = :id and state < 3"};

const Statement file_by_uuid{
    "file by uuid", "select {columns stored_file} from stored_file where uuid = :uuid"};

// How many files are looked up at once; what is missing is filled up with the last.
constexpr std::size_t many_files = 8;

const Statement files_by_id{
    "files by id",
    "select {columns stored_file} from stored_file where id in "
    "(:i0, :i1, :i2, :i3, :i4, :i5, :i6, :i7)"};

const Statement files_of_room{
    "files of a room",
    "select {columns stored_file} from stored_file where room_id = :room_id and id > :after "
    "and state = 2 order by id {limit :n}"};

const Statement files_arriving{
    "files arriving",
    "select {columns stored_file} from stored_file where state = 1 and created_at < :at "
    "order by created_at {limit :n}"};

}  // namespace

Catalog mark_catalog() {
    return {
        {&table_of<ReadMark>(), &table_of<KeywordWatch>(), &table_of<StoredFile>()},
        {&mark_advance,
         &mark_of,
         &marks_of_user,
         &mentions_unread,
         &keywords_remove,
         &keywords_all,
         &file_complete,
         &file_remove,
         &file_by_uuid,
         &files_by_id,
         &files_of_room,
         &files_arriving}};
}

Result<void> SqlMarkStore::put(std::span<const ReadMark> marks) {
    // In one order, whoever writes them: two servers that do so never wait for each other.
    std::map<std::pair<PrincipalId, RoomId>, ReadMark> highest;
    for (const ReadMark& mark : marks) {
        const auto known = highest.try_emplace({mark.user, mark.room}, mark).first;
        if (known->second.seq < mark.seq)
            known->second = mark;
    }
    std::vector<ReadMark> missing;
    for (const auto& [key, mark] : highest) {
        const auto advanced =
            tx_.change(mark_advance, mark.seq, mark.at, mark.user, mark.room, mark.seq);
        if (!advanced)
            return pass(advanced.error());
        if (*advanced > 0)
            continue;
        const auto there = tx_.one<ReadMark>(mark_of, mark.user, mark.room);
        if (!there)
            return pass(there.error());
        if (!*there) {
            missing.push_back(mark);
            continue;
        }
        // Somebody wrote a lower one between our two looks.
        if ((*there)->seq < mark.seq)
            if (Result<void> again =
                    tx_.run(mark_advance, mark.seq, mark.at, mark.user, mark.room, mark.seq);
                !again)
                return pass(std::move(again).error());
    }
    return tx_.insert(std::span<const ReadMark>{missing}, Race::again);
}

Result<std::vector<ReadMark>> SqlMarkStore::of_user(PrincipalId user) {
    return tx_.list<ReadMark>(marks_of_user, user);
}

Result<std::int64_t> SqlMarkStore::mentions(PrincipalId user, RoomId room, Stretch numbers) {
    const auto count =
        tx_.one<std::int64_t>(mentions_unread, user, room, numbers.after, numbers.last);
    if (!count)
        return pass(count.error());
    return count->value_or(0);
}

Result<void> SqlMarkStore::watch(PrincipalId user, std::span<const KeywordWatch> keywords) {
    if (Result<void> removed = tx_.run(keywords_remove, user); !removed)
        return pass(std::move(removed).error());
    return tx_.insert(keywords);
}

Result<void> SqlMarkStore::each_watch(const Visit<KeywordWatch>& visit) {
    return tx_.each<KeywordWatch>(keywords_all, visit);
}

Result<void> SqlFileStore::insert(const StoredFile& file) {
    return tx_.insert(std::span<const StoredFile>{&file, 1});
}

Result<void> SqlFileStore::complete(FileId id, std::int64_t size, std::string_view sha256) {
    return unless_changed(tx_.change(file_complete, size, sha256, id), "file");
}

Result<void> SqlFileStore::remove(FileId id, Microseconds at) {
    return unless_changed(tx_.change(file_remove, at, id), "file");
}

Result<std::optional<StoredFile>> SqlFileStore::find_uuid(std::string_view uuid) {
    return tx_.one<StoredFile>(file_by_uuid, uuid);
}

Result<std::vector<StoredFile>> SqlFileStore::find(std::span<const FileId> ids) {
    std::vector<StoredFile> out;
    while (!ids.empty()) {
        const std::size_t size = std::min(ids.size(), many_files);
        std::array<FileId, many_files> portion{};
        for (std::size_t i = 0; i < many_files; ++i)
            portion[i] = ids[std::min(i, size - 1)];
        Result<std::vector<StoredFile>> found = std::apply(
            [&](const auto&... id) { return tx_.list<StoredFile>(files_by_id, id...); }, portion
        );
        if (!found)
            return found;
        std::move(found->begin(), found->end(), std::back_inserter(out));
        ids = ids.subspan(size);
    }
    return out;
}

Result<std::vector<StoredFile>> SqlFileStore::of_room(RoomId room, FileId after, int limit) {
    return tx_.list<StoredFile>(files_of_room, room, after, limit);
}

Result<std::vector<StoredFile>> SqlFileStore::arriving(Microseconds at, int limit) {
    return tx_.list<StoredFile>(files_arriving, at, limit);
}

}  // namespace pchat::sql
