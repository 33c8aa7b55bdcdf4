// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_upload.h"

#include "cli/ssh/local_file.h"
#include "cli/ssh/sftp_client.h"
#include "cli/ssh/upload_refusal.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace pchat::cli {
namespace {

using Clock = SshSession::Clock;
using sftp::Reply;
using sftp::Status;

constexpr std::uint32_t owner_only = 0600;
constexpr std::size_t block_size = 32'768;
constexpr std::size_t most_blocks = 64;  // under way: what a link with a long way holds
constexpr std::chrono::milliseconds between_reports{100};

class Upload {
public:
    Upload(
        SshSession& session,
        const LocalFile& file,
        const std::string& remote,
        const UploadSeen& seen
    )
        : session_(session), file_(file), remote_(remote), seen_(seen) {}

    Result<void> run() {
        auto client = SftpClient::open(session_);
        if (!client)
            return pass(std::move(client).error());
        client_ = std::move(*client);
        const std::uint32_t id = client_->next_id();
        Result<Reply> opened =
            client_->answer(id, sftp::open_for_writing(id, remote_, owner_only), pause());
        if (!opened)
            return pass(std::move(opened).error());
        if (opened->kind != Reply::Kind::handle)
            return refused(*opened);
        handle_ = std::move(opened->text);
        Result<void> written = write_all();
        if (!written)
            remove();
        return written;
    }

private:
    Result<void> write_all() {
        // One that was there keeps its mode otherwise.
        const std::uint32_t mode_id = client_->next_id();
        if (Result<void> done = ask(mode_id, sftp::set_mode(mode_id, handle_, owner_only)); !done)
            return done;
        if (Result<void> sent = send_blocks(); !sent)
            return sent;
        if (client_->can_sync()) {
            const std::uint32_t id = client_->next_id();
            if (Result<void> done = ask(id, sftp::sync(id, handle_)); !done)
                return done;
        }
        const std::uint32_t id = client_->next_id();
        if (Result<void> done = ask(id, sftp::close(id, handle_)); !done)
            return done;
        return report(/*at_the_end=*/true);
    }

    Result<void> send_blocks() {
        while (acknowledged_ < file_.size()) {
            const Result<bool> queued = queue_block();
            if (!queued)
                return pass(queued.error());
            Result<std::optional<Reply>> reply = client_->turn();
            if (!reply)
                return pass(std::move(reply).error());
            if (*reply)
                if (Result<void> good = count(**reply); !good)
                    return good;
            if (Result<void> go_on = report(/*at_the_end=*/false); !go_on)
                return go_on;
            if (*queued || *reply)
                continue;
            if (Result<void> ready = client_->wait(); !ready)
                return ready;
        }
        return {};
    }

    /// Whether there was room for one more.
    Result<bool> queue_block() {
        if (queued_ == file_.size() || under_way_.size() == most_blocks || !client_->has_room())
            return false;
        const std::size_t size =
            static_cast<std::size_t>(std::min<std::uint64_t>(block_size, file_.size() - queued_));
        if (Result<void> got = file_.read(queued_, block_.data(), size); !got)
            return pass(std::move(got).error());
        const std::uint32_t id = client_->next_id();
        client_->ask(sftp::write_head(id, handle_, queued_, size));
        client_->ask({block_.data(), size});
        under_way_.emplace(id, size);
        queued_ += size;
        return true;
    }

    Result<void> count(const Reply& reply) {
        if (reply.kind != Reply::Kind::status || reply.status != Status::ok)
            return refused(reply);
        const auto found = under_way_.find(reply.id);
        if (found == under_way_.end())
            return {};
        acknowledged_ += found->second;
        under_way_.erase(found);
        return {};
    }

    Result<void> ask(std::uint32_t id, const std::string& message) {
        const Result<Reply> reply = client_->answer(id, message, pause());
        if (!reply)
            return pass(reply.error());
        if (reply->kind != Reply::Kind::status || reply->status != Status::ok)
            return refused(*reply);
        return {};
    }

    [[nodiscard]] SftpClient::Pause pause() {
        return [this] { return report(/*at_the_end=*/false); };
    }

    Result<void> report(bool at_the_end) {
        const auto now = Clock::now();
        if (!seen_ || (!at_the_end && now - reported_ < between_reports))
            return {};
        reported_ = now;
        if (seen_(acknowledged_, file_.size()))
            return {};
        return fail(Errc::interrupted, "interrupted");
    }

    // Whatever goes wrong here, what went wrong before is what to tell.
    void remove() {
        if (!session_.is_connected())
            return;
        const std::uint32_t id = client_->next_id();
        client_->ask(sftp::close(client_->next_id(), handle_));
        (void)client_->answer(id, sftp::remove(id, remote_), {});
    }

    Result<void> refused(const Reply& reply) {
        return explain_refusal(session_, remote_, reply, file_.size() - acknowledged_);
    }

    SshSession& session_;
    const LocalFile& file_;
    const std::string& remote_;
    const UploadSeen& seen_;
    std::unique_ptr<SftpClient> client_;
    std::string handle_;
    std::array<char, block_size> block_{};
    std::map<std::uint32_t, std::size_t> under_way_;
    std::uint64_t queued_ = 0;
    std::uint64_t acknowledged_ = 0;
    Clock::time_point reported_{};
};

}  // namespace

Result<void> upload_file(
    SshSession& session, const std::string& local, const std::string& remote, const UploadSeen& seen
) {
    const Result<LocalFile> file = LocalFile::open(local);
    if (!file)
        return pass(file.error());
    return Upload{session, *file, remote, seen}.run();
}

}  // namespace pchat::cli
