// Releasing a report, what is kept back, and what its reporter may do.
export const zhRelease = {
  release: {
    legend: '所有人能看到什么', keep: { words: '不公开文字', place: '不公开准确位置（只显示所在网格）' },
    photo: { show: '公开这张照片', paint: '涂去一部分后公开', keep: '不公开这张照片' }, again: '再涂',
    withheld: '没有公开：{parts}。原因：{because}', words: '文字', place: '准确位置', photos: '照片 {n} 张', and: '、', feed: '用 RSS 订阅这个单子', ofCase: '办理中拍的', already: '另有 {n} 张已经公开。公开了的不能收回。', unseen: '有 {n} 张照片没有公开', laterWait: '办理中又拍了照片，要有人看过才公开。',
    waiting: '办理中拍的 {n} 张照片还没有公开：要有人看过，确认没有拍到人脸和门牌。', mine: '您报的内容里，没有公开的：{parts}。原因：{because}', mineHow: '不同意，可以在上面提出申诉，由另一个人决定；答复会写在下面的经过里。',
  },
  paint: {
    title: '涂去不该公开的部分', how: '按住拖出一块，松开就涂掉。用键盘：方向键移动，Shift 加方向键改大小，回车涂掉，退格撤销。', spoken: '照片，已涂去 {n} 块', count: '已涂去 {n} 块',
    undo: '撤销一块', leave: '不涂了', done: '涂好了', broken: '照片打不开。请关掉再试，或选择不公开这张照片。',
  },
  algorithms: {
    title: '算法登记', lead: '程序按哪些规则自动执行或给出建议，谁负责，谁可以推翻。没有对居民评分、对人员排名或识别人脸的算法。', none: '还没有登记', noneHow: '场景包里写上 algorithms 后会列在这里。',
    does: { suggests: '只建议，由人决定', acts: '自动执行' }, purpose: '用途', owner: '负责', basis: '依据', uses: '用到的数据', quality: '质量', overruling: '推翻', overruled: '{who}：{how}',
    version: '第 {version} 版，场景包 {pack} {packVersion}',
  },
  open: {
    title: '开放数据', nav: '向所有人公开：', lead: '这里的数据谁都可以拿走使用，不用登录，也不用申请。', feed: 'RSS 订阅', figures: '数字', take: '下载全部（{form}）', stop: '。',
    none: '还没有公布过', noneHow: '一个月结束十天以后，它的数字会出现在这里。', small: '不到 {n} 件的不单列', private: '不公开的上报不算在内，所以拿公开的案卷来减也减不出来。', licence: '可以怎么用', noLicence: '这座城市还没有说明许可。使用前请先询问。',
    single: '单件案卷和订阅', months: '公布过的月份', month: '月份', reports: '收到的上报', cases: '到期的案卷', published: '公布日期', files: '只要这个月', digest: '台账里的摘要：{digest}', spoken: '{month}：上报 {reports}，案卷 {cases}',
  },
  mine: { title: '您可以', report: '关于这次上报', case: '关于办理结果' },
}
export const enRelease: typeof zhRelease = {
  release: {
    legend: 'What everybody will see', keep: { words: 'Keep the words back', place: 'Keep the exact place back (only its grid is shown)' },
    photo: { show: 'Show this photo', paint: 'Show it with parts painted over', keep: 'Keep this photo back' }, again: 'Paint again',
    withheld: 'Kept back: {parts}. Why: {because}', words: 'words', place: 'exact place', photos: '1 photo | {n} photos', and: ', ', feed: 'Follow this list by RSS', ofCase: 'taken during the work', already: '1 more is public already. What is public cannot be taken back. | {n} more are public already. What is public cannot be taken back.',
    unseen: '1 photo is not shown to everybody | {n} photos are not shown to everybody', laterWait: 'The work brought more photos. They are public only after somebody has looked at them.',
    waiting: '1 photo of the work is not public yet: somebody has to see that it shows no face and no door number. | {n} photos of the work are not public yet: somebody has to see that they show no face and no door number.',
    mine: 'Of what you told, everybody does not see: {parts}. Why: {because}', mineHow: 'If you do not agree, object above; somebody else decides, and the answer stands in the story below.',
  },
  paint: {
    title: 'Paint over what should not be seen', how: 'Drag a part and let go to paint it over. By keyboard: arrows move it, Shift and arrows change its size, Enter paints, Backspace takes back.',
    spoken: 'Photo, {n} parts painted over', count: '{n} parts painted over', undo: 'Take one back', leave: 'Leave it', done: 'Done', broken: 'The photo cannot be opened. Close this and try again, or keep the photo back.',
  },
  algorithms: {
    title: 'Register of algorithms', lead: 'By which rules the program acts or suggests, who answers for each, and who may overrule it. There is none that scores residents, ranks staff or recognises faces.', none: 'Nothing is registered yet',
    noneHow: 'What packs name under algorithms stands here.', does: { suggests: 'suggests; a person decides', acts: 'acts by itself' }, purpose: 'Purpose', owner: 'Answers for it', basis: 'Basis', uses: 'Looks at', quality: 'Quality',
    overruling: 'Overruling', overruled: '{who}: {how}', version: 'Version {version}, pack {pack} {packVersion}',
  },
  open: {
    title: 'Open data', nav: 'Open to everybody:', lead: 'Anybody may take these data and use them, without an account and without asking.', feed: 'RSS feed', figures: 'Figures', take: 'Download all ({form})', stop: '.',
    none: 'Nothing is published yet', noneHow: 'Ten days after a month is over, its figures stand here.', small: 'No number below {n}', private: 'Private reports are not counted, so that nobody finds them by taking the public cases off.', licence: 'How they may be used',
    noLicence: 'The city has not named a licence. Please ask before you use them.', single: 'Single cases and feeds', months: 'Published months', month: 'Month', reports: 'Reports received', cases: 'Cases due', published: 'Published', files: 'This month only',
    digest: 'As the ledger names it: {digest}', spoken: '{month}: {reports} reports, {cases} cases',
  },
  mine: { title: 'You may', report: 'About your report', case: 'About the result' },
}
