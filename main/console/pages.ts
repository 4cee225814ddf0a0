/** The few pages that the console shows before the screens, or in place of them. No scripts, no looks, both languages. */

export const pages = {
  /** After a link that somebody followed from elsewhere: the browser sends the new cookie only with what this page asks for itself. */
  entered: page('Firn', '<meta http-equiv="refresh" content="0;url=/">', '<p><a href="/">Firn</a></p>'),
  noSession: page(
    'Firn: no session',
    '',
    `<h1>This session has ended, or this link was used already</h1>
<p>Work goes on; only this screen is not logged in. A link is good once and for ten minutes. For a new one run <code>firn console --link</code> on the machine where Firn runs.</p>
<div lang="de"><h1>Diese Sitzung ist zu Ende, oder dieser Link wurde schon benutzt</h1>
<p>Die Arbeit läuft weiter; nur dieser Bildschirm ist nicht angemeldet. Ein Link gilt einmal und zehn Minuten lang. Einen neuen gibt <code>firn console --link</code> auf dem Rechner, auf dem Firn läuft.</p></div>`,
  ),
  refused: page('Firn: refused', '', '<h1>Refused</h1><p lang="de">Abgelehnt</p>'),
  notThere: page('Firn: not there', '', '<h1>Not there</h1><p lang="de">Nicht vorhanden</p>'),
} as const

function page(title: string, head: string, body: string): Buffer {
  return Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}</head><body>${body}</body></html>\n`,
  )
}
