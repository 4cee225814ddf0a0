/** Words for what can go wrong before Firn itself runs: what happened and what to do, never a stack trace. */

export class Trouble extends Error {
  /**
   * @param {string} happened one sentence
   * @param {string} todo what a person does next
   * @param {string} [detail] the tool's own words
   */
  constructor(happened, todo, detail = '') {
    super(happened)
    this.name = 'Trouble'
    this.todo = todo
    this.detail = detail
  }
}

/** @param {Trouble} trouble */
export function tellTrouble(trouble) {
  const detail = trouble.detail === '' ? '' : `\n${trouble.detail.replaceAll(/^/gm, '  ')}\n`
  return `${detail}\nFirn cannot start: ${trouble.message}\n${trouble.todo}\n`
}

const again = 'Then run the same command again; it starts from a clean state.'

/** Told apart by npm's own codes. The first that is found in npm's output counts. */
const npmFailures = [
  [/ENOSPC/, 'the disk is full.', `Free about 1 GB on this disk. ${again}`],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED/,
    'npm does not trust the certificate of its registry, which is usual behind a proxy that reads TLS.',
    `Point npm at the proxy's certificate (npm config set cafile FILE, or NODE_EXTRA_CA_CERTS=FILE). ${again}`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request|ENOTCACHED/,
    'npm could not be reached over the network.',
    `Check the network, and the proxy if there is one (npm config get proxy, https-proxy, registry). ${again}`,
  ],
  [
    /EINTEGRITY/,
    'a downloaded package is not the one that was recorded.',
    `Run: npm cache clean --force. ${again} If it happens again, do not go on: somebody may be tampering with the download.`,
  ],
  [/EBADPLATFORM/, 'a package is not made for this machine.', 'Firn runs on Linux (x64, arm64), Windows (x64) and macOS with Node.js 24.'],
  [/EBADENGINE/, 'a package needs another version of Node.js or npm.', `Update npm with: npm install --global npm@11. ${again}`],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    'package.json and package-lock.json do not agree.',
    'Run npm install with Node.js 24, or restore both files from the repository.',
  ],
  [/E40[13]|ENEEDAUTH/, "npm's registry refused access.", `Log in to the registry this machine is set up for. ${again}`],
  [
    /E404|ETARGET/,
    "npm's registry does not hold a package that Firn needs.",
    `If this machine uses a registry of its own, ask for the package named above. ${again}`,
  ],
  [
    /EACCES|EPERM|EROFS/,
    'this user may not write to the folder of Firn, or to the cache of npm.',
    `Run Firn from a folder you own. ${again}`,
  ],
]

/**
 * @param {string} what what npm was to install
 * @param {string} output npm's own words
 */
export function npmTrouble(what, output) {
  const lines = output
    .split('\n')
    .filter(
      (line) =>
        /npm (error|ERR!)/.test(line) &&
        !/A complete log|debug-0\.log|npm (error|ERR!) +at .*:\d+|npm (error|ERR!) {3}\w+:|^npm (error|ERR!) [{}]$/.test(line),
    )
    .slice(0, 12)
  const detail = lines.length > 0 ? lines.join('\n') : output.trim().split('\n').slice(-8).join('\n')
  for (const [pattern, happened, todo] of npmFailures) {
    if (pattern.test(output)) return new Trouble(`${what} could not be installed: ${happened}`, todo, detail)
  }
  return new Trouble(`${what} could not be installed.`, `Read npm's own words above. ${again}`, detail)
}
