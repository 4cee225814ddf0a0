/** Migrations for people: their states in the list of this machine. */
import type { MigrationEntry } from '../../shared/contract/calls/migrations.ts'
import { words, type Words } from '../language.tsx'

export const migrationStateWords: Words<Readonly<Record<MigrationEntry['state'], string>>> = words({
  en: { open: 'open', closed: 'closed', held: 'in use by another Firn', gone: 'its folder is gone' },
  de: { open: 'geöffnet', closed: 'geschlossen', held: 'von einem anderen Firn benutzt', gone: 'ihr Ordner ist weg' },
})
