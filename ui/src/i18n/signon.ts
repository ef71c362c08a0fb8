// Words of signing in by provider or passkey, of one's own account, of keys and links.
export const zhSignOn = {
  with: '用{name}登录', withPasskey: '用通行密钥登录', or: '或用密码', title: '登录', waiting: '正在核对身份…', back: '回到登录', unable: '这台设备或浏览器没有给出通行密钥。可以重试，或用密码。',
  confirm: { title: '请再确认是您本人', why: '这一步会打开保密内容、裁定申诉，或给出、收回权力。确认后 15 分钟内不再问。', password: '密码', do: '确认', passkey: '用通行密钥', provider: '到{name}再登录一次', cancel: '取消' },
}
export const enSignOn = {
  with: 'Sign in with {name}', withPasskey: 'Sign in with a passkey', or: 'Or with a password', title: 'Sign in', waiting: 'Checking who you are…', back: 'Back to signing in', unable: 'This device or browser gave no passkey. Try again, or use the password.',
  confirm: { title: 'Please prove once more who you are', why: 'This step opens what was told in confidence, decides on an appeal, or gives power or takes it. Once proved, you are not asked again for 15 minutes.', password: 'Password', do: 'Confirm', passkey: 'Use a passkey', provider: 'Sign in again with {name}', cancel: 'Cancel' },
}
export const zhAccount = {
  title: '我的账号', who: '{login}，本人是 {person}', nav: '我的账号',
  away: '离岗和代岗', awayNone: '没有登记离岗。', awayWhy: '离岗期间您的岗位由代岗的人行使，您自己没有。到时间自动恢复，也可以提前结束。', from: '从', until: '到', deputy: '代岗的人', nobody: '没有人代岗', set: '登记离岗', setting: '离岗 {from} 至 {until}', by: '{deputy} 代岗', end: '结束离岗', lackUntil: '请填写到什么时候。', lackOrder: '结束时间应在开始时间之后。',
  passkeys: '通行密钥', passkeysWhy: '用这台设备的指纹、面容或密码登录，不用记密码，也骗不走。', passkeyNone: '还没有通行密钥。', name: '是哪台设备', nameExample: '例如：办公室电脑', add: '登记这台设备', made: '登记于 {when}', used: '上次使用 {when}', unused: '还没用过', remove: '删除', removeWhat: '删除通行密钥“{name}”', notHere: '通行密钥只能在 {host} 上登记和使用。',
  sessions: '登录着的地方', this: '就是这里', means: { password: '密码', passkey: '通行密钥' }, began: '{when} 用{means}登录', last: '最近使用 {when}', signOutThere: '在那里退出', signOutHere: '退出',
}
export const enAccount = {
  title: 'My account', who: '{login}, in person {person}', nav: 'My account',
  away: 'Absence and deputy', awayNone: 'No absence is set.', awayWhy: 'While you are away your deputy has your posts, and you have none. They come back by themselves, or when you end the absence.', from: 'From', until: 'Until', deputy: 'Deputy', nobody: 'Nobody stands in', set: 'Set absence', setting: 'Away from {from} until {until}', by: '{deputy} stands in', end: 'End absence', lackUntil: 'Say until when.', lackOrder: 'It ends after it begins.',
  passkeys: 'Passkeys', passkeysWhy: 'Sign in with the fingerprint, face or code of this device: nothing to remember, and nothing that can be tricked out of you.', passkeyNone: 'No passkey yet.', name: 'Which device it is', nameExample: 'For example: office computer', add: 'Add this device', made: 'made {when}', used: 'last used {when}', unused: 'not used yet', remove: 'Remove', removeWhat: 'Remove the passkey “{name}”', notHere: 'Passkeys can be made and used at {host} only.',
  sessions: 'Where you are signed in', this: 'this one', means: { password: 'a password', passkey: 'a passkey' }, began: 'signed in {when} with {means}', last: 'last used {when}', signOutThere: 'Sign out there', signOutHere: 'Sign out',
}
export const zhKeys = {
  title: '其他程序的密钥', why: '一把密钥只能做写明的事，到期自动停用。', holder: '持有者', scopes: '可以做什么', days: '有效天数', issue: '发一把密钥', none: '还没有密钥。', shown: '给“{holder}”的密钥，只显示这一次：', how: '请现在交给对方。这里只留下它的指纹，不能再看。', until: '到 {when}', used: '最近使用 {when}', unused: '没用过', revoked: '已停用', over: '已过期', revoke: '停用', revokeWhat: '停用“{holder}”的密钥',
}
export const enKeys = {
  title: 'Keys of other programs', why: 'A key does what it was issued for and nothing else, and ends on its day.', holder: 'Holder', scopes: 'What it may do', days: 'Good for days', issue: 'Issue a key', none: 'No key yet.', shown: 'The key for “{holder}”, shown this once:', how: 'Hand it over now. Only its fingerprint is kept here.', until: 'until {when}', used: 'last used {when}', unused: 'never used', revoked: 'revoked', over: 'past its day', revoke: 'Revoke', revokeWhat: 'Revoke the key of “{holder}”',
}
export const zhLinks = { title: '与身份提供方相连的账号', why: '有人在身份提供方登录被拒时，会看到一个编号（sub）。填在这里，此人就可以用那边的身份登录。', account: '账号', provider: '身份提供方', subject: '编号（sub）', link: '相连', none: '还没有相连的账号。', end: '取消相连', endWhat: '取消 {login} 与 {provider} 的相连' }
export const enLinks = { title: 'Accounts linked to identity providers', why: 'Whoever is refused there is shown a word for them (sub). Write it here, and they may sign in with that identity.', account: 'Account', provider: 'Identity provider', subject: 'Word (sub)', link: 'Link', none: 'No account is linked yet.', end: 'Unlink', endWhat: 'Unlink {login} from {provider}' }
export const zhOwnWork = {
  title: '我的工作', why: '只有您本人和您的直接负责人看得到；不排名，不并列，不导出。', month: '月份', handled: '反馈或当场处置', on_time: '其中按时', reworked: '其中被退回返工', returned: '退回派遣', looks: '谁看过', look: '{by} 于 {when} 看过 {month}', noLooks: '没有人看过。',
  led: '我直接负责的人', whom: '选一个人', see: '看 {month}', traced: '您看过，此人会知道。', of: '{who}，{month}',
}
export const enOwnWork = {
  title: 'My work', why: 'Only you and your direct lead see this. It is not ranked, not put beside others, and not exported.', month: 'Month', handled: 'Reported back or done on the spot', on_time: 'of these, on time', reworked: 'of these, sent back', returned: 'Given back to dispatch', looks: 'Who looked', look: '{by} looked at {month}, {when}', noLooks: 'Nobody has looked.',
  led: 'People whom I lead', whom: 'Choose a person', see: 'See {month}', traced: 'They read that you looked.', of: '{who}, {month}',
}
