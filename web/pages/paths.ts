/** The paths of pages and badges, from the first page. An id stays the same file for good, so that links to it last. */
import { createHash } from 'node:crypto';

export function targetPath(id: string): string {
  return `targets/${fileName(id)}.html`;
}

/** The folder of the history of a target. */
export function shardFolder(target: string): string {
  return `data/${fileName(target)}/`;
}

/** Without the end of its name. */
export function badgePath(target: string): string {
  return `badges/${fileName(target)}`;
}

/** @param month `2026-11` */
export function reportPath(month: string): string {
  return `reports/${fileName(month)}.html`;
}

/** `mx1@2026-11-22T06:09:48Z` as `incidents/mx1-20261122T060948Z.html`. */
export function incidentPath(id: string): string {
  const at = id.lastIndexOf('@');
  return `incidents/${fileName(id.slice(0, at))}-${fileName(id.slice(at + 1).replace(/[-:]/g, ''))}.html`;
}

/** Characters. S3 takes 1,024 octets of a path, and a file system 255 of a name; ids in the config have 63 at most. */
const LONGEST = 100;

/** What the config accepts as an id is a file name. A name out of an older table need not be: no two of them share a file. */
function fileName(id: string): string {
  const name = id.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, LONGEST);
  // `.` and `..` are folders.
  return name === id && !/^\.{0,2}$/.test(id)
    ? name
    : `${name}~${createHash('sha256').update(id, 'utf16le').digest('hex').slice(0, 12)}`;
}
