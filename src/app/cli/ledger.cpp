#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "app/cli/progress.hpp"
#include "app/cli/verbs.hpp"
#include "app/runtime.hpp"
#include "store/proof.hpp"
#include "store/verify.hpp"

namespace zhili::app {

namespace {

core::Result<std::unique_ptr<store::Db>> open_to_look(CommonOptions const& common) {
  static core::SystemTime const time;
  return store::Db::open({.url = database_url(common), .readers = store::verify_threads, .read_only = true}, time);
}

core::Result<std::string> read_all(std::string const& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return core::fail(core::Errc::not_found, "file.open",
                      {fmt::format("打不开 {}。", path), fmt::format("Cannot open {}.", path)}, "PROOF");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Exit ledger_verify(LedgerVerifyOptions const& options) {
  auto const lang = options.common.lang;
  auto const db = open_to_look(options.common);
  if (!db) return say_failure(db.error(), lang);
  Progress progress(lang, {"核对账本", "verifying"}, options.quiet);
  auto const verdict = store::verify(
      **db,
      [&](std::int64_t done, std::int64_t total) {
        progress.show(total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1, static_cast<std::uint64_t>(done));
      },
      options.head);
  if (!verdict) return say_failure(verdict.error(), lang);
  progress.done(static_cast<std::uint64_t>(verdict->entries));
  if (verdict->first) {
    fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("账本有问题：第 {} 条：{}", verdict->first->seq, verdict->first->what.zh)
                                              : fmt::format("The ledger is broken: entry {}: {}", verdict->first->seq, verdict->first->what.en));
    return Exit::findings;
  }
  fmt::print("{}\n", lang == core::Lang::zh
                         ? fmt::format("账本完好：{} 条，{} 批，末链 {}", verdict->entries, verdict->batches, verdict->head_chain)
                         : fmt::format("The ledger is sound: {} entries in {} batches, head {}", verdict->entries, verdict->batches, verdict->head_chain));
  return Exit::done;
}

Exit ledger_prove(LedgerProveOptions const& options) {
  auto const db = open_to_look(options.common);
  if (!db) return say_failure(db.error(), options.common.lang);
  auto const proof = store::prove(**db, options.seq);
  if (!proof) return say_failure(proof.error(), options.common.lang);
  fmt::print("{}\n", *proof);
  return Exit::done;
}

Exit ledger_check(LedgerCheckOptions const& options) {
  auto const lang = options.common.lang;
  auto const proof = read_all(options.proof);
  if (!proof) return say_failure(proof.error(), lang);
  auto const proved = store::check_proof(*proof, options.head);
  if (!proved) {
    say_failure(proved.error(), lang);
    return Exit::findings;
  }
  fmt::print("{}\n", lang == core::Lang::zh
                         ? fmt::format("证明成立：第 {} 条，{}，{}", proved->seq, core::to_iso(proved->at), core::name(proved->kind))
                         : fmt::format("The proof holds: entry {}, {}, {}", proved->seq, core::to_iso(proved->at), core::name(proved->kind)));
  fmt::print("{}\n", proved->payload);
  return Exit::done;
}

}  // namespace zhili::app
