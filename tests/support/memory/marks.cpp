// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/marks.h"

namespace pchat::test {

Result<void> MemoryMarkStore::put(std::span<const ReadMark> marks) {
    for (const ReadMark& mark : marks) {
        ReadMark& kept = state_.marks.try_emplace({mark.user, mark.room}, mark).first->second;
        if (kept.seq < mark.seq)
            kept = mark;
    }
    return {};
}

Result<std::vector<ReadMark>> MemoryMarkStore::of_user(PrincipalId user) {
    return values_of(state_.marks, [&](const ReadMark& one) { return one.user == user; });
}

Result<std::int64_t> MemoryMarkStore::mentions(PrincipalId user, RoomId room, Stretch numbers) {
    const auto kept = [&](std::int64_t number) {
        const auto message = state_.messages.find({room, number});
        return message == state_.messages.end() || !message->second.transit;
    };
    return std::count_if(state_.mentions.begin(), state_.mentions.end(), [&](const auto& one) {
        return std::get<0>(one) == user && std::get<1>(one) == room &&
               numbers.has(std::get<2>(one)) && kept(std::get<2>(one));
    });
}

Result<void> MemoryMarkStore::watch(PrincipalId user, std::span<const KeywordWatch> keywords) {
    std::erase_if(state_.keywords, [&](const auto& entry) { return entry.second.user == user; });
    for (const KeywordWatch& keyword : keywords) {
        const std::pair key{keyword.user, keyword.keyword_key};
        if (!state_.principals.contains(keyword.user) ||
            !state_.keywords.emplace(key, keyword).second)
            return refuse(state_, "that keyword is there, or the user is not");
    }
    return {};
}

Result<void> MemoryMarkStore::each_watch(const Visit<KeywordWatch>& visit) {
    return show_all(state_.keywords, visit);
}

Result<void> MemoryFileStore::insert(const StoredFile& file) {
    if (find_uuid(file.uuid)->has_value() || !state_.files.emplace(file.id, file).second)
        return refuse(state_, "that file is there");
    return {};
}

Result<void> MemoryFileStore::complete(FileId id, std::int64_t size, std::string_view sha256) {
    const auto file = state_.files.find(id);
    if (file == state_.files.end() || file->second.state != FileState::arriving)
        return fail(Errc::conflict, "no such file arrives");
    file->second.state = FileState::stored;
    file->second.size_bytes = size;
    file->second.sha256 = std::string{sha256};
    return {};
}

Result<void> MemoryFileStore::remove(FileId id, Microseconds at) {
    const auto file = state_.files.find(id);
    if (file == state_.files.end() || file->second.state == FileState::removed)
        return fail(Errc::conflict, "there is no such file");
    file->second.state = FileState::removed;
    file->second.removed_at = at;
    return {};
}

Result<std::optional<StoredFile>> MemoryFileStore::find_uuid(std::string_view uuid) {
    return value_of(state_.files, [&](const StoredFile& one) { return one.uuid == uuid; });
}

Result<std::vector<StoredFile>> MemoryFileStore::find(std::span<const FileId> ids) {
    return values_of(state_.files, [&](const StoredFile& one) {
        return std::find(ids.begin(), ids.end(), one.id) != ids.end();
    });
}

Result<std::vector<StoredFile>> MemoryFileStore::of_room(RoomId room, FileId after, int limit) {
    return values_of(
        state_.files,
        [&](const StoredFile& one) {
            return one.room == room && one.id > after && one.state == FileState::stored;
        },
        static_cast<std::size_t>(limit)
    );
}

Result<std::vector<StoredFile>> MemoryFileStore::arriving(Microseconds at, int limit) {
    auto out = values_of(state_.files, [&](const StoredFile& one) {
        return one.state == FileState::arriving && one.created_at < at;
    });
    std::stable_sort(out.begin(), out.end(), [](const StoredFile& a, const StoredFile& b) {
        return a.created_at < b.created_at;
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.resize(static_cast<std::size_t>(limit));
    return out;
}

}  // namespace pchat::test
