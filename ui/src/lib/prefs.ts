// What the reader chose: language, light or dark, large type. Kept in this browser only.

import { ref, watch } from 'vue'
import type { Lang } from './text'

export type Theme = 'system' | 'light' | 'dark'

function read(key: string): string | null {
  try { return localStorage.getItem(`zhili.${key}`) } catch { return null }
}
function write(key: string, value: string): void {
  try { localStorage.setItem(`zhili.${key}`, value) } catch { /* private browsing: the choice lasts for this page */ }
}

function firstLang(): Lang {
  const chosen = read('lang')
  if (chosen === 'zh' || chosen === 'en') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
function firstTheme(): Theme {
  const chosen = read('theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export const lang = ref<Lang>(firstLang())
export const theme = ref<Theme>(firstTheme())
export const large = ref(read('large') === '1')
export const dark = ref(false)

const wantsDark = window.matchMedia('(prefers-color-scheme: dark)')

function paint(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && wantsDark.matches)
  const root = document.documentElement
  root.classList.toggle('dark', dark.value)
  root.classList.toggle('light', !dark.value)
  root.classList.toggle('large', large.value)
  root.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
}

export function startPrefs(): void {
  paint()
  wantsDark.addEventListener('change', paint)
  watch([theme, large, lang], () => {
    write('theme', theme.value)
    write('large', large.value ? '1' : '0')
    write('lang', lang.value)
    paint()
  })
}
