// Words of reports and saved views.

export const zhReports = {
  nav: '报告', title: '报告', one: '报告', none: '还没有报告', noneHow: '公开发布的日报、周报、月报会列在这里，最新的在最上面。', noneYet: '到点会自动起草；也可以现在起草一份。',
  feed: '订阅（Atom）', more: '再看一些', of: '第 {n} 版', scheduled: '自动起草',
  state: { draft: '草稿', approved: '已审签', published: '已发布', withdrawn: '已撤回' },
  make: '起草报告', template: '模板', from: '从', to: '到', lastPeriod: '不写日期就是最近结束的一期。', makeIt: '起草', needTemplate: '请选模板。', view: '保存的视图', noView: '不限',
  download: '下载', printed: 'PDF', table: 'XLSX', page: '单页',
  asOf: '数据截至 {when}', digest: '数字指纹 {digest}', recount: '从台账重算', same: '重算的结果与这一版一模一样。', notSame: '重算的结果与这一版不一样：此后名称、日历或区划改过，或台账有误。请运行 zhili ledger verify。',
  story: '经过', next: '下一步', reason: '理由', commentZh: '按语（中文）', commentEn: '按语（英文）', departments: '发给部门', go: '确定', cancel: '取消',
  sent: '发送', readHere: '这个部门没有设推送；有岗位的人在这里看。', delivery: { waiting: '待送达（试过 {n} 次）', delivered: '已送达', given_up: '没有送达，试过 {n} 次；见“系统对接”里的推送记录' },
  step: { drafted: '起草', redrafted: '重取数据', commented: '写按语', approved: '审签', sent_back: '退回', published: '发布', sent: '发送', withdrawn: '撤回' },
  bar: { save: '存为视图', name: '视图名称', mine: '我的视图', remove: '删去“{name}”', special: '做成专题报告', mineOnly: '自己用', forDepartment: '给部门用' },
  filter: { several: '所选 {n} 个事项', at: '{day} 结束时在办', atMoment: '{when} 时在办', outcome: { on_time: '按期结案的', late: '超期结案的' }, drop: '去掉条件：{what}' },
}

export const enReports: typeof zhReports = {
  nav: 'Reports', title: 'Reports', one: 'Report', none: 'No reports yet', noneHow: 'Daily, weekly and monthly reports are listed here once they are published, the newest first.', noneYet: 'They are drafted by themselves when they are due; or draft one now.',
  feed: 'Feed (Atom)', more: 'Show more', of: 'Version {n}', scheduled: 'Drafted by schedule',
  state: { draft: 'Draft', approved: 'Approved', published: 'Published', withdrawn: 'Withdrawn' },
  make: 'Draft a report', template: 'Template', from: 'From', to: 'To', lastPeriod: 'Without dates it is the period that has ended last.', makeIt: 'Draft it', needTemplate: 'Choose a template.', view: 'Saved view', noView: 'Everything',
  download: 'Download', printed: 'PDF', table: 'XLSX', page: 'Single page',
  asOf: 'As of {when}', digest: 'Fingerprint {digest}', recount: 'Count again from the ledger', same: 'Counted again, it is this version to the letter.', notSame: 'Counted again, it is not the same: names, the calendar or areas were changed since, or the ledger is damaged. Run zhili ledger verify.',
  story: 'Story', next: 'Next steps', reason: 'Reason', commentZh: 'Comment (Chinese)', commentEn: 'Comment (English)', departments: 'Send to departments', go: 'Do it', cancel: 'Cancel',
  sent: 'Sent', readHere: 'The department has no webhook; those who have a post there read it here.', delivery: { waiting: 'not there yet (tried {n} times)', delivered: 'delivered', given_up: 'not delivered after {n} attempts; see the webhook\'s log' },
  step: { drafted: 'Drafted', redrafted: 'Figures taken anew', commented: 'Commented', approved: 'Approved', sent_back: 'Sent back', published: 'Published', sent: 'Sent', withdrawn: 'Withdrawn' },
  bar: { save: 'Save this view', name: 'Name of the view', mine: 'My views', remove: 'Remove “{name}”', special: 'Make a special report', mineOnly: 'For myself', forDepartment: 'For my department' },
  filter: { several: '{n} chosen items', at: 'In hand at the end of {day}', atMoment: 'In hand at {when}', outcome: { on_time: 'Closed on time', late: 'Closed late' }, drop: 'Remove the filter: {what}' },
}
