// Reports of one thing: offered side by side, joined, split again; their reporters read of it.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { ask } from '../data.mjs'
import { findings, says, test } from '../testing.mjs'
import { signedIn } from './staff.mjs'

/** Somebody tells once more of what an open case is about, where it is. */
async function toldAgain() {
  const { cases } = await ask('/api/v1/cases?state=open&limit=100')
  const known = cases.find((it) => it.exact && it.words && it.stage !== 'verified' && !it.origin)
  ok(known, 'the demonstration has an open case with a public place')
  const form = new FormData()
  for (const [key, value] of Object.entries({ item: known.item.code, lon: known.lon, lat: known.lat, words: known.words })) form.set(key, String(value))
  const sent = await (await fetch(`${URL_BASE}/api/v1/signals`, { method: 'POST', body: form })).json()
  ok(sent.no, JSON.stringify(sent))
  return { known, ...sent }
}

const receipt = (token) => ask(`/api/v1/signals/${token}`)

test('the same thing is offered with reasons, joined, told to its reporter, and split again', async (browser) => {
  const { known, no, token } = await toldAgain()
  const { page, context, faults } = await signedIn(browser, 'acceptor')
  await page.goto(`${URL_BASE}/inbox/${no}`)
  await page.waitForSelector('.same .one')
  await says(page, '.same', new RegExp(`${known.no}[\\s\\S]*在同一处`))
  await says(page, '.same .parts', /地点[\s\S]*时间[\s\S]*事项/)
  equal(await page.locator('.same article').count(), 2)
  await page.click(`.same .one >> text=${known.no}`)
  if ((await receipt(token)).state === 'collected') {
    await page.fill('#same-why', '同一处，同一天')
    await page.click('.same .buttons button >> text=是同一件事')
    await page.waitForFunction(() => !document.querySelector('.same .one') || document.querySelector('.same .state'))
  }
  const joined = await receipt(token)
  equal(joined.state, 'merged')
  ok(joined.reports > 1)
  match(JSON.stringify(joined.story), /已有人报告同一件事/)
  await page.goto(`${URL_BASE}/r/${token}`)
  await page.waitForSelector('.others')
  await says(page, '.others', /另外 \d+ 份上报/)

  await page.goto(`${URL_BASE}/cases/${joined.case_no}`)
  const mine = page.locator('.reports li', { hasText: no })
  await mine.waitFor()
  match(await mine.innerText(), /并入/)
  await mine.locator('button', { hasText: '拆分' }).click()
  await mine.locator('form button[type=submit]').click()
  match(await mine.innerText(), /请写明理由/)
  await page.keyboard.press('Escape')
  await mine.locator('button', { hasText: '拆分' }).click()
  await page.fill('#split-why', '看过照片，是旁边的另一处')
  await mine.locator('form button[type=submit]').click()
  await mine.waitFor({ state: 'detached' })
  const parted = await receipt(token)
  equal(parted.state, 'collected')
  match(JSON.stringify(parted.story), /已分开/)
  await page.goto(`${URL_BASE}/inbox/${no}`)
  await settled(page)
  equal(await page.locator('.same .one', { hasText: known.no }).count(), 0, 'whoever split them has looked')
  deepEqual(faults, [])
  await context.close()
})

test('the panel of the same thing is whole on a telephone and at a desk, in both languages, by keyboard, and axe finds nothing', async (browser) => {
  const { no } = await toldAgain()
  for (const options of [{ size: PHONE, lang: 'en' }, { size: DESK, theme: 'dark' }]) {
    const { page, context } = await signedIn(browser, 'acceptor', options)
    await page.goto(`${URL_BASE}/inbox/${no}`)
    await page.waitForSelector('.same .one')
    await settled(page)
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), 'nothing is wider than the window')
    await page.locator('.same input[type=radio]:checked').focus()
    await page.keyboard.press('Tab')
    ok(await page.evaluate(() => document.activeElement?.closest('.same') !== null), 'the panel is walked through by keyboard')
    deepEqual(await findings(page), [])
    await context.close()
  }
})
