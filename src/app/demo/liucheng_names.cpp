// The names of Liucheng: invented, plausible, in two languages.
#include <algorithm>
#include <utility>

#include "app/demo/liucheng_plan.hpp"

namespace zhili::app::demo {
namespace {

struct Word {
  char const* zh;
  char const* en;
};

constexpr std::array<Word, 6> vertical_mains{{{"檀山路", "Tanshan Road"},
                                              {"西昌路", "Xichang Road"},
                                              {"建设路", "Jianshe Road"},
                                              {"解放路", "Jiefang Road"},
                                              {"榴园路", "Liuyuan Road"},
                                              {"东湖路", "Donghu Road"}}};
constexpr std::array<Word, 6> vertical_minors{{{"望山街", "Wangshan Street"},
                                               {"书院街", "Shuyuan Street"},
                                               {"文昌街", "Wenchang Street"},
                                               {"鼓楼街", "Gulou Street"},
                                               {"清泉街", "Qingquan Street"},
                                               {"新华街", "Xinhua Street"}}};
constexpr std::array<Word, 12> horizontals{{{"南郊大道", "Nanjiao Avenue"},
                                            {"承水路", "Chengshui Road"},
                                            {"青年路", "Qingnian Road"},
                                            {"滨河南路", "South Riverside Road"},
                                            {"", ""},
                                            {"滨河北路", "North Riverside Road"},
                                            {"人民路", "Renmin Road"},
                                            {"府前街", "Fuqian Street"},
                                            {"光明大道", "Guangming Avenue"},
                                            {"龙头路", "Longtou Road"},
                                            {"北关路", "Beiguan Road"},
                                            {"长青路", "Changqing Road"}}};
constexpr std::array<Word, 4> rings{{{"环城西路", "West Ring Road"},
                                     {"环城南路", "South Ring Road"},
                                     {"环城东路", "East Ring Road"},
                                     {"环城北路", "North Ring Road"}}};

// Names of smaller streets are two syllables, one of each list; no two pairs sound the same in English.
constexpr std::array<Word, 21> first_syllables{{
    {"青", "Qing"}, {"石", "Shi"}, {"云", "Yun"},  {"长", "Chang"}, {"安", "An"},  {"永", "Yong"},
    {"和", "He"},   {"文", "Wen"}, {"春", "Chun"}, {"柳", "Liu"},   {"竹", "Zhu"}, {"松", "Song"},
    {"金", "Jin"},  {"玉", "Yu"},  {"兴", "Xing"}, {"德", "De"},    {"福", "Fu"},  {"龙", "Long"},
    {"凤", "Feng"}, {"枣", "Zao"}, {"桃", "Tao"},
}};
constexpr std::array<Word, 18> second_syllables{{{"山", "shan"},
                                                 {"泉", "quan"},
                                                 {"林", "lin"},
                                                 {"园", "yuan"},
                                                 {"桥", "qiao"},
                                                 {"溪", "xi"},
                                                 {"河", "he"},
                                                 {"岭", "ling"},
                                                 {"华", "hua"},
                                                 {"昌", "chang"},
                                                 {"宁", "ning"},
                                                 {"康", "kang"},
                                                 {"明", "ming"},
                                                 {"田", "tian"},
                                                 {"台", "tai"},
                                                 {"湾", "wan"},
                                                 {"谷", "gu"},
                                                 {"庄", "zhuang"}}};

/// Walks all pairs before one comes again, in an order that looks like none.
Text pair_of(std::size_t number) {
  constexpr std::size_t all = first_syllables.size() * second_syllables.size();
  std::size_t const k = number * 149 % all;
  auto const& first = first_syllables[k % first_syllables.size()];
  auto const& second = second_syllables[k / first_syllables.size()];
  return {std::string(first.zh) + second.zh, std::string(first.en) + second.en};
}

constexpr std::array<Word, 8> estate_kinds{{{"花园", "Garden"},
                                            {"小区", "Estate"},
                                            {"新村", "New Village"},
                                            {"家园", "Homes"},
                                            {"苑", "Court"},
                                            {"里", "Li"},
                                            {"公寓", "Apartments"},
                                            {"佳园", "Residence"}}};

constexpr std::array<char const*, 20> numerals{"一",   "二",   "三",   "四",   "五",   "六",   "七",
                                               "八",   "九",   "十",   "十一", "十二", "十三", "十四",
                                               "十五", "十六", "十七", "十八", "十九", "二十"};

Text text(Word w) {
  return {w.zh, w.en};
}

Names make_names() {
  Names n;
  n.city = {"青檀市", "Qingtan City"};
  n.district = {"榴城区", "Liucheng District"};
  constexpr std::array<Word, street_count> streets{{{"老城街道", "Laocheng Street"},
                                                    {"北园街道", "Beiyuan Street"},
                                                    {"檀山街道", "Tanshan Street"},
                                                    {"榴湖街道", "Liuhu Street"},
                                                    {"西河街道", "Xihe Street"},
                                                    {"东津街道", "Dongjin Street"}}};
  constexpr std::array<Word, street_count * communities_per_street> communities{
      {{"鼓楼", "Gulou"},          {"文庙", "Wenmiao"},   {"府前", "Fuqian"},
       {"书院", "Shuyuan"},        {"钟楼", "Zhonglou"},  {"南门", "Nanmen"},
       {"北园", "Beiyuan"},        {"光明", "Guangming"}, {"龙头", "Longtou"},
       {"榴园", "Liuyuan"},        {"长青", "Changqing"}, {"安康", "Ankang"},
       {"檀山", "Tanshan"},        {"望山", "Wangshan"},  {"泉头", "Quantou"},
       {"学府", "Xuefu"},          {"石门", "Shimen"},    {"云谷", "Yungu"},
       {"榴湖", "Liuhu"},          {"湖东", "Hudong"},    {"湖西", "Huxi"},
       {"翠屏", "Cuiping"},        {"月河", "Yuehe"},     {"锦绣", "Jinxiu"},
       {"西河", "Xihe"},           {"承水", "Chengshui"}, {"柳堤", "Liudi"},
       {"竹溪", "Zhuxi"},          {"南园", "Nanyuan"},   {"枣林", "Zaolin"},
       {"东津", "Dongjin"},        {"渡口", "Dukou"},     {"机床厂", "Jichuangchang"},
       {"纺织城", "Fangzhicheng"}, {"新河", "Xinhe"},     {"仙坛", "Xiantan"}}};
  for (std::size_t i = 0; i < streets.size(); ++i) n.streets[i] = text(streets[i]);
  for (std::size_t i = 0; i < communities.size(); ++i)
    n.communities[i] = {std::string(communities[i].zh) + "社区",
                        std::string(communities[i].en) + " Community"};
  return n;
}

}  // namespace

Names const& names() {
  static Names const all = make_names();
  return all;
}

Text macro_road_name(bool along_x, std::size_t number) {
  if (along_x) return text(horizontals[(number - 1) % horizontals.size()]);
  return text(number % 2 == 1 ? vertical_mains[number / 2 % vertical_mains.size()]
                              : vertical_minors[(number / 2 - 1) % vertical_minors.size()]);
}

Text ring_road_name(std::size_t part) {
  return text(rings[part % rings.size()]);
}

Text minor_road_name(bool along_x, std::size_t number) {
  auto const pair = pair_of(number);
  return {pair.zh + (along_x ? "路" : "街"), pair.en + (along_x ? " Road" : " Street")};
}

Text estate_name(std::size_t number) {
  auto const pair = pair_of(number * 7 + 3);
  auto const& kind = estate_kinds[(number * 3 + number / 9) % estate_kinds.size()];
  return {pair.zh + kind.zh, pair.en + " " + kind.en};
}

Text lane_name(Text const& parent, std::size_t number) {
  auto const numeral = number <= numerals.size() ? std::string(numerals[number - 1]) : std::to_string(number);
  return {parent.zh + numeral + "巷", parent.en + " Lane " + std::to_string(number)};
}

}  // namespace zhili::app::demo
