// The words of reports about the same thing.

export const zhIncidents = {
  title: '可能是同一件事', none: '附近没有可能是同一件事的上报或案卷。', count: '{n} 件', score: '{n} 分', choose: '比较哪一件',
  mapLabel: '两件上报的位置', ringed: '圈出的是这一件。', here: '这一件', there: '另一件', waiting: '等待受理', caseNo: '案卷 {no}', reports: '已有 {n} 份上报', at: '{when} 收到',
  parts: '为什么像', weight: '占 {n} 份', join: '是同一件事，合并', joinHow: '{from} 并入案卷 {into}。每位上报人仍看自己的回执，收到同样的答复；并错了可以拆分。',
  reason: '为什么这样判断（可以不填，上报人会看到）', apart: '不是同一件事',
  open: '打开 {no}', others: '和另外 {n} 份上报说的是同一件事，合在一起办；每份回执都会收到答复。',
  list: '这件事的上报', hidden: '还有 {n} 份不归您的岗位看。', first: '第一份', byPerson: '{when} 由工作人员并入', byRule: '{when} 按规则“{rule}”自动并入', withCase: '{when} 随它的案卷并入',
  split: '拆分', splitWhy: '为什么不是同一件事（上报人会看到）', splitCase: '拆分后案卷 {no} 接着办。', lacking: '请写明理由。', leave: '先不拆', joinedTo: '这件案卷与 {no} 是同一件事，合在一起办。',
  noWords: '没有文字', sealed: '原话已加密保存', along: '一并并入', follow: '是同一件事，立案时一并并入', followHow: '两份都在等受理：这一份立案时，另一份自动并入；各看各的回执，并错了可以拆分。', noAddress: '没有写地址',
}

export const enIncidents: typeof zhIncidents = {
  title: 'May be the same thing', none: 'No report or case nearby may be about the same thing.', count: '{n}', score: '{n} of 100', choose: 'Which one to compare',
  mapLabel: 'Where the two reports lie', ringed: 'The ringed one is this report.', here: 'This one', there: 'The other one', waiting: 'waiting for intake', caseNo: 'case {no}', reports: '{n} reports so far', at: 'received {when}',
  parts: 'Why they are alike', weight: 'counts {n}', join: 'It is the same: join', joinHow: '{from} joins case {into}. Everybody who reported keeps their own receipt and gets the same answers; a wrong join can be split.',
  reason: 'Why you think so (optional; its reporter reads it)', apart: 'Not the same',
  open: 'Open {no}', others: 'The same thing was told in {n} other report; they go together, and each receipt gets the answers. | The same thing was told in {n} other reports; they go together, and each receipt gets the answers.',
  list: 'Reports of this', hidden: '{n} more are not for your posts to see.', first: 'the first one', byPerson: 'joined by a person {when}', byRule: 'joined by the rule "{rule}" {when}', withCase: 'joined along with its case {when}',
  split: 'Split', splitWhy: 'Why it is not the same thing (its reporter reads it)', splitCase: 'Case {no} then goes on by itself.', lacking: 'Please write why.', leave: 'Do not split', joinedTo: 'This case is about the same thing as {no}; they go together.',
  noWords: 'no words', sealed: 'the words are sealed', along: 'goes along', follow: 'The same: join it when this one is registered', followHow: 'Both wait for intake: when this one is registered the other joins it. Each keeps its receipt, and a wrong join can be split.', noAddress: 'no address written',
}
