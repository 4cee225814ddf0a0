/** Names of the profiles in ~/.aws, for a person to choose from. Only names are read. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const most = 200
const largest = 1024 * 1024

export function profileNames(environment: NodeJS.ProcessEnv): readonly string[] {
  const folder = join(homedir(), '.aws')
  const config = sections(environment['AWS_CONFIG_FILE'] ?? join(folder, 'config')).flatMap((name) =>
    // sso-session and services sections are none.
    name === 'default' ? [name] : name.startsWith('profile ') ? [name.slice('profile '.length).trim()] : [],
  )
  const credentials = sections(environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'))
  return [...new Set([...config, ...credentials])].slice(0, most)
}

function sections(file: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8').slice(0, largest)
  } catch {
    // No file, no profiles: the usual chain may still find credentials.
    return []
  }
  return [...text.matchAll(/^[ \t]*\[([^\]\n]{1,200})\]/gm)].map((match) => (match[1] ?? '').trim())
}
