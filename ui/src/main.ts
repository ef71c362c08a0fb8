import { createApp } from 'vue'
import './style/tokens.css'
import './style/base.css'
import 'element-plus/es/components/base/style/css'
import './style/elements.css'
import App from './App.vue'
import { i18n } from './i18n'
import { startPrefs } from './lib/prefs'
import { router } from './router'

startPrefs()
createApp(App).use(i18n).use(router).mount('#app')

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => { /* the pages work without it */ })
  })
}
