import { describe, expect, it } from 'vitest'
import { areaList } from './areaTree'
import { itemsLike } from './find'
import { stepsOf, missingStep, type Draft } from './draftSteps'
import { listKey } from './keys'
import { markFrom, markName, markOf } from './marks'
import { stageSteps } from './stages'
import { figure, say } from './text'
import type { Area, Clock, Item } from '../api/types'

const clock: Clock = { name: 'handle', unit: 'work_hours', budget: 100, used: 50, left: 50, due_at: null, state: 'running', because: null }

describe('marks', () => {
  it('say source, state and what is left', () => {
    expect(markOf({ source: 'sensor', stage: 'handling', clock })).toEqual({ shape: 'diamond', tone: 'good', ring: 4 })
    expect(markOf({ source: 'collector', stage: 'handling', clock: { ...clock, left: -1 } })).toEqual({ shape: 'triangle', tone: 'late', ring: 0 })
    expect(markOf({ stage: 'closed', clock: { ...clock, left: -1 } })).toEqual({ shape: 'circle', tone: 'done', ring: 0 })
    expect(markOf({ source: 'camera', stage: 'suspended', clock }).tone).toBe('paused')
  })
  it('keep a last step of the ring while anything is left', () => {
    expect(markOf({ stage: 'handling', clock: { ...clock, left: 1 } }).ring).toBe(1)
  })
  it('come back from their names', () => {
    const mark = markOf({ source: 'camera', stage: 'handling', clock })
    expect(markFrom(markName(mark))).toEqual(mark)
    expect(markFrom('cluster.3.1.0.1')).toBeNull()
  })
})

describe('walking through a list', () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more })
  it('goes down and up and stays within', () => {
    expect([listKey(press('j'), -1, 3), listKey(press('j'), 2, 3), listKey(press('k'), 0, 3), listKey(press('k'), -1, 3), listKey(press('k'), 2, 3)]).toEqual([0, 2, 0, 0, 1])
  })
  it('leaves typing, shortcuts and empty lists alone', () => {
    const typing = { closest: () => ({}) } as unknown as EventTarget
    expect([listKey(press('j', { target: typing }), 0, 3), listKey(press('j', { ctrlKey: true }), 0, 3), listKey(press('j'), 0, 0), listKey(press('x'), 0, 3)]).toEqual([null, null, null, null])
  })
})

describe('the questions of a report', () => {
  const draft = { first: 'what', hasAsks: false, item: '', lat: null, address: '' } as Draft
  it('come in the order that the person began with', () => {
    expect(stepsOf(draft)).toEqual(['what', 'item', 'place', 'send'])
    expect(stepsOf({ ...draft, first: 'place' })).toEqual(['place', 'what', 'item', 'send'])
    expect(stepsOf({ ...draft, hasAsks: true })).toEqual(['what', 'item', 'ask', 'place', 'send'])
  })
  it('are missed until answered; an address alone is a place', () => {
    expect(missingStep(draft)).toBe('item')
    expect(missingStep({ ...draft, item: '0102' })).toBe('place')
    expect(missingStep({ ...draft, item: '0102', address: ' ' })).toBe('place')
    expect(missingStep({ ...draft, item: '0102', address: '桥下' })).toBeNull()
  })
})

describe('small words', () => {
  it('falls back to the language that there is', () => {
    expect([say({ zh: '水', en: '' }, 'en'), say('x', 'zh'), say(null, 'zh')]).toEqual(['水', 'x', ''])
  })
  it('separates thousands', () => {
    expect([figure(0), figure(999), figure(1000), figure(121145)]).toEqual(['0', '999', '1,000', '121,145'])
  })
  it('shows a side path as the step that it belongs to', () => {
    expect(stageSteps('suspended').filter((step) => step.done).length).toBe(3)
    expect(stageSteps('evaluated').every((step) => step.done)).toBe(true)
  })
})

describe('the tree of areas', () => {
  const area = (id: number, parent: number | null): Area => ({ id, code: '', level: '', name: { zh: '', en: '' }, parent, centre: [0, 0] })
  it('puts each area after its parent, and one without a known parent at the top', () => {
    expect(areaList([area(3, 2), area(1, null), area(2, 1), area(9, 77)]).map((one) => [one.id, one.depth])).toEqual([[1, 0], [2, 1], [3, 2], [9, 0]])
  })
})

describe('finding an item without the server', () => {
  const item = (zh: string, en: string, words: string[]) => ({ name: { zh, en }, words }) as unknown as Item
  const lamp = item('路灯', 'Street lamp', ['路灯', '灯不亮', 'lamp'])
  const water = item('道路积水', 'Water on the road', ['积水', '桥下全是水', 'flood'])
  it('takes the one that shares most with the words', () => {
    expect(itemsLike([lamp, water], '桥下全是水，路灯也坏了')).toEqual([water, lamp])
    expect(itemsLike([lamp, water], 'The LAMP is out')).toEqual([lamp])
  })
  it('takes a part of a name, and nothing for nothing', () => {
    expect(itemsLike([lamp, water], '灯')).toEqual([lamp])
    expect([itemsLike([lamp, water], ' '), itemsLike([lamp, water], '噪声')]).toEqual([[], []])
  })
})
