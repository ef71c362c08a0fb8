#pragma once
// What a city decides about call-backs and the rates that come from them, as data (rules/calls.yaml).

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"

namespace zhili::organise {

/// Closed reports of a channel and of items whose code begins so; empty stands for all.
struct CallBackShare {
  std::string channel = {};
  std::string item = {};
  double share = 0;  ///< 0 … 1
};

struct ResponseLimit {
  std::string item = {};  ///< beginning of a code; empty: all
  core::Budget within{};
};

/// A fact of a call-back (call_back.hpp), or that it does not hold.
struct FactWanted {
  std::string fact;
  bool holds = true;
};

/// Of the call-backs with all facts of `among` those with all of `count`, both without those that have one of `without`. The form of
/// the indicators of evaluation.
struct RateDefinition {
  std::string code;
  core::Text name;
  core::Text about = {};
  std::vector<FactWanted> among = {};
  std::vector<FactWanted> count = {};
  std::vector<FactWanted> without = {};
  std::string source = {};
};

struct NamedReason {
  std::string code;
  core::Text name;
};

struct CallRules {
  std::string version = {};
  std::vector<CallBackShare> shares = {};
  core::Budget call_back_within{};
  int attempts_max = 3;
  core::Budget again_after{};
  std::vector<ResponseLimit> response = {};
  std::vector<NamedReason> exclusion_reasons = {};
  std::vector<RateDefinition> rates = {};

  RateDefinition const* rate(std::string_view code) const;
  NamedReason const* reason(std::string_view code) const;
};

/// Errors: not_found, invalid (place and all findings in `detail`): unknown facts, shares outside of 0 … 1, no rates.
core::Result<CallRules> read_call_rules(std::filesystem::path const& file);

}  // namespace zhili::organise
