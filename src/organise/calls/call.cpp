#include "organise/calls/call.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::organise {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t shown_before = 3;
constexpr std::size_t shown_behind = 4;
constexpr std::size_t short_digits = 8;
constexpr std::size_t shown_of_short = 2;

core::Text how_it_ended(CallState state) {
  switch (state) {
    case CallState::registered: return {"已登记为一件诉求", "it became a report"};
    case CallState::answered: return {"已当场答复", "it was answered"};
    case CallState::dropped: return {"已挂断", "it was dropped"};
    case CallState::open: break;
  }
  return {"还在通话", "it is open"};
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view name(CallState state) {
  switch (state) {
    case CallState::open: return "open";
    case CallState::registered: return "registered";
    case CallState::answered: return "answered";
    case CallState::dropped: return "dropped";
  }
  return "";
}

core::Result<> may_go_on(Call const& call, std::string_view who) {
  if (call.taker != who)
    return fail(Errc::forbidden, "call.other", {"这是别的接线员的来电。", "This is the call of another call taker."}, "call");
  if (call.state == CallState::open) return {};
  auto const how = how_it_ended(call.state);
  return fail(Errc::conflict, "call.ended",
              {fmt::format("这个来电已经结束：{}。请打开新的来电。", how.zh), fmt::format("This call has ended: {}. Open the next one.", how.en)}, "call");
}

core::Result<> check_caller_number(std::string_view number) {
  if (number.size() > caller_number_chars_max)
    return fail(Errc::limit, "call.number",
                {fmt::format("号码最多 {} 个字符。", caller_number_chars_max), fmt::format("A number has at most {} characters.", caller_number_chars_max)}, "number");
  bool const readable = std::ranges::all_of(number, [](char c) { return digit(c) || std::string_view(" +-()").find(c) != std::string_view::npos; });
  bool const any = std::ranges::any_of(number, digit);
  if (number.empty() || (readable && any)) return {};
  return fail(Errc::invalid, "call.number", {"号码只能有数字、空格和 + - ( )；没有来电显示就留空。", "A number is digits, blanks and + - ( ); leave it empty where none is shown."},
              "number");
}

std::string masked(std::string_view number) {
  std::string digits;
  std::ranges::copy_if(number, std::back_inserter(digits), digit);
  if (digits.size() < short_digits) {
    auto const hidden = digits.size() - std::min(digits.size(), shown_of_short);
    std::fill_n(digits.begin(), hidden, '*');
    return digits;
  }
  std::fill(digits.begin() + shown_before, digits.end() - shown_behind, '*');
  return digits;
}

}  // namespace zhili::organise
