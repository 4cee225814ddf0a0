import type { CatalogueEntry } from './entry.ts'

export const applicationFaults = {
  'unknown-call': {
    retry: 'never',
    happened: 'The screen asked for something that this host does not know.',
    safe: 'Nothing was done.',
    todo: 'Reload the window. If it stays, screen and engine are of different versions: install Firn again.',
  },
  'message-refused': {
    retry: 'never',
    happened: 'A message was refused: it was too long, malformed, or came from where none may come from.',
    safe: 'Nothing was done with it.',
    todo: 'Reload the window. If you did not expect this, tell whoever looks after the security of this machine.',
  },
  'too-many-calls': {
    retry: 'later',
    happened: 'The screen has too many questions open at once.',
    safe: 'Nothing was done for this one.',
    todo: 'Wait a moment and try again.',
  },
  'engine-gone': {
    retry: 'later',
    happened: 'The engine ended unexpectedly.',
    safe: 'The source was only read, and the journal holds what was done. Work goes on where it was when the engine is back.',
    todo: 'Firn restarts it by itself. If it ends again and again, open Diagnostics and save a support bundle.',
  },
  'answer-late': {
    retry: 'later',
    happened: 'The engine did not answer in time.',
    safe: 'Work that runs goes on; what was asked for may still be done.',
    todo: 'Wait a moment and look again. If it stays so, restart the engine in Diagnostics: what runs goes on where it was.',
  },
  'home-not-writable': {
    retry: 'after-human',
    happened: "Firn's own folder on this machine cannot be written.",
    safe: 'Nothing was changed.',
    todo: 'Check its rights and free space, or name another folder in FIRN_HOME.',
  },
  'screens-missing': {
    retry: 'after-human',
    happened: 'The screens are not where Firn was installed.',
    safe: 'Nothing was changed.',
    todo: 'In a clone build them with `node scripts/buildRenderer.mjs`; otherwise install Firn again.',
  },
  'no-console': {
    retry: 'after-human',
    happened: 'No console that can be asked runs here.',
    safe: 'Nothing was changed.',
    todo: 'Start one with `firn console`, with the same FIRN_HOME; where it runs already, use the link it printed or start it again.',
  },
  'no-migration-open': {
    retry: 'after-human',
    happened: 'No migration is open.',
    safe: 'Nothing was done.',
    todo: 'Open one on the Start screen, or begin a rehearsal.',
  },
  'work-running': {
    retry: 'after-human',
    happened: 'This cannot be done while work is running.',
    safe: 'The work goes on undisturbed.',
    todo: 'Pause or cancel the work first, or wait until it is done.',
  },
  'place-unknown': {
    retry: 'after-human',
    happened: 'The chosen folder or file is no longer known to this window.',
    safe: 'Nothing was read or changed.',
    todo: 'Choose it again.',
  },
  'not-in-this-host': {
    retry: 'never',
    happened: 'This is not available here: it needs the desktop application, or the console.',
    safe: 'Nothing was done.',
    todo: 'Use the way that this screen offers instead.',
  },
  'secrets-not-kept': {
    retry: 'after-human',
    happened: 'This system has no secret store that keeps keys encrypted.',
    safe: 'The keys were not written anywhere.',
    todo: 'Use a profile of the AWS command line or single sign-on, or set up the key ring of this system.',
  },
  'keys-not-given': {
    retry: 'after-human',
    happened: 'This migration was made with kept AWS keys, and there are none of that name in the secret store of this machine.',
    safe: 'Nothing was read or changed.',
    todo: 'Keep the keys again under the same name, then open the migration again.',
  },
  'wallboard-failed': {
    retry: 'after-human',
    happened: 'The wallboard could not be started.',
    safe: 'The migration is not touched by this.',
    todo: 'Check address, port and certificate in Settings.',
  },
  'session-ended': {
    retry: 'after-human',
    happened: 'This console session has ended.',
    safe: 'Work goes on; only the screen was logged out.',
    todo: 'Open the console again with a new link: run `firn console` or ask whoever started it.',
  },
} as const satisfies Record<string, CatalogueEntry>
