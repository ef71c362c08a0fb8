#pragma once
// The phone desk, wired to signals, cases and places.

#include <memory>

#include "app/control.hpp"
#include "app/hotline/hotline.hpp"
#include "app/runtime.hpp"
#include "organise/calls/call_back_desk.hpp"
#include "organise/calls/call_desk.hpp"
#include "respond/signals/desk.hpp"
#include "web/phone/phone.hpp"

namespace zhili::app {

/// Whether a request is for Phone::do_control.
bool about_hotlines(ControlRequest const& request);

/// Thread-safe. What it is given outlives it.
class Phone {
 public:
  /// Errors: those of the rules' file.
  static core::Result<std::unique_ptr<Phone>> open(CommonOptions const& common, Runtime& runtime, store::Vault& vault, respond::SignalDesk& signals);
  ~Phone();

  organise::CallDesk& calls() { return *calls_; }
  organise::CallBackDesk& call_backs() { return *call_backs_; }
  Hotlines& hotlines() { return *hotlines_; }
  web::PhoneParts parts(web::PeopleParts const& people);

  /// Does what `zhili hotline` asks. hotline_import (words: profile, file): {taken, known, rejected, rejects: [{line, field, why: {zh,
  /// en}}]}; hotline_replies (profile, since): {text, next, more}; both as JSON. Errors: those of Hotlines; not_found (file).
  core::Result<std::string> do_control(ControlRequest const& request);

 private:
  Phone() = default;

  organise::CallRules rules_;
  std::unique_ptr<organise::ReportMaker> reports_;
  std::unique_ptr<organise::ClosedCases> closed_;
  std::unique_ptr<organise::CallDesk> calls_;
  std::unique_ptr<organise::CallBackDesk> call_backs_;
  std::unique_ptr<Hotlines> hotlines_;
};

}  // namespace zhili::app
