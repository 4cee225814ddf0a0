/** Every fuse that Electron has. electron-builder's configuration knows eight of them; what it does not know yet is set here, before it signs. */
import { join } from 'node:path'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'

/** Guard pages instead of a check at each access of WebAssembly's memory: as safe, and what CRC-64 is computed with is twice as fast. */
const beyondBuilder = { wasmTrapHandlers: true }

/** As electron-builder.yml writes them. */
const nameOf = (fuse) => fuse.charAt(0).toLowerCase() + fuse.slice(1)

/** Names of all fuses that this version of @electron/fuses knows. */
export const knownFuses = Object.keys(FuseV1Options)
  .filter((name) => Number.isNaN(Number(name)))
  .map(nameOf)

/** @param {Readonly<Record<string, boolean>>} configured electronFuses of electron-builder.yml */
export function allFuses(configured) {
  const wanted = { ...configured, ...beyondBuilder }
  const unset = knownFuses.filter((name) => typeof wanted[name] !== 'boolean')
  const unknown = Object.keys(wanted).filter((name) => !knownFuses.includes(name))
  if (unset.length > 0 || unknown.length > 0)
    throw new Error(`Fuses without a value: ${unset.join(', ') || 'none'}. Values without a fuse: ${unknown.join(', ') || 'none'}.`)
  return Object.fromEntries(
    Object.entries(FuseV1Options)
      .filter(([name]) => Number.isNaN(Number(name)))
      .map(([name, index]) => [index, wanted[nameOf(name)]]),
  )
}

const endings = { darwin: '.app', mas: '.app', win32: '.exe', linux: '' }

/** A hook of electron-builder: before it flips its own eight and signs. Fails when the runtime has a fuse that nobody decided about. */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const name = electronPlatformName === 'linux' ? packager.executableName : packager.appInfo.productFilename
  await flipFuses(join(appOutDir, `${name}${endings[electronPlatformName]}`), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    ...allFuses(packager.config.electronFuses),
  })
}
