/** Offers a text as a download: made on this machine, sent nowhere. */
export function saveText(name: string, text: string, type = 'text/plain'): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read by the next turn; a minute leaves a slow disk its time.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
