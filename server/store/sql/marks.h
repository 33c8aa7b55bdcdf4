// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/message_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog mark_catalog();

class SqlMarkStore : public MarkStore {
public:
    explicit SqlMarkStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> put(std::span<const ReadMark> marks) override;
    Result<std::vector<ReadMark>> of_user(PrincipalId user) override;
    Result<std::int64_t> mentions(PrincipalId user, RoomId room, Stretch numbers) override;
    Result<void> watch(PrincipalId user, std::span<const KeywordWatch> keywords) override;
    Result<void> each_watch(const Visit<KeywordWatch>& visit) override;

private:
    Transaction& tx_;
};

class SqlFileStore : public FileStore {
public:
    explicit SqlFileStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const StoredFile& file) override;
    Result<void> complete(FileId id, std::int64_t size, std::string_view sha256) override;
    Result<void> remove(FileId id, Microseconds at) override;
    Result<std::optional<StoredFile>> find_uuid(std::string_view uuid) override;
    Result<std::vector<StoredFile>> find(std::span<const FileId> ids) override;
    Result<std::vector<StoredFile>> of_room(RoomId room, FileId after, int limit) override;
    Result<std::vector<StoredFile>> arriving(Microseconds at, int limit) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
