/** What `npm start` opens: the desktop application, or the console where that cannot be, with one line that says why. */
import { whyNoDesktop } from './desktopHere.mjs'

/** What a shell and the loader end with when a program, or a library of it, is not there. */
const notRunnable = 127

/**
 * @typedef {{ readonly code: number | null, readonly signal: NodeJS.Signals | null } | undefined} End undefined: it could not be started
 * @param {{
 *   readonly environment: NodeJS.ProcessEnv, readonly platform: NodeJS.Platform, readonly user: number | undefined,
 *   readonly find: () => { readonly executable: string } | undefined,
 *   readonly fetch: () => Promise<{ readonly executable: string } | undefined>,
 *   readonly whyNone: () => string,
 *   readonly build: () => Promise<unknown>,
 *   readonly open: (executable: string) => Promise<End>,
 *   readonly openConsole: () => Promise<End>,
 *   readonly say: (text: string) => void,
 * }} parts
 * @returns {Promise<End>}
 */
export async function startApplication({ environment, platform, user, find, fetch, whyNone, build, open, openConsole, say }) {
  const instead = (why) => {
    say(`${why}: opening the console in the browser instead.`)
    return openConsole()
  }
  const why = whyNoDesktop(environment, platform, user)
  if (why !== undefined) return await instead(why)
  const electron = find() ?? (await fetch())
  if (electron === undefined) return await instead(whyNone())
  await build()
  const end = await open(electron.executable)
  return end === undefined || end.code === notRunnable ? await instead('Electron cannot run on this machine') : end
}
