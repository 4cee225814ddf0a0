/** The default browser of a desktop, where there is one. */
import open from 'open'

export function hasDesktop(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const there = (name: string): boolean => (environment[name] ?? '') !== ''
  // Over SSH it would open on a screen that nobody sits at.
  if (there('SSH_CONNECTION') || there('SSH_TTY')) return false
  return platform === 'win32' || platform === 'darwin' || there('DISPLAY') || there('WAYLAND_DISPLAY')
}

/** Whether the system took it. */
export async function openBrowser(link: string): Promise<boolean> {
  try {
    const opener = await open(link)
    opener.on('error', () => undefined)
    return true
  } catch {
    return false
  }
}
