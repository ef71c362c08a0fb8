// Connections to other systems, as the administrator sees them.
import { deepEqual, match } from 'node:assert/strict'
import { URL_BASE } from '../browser.mjs'
import { findings, says, test } from '../testing.mjs'
import { signedIn } from './staff.mjs'

test('a webhook is made, tells its secret once, is tried, looked at, switched off and removed', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'administrator')
  await page.goto(`${URL_BASE}/outward`)
  const name = `tester-${Date.now() % 1e8}`
  await page.fill('#hook-name', name)
  await page.fill('#hook-url', 'nowhere')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.field .fault')
  await says(page, '.field .fault', /http/)
  await page.fill('#hook-url', 'https://127.0.0.1/zhili')
  await page.fill('#hook-kinds', 'case.closed')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.shown code')
  await says(page, '.shown', new RegExp(`${name}[\\s\\S]*只显示这一次`))
  deepEqual(await findings(page), [])
  await page.click('.shown >> text=关闭')
  const row = page.locator('.hooks > li').filter({ hasText: name })
  await row.getByText('发测试').click()
  await row.locator('[role=status].fault').waitFor()
  match(await row.innerText(), /网址指/)
  await row.getByText('停用').click()
  await row.locator('.tag').waitFor()
  await row.locator('.does button').nth(1).click()
  await row.locator('.log').waitFor()
  page.on('dialog', (asks) => asks.accept())
  await row.getByText('删除').click()
  await row.waitFor({ state: 'detached' })
  deepEqual(faults, [])
  await context.close()
})
