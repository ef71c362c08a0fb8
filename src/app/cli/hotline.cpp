// Verbs for work orders of another hotline. Taking one needs catalogue, places and timers, so only the serving process does it.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "app/cli/verbs.hpp"
#include "app/control.hpp"

namespace zhili::app {

namespace {

core::Result<boost::json::object> ask(HotlineOptions const& options, ControlRequest const& request) {
  auto const answer = Control::ask(options.common.data, request);
  if (!answer)
    return core::fail(core::Errc::unavailable, "hotline.not_served",
                      {fmt::format("{} 没有进程在服务。请先 zhili serve。", options.common.data), fmt::format("No process serves {}: start zhili serve first.", options.common.data)}, "--data");
  if (!*answer) return core::fail(answer->error());
  boost::system::error_code error;
  auto const parsed = boost::json::parse(**answer, error);
  if (!error && parsed.is_object()) return parsed.as_object();
  return core::fail(core::Errc::internal, "hotline.answer", {"正在运行的进程答得不对。", "The serving process gave an answer that cannot be read."});
}

}  // namespace

Exit hotline_import(HotlineOptions const& options) {
  auto const lang = options.common.lang;
  std::error_code none;
  auto const file = std::filesystem::absolute(options.file, none).string();
  auto const said = ask(options, {"hotline_import", {{"profile", options.profile}, {"file", file}}});
  if (!said) return say_failure(said.error(), lang);
  for (auto const& one : said->at("rejects").as_array()) {
    auto const& reject = one.as_object();
    auto const& why = reject.at("why").as_object().at(lang == core::Lang::zh ? "zh" : "en").as_string();
    fmt::print(stderr, "{}\t{}\t{}\n", boost::json::serialize(reject.at("line")), std::string_view(reject.at("field").as_string()), std::string_view(why));
  }
  auto const count = [&](char const* key) { return boost::json::serialize(said->at(key)); };
  fmt::print("{}\n", lang == core::Lang::zh ? fmt::format("收下 {} 张，已有 {} 张，退回 {} 张。", count("taken"), count("known"), count("rejected"))
                                            : fmt::format("taken {}, known {}, rejected {}.", count("taken"), count("known"), count("rejected")));
  return count("rejected") == "0" ? Exit::done : Exit::findings;
}

Exit hotline_replies(HotlineOptions const& options) {
  auto const said = ask(options, {"hotline_replies", {{"profile", options.profile}, {"since", std::to_string(options.since)}}});
  if (!said) return say_failure(said.error(), options.common.lang);
  fmt::print("{}", std::string_view(said->at("text").as_string()));
  fmt::print(stderr, "--since {}{}\n", boost::json::serialize(said->at("next")), said->at("more").as_bool() ? " +" : "");
  return Exit::done;
}

}  // namespace zhili::app
