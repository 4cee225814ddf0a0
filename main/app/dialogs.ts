/** The system's own dialogs for folders and files. The path goes to the host, which gives the screen a token for it. */
import type { OpenDialogOptions } from 'electron'
import type { FolderPurpose } from '../hosting/abilities.ts'
import type { DesktopWords } from './words.ts'

const kinds: Readonly<Record<FolderPurpose, NonNullable<OpenDialogOptions['properties']>>> = {
  archive: ['openDirectory'],
  share: ['openDirectory'],
  migration: ['openDirectory', 'createDirectory'],
  certificate: ['openFile'],
  attachment: ['openFile'],
  save: ['openDirectory', 'createDirectory'],
}

/** Nothing is added to the system's list of recent documents: names of folders may name patients. */
export function folderDialog(purpose: FolderPurpose, words: DesktopWords): OpenDialogOptions {
  return {
    title: words.choose[purpose],
    message: words.choose[purpose],
    buttonLabel: words.chooseButton,
    properties: [...kinds[purpose], 'dontAddToRecent'],
  }
}

/** One folder, or `undefined`: cancelled. */
export async function choosePath(
  show: (options: OpenDialogOptions) => Promise<{ readonly canceled: boolean; readonly filePaths: readonly string[] }>,
  purpose: FolderPurpose,
  words: DesktopWords,
): Promise<string | undefined> {
  const { canceled, filePaths } = await show(folderDialog(purpose, words))
  return canceled ? undefined : filePaths[0]
}
