import { zhInterface } from './interface'
import { zhAlarms } from './alarms'
import { zhDevices } from './devices'
import { zhOutward } from './outward'
import { zhPhone } from './phone'
import { zhRelease } from './release'
import { zhSensing } from './sensing'
import { zhReports } from './reports'
import { zhEvaluation } from './evaluation'
import { zhIncidents } from './incidents'
import { zhAccount, zhOwnWork, zhKeys, zhLinks, zhSignOn } from './signon'

export const zh = {
  ...zhAlarms,
  ...zhDevices,
  ...zhOutward,
  ...zhPhone,
  ...zhRelease,
  ...zhSensing,
  interface: zhInterface,
  reports: zhReports,
  account: zhAccount, ownWork: zhOwnWork, keys: zhKeys, links: zhLinks, signOn: zhSignOn,
  product: '智理', close: '关闭',
  nav: { main: '主要页面', sensing: '感知的页面', skip: '跳到正文', city: '城市', cases: '案卷', catalogue: '事项', report: '报事', inbox: '待办', people: '人员', more: '更多页面' },
  head: { home: '{city}，回到首页', what: '城市运行', date: '{month} 月 {day} 日', demo: '演示 ×{speed}', demoWhy: '这是模拟的城市，时间走得比真实快。' },
  month: { 1: '1 月', 2: '2 月', 3: '3 月', 4: '4 月', 5: '5 月', 6: '6 月', 7: '7 月', 8: '8 月', 9: '9 月', 10: '10 月', 11: '11 月', 12: '12 月' },
  settings: { title: '显示设置', theme: '明暗', system: '跟随系统', light: '浅色', dark: '深色', large: '大字版', stop: '：' },
  city: {
    title: '{city}：正在发生的事', sums: '现在的数字', inHand: '在办', soon: '将超时', late: '已超时', closedToday: '今日结案', unit: '件',
    happening: '正在发生', everySeconds: '每 {n} 秒更新', quiet: '现在没有新的动静', quietHow: '有人报事，或案卷有进展，会出现在这里。',
    checking: '立案前正在现场核实 {n} 件', checkingLate: '其中 {n} 件已超时',
    all: '看全部案卷', spoken: '在办 {inHand} 件，已超时 {late} 件', mapLabel: '地图，上面有 {n} 件案卷；同样的内容在案卷列表里',
    several: '这里有 {n} 件', severalWhy: '位置还没有公开的案卷，都画在所在网格的中心。',
  },
  days: { title: '近 {n} 天', opened: '立案', closed: '结案', today: '今天', date: '{month}/{day}', spoken: '{day}：立案 {opened} 件，结案 {closed} 件' },
  mark: { late: '超' },
  tone: { good: '时限内', risk: '将超时', late: '已超时', paused: '暂停', done: '已了结' },
  legend: { title: '图例', sources: '来源，点一下显示或隐藏', states: '状态', circle: '居民', triangle: '巡查', diamond: '传感器', square: '摄像头', grid: '网格线', component: '部件' },
  map: { zoomIn: '放大', zoomOut: '缩小', broken: '地图画不出来：这个浏览器没有打开 WebGL。案卷列表照常可用。' },
  stage: {
    registered: '立案', dispatched: '派遣', handling: '处理', suspended: '挂账', reported_back: '反馈', verifying: '核查中',
    verified: '核查通过', closed: '结案', evaluated: '已评价', archived: '已归档', collected: '收到', checking: '核实',
  },
  signal: { collected: '已收到，等受理', checking: '核实中', rejected: '不予立案', merged: '并入同一件', registered: '已立案' },
  clock: { dispatch: '派遣', handle: '处置', verify: '核查', whole: '全程', supervise: '督办', penalty: '处罚', ledger: '时限明细', due: '按现在的走法，{when} 到期', ran: '计时', paused: '暂停', until: '现在', by: '，{who} 同意' },
  story: { public: '公开', staff: '内部', system: '系统', withSystem: '显示系统记录（{n} 条）', onlySystem: '这一天只有 {n} 条系统记录。', fromSource: '来自原系统' },
  steps: { done: '（已完成）', open: '（还没到）' },
  bars: { rest: '其余 {n} 项' },
  cases: {
    title: '案卷', total: { open: '在办 {n} 件', closed: '已结 {n} 件', all: '共 {n} 件' }, none: '没有这样的案卷',
    noneFiltered: '没有案卷同时符合这些条件。去掉一两个再看。', noneYet: '还没有案卷。有人报事并立案后，会列在这里，最新的在最上面。',
    keys: 'j 下一件，k 上一件，回车打开', more: '再看 50 件', end: '到底了。', beside: '地图和数目', byStage: '按环节', byArea: '按区域', byItem: '按事项',
    inView: '只看地图这一块的案卷', notInView: '不限地图范围',
  },
  filter: {
    title: '筛选', open: '筛选', openSet: '筛选（{n}）', area: '区域', anyArea: '全部区域', stage: '环节', anyStage: '全部环节', item: '事项', anyItem: '全部事项',
    department: '承办部门', anyDepartment: '全部部门', no: '案卷号，直接打开', goTo: '打开这个号的案卷', stateLabel: '在办或已结', state: { open: '在办', closed: '已结', all: '全部' },
    lateLabel: '时限', late: { any: '不限', soon: '将超时', over: '已超时' }, dates: '时间', date: { opened: '立案', closed: '结案' }, from: '从', to: '到',
    clear: '清除条件', show: '看结果', showN: '看 {n} 件',
  },
  case: {
    title: '案卷', missing: '没有案卷 {no}', missingHow: '请核对号码。也可能它还没有立案：报事的人可以用回执里的链接查看。', recorded: '原系统记录',
    noArea: '区域不明', notSent: '还没派遣', noClock: '没有时限', openedAt: '立案 {when}', closedAt: '结案 {when}', steps: '走到哪一步', clocks: '时限',
    story: '经过', place: '地点', placeExact: '这是准确位置。', placeDuty: '这是准确位置，只给值守的人看。', private: '不公开', privateHow: '反映人要求不公开：只有对它值守的人看得到这一页。原话要说明用途才能打开。', placeGrid: '准确位置没有公开，图上是所在网格的中心。', placeUnknown: '地点不明。', grid: '网格 {code}。',
    mapLabel: '这件案卷的位置', why: '为何派给它', signals: '信号', signalCount: '{n} 条', wordsKept: '原话没有公开。', photo: '照片 {n}',
  },
  report: {
    back: '上一步', next: '下一步', optional: '可以不填', stepOf: '第 {at} 步，共 {of} 步',
    start: {
      title: '在{city}报一件事', lead: '从哪样开始都行。不用注册。', photo: '拍照报事', photoHow: '拍一张，后面再说地点', place: '选地点报事', placeHow: '先在地图上指出来', words: '写一句话', wordsHow: '看到什么写什么',
      begun: '上次写到一半，内容都在。', resume: '接着写', drop: '丢掉，重新开始', mine: '我报过的 {n} 件', mineHow: '这个单子只存在这台设备的浏览器里。',
    },
    what: { title: '发生了什么？', words: '用一两句话说说', example: '比如：桥下全是水，车熄火了', how: '不要写别人的姓名和车牌。', empty: '还没有内容。请写一句话，或加一张照片。' },
    item: {
      title: '这是哪一类？', from: '根据“{q}”：', often: '先看这几类：', found: '找“{q}”：', likely: '很像', others: '同属“{group}”：', searchOther: '都不像？找一找', none: '没有找到“{q}”。换个说法，比如“垃圾”“路灯”。',
      search: '或者找一找', searchExample: '垃圾、路灯、积水……', chosen: '已选：{name}', choose: '还没有选。拿不准就选最像的，受理的人会改。',
    },
    ask: { title: '再问一两句', lacking: '请回答“{label}”，处理的人要靠它安排。' },
    place: {
      title: '在哪里？', locate: '用我现在的位置', cannot: '没有拿到位置。请拖动地图，让针尖落在那个地方，或写地址。', outside: '您现在不在{city}范围内。请拖动地图来选。', found: '已移到您的位置，误差约 {m} 米。可以再拖一拖。',
      mapLabel: '选地点的地图，用方向键移动，加减号缩放', how: '在地图上点一下那个地方，或拖动地图，让针尖落在那里。', near: '针尖在{area}附近。', address: '地址或显眼的东西', example: '铁路桥下，靠南边',
      lacking: '还不知道在哪里。请拖动地图，或写地址。', here: '就是这里', onlyAddress: '只用这个地址',
    },
    send: {
      title: '看一遍，发出', words: '内容', item: '类别', place: '地点', pin: '已在图上标出', change: '改', changeWhat: '改{what}', contact: '要告诉您结果吗？', name: '怎么称呼', phone: '电话', mail: '邮箱',
      privacy: '姓名、电话和邮箱加密保存，只给办这件事的人看，每次查看都留痕，到期销毁。您的话、照片和准确地点，审核后才会公开。',
      hidden: '整件事都不公开', hiddenHow: '只有办这件事的人知道；地图、清单和开放数据里都没有它。您自己凭回执随时能看。',
      mailFault: '邮箱少了 {\'@\'} 或后面的部分。请改成 name{\'@\'}example.cn 的样子，或留空。', now: '发出', mend: '去改这一项',
    },
  },
  signIn: {
    title: '工作人员登录', short_title: '登录', lead: '这里给处理案卷的工作人员用。', resident: '居民报事不用登录。', login: '登录名', password: '密码', enter: '登录', out: '退出',
    forgot: '忘了密码，请管理员给一个一次性密码。', lacking: '请填写登录名和密码。', demo: '演示账号', demoHow: '这是模拟的城市，每种岗位有一个账号，点一下就登录。',
    choose: '设一个自己的密码', chooseWhy: '现在用的是一次性密码。新密码至少 {n} 个字，几个词连在一起就好记。', before: '一次性密码', fresh: '新密码', again: '再写一遍新密码', keep: '保存并继续',
    short: '密码至少要 {n} 个字。', differs: '两遍写得不一样，请再写一遍。',
  },
  incident: zhIncidents,
  inbox: {
    title: '待办', shown: '列出 {n} 件，共 {all} 件', more: '再列一些', inCases: '其余的在案卷列表里查', count: '共 {n} 件', noPost: '还没有岗位', noDuty: '您还没有岗位', noDutyHow: '请管理员在“人员”里给您任岗，任岗后待办会出现在这里。',
    empty: '现在没有等您办的事', emptyHow: '新的事情来了会自动出现，不用刷新。',
  },
  work: {
    title: '上报', told: '上报内容', released: '已公开', notReleased: '还没有公开', sealed: '原话已加密保存，这里不显示。', noWords: '没有文字。', noAddress: '没有写地址。',
  },
  step: {
    title: '下一步', none: '这件事现在没有等您办的。', leave: '先不办', refused: '现在不能做的 {n} 项，为什么', lacking: '还缺“{what}”。', along: '立案时一并并入：{numbers}', byDuty: '按职责自动找', closedWhen: '：{text}',
    field: {
      reason: '说明', department: '部门', person: '人员的登录名', until: '到什么时候', clock: '哪个时限', level: '级别', score: '评分', number: '第几次督办', upheld: '决定',
      photos: '照片', closing_condition_met: '已达到结案条件', condition: '立案条件', found: '现场情况', into: '并入哪件案卷', words: '公开的文字', withheld: '不公开的内容',
    },
    of: { send_to_verify: { person: '指定核查人的登录名' }, dispatch: { department: '派给哪个部门' } },
    choice: {
      found: { found: '情况属实', not_found: '没有发现', unable: '没能看成' }, upheld: { 1: '申诉成立', 0: '申诉不成立' }, level: { 1: '一般', 2: '重要', 3: '领导批示' },
      score: { 1: '非常不满意', 2: '不满意', 3: '一般', 4: '满意', 5: '非常满意' },
    },
  },
  people: {
    title: '人员', who: '谁可以办', verb: '办什么', ask: '查一查', may: '可以', mayNot: '不可以', nobody: '没有人可以办。请管理员任岗。',
    verbs: { register: '立案', dispatch: '派遣', take: '接单', report_back: '反馈', send_to_verify: '发核查', pass: '核查通过', close: '结案', grant: '同意延期或挂账', supervise: '督办', decide_appeal: '裁决申诉' },
    make: '新账号', makeIt: '建账号', same: '与谁是同一个人', own: '另一个人', appoint: '任岗', appointIt: '任岗', post: '岗位', accounts: '账号', find: '按登录名、岗位或区域找', noneFound: '没有找到', more: '还有 {n} 个', item: '哪个事项', anyItem: '任何事项，或代码如 0102', items: '只办这些事项', allItems: '全部；或代码开头，用空格隔开', onlyItems: '只办 {items}', until: '到哪天为止', untilWhen: '到{when}', noPost: '没有岗位', is: '即 {person}',
    disabled: '已停用', new: '还没改密码', end: '免去', endWhat: '免去 {login} 的{post}', reset: '给一次性密码', enable: '启用', disable: '停用',
    password: '{login} 的一次性密码：', passwordHow: '只显示这一次。请当面或打电话告诉本人，第一次登录时改成自己的密码。',
  },
  outbox: {
    bar: '有 {n} 件报事还没发出，连上网络后自动发出。', barRefused: '有 {n} 件报事还没发出，其中有的要您改一改。', look: '看一看', notYet: '还没发出',
    sending: '正在发出', sendingHow: '请稍等一下。已经存在这台设备上，关掉页面也不会丢。', waiting: '还没发出', waitingHow: '现在连不上。已经存在这台设备上，不会丢；连上网络、打开这个网站就自动发出。',
    refused: '没有收下', written: '{when} 写的', now: '现在再发一次', mend: '去改一改', drop: '不发了', dropSure: '真的不发？写的内容会删掉', busy: '您正在写另一件。先把那一件发出或丢掉，再来改这一件。',
  },
  photo: {
    full: '看原图', shows: { near: '近景', far: '全景', before: '处置前', after: '处置后' },
    add: '加照片', more: '再加一张', drop: '去掉照片 {n}', count: '照片 {n} 张', how: '照片在您的设备上先缩小，并去掉里面的位置和机型。',
    tooLarge: '照片 {n} 太大（{mb} MB）。请选小于 {max} MB 的照片，已填的内容都在。', notPicture: '“{name}”不是能打开的照片。请选 JPEG、PNG 或 WebP，已填的内容都在。', tooMany: '最多 {max} 张照片。先去掉一张再加。',
  },
  receipt: {
    title: '回执', got: '已收到', at: '收到 {when}', due: '{when} 前处理', keep: '不用登录，凭这个链接随时看进展。请收好。', copy: '保存链接', copied: '链接已复制。', copyBy: '没能自动复制。请长按上面的链接复制。',
    case: '看案卷 {no}', casePrivate: '案卷 {no}。您要求不公开，别人看不到它；进展只在这一页。', missing: '没有这张回执', missingHow: '链接可能少了几个字。请从您保存的地方重新打开。', spoken: '现在：{step}',
  },
  catalogue: {
    byCondition: '，看情况',
    lead: '这个城市管哪些事，什么情况立案，多久办完。', count: '{n} 项', search: '找事项：垃圾、路灯、积水……', none: '没有找到“{q}”', noneHow: '换个说法，或者只写一个词。', empty: '目录是空的', emptyHow: '装上场景包后，事项会列在这里。',
    groups: '分组', when: '立案条件', promise: '时限', function: '职能', closed: '结案条件', and: '，', from: '依据 {source}，场景包 {pack}', cases: '看这类案卷',
  },
  kind: { event: '事件', component: '部件', service: '服务' },
  trouble: {
    offline: '没有网络', offlineHow: '连不上服务器。连上后会自动更新。', slow: '服务器没有及时回答', slowHow: '等了 15 秒。可能很忙，会再试。', missing: '没有找到', missingHow: '这里没有内容。', refused: '没有成功',
    broken: '服务器出错了', brokenHow: '编号 {status}。不是您的问题，已填的内容都在。', kept: '下面是之前的内容。', again: '再试一次',
  },
  missing: { title: '没有这一页', how: '地址可能写错了，或者少了几个字。', home: '回到首页' },
  evaluation: zhEvaluation,
  gallery: { title: '组件' },
}
