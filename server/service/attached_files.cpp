// SPDX-License-Identifier: Apache-2.0
#include "server/service/attached_files.h"

#include "server/store/content_database.h"

#include <memory>
#include <unordered_map>
#include <utility>

namespace pchat {

Result<void> attach_files(ContentTransaction& tx, std::vector<Message>& messages) {
    std::vector<FileId> wanted;
    for (const Message& message : messages)
        if (message.file && message.change != MessageChange::removed)
            wanted.push_back(*message.file);
    if (wanted.empty())
        return {};
    Result<std::vector<StoredFile>> found = tx.files().find(wanted);
    if (!found)
        return pass(std::move(found).error());
    std::unordered_map<FileId, std::shared_ptr<const StoredFile>> files;
    for (StoredFile& file : *found)
        if (file.state == FileState::stored)
            files.emplace(file.id, std::make_shared<const StoredFile>(std::move(file)));
    for (Message& message : messages) {
        if (!message.file || message.change == MessageChange::removed)
            continue;
        // A file of another room is none of this one's readers' business.
        const auto file = files.find(*message.file);
        if (file != files.end() && file->second->room == message.room)
            message.attached = file->second;
    }
    return {};
}

Result<void> attach_file(ContentTransaction& tx, Message& message) {
    std::vector<Message> one{std::move(message)};
    Result<void> done = attach_files(tx, one);
    message = std::move(one.front());
    return done;
}

}  // namespace pchat
