import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The server that answers the API while the pages are worked on: the mock, or a real `zhili demo`.
const server = process.env.ZHILI_URL ?? 'http://127.0.0.1:8090'
const toServer = { target: server, changeOrigin: false }

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  server: { host: '127.0.0.1', proxy: { '/api': toServer, '/tiles': toServer, '/photos': toServer, '/feeds': toServer } },
  build: {
    target: 'es2020',
    sourcemap: false,
    // MapLibre is one file of about a megabyte; it is loaded only where a map is shown.
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      output: {
        manualChunks: (id) => {
          if (id.includes('maplibre-gl')) return 'maplibre'
          if (/node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//.test(id)) return 'vue'
          return undefined
        },
      },
    },
  },
})
