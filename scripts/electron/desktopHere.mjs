/** Whether a window can be opened on this machine at all. */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} platform
 * @param {number | undefined} user
 * @returns {string | undefined} why not
 */
export function whyNoDesktop(environment, platform, user) {
  if (platform !== 'linux') return undefined
  const set = (name) => environment[name] !== undefined && environment[name] !== ''
  if (!set('DISPLAY') && !set('WAYLAND_DISPLAY')) return 'There is no desktop on this machine'
  // Chromium's sandbox does not run as root, and Firn does not run without it.
  return user === 0 ? 'The desktop application does not run as root' : undefined
}
