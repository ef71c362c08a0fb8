// Reports: drafted by one, approved by another, read by everybody; a figure opens the cases behind it.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { at, findings, says, test, words } from '../testing.mjs'
import { signedIn } from './staff.mjs'

/** Drafts a report of a template on its last period, and gives its address. */
async function drafted(browser, template) {
  const { page, context } = await signedIn(browser, 'report-editor')
  await page.goto(`${URL_BASE}/reports`)
  await page.waitForSelector('.make form')
  await page.click('.make .el-select >> nth=0')
  await page.click(`.el-select-dropdown__item >> text=${template}`)
  await page.click('.make button[type=submit]')
  await page.waitForURL(/\/reports\/\d+$/)
  await page.waitForSelector('article.report')
  return { page, context, path: new URL(page.url()).pathname }
}

test('a report goes from its editor over its approver to everybody, and a figure opens its cases', async (browser) => {
  const { page, context, path } = await drafted(browser, '城市运行日报')
  await says(page, 'article.report h1', /城市运行日报/)
  await page.click('.next button >> text=写按语')
  await page.fill('#comment-zh', '今日雨后积水点多，已部署排查。')
  await page.click('.next form button[type=submit]')
  await page.waitForSelector('.next .fault')
  await page.fill('#comment-en', 'Much standing water after the rain; a search is under way.')
  await page.click('.next form button[type=submit]')
  await page.waitForSelector('article.report .comment')
  await says(page, 'aside', /第 2 版/)
  equal(await page.locator('.next button >> text=审签').count(), 0)
  await context.close()

  const stranger = await at(browser, path)
  await stranger.page.waitForSelector('.state')
  await stranger.context.close()

  const approver = await signedIn(browser, 'report-approver')
  await approver.page.goto(URL_BASE + path)
  await approver.page.click('.next button >> text=审签')
  await approver.page.click('.next button >> text=公开发布')
  await approver.page.waitForSelector('.next button >> text=撤回')
  await approver.page.click('button >> text=从台账重算')
  await approver.page.waitForSelector('.good, .fault')
  await says(approver.page, 'aside', /一模一样/)
  deepEqual(approver.faults, [])
  await approver.context.close()

  const reader = await at(browser, '/reports')
  await reader.page.click(`.list a[href="${path}"]`)
  await reader.page.waitForSelector('article.report .key a')
  const number = (text, pattern) => Number((pattern.exec(text)?.[1] ?? '0').replaceAll(',', ''))
  const shown = number(await words(reader.page, 'article.report .key a >> nth=0'), /([\d,]+)/)
  // Cases that are not for everybody are counted and not listed, and the report says how many.
  const hidden = number(await words(reader.page, 'article.report .notes'), /有 ([\d,]+) 件不向公众公开/)
  await reader.page.click('article.report .key a >> nth=0')
  await reader.page.waitForURL('**/cases?**')
  await settled(reader.page)
  equal(number(await words(reader.page, '.head'), /共 ([\d,]+) 件/) + hidden, shown)
  await reader.context.close()
})

test('the filters of the list of cases become a view, and a special report', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'report-editor')
  const name = `我的视图 ${Date.now() % 100_000}`
  await page.goto(`${URL_BASE}/cases?state=all`)
  await page.click('.views button >> text=存为视图')
  await page.fill('.save input[maxlength="40"]', name)
  await page.click('.save button[type=submit]')
  await page.waitForSelector(`.view >> text=${name}`)
  await page.click('.views > button >> text=做成专题报告')
  await page.waitForURL('**/reports?**')
  await page.click('.make button[type=submit]')
  await page.waitForSelector('article.report')
  await says(page, 'article.report', /全部案卷/)
  deepEqual(faults, [])
  await context.close()
})

for (const [device, size] of [['desk', DESK], ['phone', PHONE]]) for (const theme of ['light', 'dark']) {
  test(`reports have no serious findings of axe, ${device}, ${theme}`, async (browser) => {
    const { page, context } = await signedIn(browser, 'report-editor', { size, theme })
    await page.goto(`${URL_BASE}/reports`)
    await settled(page)
    deepEqual(await findings(page), [])
    const first = page.locator('.list a').first()
    ok(await first.count(), 'the demonstration has drafted reports')
    await first.click()
    await page.waitForSelector('article.report')
    deepEqual(await findings(page), [])
    await context.close()
  })
}
