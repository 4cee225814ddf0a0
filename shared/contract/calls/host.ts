/** What the host itself answers: dialogs, settings, wallboard, opening what lies outside of the window. */
import { z } from 'zod'
import { hostState } from '../hostState.ts'
import { settingsChange } from '../settings.ts'
import { call, chosenPath, nothing, pathToken } from './call.ts'

export const folderPurposes = ['archive', 'share', 'migration', 'certificate', 'attachment', 'save'] as const

export const hostCalls = {
  'host.state': call(nothing, hostState),
  'host.saveSettings': call(z.strictObject({ settings: settingsChange }), hostState),
  /** The system's own dialog, where folderDialog is native. `null`: cancelled. @throws Fault not-in-this-host. */
  'host.choose': call(z.strictObject({ purpose: z.enum(folderPurposes) }), chosenPath.nullable()),
  /** What lies in a folder of the host, where folderDialog is browse. `null`: the places to begin at. Links are not followed; names may hold patient data and stay on the screen. */
  'host.browse': call(
    z.strictObject({ in: pathToken.nullable(), files: z.boolean().default(false) }),
    z.strictObject({
      here: chosenPath.nullable(),
      parent: pathToken.nullable(),
      entries: z.array(z.strictObject({ token: pathToken, name: z.string(), kind: z.enum(['folder', 'file']) })).max(2000),
      /** More than 2,000 entries: only the first are shown. */
      more: z.boolean(),
    }),
  ),
  /** Opens a made bundle's report. Desktop: with the system's viewer, `url` is null. Console: where the report is served, to open in a new tab. */
  'host.openReport': call(z.strictObject({ bundle: z.string().max(200) }), z.strictObject({ url: z.string().nullable() })),
  /** Shows the folder of the open migration in the file manager; console: its path as text. */
  'host.revealMigration': call(nothing, z.strictObject({ label: z.string() })),
  'host.restartEngine': call(nothing, hostState),
  /** Keys for AWS, kept by the secret store of the operating system and given to the engine's memory only. @throws Fault secrets-not-kept. */
  'host.keepKeys': call(
    z.strictObject({
      name: z.string().trim().min(1).max(60),
      accessKeyId: z.string().min(16).max(128),
      secretAccessKey: z.string().min(1).max(256),
      sessionToken: z.string().max(4096).nullable(),
    }),
    z.strictObject({ name: z.string() }),
  ),
  'host.keptKeys': call(nothing, z.strictObject({ names: z.array(z.string()) })),
  'host.forgetKeys': call(z.strictObject({ name: z.string() }), nothing),
  /** Addresses of this machine's interfaces that the wallboard can listen on. */
  'host.interfaces': call(
    nothing,
    z.strictObject({ interfaces: z.array(z.strictObject({ name: z.string(), address: z.string(), internal: z.boolean() })) }),
  ),
  /** Starts, stops or moves the wallboard. Certificate and key are files of the administrator. @throws Fault port-in-use, wallboard-failed, bad-input. */
  'host.setWallboard': call(
    z.strictObject({
      enabled: z.boolean(),
      address: z.string().max(64),
      port: z.number().int().min(1).max(65_535),
      certificate: z.strictObject({ certificate: pathToken, key: pathToken }).nullable(),
    }),
    hostState,
  ),
  /** A pairing for one screen: a link with its token, and a code to type. Shown once; only its hash is kept. */
  'host.pairWallboard': call(
    z.strictObject({ label: z.string().trim().min(1).max(60) }),
    z.strictObject({ id: z.string(), link: z.string(), code: z.string(), codeEndsAt: z.number() }),
  ),
  'host.revokeWallboard': call(z.strictObject({ id: z.string() }), hostState),
  /** Writes the support bundle that diagnostics.supportBundle showed to a chosen place; console: `url` downloads it. */
  'host.saveSupportBundle': call(
    z.strictObject({ folder: pathToken.nullable() }),
    z.strictObject({ label: z.string().nullable(), url: z.string().nullable() }),
  ),
  /** Looks for an update, if a feed is named; installs a ready one only while no work is open. */
  'host.checkUpdate': call(nothing, hostState),
  'host.installUpdate': call(nothing, hostState),
  'host.logOut': call(nothing, nothing),
} as const
