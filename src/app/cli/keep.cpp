// Verbs for the administrator: backup, restore, retention, keys.

#include <fmt/format.h>

#include <filesystem>

#include "app/cli/owner.hpp"
#include "app/cli/verbs.hpp"
#include "app/control.hpp"
#include "app/runtime.hpp"
#include "store/backup.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;

Exit say_damaged(std::string const& photos, core::Lang lang) {
  fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("有 {} 张照片已损坏，没有复制。", photos)
                                            : fmt::format("{} photos are damaged and were not copied.", photos));
  return Exit::findings;
}

}  // namespace

Exit backup(BackupOptions const& options) {
  auto const lang = options.common.lang;
  auto const absolute = [](std::string const& path) { return path.empty() ? path : fs::absolute(path).string(); };
  auto const done = ask_owner(options.common, {"backup", {{"to", absolute(options.to)}, {"keys_to", absolute(options.keys_to)}}});
  if (!done) return say_failure(done.error(), lang);
  fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("已备份到 {}", options.to) : fmt::format("backed up to {}", options.to));
  if (options.keys_to.empty())
    fmt::print("{}\n", core::in(lang, {"个人信息的钥匙不在其中；需要时用 --keys-to 另存一处。",
                                       "The keys of personal fields are not in it; keep them elsewhere with --keys-to."}));
  return *done == "0" ? Exit::done : say_damaged(*done, lang);
}

Exit restore(RestoreOptions const& options) {
  auto const lang = options.common.lang;
  static core::SystemTime const time;
  auto const verdict = store::restore(options.from, options.common.data, time);
  if (!verdict) return say_failure(verdict.error(), lang);
  if (!options.keys_from.empty()) {
    for (auto const* name : {"keys.db", "master.key"})
      if (auto const copied = store::copy_synced(fs::path(options.keys_from) / name, fs::path(options.common.data) / name); !copied)
        return say_failure(copied.error(), lang);
  }
  auto const photos = web::PhotoStore(photos_folder(options.from)).copy_to(photos_folder(options.common.data));
  if (!photos) return say_failure(photos.error(), lang);
  fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("已恢复：账本 {} 条，完好。", verdict->entries)
                                            : fmt::format("restored: {} ledger entries, sound.", verdict->entries));
  return photos->damaged == 0 ? Exit::done : say_damaged(std::to_string(photos->damaged), lang);
}

Exit retention(RetentionOptions const& options) {
  auto const lang = options.common.lang;
  auto const done = ask_owner(options.common, {"retention"});
  if (!done) return say_failure(done.error(), lang);
  bool const again = done->ends_with("*");
  auto const space = done->find(' ');
  auto const keys = done->substr(0, space);
  auto const photos = done->substr(space + 1, done->find(' ', space + 1) - space - 1);
  fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("已销毁 {} 份个人信息的钥匙，忘掉 {} 张照片。", keys, photos)
                                            : fmt::format("destroyed the keys of {} personal records, forgot {} photos.", keys, photos));
  if (again)
    fmt::print("{}\n", core::in(lang, {"有人正在读，旧页还没清空；请再运行一次。", "Somebody was reading, so old pages are not wiped yet: run it again."}));
  return again ? Exit::unavailable : Exit::done;
}

Exit vault_rotate(VaultRotateOptions const& options) {
  auto const lang = options.common.lang;
  static core::SystemTime const time;
  auto const rotated = [&]() -> core::Result<store::Rotated> {
    ZHILI_TRY(auto const db, store::Db::open({.url = database_url(options.common), .readers = 1}, time));
    ZHILI_TRY(auto const vault, store::Vault::open(*db, {database_url(options.common), fs::path(options.common.data) / "master.key"}, time));
    return vault->rotate_master("system");
  }();
  if (!rotated) return say_failure(rotated.error(), lang);
  fmt::print("{}\n", lang == core::Lang::zh
                         ? fmt::format("主密钥已更换，{} 份个人信息的钥匙已重新包好。请用 backup --keys-to 另存新的钥匙，并删除旧的钥匙备份。", rotated->records)
                         : fmt::format("the master key is new, and {} keys are wrapped by it. Back the keys up again (backup --keys-to) and delete "
                                       "the older backups of the keys.", rotated->records));
  if (!rotated->wiped)
    fmt::print("{}\n", core::in(lang, {"有人正在读，旧页还没清空；请运行 zhili retention。", "Somebody was reading, so old pages are not wiped yet: run zhili retention."}));
  return rotated->wiped ? Exit::done : Exit::unavailable;
}

}  // namespace zhili::app
