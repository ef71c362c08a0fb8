// The description of /api/v1 as a page.
export const zhInterface = {
  title: '接口', link: '给别的程序的接口', lead: '本系统的网页只用这些接口；别的程序也可以用。每一条按登记时的说明检查请求，说明和做法不会不一样。', document: '给程序读的说明（OpenAPI 3.1）',
  rules: '哪里都一样：错误是 problem+json，写明字段、规则和改法；没有说明的字段一律不收；带 Idempotency-Key 重发只做一次；长的清单用 cursor 一页页取。',
  count: '{n} 条', search: '找路径或用途', none: '没有找到「{q}」', noneHow: '换个词试试，例如 cases 或 账号。', subjects: '按主题', takes: '要给什么', nothing: '不用给什么。', gives: '得到什么', done: '没有内容。',
  name: '名称', place: '放在', kind: '类型', meaning: '意思', needed: '必填', places: { path: '路径', query: '参数', header: '请求头', body: '正文' },
}
export const enInterface: typeof zhInterface = {
  title: 'Interface', link: 'The interface for programs', lead: 'The pages of this system use nothing else, and other programs may use it too. Each route checks what is sent by the very description that is shown here.', document: 'The description for programs (OpenAPI 3.1)',
  rules: 'Everywhere: errors are problem+json and name field, rule and remedy; fields that are not described are refused; what is sent again with its Idempotency-Key is done once; long lists come page by page with cursor.',
  count: '1 route | {n} routes', search: 'Find a path or a purpose', none: 'Nothing found for “{q}”', noneHow: 'Try another word, such as cases or account.', subjects: 'Subjects', takes: 'What it takes', nothing: 'Nothing.', gives: 'What it gives', done: 'No content.',
  name: 'Name', place: 'In', kind: 'Type', meaning: 'Meaning', needed: 'needed', places: { path: 'path', query: 'query', header: 'header', body: 'body' },
}
