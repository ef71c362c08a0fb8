// Words of maintenance windows, claiming and dashboards.
export const zhSensing = {
  maintenance: {
    title: '维护时段', lead: '有人在检修时，不用告警打扰值守的人：告警照记，不立案，时段结束后还在的会重新出现。', make: '设一个维护时段', standing: '只看没结束的', past: '也看已结束的', none: '没有维护时段', nonePast: '还没有设过维护时段', noneHow: '要检修设备、做演练之前，在这里设一个，写明范围和时间。', more: '再看一些', count: '{n} 个时段',
    state: { planned: '未开始', open: '进行中', over: '已结束' }, what: '哪些告警', scope: { type: '一类设备', rule: '一条规则', thing: '一台设备', place: '一个地点' }, faults: '设备故障（失联、卡住）', chooseRule: '选一条规则', thingNo: '设备 {n}', placeKey: '地点 {key}', placeHow: '地点的键，在告警页可以直接带过来',
    area: '只在这个区域', time: '什么时候', from: '开始（不填就是现在）', length: '多久', until: '自己定结束时间', now: '现在', span: '{from} 到 {to}', reasonHow: '谁在做什么', lacks: { type: '请选一类设备。', rule: '请选一条规则。', thing: '请选一台设备。', place: '请写地点。', time: '请写结束时间，要晚于开始，也要晚于现在。', reason: '请写明为什么维护。' },
    end: '提前结束', cancel: '取消', endHow: '结束后，还在的告警立即重新出现。', cancelHow: '还没开始，取消后不再生效。', made: '维护时段已设好。', ended: '维护时段已结束。', here: '设维护时段',
  },
  claim: {
    title: '认领设备', lead: '站在设备旁边，照盒子上的标签输入认领码。填了一半断网也不会丢。', code: '认领码', codeHow: '标签上的 12 个字符，大小写和横线都不要紧。', left: '还差 {n} 个字符', short: '认领码有 {n} 个字符，还差 {m} 个。', strange: '认领码里没有“{what}”。请照标签再看一遍。',
    where: '它在哪里', here: '我就站在它旁边', hereAgain: '重新定位', found: '已定位，误差约 {m} 米。', rough: '定位误差约 {m} 米，请在地图上移准。', noFix: '定不了位。请在地图上移动，把设备放到正中，或选区域。', mapHow: '移动地图，让图钉尖对准设备。', byMap: '在地图上指', byArea: '只选区域', noPlace: '请定位、在地图上指出，或选一个区域。',
    claim: '认领', done: '已认领：{name}', doneHow: '设备下次报到（通常几分钟内）就会拿到自己的凭证，开始发数据。', another: '认领下一台', count: '这次一共认领了 {n} 台。',
  },
  dashboards: {
    title: '看板', mine: '您所在部门的看板', none: '没有看板', noneHow: '装上带看板的场景包，这里就有。', missing: '没有这个看板', missingHow: '它的场景包可能没有装。请从上面选一个。', mapLabel: '地图上有 {n} 台：{types}；设备列表用文字写着同样的内容', mapMore: '只画了每类的前几百台，共 {n} 台',
    noDevices: '还没有{type}。', all: '全部 {n} 条', fewer: '收起', whichDevice: '看哪一台的{what}', calm: '没有还在的告警。', allAlarms: '看全部告警', noRules: '这里没有会告警的规则。',
  },
}
export const enSensing: typeof zhSensing = {
  maintenance: {
    title: 'Maintenance', lead: 'While somebody works on devices, nobody is bothered by their alarms: they are kept, open no case, and what still stands at the end comes back.', make: 'Set a window', standing: 'Only those not over', past: 'Those that are over, too', none: 'No maintenance windows', nonePast: 'None was ever set', noneHow: 'Before devices are worked on or a drill is held, set one here: say what it is for and how long.', more: 'More', count: '{n} windows',
    state: { planned: 'To come', open: 'Open', over: 'Over' }, what: 'Which alarms', scope: { type: 'A type of device', rule: 'A rule', thing: 'A device', place: 'A place' }, faults: 'Faults of devices (silent, stuck)', chooseRule: 'Choose a rule', thingNo: 'device {n}', placeKey: 'place {key}', placeHow: 'Key of the place; the page of an alarm brings it along',
    area: 'In this area only', time: 'When', from: 'Begins (now if left empty)', length: 'How long', until: 'Until a time of your own', now: 'now', span: '{from} to {to}', reasonHow: 'Who does what', lacks: { type: 'Please choose a type of device.', rule: 'Please choose a rule.', thing: 'Please choose a device.', place: 'Please write the place.', time: 'Please say when it ends: after its beginning, and after now.', reason: 'Please say what the maintenance is for.' },
    end: 'End it now', cancel: 'Cancel', endHow: 'Alarms that still stand come back at once.', cancelHow: 'It has not begun; cancelled, it never will.', made: 'The window is set.', ended: 'The window is over.', here: 'Set a maintenance window',
  },
  claim: {
    title: 'Claim a device', lead: 'Stand beside it and type the code from the box. Nothing is lost if the network goes while you type.', code: 'Claim code', codeHow: 'The 12 characters of the label; capitals and dashes do not matter.', left: '{n} characters to go', short: 'A claim code has {n} characters; {m} are missing.', strange: 'No claim code has “{what}” in it. Please compare it with the label.',
    where: 'Where it is', here: 'I am standing beside it', hereAgain: 'Find me again', found: 'Found, to about {m} m.', rough: 'Found to about {m} m only; please move the map to the exact place.', noFix: 'Your place cannot be found. Move the map so that the device is in its middle, or choose an area.', mapHow: 'Move the map until the pin points at the device.', byMap: 'Show it on the map', byArea: 'Only choose the area', noPlace: 'Please find the place, show it on the map, or choose an area.',
    claim: 'Claim it', done: 'Claimed: {name}', doneHow: 'When it next announces itself, mostly within minutes, it gets its credential and begins to send.', another: 'Claim the next', count: '{n} claimed in a row.',
  },
  dashboards: {
    title: 'Dashboards', mine: 'Of your department', none: 'No dashboards', noneHow: 'Install a pack that has some.', missing: 'There is no such dashboard', missingHow: 'Its pack may not be installed. Please choose one above.', mapLabel: 'Map with {n} devices: {types}; the list of devices says the same in words', mapMore: 'the first some hundred of each type, {n} in all',
    noDevices: 'There is no {type} yet.', all: 'All {n}', fewer: 'Fewer', whichDevice: 'Of which device: {what}', calm: 'No alarm stands.', allAlarms: 'All alarms', noRules: 'No rule raises alarms here.',
  },
}
