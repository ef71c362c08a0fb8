// Reporting: from three taps to a receipt, with what can go wrong on the way.
import { equal, match } from 'node:assert/strict'
import { openPage, PHONE, settled, URL_BASE } from '../browser.mjs'
import { ask } from '../data.mjs'
import { at, test, words } from '../testing.mjs'

test('a report goes from three taps to a receipt, and the draft survives a reload', async (browser) => {
  const { page, context } = await at(browser, '/report', { size: PHONE })
  await page.click('text=写一句话')
  await page.click('text=下一步')
  match(await words(page, '#what-fault'), /还没有内容/)
  await page.fill('#words', '路灯不亮，晚上很黑')
  await page.reload()
  equal(await page.inputValue('#words'), '路灯不亮，晚上很黑')
  await page.click('text=下一步')
  await page.waitForSelector('.kind')
  match(await words(page, '.kind'), /灯/)
  await page.click('.kind >> nth=0')
  await page.click('text=下一步')
  if (await page.locator('h1 >> text=再问一两句').count()) { await page.click('.choice >> nth=0'); await page.click('text=下一步') }
  await page.waitForSelector('.pin')
  await page.click('text=就是这里')
  match(await words(page, '.fault'), /还不知道在哪里/)
  await settled(page)
  await page.focus('.maplibregl-canvas')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('zhili.draft')).lat !== null)
  await page.goBack()
  await page.goForward()
  await page.click('text=就是这里')
  await page.waitForSelector('#phone')
  await page.click('button >> text=发出')
  await page.waitForURL(/\/r\//)
  await page.waitForSelector('.steps')
  match(await words(page, 'h1'), /\w+-\d+/)
  equal(await page.evaluate(() => JSON.parse(localStorage.getItem('zhili.draft')).words), '')
  await page.goto(`${URL_BASE}/report`)
  equal(await page.locator('.mine li').count(), 1)
  await context.close()
})

test('a photo becomes small, and a file that is none is named with the remedy', async (browser) => {
  const { page, context } = await at(browser, '/report/what', { size: PHONE })
  await page.setInputFiles('input[type=file]', { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') })
  match(await words(page, '.fault'), /letter\.jpg.*JPEG/)
  const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
  await page.setInputFiles('input[type=file]', { name: 'dot.png', mimeType: 'image/png', buffer: dot })
  await page.waitForSelector('.photos img')
  await page.reload()
  await page.waitForSelector('.photos img')
  await context.close()
})

test('what the server refuses is said at its field', async (browser) => {
  const { page, context } = await openPage(browser, { size: PHONE, lang: 'en' })
  await page.route('**/api/v1/signals', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: '', title: 'invalid', status: 422, code: 'invalid', field: 'phone', detail: { zh: '号码不对', en: 'This number has too few digits.' } }) }))
  const { items } = await ask('/api/v1/items')
  await page.addInitScript((it) => localStorage.setItem('zhili.draft', JSON.stringify(it)), { item: items[0].code, itemName: items[0].name, address: 'by the bridge', words: 'x' })
  await page.goto(`${URL_BASE}/report/send`)
  await page.click('button >> text=Send')
  equal(await words(page, '.fault'), 'This number has too few digits.')
  equal(await page.evaluate(() => JSON.parse(localStorage.getItem('zhili.draft')).words), 'x')
  await context.close()
})
