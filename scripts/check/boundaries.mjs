/**
 * Checks that imports run downwards (.dependency-cruiser.mjs). With a TypeScript it cannot load, dependency-cruiser finds no module
 * and hence no violation, so what it saw is counted against what is there. `node scripts/check/boundaries.mjs [FOLDER]`
 */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { cruise, format } from 'dependency-cruiser'

const cruised = ['shared', 'main', 'renderer', 'tests', 'bench', 'scripts']
const counted = ['shared', 'main']

/** TypeScript sources below a folder of the current directory, declaration files aside. */
export function sources(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')).length
}

if (import.meta.main) {
  const { default: config } = await import(new URL('../../.dependency-cruiser.mjs', import.meta.url).href)
  process.chdir(resolve(process.argv[2] ?? '.'))
  const present = readdirSync('.')
  const folders = cruised.filter((folder) => present.includes(folder))
  const { output } = await cruise(folders, { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true })
  const report = await format(output, { outputType: 'err' })
  process.stdout.write(report.output)
  const seen = output.modules.filter(({ source }) => /^(shared|main)\/.*\.tsx?$/.test(source) && !source.endsWith('.d.ts')).length
  const there = counted.filter((folder) => present.includes(folder)).reduce((sum, folder) => sum + sources(folder), 0)
  if (seen < there || there === 0) {
    process.stdout.write(
      `dependency-cruiser saw ${seen} modules below shared/ and main/, but there are ${there}. Does it support this TypeScript?\n`,
    )
    process.exitCode = 1
  }
  if (report.exitCode !== 0) process.exitCode = 1
}
