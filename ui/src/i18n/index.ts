import { computed, watch } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { lang } from '../lib/prefs'
import { say as sayIn } from '../lib/text'
import type { Text } from '../api/types'
import { en } from './en'
import { zh } from './zh'

export const i18n = createI18n({ legacy: false, locale: lang.value, fallbackLocale: 'zh', messages: { zh, en }, warnHtmlMessage: false })
watch(lang, (chosen) => { i18n.global.locale.value = chosen })

/** `t` for our own words, `say` for a text that the server sent, in the language of the reader. */
export function useWords() {
  const { t, te } = useI18n({ useScope: 'global' })
  const say = (text: Text | string | null | undefined) => sayIn(text, lang.value)
  const clockNames = computed<Record<string, string>>(() =>
    Object.fromEntries(['dispatch', 'handle', 'verify', 'whole', 'supervise', 'penalty'].map((name) => [name, t(`clock.${name}`)])))
  return { t, te, say, lang, clockNames }
}
