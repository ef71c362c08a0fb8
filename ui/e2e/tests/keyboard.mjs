// Everything without a mouse.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { PHONE, settled, URL_BASE } from '../browser.mjs'
import { at, findings, fits, says, test } from '../testing.mjs'

test('by keyboard alone: skip link, j and k, Enter, settings', async (browser) => {
  const { page, context } = await at(browser, '/cases', {})
  await page.keyboard.press('Tab')
  equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.keyboard.press('Enter')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const chosen = await page.evaluate(() => document.activeElement.closest('[data-no]')?.dataset.no)
  equal(chosen, await page.locator('ol.list > li').first().getAttribute('data-no'))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/cases/${encodeURIComponent(chosen)}`)
  await page.focus('.gear')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.settings')
  await page.focus('.settings .large input')
  await page.keyboard.press('Space')
  await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === '21px')
  await page.keyboard.press('Escape')
  ok(await page.evaluate(() => document.activeElement.matches('.gear')))
  await context.close()
})

/** Tab until an element that fits has the focus, as somebody without a mouse does. */
async function tabTo(page, selector) {
  const MOST = 60
  for (let i = 0; i < MOST; i += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
  }
  throw new Error(`no ${selector} within ${MOST} presses of Tab`)
}

const onward = async (page) => { await tabTo(page, '.next'); await page.keyboard.press('Enter') }

test('a report by keyboard alone', async (browser) => {
  const { page, context } = await at(browser, '/report', {})
  await tabTo(page, 'button.way:last-child')
  await page.keyboard.press('Enter')
  await tabTo(page, '#words')
  await page.keyboard.type('路灯不亮，晚上很黑')
  await onward(page)
  await page.waitForSelector('.kind')
  await tabTo(page, '.kind input')
  await page.keyboard.press('Space')
  await onward(page)
  await page.waitForSelector('#address, .choice input')
  if (await page.locator('.choice input').count()) {
    await tabTo(page, '.choice input')
    await page.keyboard.press('Space')
    await onward(page)
  }
  await page.waitForSelector('#address')
  await tabTo(page, '#address')
  await page.keyboard.type('铁路桥下')
  await onward(page)
  await page.waitForSelector('#phone')
  await onward(page)
  await page.waitForSelector('.steps')
  await says(page, 'h1', /\w+-\d+/)
  await context.close()
})

test('on a telephone every page is behind one button, by keyboard too', async (browser) => {
  const { page, context } = await at(browser, '/', { size: PHONE })
  equal(await page.locator('#links').isVisible(), false)
  await page.focus('.menu')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#links.open')
  deepEqual(await findings(page), [])
  ok(await fits(page))
  await page.keyboard.press('Escape')
  equal(await page.locator('#links').isVisible(), false)
  equal(await page.evaluate(() => document.activeElement.className), 'menu')
  await page.click('.menu')
  await page.click('#links >> text=评价')
  await page.waitForURL('**/evaluation')
  equal(await page.locator('#links').isVisible(), false)
  await context.close()
})
