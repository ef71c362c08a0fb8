#include "respond/rules/transition.hpp"
namespace zhili::respond::rules {
std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::reading: return "reading";
    case Cause::time: return "time";
    case Cause::rule_changed: return "rule_changed";
    case Cause::rule_gone: return "rule_gone";
    case Cause::subject_gone: return "subject_gone";
  }
  return "reading";
}
}
