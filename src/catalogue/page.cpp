// The catalogue for people: one page, both languages, no scripts.

#include <fmt/format.h>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

constexpr std::string_view head = R"html(<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>事项目录 · Catalogue of items</title>
<style>
:root { color-scheme: light dark; --ink: #1c1f23; --paper: #fbfaf7; --line: #dedad2; --link: #2b5c8a; --soft: #5b6068; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --paper: #15181c; --line: #2c3138; --link: #86b6e3; --soft: #a9adb5; } }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
a { color: var(--link); }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
.en { color: var(--soft); display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
</style>
</head>
<body>
<a class="skip" href="#items">跳到事项 / Skip to the items</a>
<main>
<h1>事项目录 <span class="en" lang="en">Catalogue of items</span></h1>
<p>城市管什么、什么情况立案、多久办完、谁负责，都写在这里。<span class="en" lang="en">What the city takes care of, when a case is opened, how long it may take, and whose duty it is.</span></p>
)html";

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string both(Text const& text) {
  return fmt::format("{}<span class=\"en\" lang=\"en\">{}</span>", escaped(text.zh), escaped(text.en));
}

std::string clocks(Condition const& condition) {
  std::string out;
  for (auto const& clock : condition.clocks) {
    Text const amount = core::words(clock.budget.unit, clock.budget.amount);
    bool const part = clock.code != name(clock.phase);
    Text const phase = title(clock.phase);
    Text const label =
        part ? Text{phase.zh + "·" + clock.name.zh, phase.en + ", " + clock.name.en} : clock.name;
    out += fmt::format("<div>{}</div>", both({label.zh + " " + amount.zh, label.en + " " + amount.en}));
  }
  return out.empty() ? both({"无承诺", "nothing promised"}) : out;
}

std::string rows(Item const& item, Catalogue const& catalogue) {
  std::string out;
  bool first = true;
  for (auto const& condition : item.conditions) {
    out += "<tr>";
    if (first) {
      out += fmt::format("<th scope=\"rowgroup\" rowspan=\"{}\" id=\"item-{}\">{} {}</th>",
                         item.conditions.size(), escaped(item.code), escaped(item.code), both(item.name));
    }
    Function const* const function = catalogue.function(condition.duty.function);
    out += fmt::format("<td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td>", both(condition.when),
                       both(condition.closed_when), clocks(condition),
                       function != nullptr ? both(function->name) : escaped(condition.duty.function));
    if (first) {
      out += fmt::format("<td rowspan=\"{}\">{}<span class=\"en\">{} {}</span></td>", item.conditions.size(),
                         escaped(item.source), escaped(item.pack), escaped(item.pack_version));
    }
    out += "</tr>\n";
    first = false;
  }
  return out;
}

Text title_of(Kind kind) {
  switch (kind) {
    case Kind::event:
      return {"事件", "Events"};
    case Kind::component:
      return {"部件", "Components"};
    case Kind::service:
      return {"服务", "Services"};
  }
  return {};
}

std::string packs(Catalogue const& catalogue) {
  std::string out = "<ul>\n";
  for (auto const& line : list(catalogue)) {
    out += fmt::format("<li>{}<span class=\"en\">{} {}</span></li>\n", both(line.name), escaped(line.pack),
                       escaped(line.version));
  }
  return out + "</ul>\n";
}

}  // namespace

std::string page_html(Catalogue const& catalogue) {
  std::string out(head);
  out += "<h2>场景包 <span class=\"en\" lang=\"en\">Packs</span></h2>\n" + packs(catalogue);
  out += "<div id=\"items\">\n";
  Item const* before = nullptr;
  for (Item const* item : catalogue.items()) {
    bool const new_kind = before == nullptr || before->kind != item->kind;
    bool const new_group = new_kind || before->group.code != item->group.code;
    if (new_group && before != nullptr) out += "</tbody></table></div>\n";
    if (new_kind) out += fmt::format("<h2>{}</h2>\n", both(title_of(item->kind)));
    if (new_group) {
      out += fmt::format(
          "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{} "
          "{}\"><table><caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>"
          "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
          "scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
          escaped(item->group.name.zh), escaped(item->group.name.en), both(item->group.name),
          both({"事项", "Item"}), both({"立案条件", "Condition"}), both({"结案条件", "Closed when"}),
          both({"时限", "Time limits"}), both({"职能", "Function"}), both({"出处与包", "Source and pack"}));
    }
    out += rows(*item, catalogue);
    before = item;
  }
  if (before != nullptr) out += "</tbody></table></div>\n";
  return out + "</div>\n</main>\n</body>\n</html>\n";
}

}  // namespace zhili::catalogue
