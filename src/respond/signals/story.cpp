#include "respond/signals/signal.hpp"

namespace zhili::respond {

using core::Text;

Text told_of_joining(SignalEvent const& event) {
  Text out{"已有人报告同一件事，合在一起办", "Somebody had reported the same; they go together"};
  auto const why = event.alike ? public_reason(*event.alike) : Text{};
  if (!why.zh.empty()) out = {out.zh + "（" + why.zh + "）", out.en + " (" + why.en + ")"};
  if (!event.reason.empty()) out = {out.zh + "：" + event.reason, out.en + ": " + event.reason};
  if (!event.rule.empty())
    out = {out.zh + "。这是按规则“" + event.rule + "”自动合并的，工作人员可以撤销",
           out.en + ". This was done by the rule \"" + event.rule + "\"; a person can undo it"};
  return out;
}

}  // namespace zhili::respond
