// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/message_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryMarkStore : public MarkStore {
public:
    explicit MemoryMarkStore(MemoryState& state) : state_(state) {}

    Result<void> put(std::span<const ReadMark> marks) override;
    Result<std::vector<ReadMark>> of_user(PrincipalId user) override;
    Result<std::int64_t> mentions(PrincipalId user, RoomId room, Stretch numbers) override;
    Result<void> watch(PrincipalId user, std::span<const KeywordWatch> keywords) override;
    Result<void> each_watch(const Visit<KeywordWatch>& visit) override;

private:
    MemoryState& state_;
};

class MemoryFileStore : public FileStore {
public:
    explicit MemoryFileStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const StoredFile& file) override;
    Result<void> complete(FileId id, std::int64_t size, std::string_view sha256) override;
    Result<void> remove(FileId id, Microseconds at) override;
    Result<std::optional<StoredFile>> find_uuid(std::string_view uuid) override;
    Result<std::vector<StoredFile>> find(std::span<const FileId> ids) override;
    Result<std::vector<StoredFile>> of_room(RoomId room, FileId after, int limit) override;
    Result<std::vector<StoredFile>> arriving(Microseconds at, int limit) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
