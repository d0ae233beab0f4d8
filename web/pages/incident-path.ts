/** The path of the page of an incident, from the first page. Its identifier has a target of the config, which may have any letter. */
export function incidentPath(id: string): string {
  return `incidents/${encodeURIComponent(incidentFile(id))}.html`;
}

/** `mx1@2026-11-22T06:09:48Z` as `mx1-20261122T060948Z`. */
export function incidentFile(id: string): string {
  const at = id.lastIndexOf('@');
  return `${id.slice(0, at).replace(/[^A-Za-z0-9._-]/g, '_')}-${id
    .slice(at + 1)
    .replace(/[-:]/g, '')
    .replace(/[^A-Za-z0-9._-]/g, '_')}`;
}
