// Words of alarms, rules and maintenance windows.
export const zhAlarms = {
  alarms: {
    title: '告警', one: '告警', open: '{n} 条还在，{u} 条没人确认', calm: '没有告警', calmHow: '规则在看，有事会立刻出现在这里。', none: '没有这样的告警', noneHow: '去掉一两个条件再看。', list: '告警列表', bySeverity: '按级别',
    severity: { critical: '危急', major: '严重', minor: '一般', warning: '预警', info: '提示' }, state: { raised: '未确认', acknowledged: '已确认', suppressed: '已抑制', cleared: '已解除' },
    which: { open: '还在的', cleared: '已解除的', all: '全部' }, whichLabel: '哪些告警', kind: { condition: '现场', fault: '设备故障' }, anyKind: '现场和设备', kindLabel: '哪种',
    since: '{when} 起', over: '{when} 解除', times: '第 {n} 次', flapping: '时有时无', until: '抑制到 {when}', case: '案卷 {no}', ofCase: '本案的告警', allOfCase: '看本案的全部告警', more: '再看 {n} 条', end: '就这些。', map: '地图', mapLabel: '有 {n} 条告警的地图；左边的列表用文字写着同样的内容', home: '在住户家中，位置不公开',
    noArea: '在各区域之外', keys: '键盘', keysHow: { j: '下一条（也可用 ↓）', k: '上一条（也可用 ↑）', a: '确认', c: '备注', enter: '打开', q: '显示或收起这些' }, acknowledged: '已确认：{what}', refused: '没有做成：{what}',
    missing: '没有这条告警', missingHow: '它可能不归您的岗位看。', value: '读数', rule: '规则', thing: '设备', keeper: '责任部门', fallback: '无人承担，属地兜底', assigned: '交办给', waits: '没有自动立案', raisedAt: '告警于', clearedAt: '解除于', bySystem: '规则自行解除',
    verb: { acknowledge: '确认', assign: '交办', comment: '备注', suppress: '抑制', clear: '解除', reopen: '重新打开' }, reason: '理由', reasonMay: '理由，可以不填', words: '要说的话', post: '岗位代码', person: '登录名', assignHow: '写岗位代码或登录名，至少一个。', suppressFor: '抑制多久', hours: '{n} 小时', days: '{n} 天', lacks: '请先填写：{what}',
    story: '经过', chart: '前后的读数', steps: '下一步', nothing: '您的岗位在这里没有可做的步骤。',
  },
  rules: {
    title: '规则', one: '规则', lead: '规则看读数，满足条件就告警。每条规则的条件和依据都公开写着，可以先用历史试一试。', running: '规则正在运行', notHere: '规则由另一个进程运行', none: '没有规则', noneHow: '装上带规则的场景包，这里就有。', search: '按名称查找',
    armed: '已启用', disarmed: '已停用', chosen: '{who}：{reason}', watch: '看', subjects: '在 {n} 处运行', raised: '{n} 条告警还在', atFault: '{n} 处设备失联或卡住', broken: '{n} 处出错停下：{why}', fired: '三十天告警 {n} 次', opens: '立案：{what}', noCase: '不立案', scope: { thing: '逐件判断', place: '整个地点一起判断' }, basis: '依据', pack: '场景包 {pack}',
    clause: { raise: '何时告警', clear: '何时解除', escalate: '何时升级', fault: '何时算设备故障', during: '只在', shows: '显示' }, arm: '启用', disarm: '停用', disarmHow: '停用会立即结束这条规则的全部告警。', why: '为什么', missing: '没有这条规则', says: '告警时说',
    parameters: '参数', standard: '标准值 {value}', own: '另定的地方', ownNone: '各处都用标准值。', subject: '哪个地点（地点键）', thePlace: '〔地点〕', theValue: '〔读数〕', value: '取值', set: '设定', back: '恢复标准值',
    replay: '用历史试一试', replayHow: '不产生任何告警：只算出它会在何时何地告警。', span: '试多久', spans: { week: '最近七天', month: '最近三十天', quarter: '最近九十天' }, begin: '开始', progress: '已算 {done} / {all} 处', found: '会告警 {n} 次，在 {c} 处（共 {s} 处运行）', foundNone: '一次也不会告警（在 {s} 处运行）', readings: '看了 {n} 条读数，设备失联或卡住 {f} 次。', line: '每格告警次数的图，最多一格 {most} 次', times: '何时何地', stillThere: '到最后还在', firstOnly: '只列最早的 {n} 次。', home: '住户家中',
    notYours: '启停规则和回放由值班长或管理员来做。',
  },
}
export const enAlarms: typeof zhAlarms = {
  alarms: {
    title: 'Alarms', one: 'Alarm', open: '{n} stand, {u} not acknowledged', calm: 'No alarms', calmHow: 'The rules are watching; whatever happens appears here at once.', none: 'No such alarms', noneHow: 'Take away one filter or two.', list: 'List of alarms', bySeverity: 'By severity',
    severity: { critical: 'Critical', major: 'Major', minor: 'Minor', warning: 'Warning', info: 'Information' }, state: { raised: 'Not acknowledged', acknowledged: 'Acknowledged', suppressed: 'Suppressed', cleared: 'Cleared' },
    which: { open: 'Standing', cleared: 'Cleared', all: 'All' }, whichLabel: 'Which alarms', kind: { condition: 'On site', fault: 'Device fault' }, anyKind: 'Sites and devices', kindLabel: 'Which kind',
    since: 'since {when}', over: 'cleared {when}', times: 'time {n}', flapping: 'on and off', until: 'suppressed until {when}', case: 'Case {no}', ofCase: 'Alarms of this case', allOfCase: 'All alarms of this case', more: '{n} more', end: 'That is all.', map: 'Map', mapLabel: 'A map with {n} alarms; the list beside it says the same in words', home: 'In a home: the place is not shown',
    noArea: 'outside of all areas', keys: 'Keys', keysHow: { j: 'next (or ↓)', k: 'before (or ↑)', a: 'acknowledge', c: 'comment', enter: 'open', q: 'show or hide these' }, acknowledged: 'Acknowledged: {what}', refused: 'Not done: {what}',
    missing: 'There is no such alarm', missingHow: 'It may not be for your posts to see.', value: 'Reading', rule: 'Rule', thing: 'Device', keeper: 'Department', fallback: 'nobody holds the function; the area\'s own office', assigned: 'Given to', waits: 'No case by itself', raisedAt: 'Raised', clearedAt: 'Cleared', bySystem: 'by its rule',
    verb: { acknowledge: 'Acknowledge', assign: 'Assign', comment: 'Comment', suppress: 'Suppress', clear: 'Clear', reopen: 'Reopen' }, reason: 'Reason', reasonMay: 'Reason, may be left out', words: 'What you want to say', post: 'Code of a post', person: 'Login', assignHow: 'Name a post or a login, at least one.', suppressFor: 'For how long', hours: '{n} hours', days: '{n} days', lacks: 'Still to be filled in: {what}',
    story: 'What happened', chart: 'Readings before and after', steps: 'Next steps', nothing: 'Your posts have no step to take here.',
  },
  rules: {
    title: 'Rules', one: 'Rule', lead: 'Rules look at readings and raise alarms. Each says openly on what condition and on what basis, and can be tried over history first.', running: 'The rules are running', notHere: 'Another process runs the rules', none: 'No rules', noneHow: 'Install a pack that has some.', search: 'Find by name',
    armed: 'Armed', disarmed: 'Disarmed', chosen: '{who}: {reason}', watch: 'Looks at', subjects: 'runs at {n} places', raised: '{n} alarms stand', atFault: 'devices silent or stuck at {n}', broken: 'stopped at {n}: {why}', fired: '{n} alarms in thirty days', opens: 'Opens {what}', noCase: 'Opens no case', scope: { thing: 'each thing by itself', place: 'a place as a whole' }, basis: 'Basis', pack: 'Pack {pack}',
    clause: { raise: 'Raises when', clear: 'Clears when', escalate: 'Escalates', fault: 'Device at fault when', during: 'Only', shows: 'Shows' }, arm: 'Arm', disarm: 'Disarm', disarmHow: 'Disarming ends all alarms of this rule at once.', why: 'Why', missing: 'There is no such rule', says: 'An alarm says',
    parameters: 'Parameters', standard: 'standard {value}', own: 'Other values', ownNone: 'The standard holds everywhere.', subject: 'Which place (its key)', thePlace: '‹place›', theValue: '‹reading›', value: 'Value', set: 'Set', back: 'Standard again',
    replay: 'Try it over history', replayHow: 'Nothing is raised: it only works out when and where there would have been an alarm.', span: 'Over how long', spans: { week: 'Last 7 days', month: 'Last 30 days', quarter: 'Last 90 days' }, begin: 'Begin', progress: '{done} of {all} places done', found: 'It would have fired {n} times, at {c} of {s} places', foundNone: 'It would not have fired once (at {s} places)', readings: '{n} readings were looked at; devices were silent or stuck {f} times.', line: 'Alarms in each piece of the time, {most} at most', times: 'When and where', stillThere: 'would still stand', firstOnly: 'The first {n} only.', home: 'In a home',
    notYours: 'Leads of dispatch and administrators arm rules and try them over history.',
  },
}
