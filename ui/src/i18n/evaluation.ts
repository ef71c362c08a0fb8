// The words of evaluation.
export const zhEvaluation = {
  nav: '评价', title: '评价', lead: '数的是期内应结的案卷：批准的延期算在内，缓办的不算。点任何数字，看它后面的案卷。', leadSignals: '数的是期内收到的信号。点任何数字，看它后面的信号。',
  byLabel: '按什么看', by: { department: '部门', area: '区域', item: '事项', function: '职能', source: '来源', grid: '网格' },
  kindLabel: '多长一期', kind: { day: '日', week: '周', month: '月', quarter: '季', year: '年' },
  earlier: '前一期', later: '后一期', narrowed: '只看：{name}', widen: '不再只看{name}', level: '区域到哪一级',
  quarterName: '{year} 年第 {n} 季度', weekName: '{year} 年第 {n} 周', monthName: '{year} 年 {n} 月', yearName: '{year} 年',
  running: '这一期还没有完：没结案的案卷，过了到期那天才算。', counting: '还在数刚才的变化，数字马上会更新。',
  indicators: '指标', how: '这是怎么算的', howHide: '收起算法', all: '全部', numerator: '分子', denominator: '分母', excluded: '剔除', source: '出处：{source}',
  reasons: '剔除的原因', better: { more: '越高越好', less: '越低越好' },
  name: '名称', value: '数值', before: '环比', yearBefore: '同比', total: '合计', none: '–', hidden: '不足 {n} 件，不公布',
  listOf: '{name}：{indicator}，{part} {n}', trend: '走势', trendPoint: '{period}：{value}', noTrend: '还没有可画的数。',
  empty: '这一期没有可数的', emptyHow: '换一期，或换一个看法。', more: '还有 {n} 行没有列出，已计入合计。', csv: '下载 CSV', xlsx: '下载 XLSX', small: '公众版：分母不足 {n} 件的不公布。', forStaff: '内部版：全部数字。',
  score: '综合得分', scoreHow: '改一改权重，看得分怎样变。什么也不会保存。', scorePart: { points: '{name}：满分', reach: '{name}：达到多少（%）', less: '{name}：每低 1 个百分点扣', each: '{name}：每次扣', then: '{name}：超过 {n} 次后每次扣' },
  scoreReset: '还原', scoreNone: '没有基数', scoreWait: '在算……', show: '看综合得分', hide: '收起综合得分',
  list: { title: '数字后面的案卷', titleSignals: '数字后面的信号', back: '回到评价', none: '没有', noneHow: '这个数字是 0。', part: { numerator: '分子', denominator: '分母', excluded: '剔除' }, private: '另有 {n} 件不公开，没有列出。', more: '再看', end: '到底了。', recorded: '收到 {when}' },
}

export const enEvaluation: typeof zhEvaluation = {
  nav: 'Evaluation', title: 'Evaluation', lead: 'Counted are the cases due in the period: granted extensions move them, suspended ones are left out. Press any number to see its cases.', leadSignals: 'Counted are the signals that came in the period. Press any number to see them.',
  byLabel: 'By what', by: { department: 'Department', area: 'Area', item: 'Item', function: 'Function', source: 'Source', grid: 'Grid' },
  kindLabel: 'Length of a period', kind: { day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year' },
  earlier: 'Period before', later: 'Next period', narrowed: 'Only: {name}', widen: 'No longer only {name}', level: 'Down to which areas',
  quarterName: 'Quarter {n} of {year}', weekName: 'Week {n} of {year}', monthName: '{year}, month {n}', yearName: '{year}',
  running: 'This period is not over: a case that is still open counts from the day after it was due.', counting: 'What has just changed is still being counted; the figures follow in a moment.',
  indicators: 'Indicators', how: 'How is this counted?', howHide: 'Hide how it is counted', all: 'all', numerator: 'Numerator', denominator: 'Denominator', excluded: 'Left out', source: 'Source: {source}',
  reasons: 'Why some were left out', better: { more: 'More is better', less: 'Less is better' },
  name: 'Name', value: 'Value', before: 'Period before', yearBefore: 'Year before', total: 'Total', none: '–', hidden: 'Fewer than {n}: not shown',
  listOf: '{name}: {indicator}, {part} {n}', trend: 'Over time', trendPoint: '{period}: {value}', noTrend: 'There is nothing to draw yet.',
  empty: 'Nothing to count in this period', emptyHow: 'Choose another period, or another view.', more: '{n} more rows are not listed; the total has them.', csv: 'Download CSV', xlsx: 'Download XLSX', small: 'For everybody: denominators below {n} are not shown.', forStaff: 'For staff: every figure.',
  score: 'Composite score', scoreHow: 'Change the weights and see how the score moves. Nothing is kept.', scorePart: { points: '{name}: full points', reach: '{name}: reached at (%)', less: '{name}: off for each per cent below', each: '{name}: off for each', then: '{name}: off for each beyond {n}' },
  scoreReset: 'As published', scoreNone: 'No basis', scoreWait: 'Counting…', show: 'Show the composite score', hide: 'Hide the composite score',
  list: { title: 'The cases behind a figure', titleSignals: 'The signals behind a figure', back: 'Back to the evaluation', none: 'None', noneHow: 'This figure is 0.', part: { numerator: 'numerator', denominator: 'denominator', excluded: 'left out' }, private: '{n} more are not public and not listed.', more: 'More', end: 'That is all.', recorded: 'Received {when}' },
}
