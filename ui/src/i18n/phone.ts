// Words of what is told in confidence, the phone desk, call-backs and their rates.
export const zhPhone = {
  private: {
    button: '查看联系方式和保密的话', why: '为什么要看？', note: '写明用途', open: '打开', none: '反映人没有留下联系方式或保密的话。',
    traced: '每次打开都有记录，反映人能看到时间、岗位和用途。',
    field: { name: '姓名', phone: '电话', mail: '邮箱', words: '原话', address: '地址' },
  },
  readings: {
    title: '谁看过我的信息', nobody: '还没有人看过您留下的联系方式和保密的话。', opened: '打开看过：{purpose}', found: '按号码查到：{purpose}',
    program: '系统', how: '工作人员每次打开都要说明用途，并记在这里。',
  },
  phone: {
    title: '12345 接线', caller: '来电号码', callerHow: '没有显示就留空', open: '接听', lookedUp: '按号码查以前的诉求会留下记录，来电人能看到。', noNumber: '号码未显示', since: '{time} 接听',
    unfinished: '有 {n} 个来电还没有结束：', resume: '继续 {time} 的来电', notYours: '您不在接线岗', notYoursHow: '需要的话，请管理员任岗。',
    paneCall: '来电登记', paneKnown: '已知情况', paneMap: '地图', mapLabel: '地图，中间是地点；用方向键移动', mapHow: '移动地图，把地点放到中间。',
    words: '反映的事', wordsHow: '边听边记，下面会给出可能的事项', item: '事项', itemHow: '写几个字，这里就有可能的事项。', place: '地点', placeHow: '路名、门牌、小区，或在地图上指', places: '可能的地点', placed: '地图上已定位。',
    name: '称呼', other: '联系电话', secret: '要求保密', nameless: '不留电话', register: '登记', answer: '当场答复', drop: '挂断', dropWhy: '为什么没有内容', dropDo: '结束来电',
    kept: { none: '还没有写', typing: '……', kept: '已保存', lost: '没存上，正在重试' },
    earlier: '这个号码以前的', earlierNone: '没有以前的诉求。', callOnly: '来电', near: '附近别的在办案卷', sameHow: '定了事项和地点，就会列出并写明为什么像。', sameNone: '没有像是同一件事的。', nearHow: '定了地点就会列出。', nearNone: '附近没有别的在办案卷。', away: '{m} 米', same: '同一事项', knowledge: '怎么答复：{item}',
    state: { open: '通话中', registered: '已登记', answered: '已答复', dropped: '已挂断' },
    tellNumber: '请告诉来电人编号：', ended: { answered: '已记为当场答复。', dropped: '来电已结束。' }, next: '下一个来电',
  },
  contact: {
    title: '联系反映人', until: '请在 {when} 前联系上反映人。', overdue: '应在 {when} 前联系，已经过了。', reachedAt: '{when} 联系上了。', none: '还没有联系过。', reached: '联系上了', missed: '没联系上', how: '先打开联系方式打电话，再记下结果；它算进响应率。', keptReached: '已记下：联系上了。', keptMissed: '已记下：没联系上。',
  },
  callBack: {
    title: '回访', count: '{n} 件待回访', notYours: '您不在回访岗', empty: '现在没有要回访的', emptyHow: '案卷结案后，按比例出现在这里。', until: '{when} 前', attempts: '打过 {n} 次', choose: '选一件，打开联系方式，打电话。',
    missed: '没人接', noNumber: '没有号码或打错', noNumberSure: '这样记下，这件回访就结束了，不再打，也不能改。', noNumberDo: '是，结束回访', noNumberLeave: '不，接着打', contacted: '办理的部门联系过您吗？', solved: '问题解决了吗？', satisfied: '您满意吗？', words: '反映人的话', reopen: '反映人要求重办', keep: '记下',
    answer: { yes: '是', partly: '部分', no: '没有', unasked: '没问' }, level: { 5: '非常满意', 4: '满意', 3: '基本满意', 2: '不满意', 1: '非常不满意' },
    said: { kept: '{no} 的回访已记下。', missed: '{no} 没人接，过些时候再打。', noNumber: '{no} 的回访结束：没有打通。', reopened: '{no} 已重新打开。' },
  },
  rates: {
    title: '三率', period: '{from} 至 {to} 结案的', by: '按', way: { department: '部门', area: '区域', item: '事项', channel: '渠道' }, from: '从', to: '到', few: '不足数', of: '共 {n}', excluded: '剔除 {n}', open: '看是哪些', nobody: '没有部门',
    channel: { phone: '电话', web: '网页', hotline: '热线转来', open311: '开放接口' }, empty: '这段时间没有回访', emptyHow: '结案并回访后，数字会出现在这里。', behind: '{name}：是哪些', behindNone: '没有您能看的。',
    counts: { numerator: '计入分子', denominator: '只计入分母', excluded: '已剔除' }, contactedAt: '{when} 联系', solvedSays: { yes: '说已解决', partly: '说部分解决', no: '说没解决', unasked: '没问' },
    callState: { due: '待回访', not_reached: '没打通', withdrawn: '案卷又办了', reached: '已回访' }, ask: '申请剔除', reason: '理由', from_rates: '从哪些率剔除', evidence: '证据（不写个人信息）', toDecide: '待决定的剔除申请', why: '决定的理由', grant: '同意剔除', refuse: '不同意',
    exclusions: '剔除公示', exclusionCounts: '同意 {granted}，不同意 {refused}，待定 {asked}', exclusionsNone: '没有剔除。', exclusionsHow: '部门申请，由别的部门的考评岗决定；这里不含个人信息。', askedOn: '申请日', decided: '决定', state: { asked: '待决定', granted: '同意剔除', refused: '不同意' },
    how: '怎么算', version: '规则版本 {version}', formula: '分子：{count}；分母：{among}。', without: '不计：{facts}。', source: '依据：{source}', smallest: '分母不到 {n} 的不公开分子。', not: '不是“{fact}”', and: '且',
    fact: { reached: '回访到了', response_measured: '派遣过且有响应时限', contacted_in_time: '按时联系', contact_denied: '反映人说没人联系', solved: '说已解决', partly_solved: '说部分解决', satisfied: '满意或非常满意', very_satisfied: '非常满意', dissatisfied: '不满意', excluded: '剔除的' },
  },
}
export const enPhone: typeof zhPhone = {
  private: {
    button: 'See contact and sealed words', why: 'Why does it have to be read?', note: 'Say which purpose', open: 'Open', none: 'The reporter left neither contact nor sealed words.',
    traced: 'Each opening is recorded; the reporter sees when, which post and why.',
    field: { name: 'Name', phone: 'Telephone', mail: 'Mail', words: 'Words', address: 'Address' },
  },
  readings: {
    title: 'Who read my data', nobody: 'Nobody has opened the contact or the sealed words that you left.', opened: 'Opened: {purpose}', found: 'Found by number: {purpose}',
    program: 'The system', how: 'Staff say why each time they open it, and it is noted here.',
  },
  phone: {
    title: 'Phone desk 12345', caller: 'Caller\'s number', callerHow: 'empty if none is shown', open: 'Take the call', lookedUp: 'Looking for earlier reports by number leaves a trace that the caller can see.', noNumber: 'number not shown', since: 'taken at {time}',
    unfinished: '{n} calls were not ended:', resume: 'Go on with the call of {time}', notYours: 'You do not hold the call desk', notYoursHow: 'An administrator can appoint you.',
    paneCall: 'The call', paneKnown: 'What is known', paneMap: 'Map', mapLabel: 'Map with the place in its middle; arrow keys move it', mapHow: 'Move the map until the place is in its middle.',
    words: 'What is told', wordsHow: 'Write while you listen; likely items appear below', item: 'Item', itemHow: 'Write a few words and likely items appear here.', place: 'Place', placeHow: 'road, number, estate, or on the map', places: 'Places of that name', placed: 'It is on the map.',
    name: 'Name', other: 'Telephone', secret: 'Asks for secrecy', nameless: 'Leaves no telephone', register: 'Register', answer: 'Answered at once', drop: 'Hang up', dropWhy: 'Why there is nothing to register', dropDo: 'End the call',
    kept: { none: 'nothing written yet', typing: '…', kept: 'kept', lost: 'not kept; trying again' },
    earlier: 'Earlier, by this number', earlierNone: 'Nothing earlier.', callOnly: 'A call', near: 'Other open cases nearby', sameHow: 'Listed with the reasons once there are an item and a place.', sameNone: 'Nothing looks like the same thing.', nearHow: 'They are listed once there is a place.', nearNone: 'No other open case nearby.', away: '{m} m', same: 'same item', knowledge: 'What to answer: {item}',
    state: { open: 'open', registered: 'registered', answered: 'answered', dropped: 'hung up' },
    tellNumber: 'Tell the caller this number:', ended: { answered: 'Noted as answered at once.', dropped: 'The call has ended.' }, next: 'Next call',
  },
  contact: {
    title: 'Contact with the reporter', until: 'Reach the reporter by {when}.', overdue: 'The reporter was to be reached by {when}; that is over.', reachedAt: 'Reached {when}.', none: 'Nobody has tried yet.', reached: 'They were reached', missed: 'Not reached', how: 'Open the contact, call, then note what came of it; it counts in the response rate.', keptReached: 'Noted: they were reached.', keptMissed: 'Noted: not reached.',
  },
  callBack: {
    title: 'Call-backs', count: '{n} to call back', notYours: 'You do not hold the call-back desk', empty: 'Nobody to call back now', emptyHow: 'A share of the reporters appears here when their case is closed.', until: 'by {when}', attempts: 'tried {n} times', choose: 'Choose one, open the contact, and call.',
    missed: 'No answer', noNumber: 'No number, or a wrong one', noNumberSure: 'Noted like this the call-back is over: nobody calls again, and it cannot be changed.', noNumberDo: 'Yes, end it', noNumberLeave: 'No, go on calling', contacted: 'Did the department get in touch?', solved: 'Is it solved?', satisfied: 'How satisfied are you?', words: 'In their words', reopen: 'The reporter wants it opened again', keep: 'Keep',
    answer: { yes: 'yes', partly: 'partly', no: 'no', unasked: 'not asked' }, level: { 5: 'very satisfied', 4: 'satisfied', 3: 'fairly satisfied', 2: 'dissatisfied', 1: 'very dissatisfied' },
    said: { kept: 'The answer on {no} is kept.', missed: 'No answer on {no}; try again later.', noNumber: 'The call-back on {no} is over: nobody was reached.', reopened: '{no} is open again.' },
  },
  rates: {
    title: 'Three rates', period: 'closed from {from} to {to}', by: 'By', way: { department: 'Department', area: 'Area', item: 'Item', channel: 'Channel' }, from: 'From', to: 'To', few: 'too few', of: 'of {n}', excluded: '{n} excluded', open: 'See which', nobody: 'no department',
    channel: { phone: 'telephone', web: 'web', hotline: 'from a hotline', open311: 'open interface' }, empty: 'No call-backs in this time', emptyHow: 'Figures appear when cases were closed and reporters called.', behind: '{name}: which they are', behindNone: 'None that you may see.',
    counts: { numerator: 'in the numerator', denominator: 'in the denominator only', excluded: 'excluded' }, contactedAt: 'contacted {when}', solvedSays: { yes: 'says solved', partly: 'says partly solved', no: 'says not solved', unasked: 'not asked' },
    callState: { due: 'to be called', not_reached: 'not reached', withdrawn: 'the case went on', reached: 'reached' }, ask: 'Ask for exclusion', reason: 'Reason', from_rates: 'From which rates', evidence: 'Evidence (nothing about persons)', toDecide: 'Exclusions to decide', why: 'Why', grant: 'Exclude', refuse: 'Do not exclude',
    exclusions: 'Published exclusions', exclusionCounts: '{granted} excluded, {refused} refused, {asked} undecided', exclusionsNone: 'Nothing was excluded.', exclusionsHow: 'A department asks, another department\'s evaluator decides; nothing here is about persons.', askedOn: 'Asked on', decided: 'Decision', state: { asked: 'undecided', granted: 'excluded', refused: 'refused' },
    how: 'How it is counted', version: 'rules {version}', formula: 'Numerator: {count}; denominator: {among}. ', without: 'Not counted: {facts}.', source: 'Source: {source}', smallest: 'No numerator is published of fewer than {n}.', not: 'not “{fact}”', and: ' and ',
    fact: { reached: 'reached', response_measured: 'dispatched, with a limit for the response', contacted_in_time: 'contacted in time', contact_denied: 'says that nobody got in touch', solved: 'says it is solved', partly_solved: 'says it is partly solved', satisfied: 'satisfied or very satisfied', very_satisfied: 'very satisfied', dissatisfied: 'dissatisfied', excluded: 'excluded' },
  },
}
