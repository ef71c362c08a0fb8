// Without a network: the line to the real server is cut under the real service worker.
import { equal, match, ok } from 'node:assert/strict'
import { openPage, PHONE } from '../browser.mjs'
import { ask } from '../data.mjs'
import { openLink } from '../link.mjs'
import { says, test } from '../testing.mjs'

/** A phone that has opened the city once, so that its service worker holds the application. */
async function visited(browser, paths = ['/']) {
  const link = await openLink()
  const one = await openPage(browser, { size: PHONE, workers: 'allow' })
  await one.page.goto(`${link.url}/`)
  await one.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  // What is asked for from now on goes through the worker, and is kept by it.
  for (const path of paths) { await one.page.goto(link.url + path); await one.page.waitForSelector('.kind, .map[data-ready="true"], h1') }
  return { ...one, link, leave: async () => { await one.context.close(); link.close() } }
}
const keptAnswers = (page) => page.waitForFunction(async () => {
  const cache = await caches.open('kept-answers')
  return (await cache.match('/api/v1/items')) && (await cache.match('/api/v1/city')) && (await cache.match('/api/v1/areas'))
})

async function writeReport(page, url, text) {
  await page.goto(`${url}/report`)
  await page.click('.way >> text=写一句话')
  await page.fill('#words', text)
  await page.click('text=下一步')
  await page.waitForSelector('.kind')
  await says(page, '.kind', /灯/)
  await page.click('.kind >> nth=0')
  await page.click('text=下一步')
  await page.waitForSelector('#address, .choice')
  if (await page.locator('.choice').count()) { await page.click('.choice >> nth=0'); await page.click('text=下一步') }
  await page.fill('#address', '铁路桥下，靠南边')
  await page.click('text=只用这个地址')
  await page.waitForSelector('#phone')
  await page.click('button >> text=发出')
}

/** A phone whose report was written while the line was as `line` says, and so waits on it. */
async function waiting(browser, line, text, before = () => {}) {
  const one = await visited(browser, ['/report/item'])
  await keptAnswers(one.page)
  before(one.page)
  one.link.set(line)
  await writeReport(one.page, one.link.url, text)
  await one.page.waitForSelector('.waiting')
  return { ...one, token: one.page.url().split('/r/')[1] }
}

test('every page opens without a network and says so', async (browser) => {
  const { page, link, leave } = await visited(browser)
  link.set('down')
  for (const path of ['/', '/cases', '/catalogue', '/cases/LC-2611-1', '/r/abc']) {
    await page.goto(link.url + path)
    await page.waitForSelector('.state')
    match(await page.locator('.state').allInnerTexts().then((all) => all.join()), /没有网络/, path)
  }
  await page.goto(`${link.url}/report`)
  await page.waitForSelector('.ways')
  await leave()
})

test('a report written without a network is kept, and sent when it is back', async (browser) => {
  const { page, context, link, leave, token } = await waiting(browser, 'down', '路灯不亮，没有网络时写的')
  await says(page, '.waiting', /还没发出[\s\S]*路灯不亮，没有网络时写的[\s\S]*铁路桥下/)
  await page.close()
  const later = await context.newPage()
  await later.goto(`${link.url}/cases`)
  await says(later, '.outbox', /1 件/)
  link.set('up')
  await later.waitForSelector('.outbox', { state: 'detached' })
  equal((await ask(`/api/v1/signals/${token}`)).words, '路灯不亮，没有网络时写的')
  await later.goto(`${link.url}/report`)
  equal(await later.locator('.mine li').count(), 1)
  await later.click('.mine a')
  await later.waitForSelector('.steps')
  await leave()
})

test('an answer that was lost does not make two reports', async (browser) => {
  const sent = []
  const listen = (page) => page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(/name="token"\s+(\S+)/.exec(request.postDataBuffer()?.toString('latin1') ?? '')?.[1])
  })
  const { page, link, leave, token } = await waiting(browser, 'deaf', '路灯不亮，回答丢了', listen)
  // The server has it already, and only the page does not know.
  const first = await ask(`/api/v1/signals/${token}`)
  equal(first.words, '路灯不亮，回答丢了')
  link.set('up')
  await page.click('text=现在再发一次')
  await page.waitForSelector('.steps')
  await says(page, 'h1', first.no)
  ok(sent.length > 1, 'it was sent again')
  equal(new Set(sent).size, 1, `one token: ${sent}`)
  await leave()
})

test('what the server refuses later can be mended', async (browser) => {
  const { page, context, leave } = await waiting(browser, 'down', '路灯不亮，要改一改')
  await context.route('**/api/v1/signals', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: '', title: 'invalid', status: 422, code: 'invalid', field: 'address', detail: { zh: '请写清楚在哪里。', en: 'Say where it is.' } }) }))
  await page.click('text=现在再发一次')
  await page.waitForSelector('.waiting.refused')
  await says(page, '.waiting', /没有收下[\s\S]*请写清楚在哪里/)
  await page.click('text=去改一改')
  await page.waitForSelector('#phone')
  await says(page, 'dl', /路灯不亮，要改一改/)
  await leave()
})
