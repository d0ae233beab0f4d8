/** The page of an incident, where its path can be told from its id alone; `incidentPath` is about all ids. */

const PLAIN = /^((?!\.{1,2}@)[A-Za-z0-9._-]{1,100})@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;

/** From the first page; null if the id is not plain. */
export function incidentLink(id: string): string | null {
  const [, subject, opened = ''] = PLAIN.exec(id) ?? [];
  return subject === undefined ? null : `incidents/${subject}-${opened.replace(/[-:]/g, '')}.html`;
}
