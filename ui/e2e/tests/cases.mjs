// Reading: figures, filters, the list, one case and its story, and what is shown when something fails.
import { equal, match, ok } from 'node:assert/strict'
import { openPage, settled, URL_BASE } from '../browser.mjs'
import { anyCase, ask, evaluatedCase, photographedCase } from '../data.mjs'
import { at, says, test } from '../testing.mjs'

test('the figures lead to their cases', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  await page.click('.sums .late a')
  await page.waitForURL(/late=over/)
  await settled(page)
  const { total } = await ask('/api/v1/counts?state=open&overdue=1&by=stage')
  const shown = await page.locator('ol.list > li').count()
  ok(total === 0 || shown > 0, `${total} late, ${shown} shown`)
  await context.close()
})

test('filters live in the address, survive a reload and go back', async (browser) => {
  const { page, context } = await at(browser, '/cases', {})
  await page.click('.el-segmented__item >> text=已结')
  await page.waitForURL(/state=closed/)
  await settled(page)
  ok((await page.locator('.list .stage').allInnerTexts()).every((stage) => /结案|已评价|已归档/.test(stage)))
  await page.click('text=清除条件')
  await page.click('label >> text=已超时')
  await page.waitForURL(/late=over/)
  await page.reload()
  await settled(page)
  ok(await page.isChecked('input[name=late][value=over]'))
  await page.click('label >> text=不限')
  await page.click('.bars a >> nth=0')
  await page.waitForURL(/stage=/)
  await page.click('text=清除条件')
  await page.waitForURL((url) => !url.search.includes('stage='))
  const { no } = await anyCase()
  await page.fill('.number input', no)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/cases/${encodeURIComponent(no)}`)
  await context.close()
})

test('more cases come below, none twice', async (browser) => {
  const { page, context } = await at(browser, '/cases?state=all', {})
  await page.click('text=再看 50 件')
  await page.waitForFunction(() => document.querySelectorAll('ol.list > li').length > 60)
  const numbers = await page.locator('ol.list > li').evaluateAll((rows) => rows.map((row) => row.dataset.no))
  equal(new Set(numbers).size, numbers.length)
  await context.close()
})

test('a case tells its story; system entries come when asked', async (browser) => {
  const it = await anyCase()
  const { page, context } = await at(browser, `/cases/${it.no}`, {})
  const system = it.story.filter((entry) => entry.audience === 'system').length
  const before = await page.locator('.story ol > li').count()
  ok(before >= it.story.length - system)
  if (system) {
    await page.check('.story input[type=checkbox]')
    ok((await page.locator('.story ol > li').count()) >= before + system)
  }
  await page.focus('.ledger')
  await page.waitForSelector('.spans li')
  await page.keyboard.press('Escape')
  await context.close()
})

test('photos stand in the story, small and with words, and open in full size', async (browser) => {
  const it = await photographedCase()
  const { page, context } = await at(browser, `/cases/${it.no}`, {})
  const entry = it.story.find((one) => one.photos?.length)
  const image = page.locator(`.story .photos img[src="${entry.photos[0].url}"]`).first()
  await image.scrollIntoViewIfNeeded()
  await page.waitForFunction((src) => [...document.querySelectorAll('.photos img')].some((one) => one.getAttribute('src') === src && one.complete && one.naturalWidth > 0), entry.photos[0].url)
  match(await image.getAttribute('alt'), /照片 1/)
  const [opened] = await Promise.all([context.waitForEvent('page'), image.click()])
  await opened.waitForLoadState()
  equal(new URL(opened.url()).pathname, entry.photos[0].url)
  await context.close()
})

test('one case is followed from report to evaluation', async (browser) => {
  const it = await evaluatedCase()
  const { page, context } = await at(browser, `/cases/${it.no}`, {})
  if (await page.locator('.story input[type=checkbox]').count()) await page.check('.story input[type=checkbox]')
  const told = (await page.locator('.story ol > li').allInnerTexts()).join('\n')
  let from = 0
  for (const step of ['立案', '派给', '接单', '反馈', '核查通过', '结案', '综合评价完成']) {
    from = told.indexOf(step, from)
    ok(from >= 0, `${step} is missing, or out of order, in the story of ${it.no}:\n${told}`)
  }
  await context.close()
})

test('without a network the page keeps what it has and says so', async (browser) => {
  const { page, context } = await at(browser, '/', {})
  await page.waitForSelector('.now li')
  await context.setOffline(true)
  await page.waitForSelector('.state.slim')
  ok((await page.locator('.now li').count()) > 0)
  await says(page, '.state.slim', /没有网络/)
  await context.close()
})

// The page asks again by itself after some seconds: its clock stands still here, so that only the button can have helped.
test('an error can be tried again', async (browser) => {
  const { page, context } = await openPage(browser)
  let broken = true
  const start = Date.now()
  await page.clock.install({ time: start })
  await page.clock.pauseAt(start + 600_000) // before there is a page: nothing of it is ever due
  await page.route('**/api/v1/cases?**', (route) => (broken ? route.fulfill({ status: 500, body: 'x' }) : route.continue()))
  await page.goto(`${URL_BASE}/cases`)
  await page.waitForSelector('.state button')
  broken = false
  await page.click('.state button')
  await page.waitForSelector('ol.list > li')
  await context.close()
})

test('the language is switched in place and kept', async (browser) => {
  const { page, context } = await openPage(browser, {})
  await page.goto(`${URL_BASE}/catalogue`)
  await settled(page)
  await page.click('.lang')
  await says(page, 'h1', /Catalogue/)
  equal(await page.evaluate(() => [document.documentElement.lang, localStorage.getItem('zhili.lang')].join()), 'en,en')
  await context.close()
})
