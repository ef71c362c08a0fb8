import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(path + key, value)
    else flat(value, `${path}${key}.`).forEach((text, inner) => found.set(inner, text))
  }
  return found
}
const files = import.meta.glob<string>(['../**/*.{vue,ts}', '!../**/*.test.ts', '!./*.ts'], { query: '?raw', import: 'default', eager: true })

const chinese = flat(zh as Tree)
const english = flat(en as Tree)
const code = Object.values(files).join('\n')
/** 't(`stage.${x}`)' uses every key that begins with "stage." and has one part more; `a.${x}.${y}` those with two. */
const patterns = [...code.matchAll(/`([\w.]+\.(?:\$\{[^}]*\}[\w.]*)+)`/g)].map(([, key]) => new RegExp(`^${key!.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '\\w+')}$`))
const quoted = new Set([...code.matchAll(/['"`]([a-zA-Z]\w*(?:\.\w+)*)['"`]/g)].map(([, key]) => key!))

describe('the words of the pages', () => {
  it('are the same set in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })
  it('take the same values in both languages', () => {
    const values = (text: string) => [...new Set([...text.replaceAll(/\{'[^']*'\}/g, '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name!.replace('monthName', 'month')))].sort()
    for (const [key, text] of chinese) expect([key, values(english.get(key)!)]).toEqual([key, values(text)])
  })
  it('are all used', () => {
    const unused = [...chinese.keys()].filter((key) => !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)))
    expect(unused).toEqual([])
  })
  it('are all there: every key in the code has its words', () => {
    const asked = [...code.matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key!)
    expect(asked.filter((key) => !chinese.has(key))).toEqual([])
  })
  it('hold no Chinese in English and are not left empty', () => {
    expect([...english].filter(([, text]) => /[\u4e00-\u9fff]/.test(text))).toEqual([])
    expect([...chinese].filter(([key, text]) => !text.trim() && key !== 'city.unit')).toEqual([])
  })
})
