#include "app/demo/words.hpp"

namespace zhili::app::demo {

namespace {

constexpr Trouble all_troubles[] = {
    {"{}路边堆着好几袋垃圾，已经有味了。", "暴露垃圾", 14, 6, 22, "垃圾已清运，地面冲洗过。", Look::heap},
    {"{}人行道上有一大堆砖头和灰渣，走不过去。", "建筑垃圾渣土", 8, 7, 20, "渣土已装车运走。", Look::heap},
    {"{}落叶和纸屑没人扫，路很脏。", "道路不洁", 10, 6, 19, "已清扫，并告知保洁班组加一遍。", Look::scraps},
    {"{}井盖不见了，晚上很危险，先用木板挡着。", "井盖缺失", 5, 0, 24, "井盖已装好，试踩无响动。", Look::hole},
    {"{}路灯三天不亮了，放学回来黑漆漆的。", "路灯不亮", 9, 18, 24, "灯具已更换，当晚亮灯正常。", Look::lamp},
    {"{}积水到脚踝，电动车都熄火了。", "道路积水", 4, 0, 24, "雨水口疏通，积水已退。", Look::water},
    {"{}小轿车停在盲道上，好几辆。", "机动车乱停放", 12, 7, 23, "车辆已劝离，盲道畅通。", Look::vehicles},
    {"{}门口摆摊卖水果，人行道全占了。", "无照游商", 9, 7, 22, "摊点已劝离到疏导点。", Look::stall},
    {"{}店家把桌椅摆到马路边上了。", "店外经营", 7, 10, 23, "桌椅已收回店内。", Look::stall},
    {"{}电线垂下来，快碰到人头了。", "架空线缆损坏", 3, 0, 24, "线缆已重新固定，高度合格。", Look::wire},
    {"{}树枝断了一半挂着，刮风怕掉下来。", "行道树", 5, 6, 20, "断枝已锯除。", Look::tree},
    {"{}垃圾箱满出来了，旁边也扔了一地。", "垃圾箱满溢", 8, 6, 22, "垃圾箱已清空，周围已保洁。", Look::heap},
    {"{}墙上贴满了小广告，还有喷漆电话。", "非法小广告", 7, 7, 20, "小广告已清除并覆色。", Look::scraps},
    {"{}工地半夜还在打桩，睡不着。", "施工噪声扰民", 5, 21, 24, "已责令停止夜间施工。", Look::vehicles},
    {"{}有人在路边烧树叶，烟很大。", "焚烧垃圾树叶", 3, 8, 19, "明火已灭，当事人已劝导。", Look::heap},
    {"{}楼下违章搭了个棚子，把路堵了一半。", "私搭乱建", 3, 8, 19, "棚子已拆，建材已清走。", Look::heap},
    {"{}共享单车倒了一片，轮椅过不去。", "非机动车乱停放", 10, 6, 22, "单车已归位。", Look::vehicles},
    {"{}河面上漂着塑料袋和死鱼。", "水域不洁", 3, 6, 19, "漂浮物已打捞。", Look::water},
    {"{}交通信号灯一直闪黄，路口很乱。", "交通信号灯", 3, 0, 24, "信号机已重启，相位正常。", Look::lamp},
    {"{}人行道的砖松了，老人差点绊倒。", "人行道破损", 7, 6, 20, "地砖已换铺，高差已找平。", Look::hole},
    {"{}沿街晾着被子和腊肉，挡着人行道。", "沿街晾挂", 4, 8, 18, "晾挂物品已收回。", Look::stall},
    {"{}绿化带里全是垃圾，草也踩秃了。", "绿地脏乱", 5, 7, 19, "绿地已清理，秃斑已补种。", Look::scraps},
    {"{}消火栓漏水，地上都湿了。", "消火栓", 2, 0, 24, "阀门已更换，压力正常。", Look::water},
    {"{}渣土车一路撒土，灰很大。", "道路遗撒", 4, 5, 23, "路面已冲洗，车辆已查处。", Look::heap},
};

constexpr Resident all_residents[] = {
    {"周桂兰", "19900000001"}, {"李大勇", "19900000002"}, {"陈晓雨", "19900000003"}, {"马建国", "19900000004"},
    {"孙小梅", "19900000005"}, {"赵志强", "19900000006"}, {"吴秀英", "19900000007"}, {"郑一帆", "19900000008"},
    {"刘阿婆", "19900000009"}, {"黄文静", "19900000010"}, {"徐师傅", "19900000011"}, {"何雨桐", "19900000012"},
};

constexpr Worker all_acceptors[] = {{"staff:ann", "安静"}, {"staff:bei", "贝宁"}};
constexpr Worker all_dispatchers[] = {{"staff:dora", "杜若"}, {"staff:dai", "戴明"}};
constexpr Worker all_leads[] = {{"staff:lu", "陆平"}};
constexpr Worker all_collectors[] = {{"staff:cai", "蔡青"}, {"staff:cen", "岑山"}, {"staff:chu", "楚河"}, {"staff:cui", "崔巍"}};
constexpr Worker all_verifiers[] = {{"staff:wei", "魏然"}, {"staff:wen", "温和"}};
constexpr Worker all_handlers[] = {{"staff:han", "韩松"}, {"staff:hao", "郝亮"}, {"staff:hou", "侯毅"}, {"staff:hua", "华强"},
                                   {"staff:huo", "霍燃"}, {"staff:hui", "惠民"}};

}  // namespace

std::span<Trouble const> troubles() { return all_troubles; }
std::span<Resident const> residents() { return all_residents; }
std::span<Worker const> acceptors() { return all_acceptors; }
std::span<Worker const> dispatchers() { return all_dispatchers; }
std::span<Worker const> leads() { return all_leads; }
std::span<Worker const> collectors() { return all_collectors; }
std::span<Worker const> verifiers() { return all_verifiers; }
std::span<Worker const> handlers() { return all_handlers; }

}  // namespace zhili::app::demo
