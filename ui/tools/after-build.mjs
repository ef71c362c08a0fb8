// After `vite build`: write the service worker with the list of this build's files, and gzip what a browser may ask for.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '..', 'dist')
const GZIP = new Set(['.html', '.js', '.css', '.svg', '.webmanifest', '.json'])
const GZIP_BYTES_MIN = 1024

function filesOf(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesOf(path) : [path]
  })
}

const files = filesOf(dist).filter((path) => !path.endsWith('.gz') && !path.endsWith('sw.js')).sort()
const shell = files.map((path) => `/${relative(dist, path)}`).filter((path) => path !== '/index.html')
const build = createHash('sha256')
for (const path of files) build.update(path).update(readFileSync(path))
const template = readFileSync(join(here, 'sw.template.js'), 'utf8')
const worker = template.replace('"BUILD"', JSON.stringify(build.digest('hex').slice(0, 16))).replace('["SHELL"]', JSON.stringify(['/', ...shell]))
writeFileSync(join(dist, 'sw.js'), worker)

for (const path of [...files, join(dist, 'sw.js')]) {
  const body = readFileSync(path)
  if (GZIP.has(extname(path)) && body.length >= GZIP_BYTES_MIN) writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }))
}
