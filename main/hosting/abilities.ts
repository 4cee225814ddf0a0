/** A host, as desktop and console see it: what they must be able to do, and what they get for it. */
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import type { folderPurposes } from '../../shared/contract/calls/host.ts'
import type { Notice } from '../../shared/contract/engineWire.ts'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import type { Reply } from '../../shared/contract/wire.ts'

export type FolderPurpose = (typeof folderPurposes)[number]

/** Which screen asks. The console binds what it serves to the session; the desktop has one person in front of it and gives none. */
export type Caller = { readonly session: string }

/** The secret store of the operating system. */
export type Secrets = {
  available(): boolean
  encrypt(text: string): Promise<Uint8Array>
  decrypt(bytes: Uint8Array): Promise<string>
}

/** What differs between the two. */
export type HostAbilities = {
  readonly kind: 'desktop' | 'console'
  readonly version: string
  readonly folderDialog: 'native' | 'browse'
  /** Other machines reach it, and everything can be read on the way. */
  readonly unencrypted?: boolean
  /** Desktop: the system's own dialog. `undefined`: cancelled. */
  choose?(purpose: FolderPurpose): Promise<string | undefined>
  /** Desktop: opens it with the system's viewer and gives null. Console: the address where the caller can read it. */
  openReport(file: string, caller: Caller | undefined): Promise<string | null>
  /** Desktop: shows the folder in the file manager. */
  reveal?(folder: string): void
  secrets?: Secrets
  update?: { state(): HostState['update']; check(): Promise<void>; install(): Promise<void> }
  /** Console: the address where the caller can fetch these bytes, once. Where it is missing, a folder is asked for by `choose`. */
  download?(name: string, body: Uint8Array, caller: Caller | undefined): Promise<string>
  logOut?(caller: Caller | undefined): void
}

export type Host = {
  state(): HostState
  watch(tell: (state: HostState) => void): () => void
  /** The last one told; `undefined` before the first. */
  snapshot(): Snapshot | undefined
  onSnapshot(tell: (snapshot: Snapshot) => void): () => void
  onNotice(tell: (notice: Notice) => void): () => void
  /** host.… is answered here, the rest by the engine with tokens and kept keys resolved. Never rejects, and always ends: every call has a limit of time. */
  call(name: string, input: unknown, signal: AbortSignal, caller?: Caller): Promise<Reply>
  /** Stands for a path that this host knows: a dropped folder, for one. */
  tokenFor(path: string): ChosenPath
  /** Desktop: hands a MessagePort of a window to the engine, with {kind: 'port'}. Again after each start of the engine: `state().engine.since` tells. */
  attachPort?(port: unknown): void
  /** Works are running, from the last snapshot. */
  busy(): boolean
  /** How many screens or windows look at it now. When the last is gone, the setting onClose decides. */
  screens(open: number): void
  /** The preferences changed outside of a call, and what differs between hosts (updates) too: tells everybody. */
  changed(): void
  /** stop: clean stop of engine and wallboard. leave: they end by themselves, when their channel closes. */
  end(how: 'stop' | 'leave'): Promise<void>
}
