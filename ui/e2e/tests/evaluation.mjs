// Figures and what stands behind them: read down to a case, by everybody and by staff.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled } from '../browser.mjs'
import { ask } from '../data.mjs'
import { at, findings, fits, says, test, words } from '../testing.mjs'
import { signedIn } from './staff.mjs'

const YEAR = async () => (await ask('/api/v1/city')).now.slice(0, 4)
const number = (text) => Number(text.replaceAll(',', ''))

/** A year's page with something counted on it. */
async function year(one) {
  await one.page.goto(`${one.page.url().split('/').slice(0, 3).join('/')}/evaluation?by=department&period=${await YEAR()}`)
  await settled(one.page)
  await one.page.waitForSelector('table tbody tr')
  return one
}

test('a figure leads to its cases, as many as it says, and from there to one case', async (browser) => {
  const { page, context, faults } = await year(await signedIn(browser, 'evaluator', { size: DESK }))
  const link = page.locator('tr.total td:nth-child(4) a')
  const said = number(await link.innerText())
  ok(said > 0, 'the demonstration has cases that were due')
  await link.click()
  await page.waitForURL('**/evaluation/cases?**')
  await page.waitForSelector('.list .row')
  equal(number(await words(page, '.number')), said)
  while (await page.locator('main button:has-text("再看")').count()) {
    const before = await page.locator('.list .row').count()
    await page.click('main button:has-text("再看")')
    await page.waitForFunction((n) => document.querySelectorAll('.list .row').length > n || !document.querySelector('main button'), before)
  }
  equal(await page.locator('.list .row').count(), said)
  await page.click('.list .row >> nth=0')
  await page.waitForURL('**/cases/LC-*')
  deepEqual(faults, [])
  await context.close()
})

test('another length, another view and the way of counting are one press away, and the address keeps them', async (browser) => {
  const { page, context, faults } = await year(await at(browser, '/evaluation', { size: DESK }))
  await page.click('.el-segmented >> text=季')
  await page.waitForURL(/period=\d{4}-Q\d/)
  await page.click('.el-segmented >> text=来源')
  await page.waitForURL(/by=source/)
  await page.click('.cards a:has-text("返工率（按次）")')
  await page.waitForURL(/indicator=rework_times/)
  await page.click('button:has-text("这是怎么算的")')
  await says(page, '.counted', /返工次数[\s\S]*处置并反馈过/)
  const address = page.url()
  await page.reload()
  await settled(page)
  equal(page.url(), address)
  await says(page, 'main', /返工率（按次）/)
  deepEqual(faults, [])
  await context.close()
})

test('weights may be tried, and nothing of it stays', async (browser) => {
  const { page, context } = await year(await at(browser, '/evaluation', { size: DESK }))
  await page.click('button:has-text("看综合得分")')
  await page.waitForSelector('.totals li')
  const score = () => words(page, '.totals')
  const published = await score()
  await page.locator('.score input[type=range]').first().fill('0')
  await page.waitForFunction((was) => document.querySelector('.totals').innerText !== was, published)
  await page.click('.score button:has-text("还原")')
  await page.waitForFunction((was) => document.querySelector('.totals').innerText === was, published)
  await context.close()
})

for (const [where, size] of [['a desk', DESK], ['a telephone', PHONE]]) {
  for (const lang of ['zh', 'en']) {
    test(`the evaluation on ${where} in ${lang} gives axe nothing serious to say`, async (browser) => {
      const { page, context } = await year(await at(browser, '/evaluation', { size, lang }))
      await page.locator('.rule-title button').first().click()
      deepEqual(await findings(page), [])
      await page.locator('tr td a').first().click()
      await page.waitForURL('**/evaluation/cases?**')
      await settled(page)
      deepEqual(await findings(page), [])
      ok(await fits(page), 'nothing runs out of the window')
      await context.close()
    })
  }
}
