// Items of the mock's catalogue; the real ones come from the packs.
const t = (zh, en) => ({ zh, en })
const GROUPS = { '01': t('市容环境', 'Street appearance'), '04': t('突发事件', 'Sudden events'), '05': t('街面秩序', 'Street order'), c1: t('公用设施', 'Public utilities'), c4: t('园林绿化', 'Parks and trees') }

const item = (code, kind, group, zh, en, words, fn, rows, extra = {}) => ({
  code, kind, name: t(zh, en), group: { code: group, name: GROUPS[group] }, words, public: true, asks: [],
  conditions: rows.map(([czh, cen, amount, unit], i) => ({
    code: String(i + 1), when: t(czh, cen), closed_when: t('现场恢复正常，有处理后照片', 'The place is back to normal; a photo after the work shows it'),
    function: { code: fn.en, name: fn }, clocks: [{ code: 'handle', name: 'handle', amount, unit }, ...(extra.more ?? [])],
  })), pack: 'city-appearance', version: '1.0.0', source: extra.source ?? 'zhili', ...(extra.asks ? { asks: extra.asks } : {}),
})

const SANITATION = t('环卫', 'Sanitation'), DRAINAGE = t('排水', 'Drainage'), LIGHT = t('路灯', 'Street lighting'), GREEN = t('园林', 'Parks'), ORDER = t('城管执法', 'City management'), ROADS = t('市政道路', 'Roads')
export const items = [
  item('0102', 'event', '01', '暴露垃圾', 'Rubbish left in the open', ['垃圾', '臭', '一堆', 'rubbish', 'trash', 'smell'], SANITATION, [['不到 1 立方米', 'Less than 1 m³', 4, 'work_hours'], ['1 立方米以上', '1 m³ or more', 1, 'work_days']], { source: 'GB/T 30428.2' }),
  item('0103', 'event', '01', '积存渣土', 'Piled-up building waste', ['渣土', '建筑垃圾', 'rubble', 'building waste'], SANITATION, [['任何情况', 'Always', 2, 'work_days']], { source: 'GB/T 30428.2' }),
  item('0104', 'event', '01', '道路不洁', 'Dirty street', ['脏', '泥', '不干净', 'dirty', 'mud'], SANITATION, [['任何情况', 'Always', 2, 'work_hours']], { source: 'GB/T 30428.2' }),
  item('0401', 'event', '04', '道路积水', 'Water on the road', ['水', '积水', '淹', '熄火', '桥下', 'water', 'flood', 'underpass'], DRAINAGE, [['深度不到 15 厘米', 'Up to 15 cm deep', 4, 'work_hours'], ['深度 15 厘米以上', '15 cm or deeper', 2, 'urgent_hours']],
    { asks: [{ code: 'depth', type: 'list', label: t('水有多深？', 'How deep is the water?'), required: true, options: [{ key: 'ankle', name: t('没过脚踝', 'To the ankle') }, { key: 'knee', name: t('到膝盖', 'To the knee') }, { key: 'car', name: t('车过不去', 'Cars cannot pass') }] }, { code: 'trapped', type: 'multi_list', label: t('路上还有什么？', 'What else is there?'), required: false, options: [{ key: 'people', name: t('有人被困', 'People are trapped') }, { key: 'cable', name: t('有电线落水', 'A cable in the water') }] }], more: [{ name: 'verify', amount: 1, unit: 'work_days' }] }),
  item('0402', 'event', '04', '路面塌陷', 'Sunken road', ['塌', '坑', '陷', 'hole', 'sunken', 'pothole'], ROADS, [['任何情况', 'Always', 2, 'urgent_hours']]),
  item('0501', 'event', '05', '占道堆放', 'Things blocking the pavement', ['占道', '堵', '摆', 'pavement', 'blocked'], ORDER, [['任何情况', 'Always', 4, 'work_hours']], { source: 'GB/T 30428.2' }),
  item('0502', 'event', '05', '机动车乱停放', 'Badly parked cars', ['停车', '乱停', '车', 'parking', 'car'], ORDER, [['任何情况', 'Always', 2, 'work_hours']]),
  item('0503', 'event', '05', '私搭乱建', 'Illegal building', ['违建', '搭', '棚', 'shed', 'illegal'], ORDER, [['正在建', 'Still being built', 4, 'work_hours'], ['已建成', 'Finished', 20, 'work_days']], { more: [{ name: 'penalty', amount: 7, unit: 'work_days' }] }),
  item('c0101', 'component', 'c1', '井盖缺失或破损', 'Manhole cover missing or broken', ['井盖', '井', '盖子', 'manhole', 'cover'], DRAINAGE, [['缺失', 'Missing', 2, 'urgent_hours'], ['破损', 'Broken', 1, 'work_days']]),
  item('c0102', 'component', 'c1', '路灯不亮', 'Street lamp out', ['灯', '黑', '不亮', 'lamp', 'light', 'dark'], LIGHT, [['单盏', 'One lamp', 3, 'work_days'], ['一片', 'Several lamps', 1, 'work_days']]),
  item('c0103', 'component', 'c1', '消火栓漏水', 'Leaking hydrant', ['消火栓', '漏', 'hydrant', 'leak'], DRAINAGE, [['任何情况', 'Always', 1, 'natural_days']]),
  item('c0401', 'component', 'c4', '行道树倒伏', 'Fallen street tree', ['树', '倒', '枝', 'tree', 'branch'], GREEN, [['挡住道路', 'It blocks the road', 4, 'urgent_hours'], ['没有挡路', 'It does not block', 2, 'work_days']]),
  item('c0402', 'component', 'c4', '绿地损坏', 'Damaged green', ['草', '绿地', '花', 'green', 'grass'], GREEN, [['任何情况', 'Always', 5, 'work_days']]),
]
export const departments = { 环卫: ['sanitation', t('环卫中心', 'Sanitation Centre')], 排水: ['drainage', t('排水所', 'Drainage Office')], 路灯: ['lighting', t('路灯所', 'Street Lighting')], 园林: ['parks', t('园林处', 'Parks Office')], 城管执法: ['order', t('城管大队', 'City Management Team')], 市政道路: ['roads', t('市政所', 'Roads Office')] }
export const departmentOf = (item) => { const [code, name] = departments[item.conditions[0].function.name.zh]; return { code, name } }
export const complaints = {
  '0102': ['楼下垃圾三天没人收，味道很大', '垃圾桶满了，袋子堆在路边'], '0401': ['桥下全是水，车熄火了', '雨一停路口就积水，走不过去'],
  c0102: ['这条路的灯都黑了，晚上不敢走', '门口路灯一闪一闪'], c0101: ['井盖没了，只放了一根树枝', '井盖翘起来，压过去咣当响'], '0502': ['消防通道被车堵住', '车停在盲道上'],
}
