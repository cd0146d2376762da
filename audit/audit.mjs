// Looks at report pages in a headless Chromium: axe-core finds no violation on a desktop and in the print layout, nothing
// is wider than an A4 page, everything that scrolls can be reached by keyboard, and the page prints to PDF. Screenshots
// (colour, greyscale, print) are left in the folder given last.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const pages = process.argv.slice(2, -1).map(p => resolve(p))
const out = resolve(process.argv.at(-1))
if (pages.length === 0) {
  console.error('usage: node audit.mjs PAGE... FOLDER')
  process.exit(2)
}
mkdirSync(out, { recursive: true })

const names = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean)
const browser = names.find(name => spawnSync(name, ['--version']).status === 0)
if (!browser) {
  console.error('no Chromium is installed')
  process.exit(3)
}

function chromium (...args) {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-color-profile=srgb']
  const run = spawnSync(browser, [...flags, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// An A4 page less its margins, at 96 dots an inch; and a desktop.
const layouts = { desktop: [1280, 900], phone: [390, 844], print: [703, 1000] }

// The page as it is, but for the policy that forbids scripts; the print layout takes the rules for paper on screen.
function prepared (html, layout) {
  const open = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
  const paper = layout === 'print' ? open.replace('@media print{', '@media screen{') : open
  const look = `
    axe.run(document, {resultTypes: ['violations']}).then(found => {
      const wide = document.scrollingElement.scrollWidth - innerWidth
      const unreachable = [...document.querySelectorAll('*')].filter(e => {
        const scrolls = e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
        return scrolls && e.tabIndex < 0
      }).length
      const cut = ${layout === 'print'} ? [...document.querySelectorAll('table')].filter(t => t.getBoundingClientRect().right > innerWidth + 1).map(t => t.caption?.textContent) : []
      const result = {passes: found.passes.length, wide, unreachable, cut, violations: found.violations.map(v => ({
        id: v.id, help: v.help, count: v.nodes.length, first: v.nodes[0].html.slice(0, 160)}))}
      const note = document.createElement('script')
      note.type = 'application/json'
      note.id = 'audit-result'
      note.textContent = JSON.stringify(result).replace(/</g, '\\\\u003c')
      document.body.append(note)
    })`
  return paper.replace('</body>', () => `<script>${axe.replace(/<\/script/g, '<\\/script')}</script><script>${look}</script></body>`)
}

let faults = 0
for (const page of pages) {
  const html = readFileSync(page, 'utf8')
  const name = basename(page, '.html')
  for (const [layout, [width, height]] of Object.entries(layouts)) {
    const copy = join(out, `${name}-${layout}.audit.html`)
    writeFileSync(copy, prepared(html, layout))
    const dom = chromium(`--window-size=${width},${height}`, '--virtual-time-budget=60000', '--dump-dom', pathToFileURL(copy).href)
    const found = dom.match(/<script type="application\/json" id="audit-result">(.*?)<\/script>/s)
    if (!found) throw new Error(`${name}, ${layout}: axe-core gave no result`)
    const result = JSON.parse(found[1])
    for (const v of result.violations) console.log(`  ${v.id} (${v.count}): ${v.help}\n    ${v.first}`)
    for (const caption of result.cut) console.log(`  wider than the page: ${caption}`)
    const bad = result.violations.length + result.cut.length + (result.wide > 0 ? 1 : 0) + result.unreachable
    console.log(`${name}, ${layout}: ${result.violations.length} violations, ${result.passes} checks passed, ${Math.max(result.wide, 0)} px too wide, ${result.unreachable} out of reach of the keyboard`)
    faults += bad
  }
  const tall = ['--window-size=1280,9000']
  chromium(...tall, `--screenshot=${join(out, `${name}.png`)}`, pathToFileURL(page).href)
  const grey = join(out, `${name}-grey.audit.html`)
  writeFileSync(grey, html.replace('<style>', '<style>html{filter:grayscale(1)}'))
  chromium(...tall, `--screenshot=${join(out, `${name}-grey.png`)}`, pathToFileURL(grey).href)
  const pdf = join(out, `${name}.pdf`)
  chromium('--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href)
  const sheets = (readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b/g) ?? []).length
  const bytes = statSync(page).size
  console.log(`${name}: ${bytes} bytes, ${sheets} A4 pages`)
  if (bytes > 2_000_000 || sheets === 0) faults += 1
  if (/<script|src=|@import|url\((?!#)/.test(html)) {
    console.log('  the page holds a script, or names another file')
    faults += 1
  }
}
console.log(faults === 0 ? 'no faults' : `${faults} faults`)
process.exit(faults === 0 ? 0 : 1)
